select orders.order_id
from {{ ref('stg_orders') }} as orders
inner join {{ ref('stg_promotions') }} as promotions
  on orders.promotion_code = promotions.promotion_code
where orders.ordered_on < promotions.starts_on
  or orders.ordered_on > promotions.ends_on
