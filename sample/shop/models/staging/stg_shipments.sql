select
  shipment_id,
  order_id,
  carrier,
  promised_days,
  shipped_at,
  delivered_at,
  delivered_at is not null as is_delivered
from {{ raw_table('shipments') }}
