"""v3 of the API below one account, and what a project is made of there."""

import socket


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def listens_at(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Rest:
    """v3 below the account."""

    def __init__(self, api):
        self.api = api

    def call(self, method, rest, body=None, expect=200):
        answer = self.api.request(method, f"/api/v3/accounts/{self.api.account_id}/{rest}", body)
        assert answer.status == expect, f"{method} {rest}: {answer!r}"
        return answer.data

    def get(self, rest):
        return self.call("GET", rest)

    def post(self, rest, **body):
        return self.call("POST", rest, body)

    def make_job(self, project, warehouse, **fields):
        """A job that builds the project, with all that it needs besides a repository: its id."""
        here = f"projects/{project}/"
        connection = self.post("connections/", name=f"Warehouse {project}", adapter_version="duckdb_v0",
                               config={"path": str(warehouse)})["id"]
        credentials = self.post(here + "credentials/", type="adapter", adapter_version="duckdb_v0",
                                credential_details={"fields": {"schema": {"value": "built"}}})["id"]
        environment = self.post(here + "environments/", name="Production", connection_id=connection,
                                credentials_id=credentials)["id"]
        return self.api.post("jobs/", {"name": "Build", "project_id": project, "environment_id": environment,
                                       "execute_steps": ["dbt build"], **fields})["id"]
