select
  payment_id,
  order_id,
  payment_method,
  status,
  status = 'captured' as is_captured,
  {{ shop_utils.cents_to_amount('amount_cents') }} as amount,
  paid_at
from {{ raw_table('payments') }}
