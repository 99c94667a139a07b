select
  promotion_code,
  promotion_name,
  discount_percent,
  starts_on,
  ends_on,
  {{ dbt.datediff('starts_on', 'ends_on', 'day') }} + 1 as duration_days,
  category_id
from {{ raw_table('promotions') }}
