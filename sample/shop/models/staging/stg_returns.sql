select
  return_id,
  order_item_id,
  quantity,
  reason,
  returned_at
from {{ raw_table('returns') }}
