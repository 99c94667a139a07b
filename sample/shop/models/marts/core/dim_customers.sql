select
  cast(customers.customer_id as integer) as customer_id,
  cast(customers.full_name as varchar) as full_name,
  cast(customers.email as varchar) as email,
  cast(customers.country_code as varchar) as country_code,
  cast(countries.country_name as varchar) as country_name,
  cast(countries.sales_region as varchar) as sales_region,
  cast(customers.acquisition_channel as varchar) as acquisition_channel,
  cast(customers.marketing_opt_in as boolean) as marketing_opt_in,
  cast(customers.signed_up_on as date) as signed_up_on,
  cast(orders.first_order_on as date) as first_order_on,
  cast(orders.latest_order_on as date) as latest_order_on,
  cast(coalesce(orders.order_count, 0) as bigint) as order_count,
  cast(coalesce(orders.lifetime_revenue, 0) as numeric(18, 2)) as lifetime_revenue,
  cast(coalesce(orders.lifetime_margin, 0) as numeric(18, 2)) as lifetime_margin
from {{ ref('stg_customers') }} as customers
inner join {{ ref('stg_countries') }} as countries
  on customers.country_code = countries.country_code
left join {{ ref('int_orders_by_customer') }} as orders
  on customers.customer_id = orders.customer_id
