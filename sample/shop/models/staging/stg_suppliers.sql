select
  supplier_id,
  supplier_name,
  country_code,
  lead_time_days,
  contract_signed_on
from {{ raw_table('suppliers') }}
