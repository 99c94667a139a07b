select
  items.product_id,
  count(*) as review_count,
  cast(avg(reviews.rating) as numeric(4, 2)) as average_rating,
  sum(case when reviews.rating <= 2 then 1 else 0 end) as bad_review_count
from {{ ref('stg_reviews') }} as reviews
inner join {{ ref('stg_order_items') }} as items
  on reviews.order_item_id = items.order_item_id
group by items.product_id
