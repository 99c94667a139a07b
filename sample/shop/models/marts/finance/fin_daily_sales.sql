{{ config(
  materialized='incremental',
  unique_key='daily_sales_key',
  incremental_strategy='delete+insert'
) }}

with sales as (
  select
    ordered_on,
    country_code,
    sales_channel,
    count(distinct order_id) as order_count,
    sum(quantity) as unit_count,
    sum(gross_revenue) as gross_revenue,
    sum(discount) as discount,
    sum(net_revenue) as net_revenue,
    sum(vat) as vat,
    sum(margin) as margin
  from {{ ref('fct_order_items') }}
  where not is_cancelled
  group by ordered_on, country_code, sales_channel
)

select
  {{ shop_utils.surrogate_key(['ordered_on', 'country_code', 'sales_channel']) }}
    as daily_sales_key,
  ordered_on,
  country_code,
  sales_channel,
  order_count,
  unit_count,
  gross_revenue,
  discount,
  net_revenue,
  vat,
  margin
from sales
{{ only_new_days('ordered_on') }}
