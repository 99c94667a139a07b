"""No credential is anywhere but sealed in its row: not in a dump, a file, a log or an argument."""

import base64
import pathlib
import re
import subprocess

import pytest
import seed_project
import zstandard
from api import ERROR, SUCCESS, logs
from repositories import SMALL
from rest import Rest
from waiting import wait_until

MODEL_THAT_TELLS = """
    import os

    def model(dbt, session):
        dbt.config(materialized='table')
        for name, value in os.environ.items():
            if 'SECRET' in name:
                print('the word is ' + value)
                raise RuntimeError('told: ' + value)
        return session.sql('select 1 as id')
    """

VARIABLE = "DBT_ENV_SECRET_WORD"


class Words:
    """Everything secret that was used, by what it is."""

    def __init__(self):
        self.by_name = {}

    def add(self, name, value):
        assert len(value) >= 12, "too short to be told from chance"
        self.by_name[name] = value
        return value

    def found_in(self, content):
        """Names of those that occur, as they are or encoded."""
        found = []
        for name, value in self.by_name.items():
            plain = value.encode()
            encoded = base64.b64encode(plain).rstrip(b"=")
            if plain in content or encoded in content or plain.hex().encode() in content:
                found.append(name)
        return found


@pytest.fixture(scope="module")
def words(appliance, api, make_project, warehouse):
    """Uses every kind of secret in runs that go well and runs that go wrong."""
    words = Words()
    words.add("API token", api.token)
    words.add("password", appliance.sample["password"])
    words.add("warehouse password", warehouse.password)
    words.add("session", sign_in(api, appliance))

    fields, secret_fields = warehouse.credentials()
    seeded, _ = make_project(adapter="postgres", config=warehouse.config, fields=fields,
                             secret_fields=secret_fields)
    run = api.run_job(api.create_job(seeded, generate_docs=True))
    assert run["status"] == SUCCESS, logs(run)

    wrong = words.add("wrong warehouse password", "wrong-pass-4711-word")
    fields, secret_fields = warehouse.credentials(password=wrong)
    seeded, _ = make_project(adapter="postgres", config=warehouse.config, fields=fields,
                             secret_fields=secret_fields)
    assert api.run_job(api.create_job(seeded))["status"] == ERROR

    value = words.add("secret variable", "swordfish-of-the-deep-0815")
    seeded, _ = make_project({**SMALL, "models/tells.py": MODEL_THAT_TELLS})
    seed_project.set_variable(appliance, seeded, VARIABLE, value)
    words.leaky = api.run_job(api.create_job(seeded, steps=["dbt --debug build"]))
    assert words.leaky["status"] == ERROR

    link_to_git_host(api, words)

    # What else a caller may get wrong: a secret where it does not belong.
    api.request("GET", api.account_path("runs/", order_by=words.add("misplaced", "misplaced-token-1234")))
    api.with_token(words.add("bad token", "bad-token-123456789")).request("GET", "/api/v2/accounts/")
    return words


def link_to_git_host(api, words):
    """A repository of GitHub with a token, and a webhook whose secret is made here."""
    rest = Rest(api)
    project = rest.post("projects/", name="Linked to its host")["id"]
    here = f"projects/{project}/repositories/"
    repository = rest.post(here, remote_url="https://github.com/acme/shop.git")["id"]
    link = rest.call("PUT", f"{here}{repository}/git-host/",
                     {"token": words.add("git host token", "git-host-token-4711-word")})
    words.add("git host webhook secret", link["webhook_secret"])


def sign_in(api, appliance):
    answer = api.request("POST", "/api/ui/session/", authorized=False, body={
        "email": appliance.sample["email"], "password": appliance.sample["password"]})
    assert answer.status == 200, answer
    return re.search("millwright_session=([^;]+)", answer.headers["set-cookie"])[1]


def test_the_model_did_try_to_tell(words):
    """Else the other tests would show nothing."""
    text = logs(words.leaky)
    assert "the word is " in text and "told: " in text and "*****" in text


def test_the_database_s_dump_holds_none(words, appliance):
    dump = appliance.dump()
    assert b"COPY public.api_tokens" in dump and b"COPY public.run_log" in dump
    assert words.found_in(dump) == []
    assert re.findall(rb"mw[a-z]_[A-Za-z0-9_-]{20,}", dump) == []


def test_the_database_s_files_hold_none(words, appliance):
    """Rows that are deleted or updated stay in the files for a while."""
    appliance.psql("CHECKPOINT")
    for path in appliance.files("postgres"):
        assert words.found_in(path.read_bytes()) == [], path


def test_the_logs_hold_none(words, appliance):
    paths = list(appliance.files("logs"))
    names = {path.name for path in paths}
    for role in ("app", "gateway", "scheduler"):
        assert any(name.startswith(role) for name in names), names
    for path in [*paths, appliance.output]:
        assert words.found_in(path.read_bytes()) == [], path


def unpacked(key, content):
    if ".zst" not in key:
        return content
    # A log is a row of frames, with its index and the store's own trailer behind them.
    text, rest = b"", content
    while rest.startswith(zstandard.FRAME_HEADER):
        frame = zstandard.ZstdDecompressor().decompressobj()
        text += frame.decompress(rest)
        rest = frame.unused_data
    assert text, key
    return text


def test_the_object_store_holds_none(words, appliance, api):
    flushed = "SELECT count(*) FROM runs WHERE finished_at IS NOT NULL AND log_flushed_at IS NULL"
    wait_until(lambda: appliance.value(flushed) == "0", "all logs are flushed")
    key = f"accounts/{api.account_id}/runs/{words.leaky['id']}/logs/step-4.jsonl.zst"
    assert b"the word is" in unpacked(key, appliance.stored_object(key))
    for path in appliance.files("store"):
        content = path.read_bytes()
        assert words.found_in(content) == [], path
        assert words.found_in(unpacked(path.name, content)) == [], path


def test_no_other_file_of_the_appliance_holds_one(words, appliance):
    for path in appliance.files("."):
        if "postgres" not in path.relative_to(appliance.data).parts:
            assert words.found_in(path.read_bytes()) == [], path


def test_the_api_shows_none(words, api, appliance):
    seen = b""
    for rest in ("projects/", "environments/", "jobs/", "users/", "runs/"):
        seen += api.request("GET", api.account_path(rest, include_related="environment,job,trigger")).body
    for step in words.leaky["run_steps"]:
        for level in ("info", "debug"):
            seen += repr(api.step_log(words.leaky["id"], step["index"], level)).encode()
    seen += repr(api.ui(f"runs/{words.leaky['id']}/nodes")).encode()
    seen += repr(words.leaky).encode()
    assert words.found_in(seen) == []


def test_no_process_has_one_in_its_arguments(words, appliance, api, make_project, projects, warehouse):
    """While a run goes on, which is when most of them are in use."""
    gate = projects.gate()
    seeded, _ = make_project({**SMALL, "models/waits.py": gate.model()})
    seed_project.set_variable(appliance, seeded, VARIABLE, words.by_name["secret variable"])
    run_id = api.trigger(api.create_job(seeded))
    api.wait_at(gate, run_id)
    arguments = b""
    for process in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            arguments += process.read_bytes() + b"\n"
        except OSError:
            continue
    gate.open()
    assert api.wait_run(run_id)["status"] == SUCCESS
    assert str(appliance.places.program).encode() in arguments
    assert words.found_in(arguments) == []


def test_keys_and_data_are_private(words, appliance):
    for path in (appliance.data, appliance.data / "keys"):
        assert path.stat().st_mode & 0o077 == 0, path
    for path in appliance.files("keys"):
        if path.suffix != ".crt":
            assert path.stat().st_mode & 0o177 == 0, path
    done = subprocess.run(["find", appliance.data, "-perm", "/022", "-not", "-type", "l"],
                          capture_output=True, text=True, check=True)
    assert done.stdout == "", "others may write there"
