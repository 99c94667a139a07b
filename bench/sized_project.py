"""A dbt project of a given number of models: a seed, a first layer of views over it, and further ones
that each join two of the first layer; a test for each tenth model. All of it is cheap for the
warehouse, so that what is measured is dbt and what is around it."""

PROJECT = """
name: sized
profile: sized
models: {sized: {+materialized: view}}
seeds: {sized: {+column_types: {id: integer}}}
"""


def middle_model(models):
    """The one that one-model runs build."""
    return f"m{models // 2:04}"


def files(models):
    made = {"dbt_project.yml": PROJECT, "seeds/numbers.csv": "id\n1\n2\n3\n"}
    bottom = max(5, models // 20)
    for number in range(models):
        path = f"models/part{number // 100:02}/m{number:04}"
        sql = "select id, 1 as depth from {{ ref('numbers') }}"
        if number >= bottom:
            one, other = number % bottom, (number * 7 + 3) % bottom
            sql = (f"{{{{ config(tags=['t{number % 7}']) }}}}\nselect a.id, a.depth + b.depth as depth\n"
                   f"from {{{{ ref('m{one:04}') }}}} a\njoin {{{{ ref('m{other:04}') }}}} b using (id)\n")
        made[f"{path}.sql"] = sql
        if number % 10 == 0:
            made[f"{path}.yml"] = (
                f"models:\n  - name: m{number:04}\n    columns: [{{name: id, data_tests: [not_null]}}]\n")
    return made
