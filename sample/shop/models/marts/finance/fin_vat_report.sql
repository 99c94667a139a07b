select
  {{ shop_utils.surrogate_key(['months.month_start', 'months.country_code']) }} as vat_report_key,
  months.month_start,
  months.country_code,
  countries.country_name,
  countries.standard_vat_rate,
  months.net_revenue,
  months.vat,
  months.net_revenue - months.vat as taxable_amount
from (
  select
    {{ shop_utils.month_of('ordered_on') }} as month_start,
    country_code,
    sum(net_revenue) as net_revenue,
    sum(vat) as vat
  from {{ ref('fin_daily_sales') }}
  group by 1, 2
) as months
inner join {{ ref('stg_countries') }} as countries
  on months.country_code = countries.country_code
