select
  country_code,
  country_name,
  currency_code,
  standard_vat_rate,
  sales_region
from {{ raw_table('countries') }}
