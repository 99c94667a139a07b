with orders as (
  select
    {{ shop_utils.month_of('ordered_on') }} as month_start,
    sales_channel,
    count(*) as order_count,
    sum(case when order_number_of_customer = 1 then 1 else 0 end) as first_order_count,
    sum(goods_revenue) as goods_revenue
  from {{ ref('fct_orders') }}
  where not is_cancelled
  group by 1, 2
)

select
  {{ shop_utils.surrogate_key(['month_start', 'sales_channel']) }} as channel_performance_key,
  month_start,
  sales_channel,
  order_count,
  first_order_count,
  order_count - first_order_count as repeat_order_count,
  goods_revenue,
  {{ shop_utils.safe_divide('first_order_count', 'order_count') }} as first_order_rate
from orders
