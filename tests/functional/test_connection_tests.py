"""*Test connection*: what is wrong with a warehouse, in its adapter's own words."""

import json
import socket

import pytest
import seed_project
from repositories import NATIVE, SMALL, Projects
from waiting import wait_until


def outcome(api, environment_id):
    """Of a test, once it is over."""
    answer = api.request("POST", f"/api/ui/accounts/{api.account_id}/environments/{environment_id}/"
                                 "connection-tests/", {})
    assert answer.status == 201, answer
    path = f"connection-tests/{answer.json['id']}/"
    return wait_until(lambda: (found := api.ui(path))["is_complete"] and found, "the test is over")


@pytest.fixture
def environment(appliance, make_project):
    """environment(…): its id; `dbt_version` besides what make_project takes."""
    def make(dbt_version="1.11.0-latest", **details):
        seeded, _ = make_project(**details)
        appliance.psql("UPDATE environments SET dbt_version = :'version' WHERE id = :id",
                       version=dbt_version, id=seeded.environment_id)
        return seeded.environment_id
    return make


def on_postgres(warehouse, password=None, **config):
    fields, secret_fields = warehouse.credentials(password)
    return {"adapter": "postgres", "config": warehouse.config | config, "fields": fields,
            "secret_fields": secret_fields}


def test_postgresql_that_answers(api, appliance, environment, warehouse):
    found = outcome(api, environment(**on_postgres(warehouse)))
    assert found["ok"] is True and found["status"] == 10, found
    assert "The connection works, with dbt Core 1.11" in found["message"]
    assert "Connection test: [OK connection ok]" in found["output"]
    assert found["duration"] > 0 and warehouse.password not in json.dumps(found)
    assert warehouse.password.encode() not in appliance.dump()


def test_a_client_asks_for_a_connection_and_is_answered_when_it_is_over(api, appliance, environment, warehouse):
    """As dbtc does: one call, by the connection's id."""
    def connection_of(environment_id):
        return appliance.value("SELECT connection_id FROM environments WHERE id = :id", id=environment_id)

    def test(**body):
        return api.request("POST", f"/api/v3/accounts/{api.account_id}/connections/test/", body)

    good = test(connection_id=int(connection_of(environment(**on_postgres(warehouse)))))
    assert good.status == 200 and good.data["ok"] is True, good
    bad = test(connection_id=int(connection_of(environment(**on_postgres(warehouse, "wrong")))))
    assert bad.status == 200 and bad.data["ok"] is False and "password" in bad.data["message"], bad


def test_a_wrong_password(api, appliance, environment, warehouse):
    wrong = "never-the-right-password-17"
    found = outcome(api, environment(**on_postgres(warehouse, wrong)))
    assert found["ok"] is False and found["status"] == 20
    assert 'password authentication failed for user "analyst"' in found["message"], found
    assert wrong not in json.dumps(found)
    for path in appliance.files("logs"):
        assert wrong.encode() not in path.read_bytes(), path


def test_a_host_where_nobody_listens(api, environment, warehouse):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    found = outcome(api, environment(**on_postgres(warehouse, port=port)))
    assert found["ok"] is False
    assert "Connection refused" in found["message"] and str(port) in found["message"], found


def test_a_host_that_says_nothing(own_appliance):
    """The operator's limit comes before the driver's own."""
    appliance = own_appliance(CONNECTION_TEST_SECONDS=2).start()
    appliance.load_sample()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        seeded = seed_project.add_project(
            appliance, appliance.sample["account_id"], Projects(appliance.shared).make(SMALL), adapter="postgres",
            config={"hostname": "127.0.0.1", "port": silent.getsockname()[1], "dbname": "x"},
            fields={"username": "analyst"}, secret_fields={"password": "of no use here"})
        found = outcome(appliance.api, seeded.environment_id)
    assert found["ok"] is False
    assert found["message"] == ("The warehouse did not answer within 2 seconds. An operator may let a test wait "
                                "longer: MILLWRIGHT_CONNECTION_TEST_SECONDS."), found


def test_a_host_that_does_not_exist(api, environment, warehouse):
    found = outcome(api, environment(**on_postgres(warehouse, hostname="nowhere.invalid")))
    assert found["ok"] is False and "nowhere.invalid" in found["message"], found


@pytest.mark.parametrize("version", ["1.11.0-latest", NATIVE])
def test_duckdb(api, environment, projects, version):
    good = outcome(api, environment(version, config={"path": str(projects.warehouse())}))
    assert good["ok"] is True, good
    gone = projects.warehouse().parent / "gone" / "x.duckdb"
    found = outcome(api, environment(version, config={"path": str(gone)}))
    assert found["ok"] is False
    assert "Cannot open" in found["message"] and str(gone) in found["message"], found["output"]


def test_an_engine_that_is_not_installed(api, environment, projects):
    found = outcome(api, environment("1.9.0-latest", config={"path": str(projects.warehouse())}))
    assert found["ok"] is False
    assert "is not installed" in found["message"]
    assert "millwright engine install 1.9.0-latest" in found["message"]


def test_a_place_that_a_warehouse_may_not_have(api, appliance, environment):
    found = outcome(api, environment(config={"path": str(appliance.data / "keys" / "x.duckdb")}))
    assert found["ok"] is False and "the appliance's own data folder" in found["message"]
    assert not (appliance.data / "keys" / "x.duckdb").exists()


def test_an_environment_without_credentials(api, appliance, environment):
    id_ = environment()
    appliance.psql("UPDATE environments SET credentials_id = NULL WHERE id = :id", id=id_)
    found = outcome(api, id_)
    assert found["ok"] is False
    assert found["message"] == "The environment Production has no credentials."


def test_it_leaves_nothing_and_is_no_run(api, appliance, environment, warehouse):
    before = api.get("runs/", limit=100)
    found = outcome(api, environment(**on_postgres(warehouse)))
    assert found["ok"] is True
    assert [run["id"] for run in api.get("runs/", limit=100)] == [run["id"] for run in before]
    workspaces = appliance.data / "workspaces"
    wait_until(lambda: not list(workspaces.glob("connection-test-*")), "its folder is gone")


def test_another_account_cannot_test_it(api, other_api, environment, warehouse):
    id_ = environment(**on_postgres(warehouse))
    for account in (other_api.account_id, api.account_id):
        answer = other_api.request(
            "POST", f"/api/ui/accounts/{account}/environments/{id_}/connection-tests/", {})
        assert answer.status == 404, answer


def test_a_process_that_is_killed_is_told(own_appliance):
    """The warehouse takes the connection and says nothing, so that there is a process to kill."""
    import os
    import pathlib

    appliance = own_appliance().start()
    sample = appliance.load_sample()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        from repositories import SMALL, Projects
        seeded = seed_project.add_project(
            appliance, sample["account_id"], Projects(appliance.shared).make(SMALL),
            config={"hostname": "127.0.0.1", "port": silent.getsockname()[1], "dbname": "d"},
            adapter="postgres", fields={"username": "u"}, secret_fields={"password": "p" * 12})
        api = appliance.api
        answer = api.request("POST", f"/api/ui/accounts/{api.account_id}/environments/"
                                     f"{seeded.environment_id}/connection-tests/", {})
        silent.accept()
        notes = pathlib.Path(appliance.status()["run_dir"]) / "workers"
        [record] = [json.loads(note.read_text()) for note in notes.glob("connection-test-*.json")]
        os.kill(record["pid"], 9)
        path = f"connection-tests/{answer.json['id']}/"
        found = wait_until(lambda: (it := api.ui(path))["is_complete"] and it, "the test is over")
    assert found["ok"] is False and "was killed by signal 9" in found["message"], found
