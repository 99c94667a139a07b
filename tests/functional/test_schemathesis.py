"""schemathesis against our own description always, and against the published one where it is at hand."""

import json
import re

import openapi
import pytest
import seed_project
import yaml
from clients import Clients

EXAMPLES = 8

# Who switches these off during the test keeps the test itself out; their rules are tested one by one.
LEFT_OUT = "ip-restrictions|account-apikeys|/permissions/|service-tokens"

# What the published description says of answers that real clients could not use. Each is what
# schemathesis prints, beside the paths where it may.
DEVIATIONS = [
    # Real runs have a blank in the middle of their times, which clients read (contract 3.4).
    (r"/(runs|steps|jobs)/", r'"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}\+00:00" is not valid'),
    # A list, which the description declares as one object; clients read a list.
    (r"/(connections|profiles|favorite-assets)/$", r'\[.*\] is not of type "object"'),
    # It lists each adapter's fields; ours is the configuration that was sent, which the run's profile checks.
    (r"/connections/", r"is not valid under any of the schemas"),
    # Of four shapes of credentials it allows one inside an environment.
    (r"/environments/", r'"account_id".*is not valid under any'),
    # Wrapped into an envelope there, which no identity provider reads; ours is RFC 7644's.
    (r"/scim/v2/", r"is a required property|is not of type"),
    # The description of a 400 with its own shape; ours is the envelope, as everywhere.
    (r"/environment-variables/bulk/", r'null is not of type "(array|object)"'),
]


@pytest.fixture(scope="module")
def account(appliance, api, make_project):
    made = seed_project.add_account(appliance, "Schemathesis")
    seeded, _ = make_project(account_id=made.account_id)
    account = api.of_account(made.account_id, made.token)
    account.create_job(seeded)
    return account, seeded


@pytest.fixture(scope="module")
def clients(account, tmp_path_factory):
    return Clients(account[0], tmp_path_factory.mktemp("schemathesis"))


def run(clients, account, description, *args):
    account, seeded = account
    config = clients.folder / "schemathesis.toml"
    config.write_text(f'headers = {{ Authorization = "Token {account.token}" }}\n[parameters]\n'
                      f'"path.account_id" = {account.account_id}\n"path.project_id" = {seeded.project_id}\n')
    return clients.run(
        "schemathesis", "schemathesis", "--config-file", config, "run", description, "--url", account.url,
        "--tls-verify", account.certificate, "--max-examples", EXAMPLES, "--workers", 2, "--phases", "fuzzing",
        "--generation-deterministic", "--exclude-path-regex", LEFT_OUT, "--no-color", *args)


def failures(output):
    """(operation, what is wrong) of each failure that it prints."""
    operation, found = "", []
    for line in output.split("= FAILURES =")[-1].splitlines() if "= FAILURES =" in output else []:
        if named := re.match(r"_+ ([A-Z]+ /\S+) _+$", line):
            operation = named.group(1)
        # In back quotes it prints the answer itself.
        elif not line.strip().startswith("`") and re.search(
                r"is not (valid|of type|one of)|is a required property|Server error|Undocumented", line):
            found.append((operation, line.strip()))
    return found


def test_our_own_description_is_true(clients, account):
    done = run(clients, account, f"{account[0].url}/api/openapi.json", "--checks",
               "not_a_server_error,content_type_conformance,response_schema_conformance,status_code_conformance")
    assert not failures(done.stdout) and "generated" in done.stdout, done.stdout[-6000:]


@pytest.mark.skipif(not openapi.FILE.exists(), reason="dbt Cloud's description is not beside this checkout")
@pytest.mark.parametrize("version", ["v2", "v3"])
def test_answers_are_as_dbt_cloud_describes_them(clients, account, version):
    whole = yaml.load((openapi.FILE.parent / f"openapi-{version}.yaml").read_text(), Loader=yaml.CSafeLoader)
    schemas = whole["components"]["schemas"]
    for name in ("AdapterVersionEnum", "DbtAdapterVersion"):
        if name in schemas:
            schemas[name]["enum"] += openapi.OUR_ADAPTERS
    whole["components"]["schemas"] = {name: openapi.to_json_schema(schema) for name, schema in schemas.items()}
    # 3.1 knows the null of to_json_schema.
    whole["openapi"] = "3.1.0"
    description = clients.folder / f"{version}.json"
    description.write_text(json.dumps(whole, default=str))
    done = run(clients, account, description, "--checks", "not_a_server_error,response_schema_conformance")
    unexplained = [(operation, problem) for operation, problem in failures(done.stdout)
                   if not any(re.search(path, operation) and re.search(what, problem) for path, what in DEVIATIONS)]
    assert not unexplained and "generated" in done.stdout, f"{unexplained}\n{done.stdout[-6000:]}"
