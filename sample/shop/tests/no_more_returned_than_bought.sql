select items.order_item_id
from {{ ref('stg_order_items') }} as items
inner join {{ ref('stg_returns') }} as returns
  on items.order_item_id = returns.order_item_id
group by items.order_item_id, items.quantity
having sum(returns.quantity) > items.quantity
