select
  counted_on,
  product_id,
  units_on_hand
from {{ raw_table('stock_counts') }}
