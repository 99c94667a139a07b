"""Pull requests of a real git server (Gitea), from the push to the status, the comment and the dropped schema."""

import concurrent.futures
import hashlib
import hmac
import json
import re
import uuid

import pytest
import requests
import seed_project
from api import ERROR, SUCCESS, logs
from appliance import Appliance
from browser import Visitor
from duck import reader
from playwright.sync_api import expect
from postgres_warehouse import PostgresWarehouse
from repositories import NATIVE, SMALL, Projects
from waiting import wait_until

CI_STEPS = ["dbt build --select state:modified+"]
MORE_TOTAL = "select sum(amount) + 1 as total from {{ ref('doubled') }}"
THRICE = "select id, amount * 3 as amount from {{ ref('numbers') }}"
BROKEN_TOTAL = "select no_such_column from {{ ref('doubled') }}"


@pytest.fixture(scope="module")
def mill(places):
    running = Appliance(places, HOSTNAME="localhost", GIT_HOST_NETWORKS="127.0.0.0/8", COMMIT_STATUS_RETRY_SECONDS="1")
    try:
        running.start().load_sample()
        yield running
    finally:
        running.close()


class Remote:
    """A project whose repository is at the git server, with a link and a webhook; production has run."""

    def __init__(self, mill, gitea, warehouse, files=SMALL, linked=True, **project):
        self.mill, self.gitea, self.warehouse = mill, gitea, warehouse
        self.repository = gitea.make_repository(f"shop-{uuid.uuid4().hex[:8]}", files, private=linked)
        project = {"config": {"path": str(warehouse)}, **project}
        self.project = seed_project.add_project(mill, mill.sample["account_id"], self.repository, **project)
        self.ci = seed_project.add_environment(mill, self.project, "CI", "ci", secret_fields=project.get("secret_fields"))
        self.repository_id = mill.api.get(f"projects/{self.project.project_id}/")["repository_id"]
        self.link = self._link(kind="gitea", token=gitea.owner.token) if linked else None
        self.production = mill.api.create_job(self.project, name="Production")
        run = mill.api.run_job(self.production)
        assert run["status"] == SUCCESS, logs(run)

    def _link(self, **fields):
        answer = self.mill.api.request(
            "PUT", f"/api/v3/accounts/{self.project.account_id}/projects/{self.project.project_id}"
                   f"/repositories/{self.repository_id}/git-host/", fields)
        assert answer.status == 200, answer
        return answer.data

    def add_webhook(self):
        self.repository.add_webhook(self.link["webhook_url"], self.link["webhook_secret"])
        return self

    def ci_job(self, **fields):
        job = self.mill.api.create_job(
            self.ci, **{"name": "CI", "steps": CI_STEPS, "deferring_environment_id": self.project.environment_id,
                        "triggers": {"git_provider_webhook": True, "schedule": False}, **fields})
        return job

    # ---- what comes of it

    def runs(self, job):
        return self.mill.api.get("runs/", job_definition_id=job, order_by="id")

    def run_of(self, job, sha):
        """The run of this commit, once it has ended."""
        def ended():
            found = [run for run in self.runs(job) if run["git_sha"] == sha and run["is_complete"]]
            return self.mill.api.run(found[-1]["id"], "trigger", "run_steps") if found else None
        return wait_until(ended, f"a run of {sha} has ended")

    def status(self, sha, state):
        def told():
            all_of_it = self.repository.statuses(sha)
            return all_of_it[0] if all_of_it and all_of_it[0]["status"] == state else None
        return wait_until(told, lambda: f"{sha} is {state}; {self.repository.statuses(sha)}")

    def schemas(self):
        def free():
            try:
                return self.rows("select distinct table_schema from information_schema.tables")
            except AssertionError as problem:
                # A run, or the errand that drops a schema, has the file.
                assert "Could not set lock" in str(problem)
                return None
        return {row[0] for row in wait_until(free, "the warehouse's file is free")}

    def wait_dropped(self, job):
        """As the server knows it: who looks into the file all the time keeps others from writing there."""
        wait_until(lambda: self.mill.value("SELECT count(*) FROM pull_request_schemas WHERE job_id = :job "
                                           "AND dropped_at IS NULL", job=job) == "0",
                   lambda: self.mill.psql("SELECT * FROM pull_request_schemas WHERE job_id = :job", job=job))

    def rows(self, sql):
        return reader(self.mill.places)(self.warehouse, sql)


@pytest.fixture(scope="module")
def remote(mill, gitea):
    projects = Projects(mill.shared)
    return lambda **more: Remote(mill, gitea, projects.warehouse(), **more)


def test_a_pull_request_from_its_opening_to_its_end(remote):
    shop = remote().add_webhook()
    job = shop.ci_job(run_compare_changes=True)
    before = shop.schemas()
    good = shop.repository.push({"models/doubled.sql": THRICE}, branch="more")
    number = shop.repository.open_pull_request("more", title="Count | one more")
    run = shop.run_of(job, good)
    assert run["status"] == SUCCESS, logs(run)
    schema = f"dbt_cloud_pr_{job}_{number}"
    assert run["trigger"]["schema_override"] == schema
    assert run["trigger"]["cause"] == f"Pull request {number}: Count | one more"
    told = shop.status(good, "success")
    assert told["context"] == "dbt Cloud"
    assert told["target_url"].endswith(f"/runs/{run['id']}/")
    assert shop.schemas() == before | {schema}
    [comment] = wait_until(lambda: shop.repository.comments(number), "a comment")
    assert "✅ passed" in comment["body"] and "2 models built, 2 tests run" in comment["body"]
    assert "beside production: " in comment["body"] and "| doubled | ~3 " in comment["body"]

    bad = shop.repository.push({"models/total.sql": BROKEN_TOTAL}, branch="more")
    assert shop.run_of(job, bad)["status"] == ERROR
    assert "total" in shop.status(bad, "failure")["description"]
    comment = wait_until(lambda: next((each for each in shop.repository.comments(number) if bad[:7] in each["body"]), None),
                         "the comment is about the newest commit")
    assert len(shop.repository.comments(number)) == 1
    assert "❌ failed" in comment["body"] and "- total" in comment["body"]
    assert "no_such_column" not in comment["body"]

    shop.repository.close_pull_request(number)
    shop.wait_dropped(job)
    assert shop.schemas() == before
    assert shop.rows("select total from main.total") == [[120]]
    [known] = shop.mill.api.request(
        "GET", f"/api/ui/accounts/{shop.project.account_id}/repositories/{shop.repository_id}/pull-requests/").data
    assert (known["number"], known["status"], known["head_sha"]) == (number, "closed", bad)


def test_custom_schemas_go_too_and_a_pull_request_that_is_opened_again_is_built_again(remote):
    shop = remote(files={**SMALL, "models/extra.sql": "{{ config(schema='marketing') }} select 1 as id"}).add_webhook()
    job = shop.ci_job()
    before = shop.schemas()
    sha = shop.repository.push({"models/extra.sql": "{{ config(schema='marketing') }} select 2 as id",
                                "models/total.sql": MORE_TOTAL}, branch="extra")
    number = shop.repository.open_pull_request("extra")
    assert shop.run_of(job, sha)["status"] == SUCCESS
    schema = f"dbt_cloud_pr_{job}_{number}"
    assert shop.schemas() == before | {schema, f"{schema}_marketing"}
    shop.repository.close_pull_request(number)
    shop.wait_dropped(job)
    assert shop.schemas() == before
    newer = shop.repository.push({}, branch="extra")
    shop.repository.reopen_pull_request(number)
    assert shop.run_of(job, newer)["status"] == SUCCESS
    assert shop.schemas() == before | {schema, f"{schema}_marketing"}
    shop.repository.merge_pull_request(number)
    shop.wait_dropped(job)
    assert shop.schemas() == before


def test_the_native_engine_drops_them_too(remote, mill):
    shop = remote().add_webhook()
    mill.psql("UPDATE environments SET dbt_version = :'version' WHERE project_id = :project", version=NATIVE,
              project=shop.project.project_id)
    job = shop.ci_job()
    before = shop.schemas()
    sha = shop.repository.push({"models/total.sql": MORE_TOTAL}, branch="more")
    number = shop.repository.open_pull_request("more")
    run = shop.run_of(job, sha)
    assert run["status"] == SUCCESS, logs(run)
    assert shop.schemas() == before | {f"dbt_cloud_pr_{job}_{number}"}
    shop.repository.close_pull_request(number)
    shop.wait_dropped(job)
    assert shop.schemas() == before


def test_a_merge_runs_the_merge_job_on_what_was_merged(remote):
    shop = remote().add_webhook()
    merge = shop.mill.api.create_job(shop.project, name="Merge", triggers={"on_merge": True, "schedule": False})
    shop.repository.push({"models/total.sql": MORE_TOTAL}, branch="more")
    number = shop.repository.open_pull_request("more")
    sha = shop.repository.merge_pull_request(number)
    run = shop.run_of(merge, sha)
    assert run["status"] == SUCCESS, logs(run)
    assert run["trigger"]["cause_category"] == "merge"
    assert shop.rows("select total from main.total") == [[121]]
    assert [each["git_sha"] for each in shop.runs(merge)] == [sha]


def test_what_a_fork_asks_is_not_run_and_its_author_told_why(remote, gitea):
    shop = remote().add_webhook()
    job = shop.ci_job()
    stranger = gitea.add_person(f"eve{uuid.uuid4().hex[:6]}")
    shop.repository.add_collaborator(stranger, "read")
    fork = shop.repository.fork(stranger)
    sha = fork.push({"models/total.sql": MORE_TOTAL}, branch="evil")
    shop.repository.open_pull_request("evil", source=fork)
    told = shop.status(sha, "failure")
    assert "fork" in told["description"]
    assert shop.runs(job) == []


def test_a_closed_one_leaves_nothing_in_postgresql_either(remote, mill, places):
    """Where a drop that nobody commits would come back."""
    warehouse = PostgresWarehouse(mill.shared / "customer", places)
    try:
        fields, secret_fields = warehouse.credentials()
        shop = remote(config=warehouse.config, adapter="postgres", schema="analytics", fields=fields,
                      secret_fields=secret_fields)
        shop.add_webhook()
        job = shop.ci_job()

        def schemas():
            return set(warehouse.rows("SELECT nspname FROM pg_namespace"))

        before = schemas()
        sha = shop.repository.push({"models/total.sql": MORE_TOTAL}, branch="more")
        number = shop.repository.open_pull_request("more")
        run = shop.run_of(job, sha)
        assert run["status"] == SUCCESS, logs(run)
        assert schemas() == before | {f"dbt_cloud_pr_{job}_{number}"}
        shop.repository.close_pull_request(number)
        shop.wait_dropped(job)
        assert schemas() == before
    finally:
        warehouse.close()


# ---- what arrives, by itself


def signed(shop, number, secret=None):
    """A push to main, as Gitea tells it."""
    repository = {"id": 5, "full_name": shop.repository.full_name, "default_branch": "main"}
    sha = hashlib.sha1(str(number).encode()).hexdigest()
    raw = json.dumps({"ref": "refs/heads/main", "before": "0" * 40, "after": sha, "repository": repository,
                      "pusher": {"login": "ann"}, "sender": {"login": "ann"}}).encode()
    mac = hmac.new((secret or shop.link["webhook_secret"]).encode(), raw, hashlib.sha256).hexdigest()
    return sha, raw, {"Content-Type": "application/json", "X-Gitea-Event": "push", "X-Gitea-Signature": mac,
                      "X-Gitea-Delivery": f"d{number}"}


def test_a_burst_of_webhooks_is_acted_on_once_each_though_the_app_is_killed_meanwhile(remote, mill):
    """500: one in five comes twice, one in ten is signed with another key."""
    shop = remote()
    job = mill.api.create_job(shop.project, name="Merge", triggers={"on_merge": True, "schedule": False})
    # They are made, and wait.
    mill.psql("UPDATE accounts SET run_slots = 0, queue_limit = 100000 WHERE id = :account", account=shop.project.account_id)
    good = [signed(shop, number) for number in range(350)]
    bad = [signed(shop, number, secret="other") for number in range(900, 950)]
    calls = [*good, *good[::3][:100], *bad]
    calls.sort(key=lambda call: hashlib.sha1(call[1]).digest())
    session = requests.Session()
    session.verify, session.trust_env = str(mill.certificate), False

    def send(call):
        """Again, when there was no answer, as hosts do."""
        while True:
            try:
                answer = session.post(shop.link["webhook_url"], data=call[1], headers=call[2], timeout=30)
            except requests.RequestException:
                continue
            if answer.status_code < 500:
                return call[0], answer.status_code

    with concurrent.futures.ThreadPoolExecutor(24) as senders:
        answers = [senders.submit(send, call) for call in calls]
        wait_until(lambda: sum(each.done() for each in answers) > 150, "some were taken")
        mill.kill_and_heal("app")
        statuses = [each.result() for each in answers]
    wrong = {call[0] for call in bad}
    assert all((status in (401, 404)) if sha in wrong else (status in (200, 202)) for sha, status in statuses)

    def made():
        rows = mill.psql("SELECT git_sha FROM runs WHERE job_id = :job", job=job)
        shas = sorted(row[0] for row in rows)
        return shas if len(shas) >= len(good) else None

    def waiting():
        return mill.psql("SELECT count(*), count(handled_at), max(outcome) FROM git_deliveries WHERE "
                         "repository_id = :repository", repository=shop.repository_id)

    try:
        assert wait_until(made, lambda: f"each has its run; {waiting()}") == sorted(call[0] for call in good)
        handled = mill.psql("SELECT count(*), count(*) FILTER (WHERE handled_at IS NULL) FROM git_deliveries "
                            "WHERE repository_id = :repository", repository=shop.repository_id)[0]
        assert [int(each) for each in handled] == [len(good), 0]
    finally:
        mill.psql("UPDATE runs SET status = 30, finished_at = now() WHERE job_id = :job AND status = 1", job=job)
        mill.psql("UPDATE accounts SET run_slots = 5 WHERE id = :account", account=shop.project.account_id)


def test_somebody_sets_pull_request_builds_up_in_the_browser_and_follows_one(mill, gitea, chromium, remote):
    """The repository's host, a job that pull requests trigger, a push that passes, one that fails, the end."""
    shop = remote(linked=False)
    visit = Visitor(chromium, mill).have_session()
    page = visit.page
    try:
        page.goto(f"{mill.url}/settings/{visit.account}/repositories/{shop.repository_id}")
        host = page.get_by_role("region", name="Git host")
        host.get_by_role("textbox", name="Kind of host").or_(host.get_by_role("combobox", name="Kind of host")).first.click()
        page.get_by_role("option", name="Gitea").click()
        host.get_by_label("Token").fill(gitea.owner.token)
        host.get_by_role("button", name="Link").click()
        expect(page.get_by_role("status", name="Test of the token")).to_be_visible()
        secret = page.get_by_role("region", name="New webhook secret")
        expect(secret).to_be_visible()
        assert visit.violations() == []
        shop.link = {"webhook_url": f"{mill.url}/api/v1/webhooks/repository/{shop.repository_id}/",
                     "webhook_secret": re.search(r"mwh_[\w-]+", secret.text_content())[0]}
        shop.add_webhook()

        page.goto(f"{mill.url}/deploy/{visit.account}/jobs/new?project={shop.project.project_id}")
        page.get_by_role("textbox", name="Name", exact=True).fill("CI")
        page.get_by_role("combobox", name="Environment").or_(page.get_by_role("textbox", name="Environment")).first.click()
        page.get_by_role("option", name="CI", exact=True).click()
        page.get_by_role("switch", name="Run on pull requests").check(force=True)
        page.get_by_role("button", name="Defer to Production").click()
        page.get_by_role("textbox", name="Step 1").fill(CI_STEPS[0])
        page.get_by_role("button", name="Create job").click()
        page.wait_for_url(re.compile(r"/jobs/\d+"))
        job = int(re.search(r"/jobs/(\d+)", page.url)[1])

        good = shop.repository.push({"models/total.sql": MORE_TOTAL}, branch="more")
        number = shop.repository.open_pull_request("more", title="One more")
        shop.status(good, "success")
        bad = shop.repository.push({"models/total.sql": BROKEN_TOTAL}, branch="more")
        told = shop.status(bad, "failure")
        assert "total" in told["description"]
        page.goto(told["target_url"])
        expect(page.get_by_text(f"Pull request {number}: One more").first).to_be_visible()
        expect(page.get_by_role("link", name="Look at the pull request at its host")).to_be_visible()
        page.goto(f"{mill.url}/settings/{visit.account}/repositories/{shop.repository_id}")
        expect(page.get_by_role("link", name=f"#{number} One more")).to_be_visible()
        assert visit.violations() == []
        shop.repository.close_pull_request(number)
        shop.wait_dropped(job)
        assert not any(each.startswith(f"dbt_cloud_pr_{job}_") for each in shop.schemas())
        assert visit.complaints == []
    finally:
        visit.close()


def test_a_private_package_comes_from_the_projects_own_host(remote, gitea):
    """`private:`, which dbt alone does not know; by the token of the project's link."""
    name = f"macros-{uuid.uuid4().hex[:8]}"
    gitea.make_repository(name, {"dbt_project.yml": "name: house\nversion: 1.0.0\nprofile: house\n",
                                 "macros/seven.sql": "{% macro seven() %}7{% endmacro %}"})
    shop = remote()
    sha = shop.repository.push({
        "packages.yml": f"packages:\n  - private: {gitea.owner.name}/{name}\n    provider: github\n    revision: main\n",
        "models/total.sql": "select {{ house.seven() }} as total"}, branch="main")
    run = shop.mill.api.run_job(shop.production)
    assert run["status"] == SUCCESS, logs(run)
    assert run["git_sha"] == sha
    assert shop.rows("select total from main.total") == [[7]]
