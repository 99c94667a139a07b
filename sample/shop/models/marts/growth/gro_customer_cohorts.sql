with activity as (
  select distinct
    items.customer_id,
    {{ shop_utils.month_of('customers.first_order_on') }} as cohort_month,
    {{ shop_utils.month_of('items.ordered_on') }} as active_month
  from {{ ref('fct_order_items') }} as items
  inner join {{ ref('dim_customers') }} as customers
    on items.customer_id = customers.customer_id
  where not items.is_cancelled
),

counted as (
  select
    cohort_month,
    {{ dbt.datediff('cohort_month', 'active_month', 'month') }} as months_since_first_order,
    count(*) as active_customers
  from activity
  group by 1, 2
),

sized as (
  select
    *,
    max(active_customers) over (partition by cohort_month) as cohort_size
  from counted
)

select
  {{ shop_utils.surrogate_key(['cohort_month', 'months_since_first_order']) }} as cohort_key,
  cohort_month,
  months_since_first_order,
  active_customers,
  cohort_size,
  {{ shop_utils.safe_divide('active_customers', 'cohort_size') }} as retention_rate
from sized
