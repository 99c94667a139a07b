with shipments as (
  select
    {{ shop_utils.month_of('shipped_at') }} as month_start,
    carrier,
    count(*) as shipment_count,
    sum(case when is_delivered then 1 else 0 end) as delivered_count,
    sum(case when is_late then 1 else 0 end) as late_count,
    sum(transit_hours) as transit_hours
  from {{ ref('int_shipments_timed') }}
  group by 1, 2
)

select
  {{ shop_utils.surrogate_key(['month_start', 'carrier']) }} as delivery_performance_key,
  month_start,
  carrier,
  shipment_count,
  delivered_count,
  late_count,
  {{ shop_utils.safe_divide('late_count', 'delivered_count') }} as late_rate,
  {{ shop_utils.safe_divide('transit_hours', 'delivered_count', scale=1) }}
    as average_transit_hours
from shipments
