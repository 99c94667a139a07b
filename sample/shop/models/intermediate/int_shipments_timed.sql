with timed as (
  select
    *,
    {{ dbt.datediff('shipped_at', 'delivered_at', 'hour') }} as transit_hours
  from {{ ref('stg_shipments') }}
)

select
  shipment_id,
  order_id,
  carrier,
  promised_days,
  shipped_at,
  delivered_at,
  is_delivered,
  transit_hours,
  is_delivered and transit_hours > promised_days * 24 as is_late
from timed
