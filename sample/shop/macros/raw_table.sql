{#- A raw table as a source. dbt gives a source no place in the order of a build; the ref() here
    makes whatever reads the source wait until its seed is loaded. -#}
{% macro raw_table(name) %}
  {%- do ref('raw_' ~ name) -%}
  {{ return(source('shop', name)) }}
{% endmacro %}
