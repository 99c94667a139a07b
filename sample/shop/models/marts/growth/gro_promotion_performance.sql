with sales as (
  select
    promotion_code,
    count(distinct order_id) as order_count,
    sum(discount) as discount,
    sum(net_revenue) as net_revenue,
    sum(margin) as margin
  from {{ ref('fct_order_items') }}
  where promotion_code is not null and not is_cancelled
  group by promotion_code
)

select
  promotions.promotion_code,
  promotions.promotion_name,
  promotions.discount_percent,
  promotions.starts_on,
  promotions.ends_on,
  promotions.duration_days,
  coalesce(sales.order_count, 0) as order_count,
  coalesce(sales.discount, 0) as discount,
  coalesce(sales.net_revenue, 0) as net_revenue,
  coalesce(sales.margin, 0) as margin,
  {{ shop_utils.safe_divide('sales.net_revenue', 'promotions.duration_days', scale=2) }}
    as net_revenue_per_day
from {{ ref('stg_promotions') }} as promotions
left join sales on promotions.promotion_code = sales.promotion_code
