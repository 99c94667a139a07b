{{ config(
  materialized='incremental',
  unique_key='order_item_id',
  incremental_strategy='delete+insert',
  on_schema_change='append_new_columns'
) }}

select
  order_item_id,
  order_id,
  product_id,
  customer_id,
  ordered_on,
  country_code,
  sales_channel,
  promotion_code,
  is_cancelled,
  quantity,
  gross_revenue,
  discount,
  net_revenue,
  net_revenue_without_vat,
  vat,
  cost,
  margin
from {{ ref('int_order_items_priced') }}
{{ only_new_days('ordered_on') }}
