with payments as (
  select
    order_id,
    sum(case when is_captured then amount else 0 end) as captured_amount,
    sum(case when is_captured then 0 else 1 end) as failed_count,
    max(case when is_captured and payment_method = 'gift_card' then 1 else 0 end) = 1
      as used_gift_card,
    min(case when is_captured then paid_at end) as first_paid_at
  from {{ ref('stg_payments') }}
  group by order_id
),

refunds as (
  select
    order_id,
    sum(amount) as refunded_amount
  from {{ ref('stg_refunds') }}
  group by order_id
)

select
  payments.order_id,
  payments.captured_amount,
  coalesce(refunds.refunded_amount, 0) as refunded_amount,
  payments.failed_count,
  payments.used_gift_card,
  payments.first_paid_at
from payments
left join refunds on payments.order_id = refunds.order_id
