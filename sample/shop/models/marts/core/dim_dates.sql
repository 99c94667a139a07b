with days as (
  {{ dbt.date_spine(
    datepart='day',
    start_date="cast('2024-01-01' as date)",
    end_date=as_of_date()
  ) }}
),

dates as (
  select cast(date_day as date) as date_day
  from days
)

select
  date_day,
  cast(extract(year from date_day) as integer) as calendar_year,
  cast(extract(quarter from date_day) as integer) as calendar_quarter,
  cast(extract(month from date_day) as integer) as calendar_month,
  {{ shop_utils.month_of('date_day') }} as month_start,
  cast({{ dbt.date_trunc('week', 'date_day') }} as date) as week_start,
  cast({{ dbt.last_day('date_day', 'month') }} as date) as month_end,
  cast(extract(isodow from date_day) as integer) as weekday_number,
  extract(isodow from date_day) in (6, 7) as is_weekend
from dates
