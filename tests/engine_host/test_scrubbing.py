"""Secrets are masked as the worker masks them: the same vectors, and with what a dbt run prints."""

import base64
import json
import pathlib
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "src" / "engines" / "host"))
sys.dont_write_bytecode = True

import host_text  # noqa: E402

VECTORS = json.loads((ROOT / "tests" / "scrubbing" / "vectors.json").read_text())


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["what"])
def test_vector(vector):
    scrub = host_text.Scrubber({}, vector["secrets"])
    assert scrub(vector["text"], vector.get("torn", False)) == vector["scrubbed"]


def test_secret_variables_are_secrets():
    scrub = host_text.Scrubber({"DBT_ENV_SECRET_A": "hunter2-a", "DBT_B": "hunter2-b"})
    assert scrub("hunter2-a hunter2-b") == "***** hunter2-b"


def test_what_a_model_prints_in_pieces_and_encoded(host, project):
    secret = "s3cret-t0ken/with+signs"
    project.python_model("leaky", """
import base64, os, sys, time, urllib.parse
secret = os.environ["DBT_ENV_SECRET_TOKEN"]
for piece in ("(", secret[:7], secret[7:], ")\\n"):
    sys.stdout.write(piece)
    sys.stdout.flush()
    time.sleep(0.02)
print(base64.b64encode(b"user:" + secret.encode()).decode())
print(urllib.parse.quote(secret, safe=""))
print(secret.encode().hex())
""")
    finished, messages = host.run(["run"], project, {"DBT_ENV_SECRET_TOKEN": secret})
    assert finished["exit_code"] == 0, messages
    text = json.dumps(messages)
    assert "(*****)" in text
    assert text.count("*****") >= 4
    encoded = base64.b64encode(b"user:" + secret.encode()).decode()
    for leak in (secret, secret[7:], encoded[8:-4], "s3cret-t0ken%2F", secret.encode().hex()):
        assert leak not in text
