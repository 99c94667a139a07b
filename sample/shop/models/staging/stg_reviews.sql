select
  review_id,
  order_item_id,
  rating,
  reviewed_at
from {{ raw_table('reviews') }}
