select
  returns.return_id,
  returns.order_item_id,
  returns.order_id,
  returns.product_id,
  items.customer_id,
  returns.returned_on,
  {{ dbt.datediff('items.ordered_on', 'returns.returned_on', 'day') }} as days_after_order,
  returns.quantity,
  returns.reason,
  returns.refund
from {{ ref('int_returns_valued') }} as returns
inner join {{ ref('fct_order_items') }} as items
  on returns.order_item_id = items.order_item_id
