select
  customer_id,
  min(ordered_on) as first_order_on,
  max(ordered_on) as latest_order_on,
  count(distinct order_id) as order_count,
  sum(net_revenue) as lifetime_revenue,
  sum(margin) as lifetime_margin
from {{ ref('int_order_items_priced') }}
where not is_cancelled
group by customer_id
