select
  month_start,
  currency_code,
  rate_to_eur
from {{ raw_table('exchange_rates') }}
