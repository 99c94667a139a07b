"""scripts/engine-env: what pip is told, uv is told."""

import os
import pathlib
import subprocess

import pytest

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "scripts" / "engine-env"


@pytest.fixture
def exports(tmp_path):
    """The variables that a shell has after evaluating the script's output."""

    def run(listing, **env):
        pip = tmp_path / "pip"
        (tmp_path / "listing").write_text(listing)
        pip.write_text(f'#!/bin/sh\n[ "$*" = "config list" ] && cat {tmp_path}/listing\n')
        pip.chmod(0o755)
        command = f'eval "$({SCRIPT} {pip})"; env -0'
        base = {"PATH": os.environ["PATH"], **env}
        done = subprocess.run(["bash", "-c", command], env=base, capture_output=True, check=True)
        shell = ("PWD", "SHLVL", "_", *base)
        pairs = (line.partition("=") for line in done.stdout.decode().split("\0") if line)
        return {name: value for name, _, value in pairs if name not in shell or name in env}

    return run


def test_nothing_is_told_without_settings(exports):
    assert exports("") == {}


def test_every_setting_has_its_variable(exports, tmp_path):
    listing = (
        "global.index-url='https://user:p$(w)@index.example/simple'\n"
        "global.extra-index-url='\\nhttps://a.example\\nhttps://b.example'\n"
        "global.cert='/etc/ssl/own.pem'\n"
        "global.trusted-host='a.example b.example'\n"
        "install.proxy='http://proxy.example:3128'\n"
        f"install.find-links='{tmp_path} /no/such/folder https://wheels.example'\n"
        "global.timeout='30'\n"
        "download.cert='/not/for/install.pem'\n"
        "global.disable-pip-version-check='1'\n"
    )
    assert exports(listing) == {
        "UV_DEFAULT_INDEX": "https://user:p$(w)@index.example/simple",
        "UV_EXTRA_INDEX_URL": "https://a.example https://b.example",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_INSECURE_HOST": "a.example b.example",
        "UV_FIND_LINKS": f"{tmp_path},https://wheels.example",
        "UV_HTTP_TIMEOUT": "30",
        "SSL_CERT_FILE": "/etc/ssl/own.pem",
        "HTTP_PROXY": "http://proxy.example:3128",
        "HTTPS_PROXY": "http://proxy.example:3128",
    }


def test_the_environment_of_pip_wins_over_its_files(exports):
    listing = ":env:.index-url='https://env.example'\nglobal.index-url='https://file.example'\n"
    assert exports(listing) == {"UV_DEFAULT_INDEX": "https://env.example"}


def test_no_index_means_offline(exports):
    assert exports("global.no-index='true'\n") == {"UV_OFFLINE": "1"}
    assert exports("global.no-index='false'\n") == {}


def test_what_uv_was_told_already_stays(exports):
    listing = "global.index-url='https://pip.example'\nglobal.proxy='http://pip.example'\n"
    told = {"UV_DEFAULT_INDEX": "https://uv.example", "https_proxy": "http://mine.example"}
    assert exports(listing, **told) == {**told, "HTTP_PROXY": "http://pip.example"}


def test_a_missing_pip_is_said(tmp_path):
    done = subprocess.run([SCRIPT, tmp_path / "no-pip"], capture_output=True, text=True)
    assert done.returncode == 1 and "pip tells no settings" in done.stderr
    assert done.stdout == ""
