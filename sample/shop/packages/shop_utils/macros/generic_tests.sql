{% test not_negative(model, column_name) %}
  select {{ column_name }}
  from {{ model }}
  where {{ column_name }} < 0
{% endtest %}

{% test within_range(model, column_name, minimum, maximum) %}
  select {{ column_name }}
  from {{ model }}
  where {{ column_name }} < {{ minimum }} or {{ column_name }} > {{ maximum }}
{% endtest %}

{% test unique_together(model, columns) %}
  select {{ columns | join(', ') }}, count(*) as row_count
  from {{ model }}
  group by {{ columns | join(', ') }}
  having count(*) > 1
{% endtest %}

{% test holds_true(model, expression) %}
  select *
  from {{ model }}
  where not ({{ expression }})
{% endtest %}

{% test row_count_at_least(model, minimum) %}
  select count(*) as row_count
  from {{ model }}
  having count(*) < {{ minimum }}
{% endtest %}

{% test same_total_as(model, column_name, other_model, other_column) %}
  select this_side.total as this_total, other_side.total as other_total
  from (select coalesce(sum({{ column_name }}), 0) as total from {{ model }}) as this_side
  cross join (
    select coalesce(sum({{ other_column }}), 0) as total from {{ other_model }}
  ) as other_side
  where this_side.total <> other_side.total
{% endtest %}
