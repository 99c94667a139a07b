{#- The clock is read here and not by the warehouse: current_timestamp has a time zone in some
    warehouses, none in others, and the log holds plain UTC. -#}
{% macro utc_now() %}
  {{ return(modules.datetime.datetime.now(modules.pytz.utc)) }}
{% endmacro %}

{% macro timestamp_literal(moment) -%}
  cast('{{ moment.strftime("%Y-%m-%d %H:%M:%S.%f") }}' as {{ dbt.type_timestamp() }})
{%- endmacro %}

{% macro as_of_date() -%}
  cast('{{ var("shop_as_of") }}' as date)
{%- endmacro %}
