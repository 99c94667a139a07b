with buyers as (
  select
    customer_id,
    {{ dbt.datediff('latest_order_on', as_of_date(), 'day') }} as days_since_order,
    order_count,
    lifetime_revenue
  from {{ ref('dim_customers') }}
  where order_count > 0
),

scored as (
  select
    *,
    ntile(5) over (order by days_since_order desc, customer_id) as recency_score,
    ntile(5) over (order by order_count, customer_id) as frequency_score,
    ntile(5) over (order by lifetime_revenue, customer_id) as value_score
  from buyers
)

select
  customer_id,
  days_since_order,
  order_count,
  lifetime_revenue,
  recency_score,
  frequency_score,
  value_score,
  case
    when recency_score >= 4 and frequency_score >= 4 then 'champion'
    when recency_score >= 3 and frequency_score >= 3 then 'loyal'
    when recency_score >= 4 then 'promising'
    when recency_score <= 2 and frequency_score >= 4 then 'at_risk'
    when recency_score = 1 then 'lost'
    else 'occasional'
  end as segment
from scored
