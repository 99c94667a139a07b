select
  refund_id,
  order_id,
  return_id,
  {{ shop_utils.cents_to_amount('amount_cents') }} as amount,
  refunded_at
from {{ raw_table('refunds') }}
