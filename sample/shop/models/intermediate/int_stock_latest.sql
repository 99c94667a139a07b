with ranked as (
  select
    *,
    row_number() over (partition by product_id order by counted_on desc) as recency
  from {{ ref('stg_stock_counts') }}
)

select
  product_id,
  counted_on,
  units_on_hand
from ranked
where recency = 1
