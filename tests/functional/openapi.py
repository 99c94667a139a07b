"""Answers checked against dbt Cloud's published description, where that is present.

It is not stored here (it has no licence); `../shared/api` beside the checkout may hold it, or the
folder that MILLWRIGHT_TEST_OPENAPI names.
"""

import os
import pathlib

import jsonschema
import yaml

FILE = pathlib.Path(os.environ.get(
    "MILLWRIGHT_TEST_OPENAPI",
    pathlib.Path(__file__).resolve().parents[3] / "shared" / "api")) / "openapi-v2.yaml"

# dbt Cloud has no DuckDB.
OUR_ADAPTERS = ["duckdb_v0"]

# Real answers have null where the description does not say so; it declares no field nullable
# that really is. These are never null.
NEVER_NULL = {"data", "extra", "id", "account_id", "name", "state", "status", "code", "is_success"}


def to_json_schema(schema, name=""):
    """OpenAPI 3.0's dialect as JSON Schema."""
    if isinstance(schema, list):
        return [to_json_schema(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "properties" in schema:
        schema = {**schema, "properties": {
            field: nullable(to_json_schema(each), field)
            for field, each in schema["properties"].items()}}
        rest = {key: to_json_schema(each) for key, each in schema.items() if key != "properties"}
        return {**rest, "properties": schema["properties"]}
    return {key: to_json_schema(each, key) for key, each in schema.items()}


def nullable(schema, field):
    return schema if field in NEVER_NULL else {"anyOf": [schema, {"type": "null"}]}


def innermost(error):
    """What is wrong within the part that may also be null."""
    if error.validator == "anyOf" and error.instance is not None:
        for inner in error.context:
            if inner.schema_path[0] == 0:
                yield from innermost(inner)
    else:
        yield error


class Description:
    def __init__(self):
        whole = yaml.load(FILE.read_text(), Loader=yaml.CSafeLoader)
        self.paths = whole["paths"]
        whole["components"]["schemas"]["AdapterVersionEnum"]["enum"] += OUR_ADAPTERS
        self.schemas = {"components": {"schemas": {
            name: to_json_schema(schema)
            for name, schema in whole["components"]["schemas"].items()}}}

    def check(self, method, path, answer):
        """`path` as the description spells it; `answer` is the decoded body."""
        content = self.paths[path][method.lower()]["responses"]["200"]["content"]
        self._compare(f"{method} {path}", content["application/json"]["schema"], answer)

    def check_part(self, name, part):
        """An object that the description of the whole leaves out."""
        self._compare(name, {"$ref": f"#/components/schemas/{name}"}, part)
        missing = set(self.schemas["components"]["schemas"][name]["properties"]) - set(part)
        assert not missing, f"{name} lacks {missing}"

    def _compare(self, what, schema, answer):
        validator = jsonschema.Draft7Validator({**self.schemas, **schema})
        problems = [f"{'/'.join(str(part) for part in error.absolute_path)}: {error.message[:300]}"
                    for outer in validator.iter_errors(answer) for error in innermost(outer)]
        assert not problems, f"{what}:\n" + "\n".join(problems)
