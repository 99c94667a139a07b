with recent_sales as (
  select
    product_id,
    sum(quantity) as units_sold
  from {{ ref('fct_order_items') }}
  where not is_cancelled
    and ordered_on >= cast({{ dbt.dateadd('day', -90, as_of_date()) }} as date)
  group by product_id
),

cover as (
  select
    products.product_id,
    products.product_name,
    products.supplier_id,
    suppliers.lead_time_days,
    stock.counted_on,
    stock.units_on_hand,
    coalesce(recent_sales.units_sold, 0) as units_sold_90_days,
    {{ shop_utils.safe_divide('stock.units_on_hand * 90', 'recent_sales.units_sold', scale=1) }}
      as days_of_cover
  from {{ ref('dim_products') }} as products
  inner join {{ ref('int_stock_latest') }} as stock
    on products.product_id = stock.product_id
  inner join {{ ref('stg_suppliers') }} as suppliers
    on products.supplier_id = suppliers.supplier_id
  left join recent_sales
    on products.product_id = recent_sales.product_id
  where products.is_on_sale
)

select
  product_id,
  product_name,
  supplier_id,
  lead_time_days,
  counted_on,
  units_on_hand,
  units_sold_90_days,
  days_of_cover,
  case
    when units_on_hand = 0 then 'out_of_stock'
    when days_of_cover is null then 'no_recent_sales'
    when days_of_cover < lead_time_days then 'reorder_now'
    else 'enough'
  end as stock_state
from cover
