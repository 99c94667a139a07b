select
  products.product_id,
  products.sku,
  products.product_name,
  products.category_name,
  products.department_name,
  products.supplier_id,
  suppliers.supplier_name,
  products.list_price,
  products.unit_cost,
  {{ shop_utils.safe_divide('products.list_price - products.unit_cost', 'products.list_price') }}
    as list_margin_rate,
  products.weight_grams,
  products.launched_on,
  products.discontinued_on,
  products.is_on_sale,
  coalesce(reviews.review_count, 0) as review_count,
  reviews.average_rating
from {{ ref('int_products_classified') }} as products
inner join {{ ref('stg_suppliers') }} as suppliers
  on products.supplier_id = suppliers.supplier_id
left join {{ ref('int_reviews_by_product') }} as reviews
  on products.product_id = reviews.product_id
