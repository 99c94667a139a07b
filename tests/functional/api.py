"""The public API as a client sees it. Never follows a redirect and never retries by itself."""

import http.client
import json
import ssl
import urllib.parse

from waiting import wait_until

QUEUED, STARTING, RUNNING, SUCCESS, ERROR, CANCELLED = 1, 2, 3, 10, 20, 30
OVER = (SUCCESS, ERROR, CANCELLED)

PREPARATION = ["Clone git repository", "Create profile from connection Warehouse",
               "Invoke dbt with `dbt deps`"]
"""Names of the steps that every run begins with."""


class ApiDown(Exception):
    """No answer, or one that says to try again: the appliance is being killed or restarted."""


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def data(self):
        return self.json["data"]

    def __repr__(self):
        return f"{self.status} {self.body[:2000]!r}"


class Api:
    def __init__(self, url, certificate, account_id, token, scheme="Token"):
        self.url, self.certificate, self.account_id = url, certificate, account_id
        self.token, self.scheme = token, scheme
        # The appliance's own certificate, and none that the system trusts.
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.tls.load_verify_locations(certificate)

    def with_token(self, token, scheme="Token"):
        return Api(self.url, self.certificate, self.account_id, token, scheme)

    def of_account(self, account_id, token):
        return Api(self.url, self.certificate, account_id, token)

    # ---- one call

    def request(self, method, path, body=None, headers=None, authorized=True):
        """Any answer at all; `path` is sent as it is."""
        host = urllib.parse.urlsplit(self.url).netloc
        sent = {"Content-Type": "application/json"} if body is not None else {}
        if authorized:
            sent["Authorization"] = f"{self.scheme} {self.token}"
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
        connection = http.client.HTTPSConnection(host, context=self.tls, timeout=60)
        try:
            connection.request(method, path, body=body, headers=sent | (headers or {}))
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        except (OSError, http.client.HTTPException) as problem:
            raise ApiDown(str(problem)) from problem
        finally:
            connection.close()

    def account_path(self, rest, **query):
        text = urllib.parse.urlencode(query, doseq=True)
        return f"/api/v2/accounts/{self.account_id}/{rest}" + (f"?{text}" if text else "")

    def call(self, method, rest, body=None, **query):
        """The envelope of a call that must succeed."""
        answer = self.request(method, self.account_path(rest, **query), body)
        if answer.status in (502, 503, 504):
            raise ApiDown(repr(answer))
        assert answer.status == 200, f"{method} {rest}: {answer!r}"
        assert answer.json["status"]["is_success"] is True
        return answer.json

    def get(self, rest, **query):
        return self.call("GET", rest, **query)["data"]

    def post(self, rest, body=None):
        return self.call("POST", rest, {} if body is None else body)["data"]

    def delete(self, rest):
        return self.call("DELETE", rest)["data"]

    def ui(self, rest):
        answer = self.request("GET", f"/api/ui/accounts/{self.account_id}/{rest}")
        assert answer.status == 200, f"{rest}: {answer!r}"
        return answer.json

    # ---- what tests do all the time

    def create_job(self, seeded, steps=("dbt build",), **fields):
        body = {"name": "Job", "project_id": seeded.project_id, "account_id": self.account_id,
                "environment_id": seeded.environment_id, "execute_steps": list(steps)}
        return self.post("jobs/", body | fields)["id"]

    def trigger(self, job_id, cause="Triggered by a test", **overrides):
        return self.post(f"jobs/{job_id}/run/", {"cause": cause, **overrides})["id"]

    def run(self, run_id, *related):
        return self.get(f"runs/{run_id}/", **({"include_related": ",".join(related)} if related else {}))

    def wait_run(self, run_id, until=OVER, related=("run_steps",)):
        """The run as soon as its status is one of `until`. An API that is away is waited for."""
        last = None

        def reached():
            nonlocal last
            try:
                last = self.run(run_id, *related)
            except ApiDown as problem:
                last = {"api": str(problem)}
                return None
            ended_otherwise = last["status"] in OVER and last["status"] not in until
            assert not ended_otherwise, f"run {run_id} ended: {describe(last)}"
            return last if last["status"] in until else None

        return wait_until(reached, lambda: f"run {run_id} reaches {until}: {describe(last)}")

    def wait_at(self, gate, run_id):
        """Until the run's model has come to the gate; a run that ends before never will."""
        def came():
            if gate.arrivals() > 0:
                return True
            run = self.run(run_id, "run_steps")
            assert run["status"] not in OVER, f"run {run_id} never came to the gate: {describe(run)}"
            return False

        wait_until(came, lambda: f"run {run_id} comes to the gate: {describe(self.run(run_id, 'run_steps'))}")

    def run_job(self, job_id, **overrides):
        """A run to its end, with its steps and their whole logs."""
        run_id = self.trigger(job_id, **overrides)
        return self.wait_run(run_id, related=("run_steps", "debug_logs", "trigger"))

    def step_log(self, run_id, index, level="debug"):
        """All lines of a step, page by page."""
        lines, after = [], 0
        while True:
            page = self.ui(f"runs/{run_id}/steps/{index}/log?after={after}&limit=1000&level={level}")
            lines += page["lines"]
            if not page["lines"]:
                return lines
            after = page["next_after"]


def describe(run):
    """A run in a failure's message."""
    if not run or "run_steps" not in run:
        return run
    steps = [f"{step['index']} {step['name']}: {step['status_humanized']}\n{step['logs'] or ''}"
             for step in run["run_steps"]]
    return f"{run['status_humanized']}: {run['status_message']}\n" + "\n".join(steps)


def logs(run, step=None):
    """The texts of a run's steps, or of the one with that index."""
    return "\n".join(each["logs"] or "" for each in run["run_steps"]
                     if step is None or each["index"] == step)


def names(run):
    """Of its steps."""
    return [step["name"] for step in run["run_steps"]]


def statuses(run):
    """Of its steps."""
    return [step["status"] for step in run["run_steps"]]
