select
  order_item_id,
  order_id,
  product_id,
  quantity,
  {{ shop_utils.cents_to_amount('unit_price_cents') }} as unit_price,
  {{ shop_utils.cents_to_amount('quantity * unit_price_cents') }} as gross_amount,
  {{ shop_utils.cents_to_amount('discount_cents') }} as discount_amount,
  {{ shop_utils.cents_to_amount('quantity * unit_price_cents - discount_cents') }} as net_amount
from {{ raw_table('order_items') }}
