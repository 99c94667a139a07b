"""Questions like those of the public documentation's examples, about the sample project as both families of
engines built it. What they ask for is dbt Cloud's; how the answer looks is told by the query."""

import pytest
from api import SUCCESS, logs
from places import ROOT
from repositories import NATIVE
from test_discovery import ask, known_of, nodes

LINEAGE = """
query Lineage($environmentId: Int!, $first: Int!) { environment(id: $environmentId) { definition {
  sources(first: $first) { edges { node { uniqueId name resourceType children { uniqueId name resourceType } } } }
  seeds(first: $first) { edges { node { uniqueId name resourceType children { uniqueId name resourceType } } } }
  snapshots(first: $first) { edges { node { uniqueId name resourceType
    parents { uniqueId name resourceType } children { uniqueId name resourceType } } } }
  models(first: $first) { edges { node { uniqueId name resourceType
    parents { uniqueId name resourceType } children { uniqueId name resourceType } } } }
  metrics(first: $first) { edges { node { uniqueId name parents { uniqueId } } } }
  exposures(first: $first) { edges { node { uniqueId name resourceType parents { uniqueId name resourceType } } } }
} } }
"""
FRESHNESS = """
query($environmentId: BigInt!, $first: Int!) { environment(id: $environmentId) { applied {
  sources(first: $first) { edges { node { sourceName name identifier loader freshness {
    freshnessJobDefinitionId freshnessRunId freshnessRunGeneratedAt freshnessStatus freshnessChecked maxLoadedAt
    maxLoadedAtTimeAgoInS snapshottedAt criteria { errorAfter { count period } warnAfter { count period } } } } } }
} } }
"""
TESTS = """
query($environmentId: BigInt!, $first: Int!) { environment(id: $environmentId) { applied {
  tests(first: $first) { edges { node { name columnName parents { name resourceType }
    executionInfo { lastRunStatus lastRunError executeCompletedAt executionTime } } } } } } }
"""
OVERVIEW = """
query Example($environmentId: BigInt!) { environment(id: $environmentId) {
  applied { models(first: 100) { edges { node {
    uniqueId, name, description, rawCode, compiledCode, database, schema, alias,
    executionInfo { executeCompletedAt, executionTime }, tests { name, executionInfo { lastRunStatus, lastRunError } },
    catalog { columns { name, description, type }, stats { label, value } },
    ancestors(types: [Source]) { name, ... on SourceAppliedStateNode { freshness { maxLoadedAt, freshnessStatus } } },
    children { name, resourceType } } } totalCount } }
  definition { models(first: 100, filter: {access: public}) { edges { node {
    rawCode, jobDefinitionId, runGeneratedAt, contractEnforced, group, version } } } } } }
"""
EXPOSURES = """
query($environmentId: BigInt!, $first: Int!) { environment(id: $environmentId) { applied {
  exposures(first: $first) { edges { node { name description ownerName url parents { name resourceType
    ... on ModelAppliedStateNode { executionInfo { executeCompletedAt lastRunStatus }
      tests { executionInfo { executeCompletedAt lastRunStatus } } } } } } } } } }
"""
GROUPS = """
query($environmentId: BigInt!, $first: Int!) { environment(id: $environmentId) { definition {
  groups(first: $first) { edges { node { name resourceType models { name } ownerName ownerEmail } } } } } }
"""
WHOLE = """
query($environmentId: BigInt!) { environment(id: $environmentId) { applied {
  lineage(filter: {types: [Model]}) { name resourceType filePath projectId materializationType parentIds tags uniqueId }
  resources(filter: {types: [Model]}, first: 100) { edges { node { accountId description environmentId filePath meta
    name projectId resourceType uniqueId tags } } }
  owners(resource: exposure) { email name } packages(resource: "model") tags { name } } } }
"""
HISTORY = """
query($environmentId: BigInt!, $uniqueId: String!) { environment(id: $environmentId) { applied {
  modelHistoricalRuns(uniqueId: $uniqueId, lastRunCount: 20) { runId runGeneratedAt executionTime status
    tests { name status executeCompletedAt } } } } }
"""
BY_ENVIRONMENT = """
query($environmentId: Int!, $uniqueId: String!, $lastRunCount: Int!) {
  modelByEnvironment(environmentId: $environmentId, uniqueId: $uniqueId, lastRunCount: $lastRunCount, withCatalog: true) {
    name runId runElapsedTime runGeneratedAt executionTime executeStartedAt executeCompletedAt status
    compiledCode columns { name } stats { label value } } }
"""
JOB_MODELS = """
query($jobId: BigInt!, $runId: BigInt!) { models(jobId: $jobId, runId: $runId) { name status tests { name status } } }
"""
JOB_MODEL = """
query($jobId: BigInt!, $uniqueId: String!) { job(id: $jobId) { model(uniqueId: $uniqueId) {
  runId projectId name uniqueId resourceType executeStartedAt executeCompletedAt executionTime
  parentsModels { runId uniqueId executionTime } parentsSources { runId uniqueId state }
  columns { name index type comment description tags meta } } } }
"""


@pytest.fixture(scope="module", params=["core1", "core2"])
def shop(request, api, make_project):
    """(place, job, run) of the sample project, built with its documentation."""
    folder = ROOT / "sample" / "shop"
    files = {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}
    place, _ = make_project(files)
    details, build = {}, "dbt build"
    if request.param == "core2":
        # Its alpha looks into the warehouse for what a unit test of an incremental model has not built yet.
        details, build = {"dbt_version": NATIVE}, "dbt build --exclude-resource-type unit_test"
    job = api.create_job(place, steps=[build], name=f"Shop {request.param}", generate_docs=True, **details)
    run = api.run_job(job)
    assert run["status"] == SUCCESS, logs(run)
    known_of(api, place.environment_id, run["id"])
    return place, job, run


def test_its_graph(api, shop):
    place, _, _ = shop
    defined = ask(api, LINEAGE, environmentId=place.environment_id, first=500)["environment"]["definition"]
    models = nodes(defined["models"])
    assert len(models) > 10 and nodes(defined["seeds"])
    parents = {parent["uniqueId"] for model in models.values() for parent in model["parents"]}
    children = {child["uniqueId"] for list_ in ("seeds", "sources", "models") for node in nodes(defined[list_]).values()
                for child in node["children"]}
    assert any(unique_id.startswith("model.") for unique_id in parents & children)
    whole = ask(api, WHOLE, environmentId=place.environment_id)["environment"]["applied"]
    assert {node["name"] for node in whole["lineage"]} == set(models)
    assert {edge["node"]["name"] for edge in whole["resources"]["edges"]} <= set(models)
    assert all(node["filePath"] and node["materializationType"] for node in whole["lineage"])
    assert "shop" in whole["packages"]


def test_its_models_and_tests(api, shop):
    place, _, _ = shop
    seen = ask(api, OVERVIEW, environmentId=place.environment_id)["environment"]
    models = nodes(seen["applied"]["models"])
    assert seen["applied"]["models"]["totalCount"] >= len(models) > 10
    assert all(model["executionInfo"]["executeCompletedAt"] for model in models.values())
    assert any(model["catalog"] and model["catalog"]["columns"] for model in models.values())
    assert any(test["executionInfo"]["lastRunStatus"] == "pass" for model in models.values() for test in model["tests"])
    tests = nodes(ask(api, TESTS, environmentId=place.environment_id, first=500)["environment"]["applied"]["tests"])
    assert all(test["parents"] and test["executionInfo"]["lastRunStatus"] for test in tests.values())


def test_what_lies_around_them(api, shop):
    place, _, _ = shop
    variables = {"environmentId": place.environment_id, "first": 100}
    ask(api, FRESHNESS, **variables)
    ask(api, GROUPS, **variables)
    exposures = nodes(ask(api, EXPOSURES, **variables)["environment"]["applied"]["exposures"])
    for exposure in exposures.values():
        built = [parent for parent in exposure["parents"] if parent["resourceType"] == "model"]
        assert all(parent["executionInfo"]["lastRunStatus"] == "success" for parent in built)


def test_its_history(api, shop):
    place, job, run = shop
    models = ask(api, JOB_MODELS, jobId=job, runId=run["id"])["models"]
    assert {model["status"] for model in models} <= {"success", None} and any(model["tests"] for model in models)
    tested = next(model["name"] for model in models if model["tests"] and model["status"])
    unique_id = f"model.shop.{tested}"
    variables = {"environmentId": place.environment_id, "uniqueId": unique_id}
    [latest, *_] = ask(api, HISTORY, **variables)["environment"]["applied"]["modelHistoricalRuns"]
    assert latest["runId"] == run["id"] and latest["status"] == "success" and latest["executionTime"] > 0
    assert latest["tests"] and all(test["status"] == "pass" for test in latest["tests"])
    [by_environment, *_] = ask(api, BY_ENVIRONMENT, **variables, lastRunCount=20)["modelByEnvironment"]
    assert by_environment["name"] == tested and by_environment["runElapsedTime"] > 0
    assert "ref(" not in by_environment["compiledCode"] and by_environment["columns"]
    model = ask(api, JOB_MODEL, jobId=job, uniqueId=unique_id)["job"]["model"]
    assert model["runId"] == run["id"] and model["executeStartedAt"] <= model["executeCompletedAt"]
    assert all(column["name"] and column["type"] for column in model["columns"])
    history = api.request("GET", f"/api/v3/accounts/{api.account_id}/history/nodes/"
                          f"?environment_id={place.environment_id}&unique_id={unique_id}").json["data"]
    assert history[0]["run_id"] == run["id"] and history[0]["git_sha"] == run["git_sha"]
