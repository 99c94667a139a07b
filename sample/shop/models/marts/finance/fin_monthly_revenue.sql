with months as (
  select
    {{ shop_utils.month_of('ordered_on') }} as month_start,
    sum(order_count) as order_count,
    sum(net_revenue) as net_revenue,
    sum(margin) as margin
  from {{ ref('fin_daily_sales') }}
  group by 1
),

compared as (
  select
    *,
    lag(net_revenue) over (order by month_start) as previous_net_revenue,
    sum(net_revenue) over (
      partition by extract(year from month_start) order by month_start
    ) as net_revenue_so_far_this_year
  from months
)

select
  month_start,
  order_count,
  net_revenue,
  margin,
  {{ shop_utils.safe_divide('margin', 'net_revenue') }} as margin_rate,
  {{ shop_utils.safe_divide('net_revenue', 'order_count', scale=2) }} as average_order_value,
  previous_net_revenue,
  {{ shop_utils.safe_divide('net_revenue - previous_net_revenue', 'previous_net_revenue') }}
    as growth_rate,
  net_revenue_so_far_this_year
from compared
