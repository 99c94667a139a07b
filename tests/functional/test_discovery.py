"""What the Discovery API knows of a project after runs on both families of engines."""

import pytest
from api import ERROR, SUCCESS, logs
from repositories import NATIVE, SMALL, raw_sources
from waiting import wait_until

LATEST = """
query Latest($id: BigInt!) { environment(id: $id) { dbtProjectName adapterType
  applied { lastUpdatedAt models(first: 500) { totalCount edges { node {
      uniqueId name resourceType description materializedType database schema alias packageName
      filePath tags rawCode compiledCode
      executionInfo { lastRunId lastJobDefinitionId lastRunStatus lastRunError lastSuccessRunId
                      executionTime executeStartedAt executeCompletedAt runElapsedTime }
      parents { uniqueId resourceType } children { name } tests { name } } } } } } }
"""
TIMES = """
query Query($environmentId: BigInt!, $first: Int!) { environment(id: $environmentId) { applied {
  models(first: $first) { edges { node { name uniqueId materializedType
    executionInfo { lastSuccessRunId executionTime executeStartedAt } } } } } } }
"""
FAILURES = """
query($id: BigInt!, $first: Int!) { environment(id: $id) { applied {
  models(first: $first, filter: {lastRunStatus: error}) { edges { node { name
    executionInfo { lastRunId } } } }
  tests(first: $first, filter: {status: "fail"}) { edges { node { name
    executionInfo { lastRunId } } } } } } }
"""
COMPARE = """
query Compare($environmentId: Int!, $first: Int!) { environment(id: $environmentId) {
  definition { models(first: $first) { edges { node { name rawCode } } } }
  applied { models(first: $first) { edges { node { name rawCode
    executionInfo { executeCompletedAt } } } } } } }
"""


ARRIVED = "-- depends_on: {{ ref('numbers') }}\nselect * from {{ source('raw', 'numbers') }}"

SEEN = """
query($id: BigInt!) { environment(id: $id) { applied {
  models(first: 100) { edges { node { name
    catalog { type columns { name type description } }
    ancestors(types: [Model, Source, Seed, Snapshot]) {
      ... on ModelAppliedStateNode { name resourceType materializedType
        executionInfo { executeCompletedAt } }
      ... on SourceAppliedStateNode { sourceName name resourceType
        freshness { maxLoadedAt freshnessStatus } }
      ... on SeedAppliedStateNode { name resourceType executionInfo { executeCompletedAt } } } } } }
} } }
"""


def ask(api, query, **variables):
    answer = api.request("POST", "/graphql", {"query": query, "variables": variables})
    assert answer.status == 200, answer
    assert "errors" not in answer.json, answer
    return answer.json["data"]


def nodes(connection):
    return {edge["node"]["name"]: edge["node"] for edge in connection["edges"]}


def known_of(api, environment_id, run_id):
    """The environment's state, once it knows of the run. Asked once more then: what is read while the run is taken in may be
    of before and after."""
    def state():
        return ask(api, LATEST, id=environment_id)["environment"]

    def knows():
        return run_id in [node["executionInfo"]["lastRunId"] for node in nodes(state()["applied"]["models"]).values()]

    wait_until(knows, f"the state knows of run {run_id}")
    return state()


@pytest.fixture(scope="module", params=["core1", "core2"])
def built(request, api, make_project):
    """(seeded, job, run) of a project that was built well."""
    seeded, _ = make_project(SMALL)
    details = {"dbt_version": NATIVE} if request.param == "core2" else {}
    job = api.create_job(seeded, steps=["dbt build"], **details)
    run = api.run_job(job)
    assert run["status"] == SUCCESS, logs(run)
    return seeded, job, run


def test_a_model_is_known_as_it_was_built(api, built):
    seeded, job, run = built
    state = known_of(api, seeded.environment_id, run["id"])
    assert state["dbtProjectName"] == "small" and state["adapterType"] == "duckdb"
    total = nodes(state["applied"]["models"])["total"]
    assert total["uniqueId"] == "model.small.total" and total["resourceType"] == "model"
    assert total["packageName"] == "small" and total["filePath"] == "models/total.sql"
    assert total["rawCode"].strip() == SMALL["models/total.sql"].strip()
    assert "ref(" in total["rawCode"] and "ref(" not in total["compiledCode"]
    assert total["schema"] and total["alias"] == "total" and total["tags"] == []
    info = total["executionInfo"]
    assert info["lastRunStatus"] == "success" and info["lastRunError"] is None
    assert info["lastSuccessRunId"] == info["lastRunId"] == run["id"]
    assert info["lastJobDefinitionId"] == job
    assert info["executionTime"] > 0 and info["runElapsedTime"] >= info["executionTime"]
    assert info["executeStartedAt"] < info["executeCompletedAt"]
    assert "model.small.doubled" in [parent["uniqueId"] for parent in total["parents"]]


def test_the_documentation_s_examples_are_answered(api, built):
    seeded, _, run = built
    known_of(api, seeded.environment_id, run["id"])
    times = ask(api, TIMES, environmentId=seeded.environment_id, first=100)["environment"]
    assert nodes(times["applied"]["models"])["total"]["executionInfo"]["executionTime"] > 0
    failures = ask(api, FAILURES, id=seeded.environment_id, first=100)["environment"]["applied"]
    assert failures == {"models": {"edges": []}, "tests": {"edges": []}}


def test_a_failure_is_known_beside_the_last_success(api, make_project):
    seeded, repository = make_project(SMALL)
    job = api.create_job(seeded, steps=["dbt build"])
    good = api.run_job(job)
    assert good["status"] == SUCCESS, logs(good)
    known_of(api, seeded.environment_id, good["id"])
    repository.commit({"models/total.sql": "select no_such_column from {{ ref('doubled') }}"})
    bad = api.run_job(job)
    assert bad["status"] == ERROR
    state = known_of(api, seeded.environment_id, bad["id"])
    info = nodes(state["applied"]["models"])["total"]["executionInfo"]
    assert info["lastRunStatus"] == "error" and "no_such_column" in info["lastRunError"]
    assert info["lastSuccessRunId"] == good["id"]
    failed = ask(api, FAILURES, id=seeded.environment_id, first=100)["environment"]["applied"]
    assert list(nodes(failed["models"])) == ["total"]
    both = ask(api, COMPARE, environmentId=seeded.environment_id, first=100)["environment"]
    assert "no_such_column" in nodes(both["definition"]["models"])["total"]["rawCode"]
    applied = nodes(both["applied"]["models"])["total"]["rawCode"]
    assert applied.strip() == SMALL["models/total.sql"].strip()


@pytest.mark.parametrize("version", [None, NATIVE], ids=["core1", "core2"])
def test_what_was_seen_in_the_warehouse_is_known(api, make_project, version):
    seeded, _ = make_project({**SMALL, "models/sources.yml": raw_sources(), "models/arrived.sql": ARRIVED})
    details = {"dbt_version": version} if version else {}
    job = api.create_job(seeded, steps=["dbt build", "dbt source freshness"], generate_docs=True, **details)
    run = api.run_job(job)
    assert run["status"] == SUCCESS, logs(run)
    known_of(api, seeded.environment_id, run["id"])
    models = nodes(ask(api, SEEN, id=seeded.environment_id)["environment"]["applied"]["models"])
    columns = {column["name"]: column for column in models["doubled"]["catalog"]["columns"]}
    assert set(columns) == {"id", "amount"}
    assert "INT" in columns["id"]["type"].upper()
    above = {node["name"]: node for node in models["total"]["ancestors"]}
    assert above["doubled"]["materializedType"] == "table"
    assert above["numbers"]["executionInfo"]["executeCompletedAt"]
    source = next(node for node in models["arrived"]["ancestors"] if node["resourceType"] == "source")
    assert source["sourceName"] == "raw"
    if version:
        # dbt Core 2 says that it does not handle this command yet, and writes nothing.
        assert source["freshness"] is None
    else:
        assert source["freshness"]["freshnessStatus"] == "pass" and source["freshness"]["maxLoadedAt"]


def test_nobody_else_sees_it(api, other_api, built):
    seeded, _, _ = built
    answer = other_api.request("POST", "/graphql",
                               {"query": LATEST, "variables": {"id": seeded.environment_id}})
    assert answer.json["data"]["environment"] is None
    assert "no environment" in answer.json["errors"][0]["message"]
    nobody = api.request("POST", "/graphql", {"query": "{ __typename }"}, authorized=False)
    assert nobody.status == 401
