-- Prices are what the customer saw: in the order's currency and with VAT. Here they become euros,
-- and the VAT is taken out to find the margin.
with items as (
  select
    items.order_item_id,
    items.order_id,
    items.product_id,
    orders.customer_id,
    orders.ordered_on,
    orders.country_code,
    orders.sales_channel,
    orders.promotion_code,
    orders.is_cancelled,
    items.quantity,
    orders.standard_vat_rate,
    cast(items.gross_amount * orders.rate_to_eur as numeric(18, 2)) as gross_revenue,
    cast(items.discount_amount * orders.rate_to_eur as numeric(18, 2)) as discount,
    cast(items.net_amount * orders.rate_to_eur as numeric(18, 2)) as net_revenue,
    cast(items.quantity * products.unit_cost as numeric(18, 2)) as cost
  from {{ ref('stg_order_items') }} as items
  inner join {{ ref('int_orders_localised') }} as orders
    on items.order_id = orders.order_id
  inner join {{ ref('stg_products') }} as products
    on items.product_id = products.product_id
),

with_vat as (
  select
    *,
    {{ shop_utils.safe_divide('net_revenue', '1 + standard_vat_rate', scale=2) }}
      as net_revenue_without_vat
  from items
)

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
  cast(net_revenue - net_revenue_without_vat as numeric(18, 2)) as vat,
  cost,
  cast(net_revenue_without_vat - cost as numeric(18, 2)) as margin
from with_vat
