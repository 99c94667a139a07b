select
  orders.order_id,
  orders.customer_id,
  orders.ordered_at,
  orders.ordered_on,
  orders.status,
  orders.is_cancelled,
  orders.sales_channel,
  orders.promotion_code,
  orders.country_code,
  orders.currency_code,
  totals.line_count,
  totals.unit_count,
  totals.goods_amount + orders.shipping_fee as order_amount,
  cast(totals.goods_amount * orders.rate_to_eur as numeric(18, 2)) as goods_revenue,
  cast(orders.shipping_fee * orders.rate_to_eur as numeric(18, 2)) as shipping_revenue,
  payments.captured_amount,
  payments.refunded_amount,
  payments.used_gift_card,
  shipments.carrier,
  shipments.delivered_at,
  coalesce(shipments.is_late, false) as is_late,
  row_number() over (
    partition by orders.customer_id order by orders.ordered_at, orders.order_id
  ) as order_number_of_customer
from {{ ref('int_orders_localised') }} as orders
inner join {{ ref('int_orders_totalled') }} as totals
  on orders.order_id = totals.order_id
left join {{ ref('int_payments_by_order') }} as payments
  on orders.order_id = payments.order_id
left join {{ ref('int_shipments_timed') }} as shipments
  on orders.order_id = shipments.order_id
