select
  customer_id,
  first_name,
  last_name,
  {{ dbt.concat(['first_name', "' '", 'last_name']) }} as full_name,
  lower(email) as email,
  country_code,
  acquisition_channel,
  marketing_opt_in,
  signed_up_at,
  cast(signed_up_at as date) as signed_up_on,
  updated_at
from {{ raw_table('customers') }}
