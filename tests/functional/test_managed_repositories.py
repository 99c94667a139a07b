"""Repositories that Millwright keeps, by a git client as people use it, and by a run."""

import io
import os
import urllib.parse
import zipfile

import pytest
import seed_project
from api import ERROR, SUCCESS, logs
from git_client import Git
from repositories import SMALL
from rest import Rest


@pytest.fixture(scope="module")
def rest(appliance, api):
    made = seed_project.add_account(appliance, "Keeps its code here")
    return Rest(api.of_account(made.account_id, made.token))


@pytest.fixture
def project(rest):
    return rest.post("projects/", name="Shop")["id"]


@pytest.fixture
def repository(rest, project):
    made = rest.post(f"projects/{project}/managed-repositories/", name="shop")
    rest.post(f"projects/{project}/", repository_id=made["id"])
    return made


@pytest.fixture
def git(tmp_path, rest):
    def make(name="clone", token=None):
        folder = tmp_path / name
        folder.mkdir()
        return Git(folder, rest.api, token)
    return make


def test_what_is_pushed_is_run_and_comes_back(rest, project, repository, git, projects):
    ann = git()
    pushed = ann.push_all(SMALL, ann.url(repository))
    assert pushed.returncode == 0, pushed.stderr
    run = rest.api.run_job(rest.make_job(project, projects.warehouse()))
    assert run["status"] == SUCCESS, run["status_message"]
    assert run["git_branch"] == "main"
    assert run["git_sha"] == ann("rev-parse", "HEAD").stdout.strip()
    assert "Authorization" not in logs(run)
    ben = git("ben")
    ben("clone", "--quiet", ann.url(repository), "again")
    assert (ben.folder / "again/models/total.sql").read_text() == SMALL["models/total.sql"]


def test_its_files_come_as_a_zip_archive(rest, project, repository, git):
    ann = git()
    ann.push_all(SMALL, ann.url(repository))
    answer = rest.api.request("GET", f"/api/v3/accounts/{rest.api.account_id}/projects/{project}/"
                              f"managed-repositories/{repository['id']}/download/")
    assert answer.status == 200 and answer.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
        assert archive.read("shop/models/total.sql").decode() == SMALL["models/total.sql"]


def test_a_large_push_arrives_whole(rest, project, repository, git):
    ann = git()
    # More than git sends in one piece, and nothing that it could make smaller.
    noise = os.urandom(3 * 1024 * 1024).hex()
    pushed = ann.push_all({**SMALL, "seeds/noise.txt": noise}, ann.url(repository))
    assert pushed.returncode == 0, pushed.stderr
    ben = git("ben")
    ben("clone", "--quiet", ann.url(repository), "again")
    assert (ben.folder / "again/seeds/noise.txt").read_text() == noise


def test_a_wrong_password_is_refused_in_git_s_words(repository, git):
    stranger = git(token="mwu_" + "x" * 43)
    pushed = stranger.push_all(SMALL, stranger.url(repository))
    assert pushed.returncode != 0 and "Authentication failed" in pushed.stderr


def test_who_may_only_read_cannot_push(rest, project, repository, git):
    ann = git()
    ann.push_all(SMALL, ann.url(repository))
    reader = rest.post("service-tokens/", name="reader", permission_grants=[
        {"permission_set": "readonly", "project_id": project}])["token_string"]
    ben = git("ben", reader)
    ben("clone", "--quiet", ben.url(repository), ".")
    ben.write({"models/more.sql": "select 1 as one"})
    ben("add", "--all")
    ben("commit", "--quiet", "-m", "More")
    refused = ben("push", "--quiet", "origin", "main", check=False)
    assert refused.returncode != 0 and "403" in refused.stderr
    assert ann("ls-remote", ann.url(repository), "main").stdout.split()[0] == ann("rev-parse", "HEAD").stdout.strip()


def test_another_account_s_is_not_there(repository, git, other_api):
    stranger = git(token=other_api.token)
    answer = stranger("ls-remote", stranger.url(repository), check=False)
    assert answer.returncode != 0 and "not found" in answer.stderr


def test_a_body_is_not_taken_from_a_stranger(rest, repository):
    path = urllib.parse.urlsplit(repository["remote_url"]).path
    answer = rest.api.request("POST", path + "/git-receive-pack", body=b"x" * 100_000, authorized=False,
                              headers={"Content-Type": "application/x-git-receive-pack-request"})
    assert answer.status == 401 and answer.headers["WWW-Authenticate"].startswith("Basic")


def test_a_run_of_an_empty_one_says_so(rest, project, repository, projects):
    run = rest.api.run_job(rest.make_job(project, projects.warehouse()))
    assert run["status"] == ERROR and "empty" in run["status_message"], run["status_message"]


def test_its_address_is_not_changed(rest, project, repository):
    here = f"projects/{project}/repositories/{repository['id']}/"
    kept = rest.post(here, remote_url=repository["remote_url"])
    assert kept["remote_url"] == repository["remote_url"]
    rest.call("POST", here, {"remote_url": "https://git.example.com/other.git"}, expect=400)


def test_a_removed_one_is_no_longer_served(rest, project, repository, git):
    ann = git()
    assert ann("ls-remote", ann.url(repository)).returncode == 0
    rest.post(f"projects/{project}/", repository_id=None)
    rest.call("DELETE", f"projects/{project}/repositories/{repository['id']}/")
    assert "not found" in ann("ls-remote", ann.url(repository), check=False).stderr
