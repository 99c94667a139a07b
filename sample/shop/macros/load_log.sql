{#- The log of loads, from which `dbt source freshness` reads how old each raw table is. It exists
    before the first seed, so freshness of an empty warehouse warns instead of failing. -#}
{% macro load_log_relation() %}
  {{ return(api.Relation.create(
      database=target.database, schema=target.schema ~ '_raw', identifier='load_log')) }}
{% endmacro %}

{% macro create_load_log() %}
  {%- set log = load_log_relation() -%}
  {%- if execute %}{% do adapter.create_schema(log.without_identifier()) %}{% endif %}
  create table if not exists {{ log }} (
    table_name {{ dbt.type_string() }} not null,
    row_count {{ dbt.type_bigint() }} not null,
    loaded_at {{ dbt.type_timestamp() }} not null,
    invocation_id {{ dbt.type_string() }} not null
  );
  delete from {{ log }}
  where loaded_at < {{ timestamp_literal(utc_now() - modules.datetime.timedelta(days=90)) }};
{% endmacro %}

{% macro record_load() %}
  insert into {{ load_log_relation() }} (table_name, row_count, loaded_at, invocation_id)
  select
    '{{ this.identifier }}',
    count(*),
    {{ timestamp_literal(utc_now()) }},
    '{{ invocation_id }}'
  from {{ this }}
{% endmacro %}
