select
  returns.return_id,
  returns.order_item_id,
  items.order_id,
  items.product_id,
  returns.quantity,
  returns.reason,
  returns.returned_at,
  cast(returns.returned_at as date) as returned_on,
  refunds.amount as refund_amount,
  cast(refunds.amount * orders.rate_to_eur as numeric(18, 2)) as refund
from {{ ref('stg_returns') }} as returns
inner join {{ ref('stg_order_items') }} as items
  on returns.order_item_id = items.order_item_id
inner join {{ ref('int_orders_localised') }} as orders
  on items.order_id = orders.order_id
left join {{ ref('stg_refunds') }} as refunds
  on returns.return_id = refunds.return_id
