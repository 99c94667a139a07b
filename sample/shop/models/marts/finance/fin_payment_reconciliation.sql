select
  order_id,
  ordered_on,
  status,
  currency_code,
  order_amount,
  captured_amount,
  refunded_amount,
  case when is_cancelled then 0 else order_amount end - captured_amount
    + case when is_cancelled then refunded_amount else 0 end as open_amount,
  captured_amount - refunded_amount as kept_amount
from {{ ref('fct_orders') }}
