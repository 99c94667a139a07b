{#- Only for a model that runs incrementally: keeps the rows of `column` (a date) that are newer
    than what the model holds already, and the days before that may have changed since. -#}
{% macro only_new_days(column) -%}
  {%- if is_incremental() -%}
  where {{ column }} >= (
    select coalesce(
      cast({{ dbt.dateadd('day', -var('shop_lookback_days'), 'max(' ~ column ~ ')') }} as date),
      cast('1900-01-01' as date)
    )
    from {{ this }}
  )
  {%- endif -%}
{%- endmacro %}
