with sold as (
  select
    product_id,
    sum(quantity) as units_sold,
    sum(net_revenue) as net_revenue
  from {{ ref('fct_order_items') }}
  where not is_cancelled
  group by product_id
),

returned as (
  select
    product_id,
    sum(quantity) as units_returned,
    sum(refund) as refund,
    sum(case when reason in ('damaged', 'wrong_item') then quantity else 0 end)
      as units_returned_by_our_fault
  from {{ ref('fct_returns') }}
  group by product_id
)

select
  products.product_id,
  products.product_name,
  products.category_name,
  products.supplier_id,
  sold.units_sold,
  sold.net_revenue,
  coalesce(returned.units_returned, 0) as units_returned,
  coalesce(returned.units_returned_by_our_fault, 0) as units_returned_by_our_fault,
  coalesce(returned.refund, 0) as refund,
  {{ shop_utils.safe_divide('coalesce(returned.units_returned, 0)', 'sold.units_sold') }}
    as return_rate
from sold
inner join {{ ref('dim_products') }} as products on sold.product_id = products.product_id
left join returned on sold.product_id = returned.product_id
