{#- dbt's own version calls a macro for each cell to learn the placeholder, which takes most of the
    time of a seed. Here the placeholders of a row are written once. DuckDB copies the file instead
    and does not come here. -#}
{% macro postgres__load_csv_rows(model, agate_table) %}
  {%- set columns = get_seed_column_quoted_csv(model, agate_table.column_names) -%}
  {%- set marks = ['%s'] * (agate_table.column_names | length) -%}
  {%- set row_marks = '(' ~ marks | join(', ') ~ ')' -%}
  {%- set statements = [] -%}

  {%- for chunk in agate_table.rows | batch(get_batch_size()) -%}
    {%- set bindings = [] -%}
    {%- for row in chunk -%}
      {%- do bindings.extend(row) -%}
    {%- endfor -%}
    {%- set sql -%}
      insert into {{ this.render() }} ({{ columns }})
      values {{ ([row_marks] * (chunk | length)) | join(', ') }}
    {%- endset -%}
    {%- do adapter.add_query(sql, bindings=bindings, abridge_sql_log=True) -%}
    {%- if loop.first -%}
      {%- do statements.append(sql) -%}
    {%- endif -%}
  {%- endfor -%}

  {{ return(statements[0]) }}
{% endmacro %}
