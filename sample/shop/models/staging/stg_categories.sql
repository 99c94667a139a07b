select
  category_id,
  parent_category_id,
  category_name,
  parent_category_id is null as is_department
from {{ raw_table('categories') }}
