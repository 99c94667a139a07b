{% macro cents_to_amount(column) -%}
  cast(({{ column }}) * 0.01 as numeric(18, 2))
{%- endmacro %}

{#- Both sides are made numeric first: integers divide to an integer in some warehouses. The
    quotient is made numeric before it is rounded: it is a floating-point number in some, and half
    a cent would then round to either side. -#}
{% macro safe_divide(numerator, denominator, scale=4) -%}
  cast(
    cast(
      cast({{ numerator }} as numeric(28, 8)) / nullif(cast({{ denominator }} as numeric(28, 8)), 0)
      as numeric(28, 8)
    )
    as numeric(18, {{ scale }})
  )
{%- endmacro %}
