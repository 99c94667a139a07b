"""The operator's commands, which ask the running appliance and work on no database themselves."""

import json
import os
import pwd
import subprocess

import pytest


def limits(appliance, *flags):
    return appliance.command("admin", "limits", "--account", str(appliance.sample["account_id"]), *flags)


def test_limits_are_shown_and_set(appliance):
    before = json.loads(limits(appliance).stdout)
    changed = limits(appliance, "--memory-mb", "4096", "--cpus", "1.5")
    assert changed.returncode == 0, changed.stderr
    assert json.loads(changed.stdout) == before | {"memory_mb": 4096, "cpus": 1.5}
    assert json.loads(limits(appliance).stdout)["memory_mb"] == 4096
    assert limits(appliance, "--memory-mb", "0", "--cpus", "0").returncode == 0


def test_a_number_that_cannot_be_is_told_by_its_flag(appliance):
    refused = limits(appliance, "--memory-mb", "1")
    assert refused.returncode == 1 and "--memory-mb" in refused.stderr


def test_an_account_that_is_not_there(appliance):
    refused = appliance.command("admin", "limits", "--account", "987654")
    assert refused.returncode == 1 and "There is no account 987654" in refused.stderr


def test_the_way_in_is_the_operator_s_alone(appliance):
    """Not through the gateway, and not for another user of the machine."""
    answer = appliance.api.request("GET", "/operator/v1/engine-uses")
    assert answer.status in (404, 405) or b"<html" in answer.body.lower()
    if os.geteuid() != 0:
        pytest.skip("only root can act as another user")
    nobody = pwd.getpwnam("nobody")
    refused = subprocess.run(
        [appliance.places.program, "admin", "limits", "--account", "1"], env=appliance.environment(), text=True,
        capture_output=True, cwd="/", user=nobody.pw_uid, group=nobody.pw_gid, extra_groups=[])
    assert refused.returncode == 1 and "root" in refused.stderr, refused.stderr


def test_of_an_appliance_that_is_down(own_appliance):
    appliance = own_appliance().start()
    appliance.load_sample()
    assert appliance.down().returncode == 0
    refused = limits(appliance)
    assert refused.returncode == 1 and "millwright up" in refused.stderr, refused.stderr


def test_the_sample_keeps_its_ids_and_gets_a_new_password(own_appliance):
    appliance = own_appliance().start()
    first = json.loads(appliance.command("admin", "sample").stdout)
    second = json.loads(appliance.command("admin", "sample").stdout)
    for same in ("account_id", "project_id", "environment_id", "email"):
        assert first[same] == second[same]
    assert first["password"] != second["password"] and first["token"] != second["token"]
