select
  product_id,
  sku,
  product_name,
  category_id,
  supplier_id,
  {{ shop_utils.cents_to_amount('list_price_cents') }} as list_price,
  {{ shop_utils.cents_to_amount('unit_cost_cents') }} as unit_cost,
  weight_grams,
  launched_on,
  discontinued_on,
  discontinued_on is null or discontinued_on >= {{ as_of_date() }} as is_on_sale,
  updated_at
from {{ raw_table('products') }}
