select
  {{ shop_utils.surrogate_key(['product_id', 'dbt_valid_from']) }} as product_price_key,
  product_id,
  list_price,
  unit_cost,
  is_on_sale,
  dbt_valid_from as valid_from,
  dbt_valid_to as valid_to,
  dbt_valid_to is null as is_current
from {{ ref('snap_products') }}
