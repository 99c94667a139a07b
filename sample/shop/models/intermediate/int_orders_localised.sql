select
  orders.order_id,
  orders.customer_id,
  orders.ordered_at,
  orders.ordered_on,
  orders.status,
  orders.is_cancelled,
  orders.sales_channel,
  orders.promotion_code,
  orders.currency_code,
  orders.shipping_fee,
  customers.country_code,
  countries.sales_region,
  countries.standard_vat_rate,
  rates.rate_to_eur
from {{ ref('stg_orders') }} as orders
inner join {{ ref('stg_customers') }} as customers
  on orders.customer_id = customers.customer_id
inner join {{ ref('stg_countries') }} as countries
  on customers.country_code = countries.country_code
inner join {{ ref('stg_exchange_rates') }} as rates
  on orders.currency_code = rates.currency_code
  and {{ shop_utils.month_of('orders.ordered_on') }} = rates.month_start
