select
  products.department_name,
  products.product_name,
  sum(items.net_revenue) as net_revenue
from {{ ref('fct_order_items') }} as items
inner join {{ ref('dim_products') }} as products
  on items.product_id = products.product_id
where not items.is_cancelled
group by products.department_name, products.product_name
order by products.department_name, net_revenue desc
