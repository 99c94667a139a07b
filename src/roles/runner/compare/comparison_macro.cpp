#include "roles/runner/compare/comparison_macro.hpp"

namespace mw::runner {
namespace {

constexpr std::string_view kMacro =
    R"macro({#- Counts and names of columns alone leave the warehouse. -#}
{% macro millwright_compare(models) %}
  {% for model in models %}
    {% do millwright_compare_one(model) %}
  {% endfor %}
{% endmacro %}

{% macro millwright_compare_one(model) %}
  {% set after = millwright_relation(model["after"]) %}
  {% set before = millwright_relation(model["before"]) if model["before"] else none %}
  {% set facts = {"unique_id": model["unique_id"], "status": "skipped"} %}
  {% if after and before %}
    {% set columns = millwright_columns(before, after) %}
    {% do facts.update({"status": "compared", "added": columns["added"],
                        "removed": columns["removed"], "retyped": columns["retyped"],
                        "rows": millwright_rows(before, after, columns["shared"], model["key"])}) %}
  {% elif after %}
    {% set counted = run_query("select count(*) as n from " ~ after) %}
    {% do facts.update({"status": "new", "after": counted.rows[0][0] | int}) %}
  {% endif %}
  {{ print("MILLWRIGHT_COMPARED " ~ tojson(facts)) }}
{% endmacro %}

{% macro millwright_relation(place) %}
  {{ return(adapter.get_relation(database=place["database"] or target.database or none,
                                 schema=place["schema"], identifier=place["identifier"])) }}
{% endmacro %}

{#- Names that differ in case alone are one, unless a side has both. `shared`: the columns whose
    values can be compared. -#}
{% macro millwright_columns(before, after) %}
  {% set old = adapter.get_columns_in_relation(before) %}
  {% set new = adapter.get_columns_in_relation(after) %}
  {% set olds = {} %}
  {% set news = {} %}
  {% for column in old %}{% do olds.update({column.name | lower: column}) %}{% endfor %}
  {% for column in new %}{% do news.update({column.name | lower: column}) %}{% endfor %}
  {% if olds | length < old | length or news | length < new | length %}
    {% set olds = {} %}
    {% set news = {} %}
    {% for column in old %}{% do olds.update({column.name: column}) %}{% endfor %}
    {% for column in new %}{% do news.update({column.name: column}) %}{% endfor %}
  {% endif %}
  {% set found = {"added": [], "removed": [], "retyped": [], "shared": {}} %}
  {% for name, column in news.items() %}
    {% if name not in olds %}
      {% do found["added"].append(column.name) %}
    {% else %}
      {% set was = olds[name] %}
      {% set same = was.data_type | lower == column.data_type | lower %}
      {% if not same %}{% do found["retyped"].append(column.name) %}{% endif %}
      {% if same or millwright_only_longer(was.dtype | lower, column.dtype | lower) %}
        {% do found["shared"].update({name: {"before": was.name, "after": column.name,
                                             "type": column.data_type | lower}}) %}
      {% endif %}
    {% endif %}
  {% endfor %}
  {% for name, column in olds.items() %}
    {% if name not in news %}{% do found["removed"].append(column.name) %}{% endif %}
  {% endfor %}
  {{ return(found) }}
{% endmacro %}

{#- varchar(10) and varchar(20): another type, but values that can be compared. -#}
{% macro millwright_only_longer(was, is) %}
  {{ return(was == is and ("char" in is or "text" in is or "string" in is or "numeric" in is or
                           "number" in is or "decimal" in is)) }}
{% endmacro %}

{% macro millwright_rows(before, after, shared, key) %}
  {% set counted = run_query("select b.n as n_before, a.n as n_after from (select count(*) as n from "
                             ~ before ~ ") b cross join (select count(*) as n from " ~ after ~ ") a") %}
  {% set rows = {"before": counted.rows[0][0] | int, "after": counted.rows[0][1] | int} %}
  {% set keys = [] %}
  {% for name in key %}
    {% if name in shared %}
      {% do keys.append(name) %}
    {% elif name | lower in shared %}
      {% do keys.append(name | lower) %}
    {% endif %}
  {% endfor %}
  {% if key and keys | length == key | length %}
    {% set others = [] %}
    {% for name in shared %}{% if name not in keys %}{% do others.append(name) %}{% endif %}{% endfor %}
    {% set sums = run_query(millwright_difference(before, after, shared, keys, others)).rows[0] %}
    {% set changed = {} %}
    {% for name in others %}
      {% do changed.update({shared[name]["after"]: sums[loop.index + 3] | int}) %}
    {% endfor %}
    {% do rows.update({"added": sums[0] | int, "removed": sums[1] | int, "changed": sums[2] | int,
                       "unchanged": sums[3] | int, "columns": changed}) %}
  {% elif key %}
    {% do rows.update({"unusable_key": true}) %}
  {% endif %}
  {{ return(rows) }}
{% endmacro %}

{#- `is distinct from` in words that every warehouse knows; where a join fills with zeros instead of
    nulls, it is understood as well. -#}
{% macro millwright_difference(before, after, shared, keys, others) %}
select
  coalesce(sum(case when m.b_here = 0 then 1 else 0 end), 0) as n_added,
  coalesce(sum(case when m.a_here = 0 then 1 else 0 end), 0) as n_removed,
  coalesce(sum(case when m.b_here = 1 and m.a_here = 1 and {{ millwright_sum(others) }} > 0
                    then 1 else 0 end), 0) as n_changed,
  coalesce(sum(case when m.b_here = 1 and m.a_here = 1 and {{ millwright_sum(others) }} = 0
                    then 1 else 0 end), 0) as n_unchanged
  {%- for name in others %},
  coalesce(sum(m.d{{ loop.index }}), 0) as n_d{{ loop.index }}
  {%- endfor %}
from (
  select coalesce(b.here, 0) as b_here, coalesce(a.here, 0) as a_here
  {%- for name in others %},
    case when coalesce(b.here, 0) = 0 or coalesce(a.here, 0) = 0 then 0
         when b.c{{ loop.index }} = a.c{{ loop.index }} then 0
         when b.c{{ loop.index }} is null and a.c{{ loop.index }} is null then 0
         else 1 end as d{{ loop.index }}
  {%- endfor %}
  from ({{ millwright_side(before, "before", shared, keys, others) }}) b
  full outer join ({{ millwright_side(after, "after", shared, keys, others) }}) a
    on {% for name in keys %}b.k{{ loop.index }} = a.k{{ loop.index }}{{ " and " if not loop.last }}{% endfor %}
) m
{% endmacro %}

{% macro millwright_sum(others) -%}
  ({%- for name in others %}m.d{{ loop.index }}{{ " + " if not loop.last }}{% endfor %}{{ "0" if not others }})
{%- endmacro %}

{% macro millwright_side(relation, side, shared, keys, others) -%}
  select 1 as here
  {%- for name in keys %}, {{ millwright_comparable(shared[name], side) }} as k{{ loop.index }}{% endfor %}
  {%- for name in others %}, {{ millwright_comparable(shared[name], side) }} as c{{ loop.index }}{% endfor %}
  from {{ relation }}
{%- endmacro %}

{#- What has no `=` of its own is compared as text. -#}
{% macro millwright_comparable(column, side) -%}
  {%- set name = adapter.quote(column[side]) -%}
  {%- set type = column["type"] -%}
  {%- set plain = type.split("(")[0].split("<")[0].strip() -%}
  {%- if target.type == "postgres" and (type.endswith("[]") or plain in ["json", "xml", "array",
        "user-defined", "point", "line", "lseg", "box", "path", "polygon", "circle"]) -%}
    cast({{ name }} as text)
  {%- elif target.type == "bigquery" and plain in ["array", "struct", "record", "json"] -%}
    to_json_string({{ name }})
  {%- elif target.type == "bigquery" and plain == "geography" -%}
    st_astext({{ name }})
  {%- elif target.type == "snowflake" and plain in ["variant", "object", "array", "map"] -%}
    to_json(to_variant({{ name }}))
  {%- elif target.type in ["snowflake", "redshift"] and plain in ["geography", "geometry"] -%}
    st_asewkt({{ name }})
  {%- elif target.type == "redshift" and plain == "super" -%}
    json_serialize({{ name }})
  {%- elif target.type in ["databricks", "spark"] and ("map<" in type or plain == "variant") -%}
    to_json({{ name }})
  {%- elif target.type in ["trino", "athena"] and plain == "json" -%}
    json_format({{ name }})
  {%- else -%}
    {{ name }}
  {%- endif -%}
{%- endmacro %}
)macro";

}  // namespace

std::string_view comparison_macro() {
    return kMacro;
}

}  // namespace mw::runner
