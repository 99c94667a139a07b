select
  order_id,
  customer_id,
  ordered_at,
  cast(ordered_at as date) as ordered_on,
  status,
  status = 'cancelled' as is_cancelled,
  sales_channel,
  promotion_code,
  currency_code,
  {{ shop_utils.cents_to_amount('shipping_fee_cents') }} as shipping_fee
from {{ raw_table('orders') }}
