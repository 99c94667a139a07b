with products as (
  select
    supplier_id,
    count(*) as product_count,
    cast(avg(average_rating) as numeric(4, 2)) as average_rating
  from {{ ref('dim_products') }}
  group by supplier_id
),

sales as (
  select
    supplier_id,
    sum(units_sold) as units_sold,
    sum(units_returned_by_our_fault) as units_returned_by_our_fault,
    sum(net_revenue) as net_revenue
  from {{ ref('ops_returns_by_product') }}
  group by supplier_id
),

stock as (
  select
    supplier_id,
    sum(case when stock_state in ('out_of_stock', 'reorder_now') then 1 else 0 end)
      as products_to_reorder
  from {{ ref('ops_stock_cover') }}
  group by supplier_id
)

select
  suppliers.supplier_id,
  suppliers.supplier_name,
  suppliers.country_code,
  suppliers.lead_time_days,
  coalesce(products.product_count, 0) as product_count,
  products.average_rating,
  coalesce(sales.units_sold, 0) as units_sold,
  coalesce(sales.net_revenue, 0) as net_revenue,
  {{ shop_utils.safe_divide('sales.units_returned_by_our_fault', 'sales.units_sold') }}
    as fault_rate,
  coalesce(stock.products_to_reorder, 0) as products_to_reorder
from {{ ref('stg_suppliers') }} as suppliers
left join products on suppliers.supplier_id = products.supplier_id
left join sales on suppliers.supplier_id = sales.supplier_id
left join stock on suppliers.supplier_id = stock.supplier_id
