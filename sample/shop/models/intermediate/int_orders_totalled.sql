select
  order_id,
  count(*) as line_count,
  sum(quantity) as unit_count,
  sum(gross_amount) as gross_amount,
  sum(discount_amount) as discount_amount,
  sum(net_amount) as goods_amount
from {{ ref('stg_order_items') }}
group by order_id
