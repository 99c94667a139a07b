select dates.date_day
from {{ ref('dim_dates') }} as dates
left join {{ ref('fin_daily_sales') }} as sales
  on dates.date_day = sales.ordered_on
where sales.ordered_on is null
