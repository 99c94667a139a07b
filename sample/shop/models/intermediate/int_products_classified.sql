select
  products.product_id,
  products.sku,
  products.product_name,
  products.category_id,
  categories.category_name,
  departments.category_name as department_name,
  products.supplier_id,
  products.list_price,
  products.unit_cost,
  products.weight_grams,
  products.launched_on,
  products.discontinued_on,
  products.is_on_sale
from {{ ref('stg_products') }} as products
inner join {{ ref('stg_categories') }} as categories
  on products.category_id = categories.category_id
inner join {{ ref('stg_categories') }} as departments
  on categories.parent_category_id = departments.category_id
