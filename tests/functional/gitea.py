"""A real git server (Gitea): repositories over HTTP and SSH, pull requests, webhooks to this machine, commit
statuses."""

import collections
import getpass
import os
import pathlib
import secrets
import shutil
import subprocess
import textwrap

import requests
from rest import free_port
from waiting import wait_until

Person = collections.namedtuple("Person", "name email password token")

EVENTS = ("push", "pull_request", "pull_request_sync", "pull_request_comment")

SETTINGS = """
    APP_NAME = Gitea
    RUN_USER = {user}
    RUN_MODE = prod
    WORK_PATH = {folder}
    I_AM_BEING_UNSAFE_RUNNING_AS_ROOT = true

    [server]
    HTTP_ADDR = 127.0.0.1
    HTTP_PORT = {port}
    ROOT_URL = http://127.0.0.1:{port}/
    STATIC_ROOT_PATH = {program}
    START_SSH_SERVER = true
    BUILTIN_SSH_SERVER_USER = git
    SSH_DOMAIN = 127.0.0.1
    SSH_LISTEN_HOST = 127.0.0.1
    SSH_LISTEN_PORT = {ssh_port}
    SSH_PORT = {ssh_port}
    OFFLINE_MODE = true
    LFS_START_SERVER = false

    [database]
    DB_TYPE = sqlite3
    PATH = {folder}/gitea.db
    SQLITE_JOURNAL_MODE = WAL

    [security]
    INSTALL_LOCK = true
    SECRET_KEY = {secret}
    PASSWORD_HASH_ALGO = pbkdf2_v1

    [webhook]
    ALLOWED_HOST_LIST = loopback
    DELIVER_TIMEOUT = 10
    SKIP_TLS_VERIFY = true

    [service]
    DISABLE_REGISTRATION = true

    [repository]
    DEFAULT_BRANCH = main

    [indexer]
    ISSUE_INDEXER_TYPE = db

    [actions]
    ENABLED = false

    [cron.update_checker]
    ENABLED = false

    [log]
    MODE = console
    LEVEL = warn
    """


class Repository:
    """One on the server, and a work tree from which `push` fills it."""

    def __init__(self, gitea, folder, owner, name):
        self.gitea, self.tree, self.owner, self.name = gitea, folder, owner, name
        self.full_name = f"{owner.name}/{name}"

    # ---- where it is

    @property
    def url(self):
        return f"{self.gitea.url}/{self.full_name}.git"

    @property
    def url_with_token(self):
        return self.url.replace("://", f"://{self.owner.name}:{self.owner.token}@")

    @property
    def ssh_url(self):
        return f"ssh://git@127.0.0.1:{self.gitea.ssh_port}/{self.full_name}.git"

    # ---- what a developer does

    def git(self, *args):
        env = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0"}
        for who in ("AUTHOR", "COMMITTER"):
            env |= {f"GIT_{who}_NAME": self.owner.name, f"GIT_{who}_EMAIL": self.owner.email}
        done = subprocess.run(["git", *args], cwd=self.tree, env=env, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def push(self, files, branch="main", message="change"):
        """Commits these files (None removes one) on the branch, which begins at main if it is new, and pushes; returns
        the commit. With no files: an empty commit."""
        self.git("fetch", "--quiet", "--prune", "origin")
        known = self.git("branch", "--remotes", "--format=%(refname:short)").splitlines()
        start = next((f"origin/{each}" for each in (branch, "main") if f"origin/{each}" in known), None)
        if start:
            self.git("checkout", "--quiet", "--force", "--no-track", "-B", branch, start)
        for name, text in files.items():
            path = self.tree / name
            if text is None:
                path.unlink()
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text))
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "-m", message)
        self.git("push", "--quiet", "--force", "origin", f"HEAD:refs/heads/{branch}")
        commit = self.git("rev-parse", "HEAD")
        # Gitea takes note of it a little later than git's client is let go.
        wait_until(lambda: self.head(branch) == commit, f"Gitea knows the new {branch}")
        return commit

    def call(self, method, path, body=None, person=None):
        """The API below the repository, as its owner or somebody else."""
        return self.gitea.call(method, f"repos/{self.full_name}/{path}".rstrip("/"), body, person or self.owner)

    def head(self, branch="main"):
        """The branch's commit; None: there is no such branch."""
        # Not the branch alone: Gitea 1.26 cannot answer that while it takes note of a repository's first push.
        branches = self.call("GET", "branches?limit=50") or []
        return next((each["commit"]["id"] for each in branches if each["name"] == branch), None)

    # ---- pull requests

    def open_pull_request(self, branch, title="A change", into="main", source=None, **fields):
        """Its number. `source`: the fork that has the branch."""
        head = f"{source.owner.name}:{branch}" if source else branch
        opened = self.call("POST", "pulls", {"title": title, "head": head, "base": into, **fields},
                           source.owner if source else None)
        return opened["number"]

    def pull_request(self, number):
        return self.call("GET", f"pulls/{number}")

    def close_pull_request(self, number):
        self.call("PATCH", f"pulls/{number}", {"state": "closed"})

    def reopen_pull_request(self, number):
        self.call("PATCH", f"pulls/{number}", {"state": "open"})

    def merge_pull_request(self, number, how="merge"):
        """The commit that main has then. `how`: merge, rebase, squash."""
        path = f"repos/{self.full_name}/pulls/{number}/merge"

        def merged():
            # 405: Gitea has not yet looked whether it can be.
            answer = self.gitea.request("POST", path, {"Do": how}, self.owner)
            assert answer.ok or answer.status_code == 405, f"merge: {answer.status_code} {answer.text}"
            return answer.ok

        wait_until(merged, f"pull request {number} is merged")
        return self.pull_request(number)["merge_commit_sha"]

    def comments(self, number):
        return self.call("GET", f"issues/{number}/comments")

    def comment(self, number, text):
        return self.call("POST", f"issues/{number}/comments", {"body": text})["id"]

    # ---- what is said about a commit

    def statuses(self, commit):
        """The newest first."""
        found = self.call("GET", f"commits/{commit}/statuses?limit=50")
        return sorted(found, key=lambda status: status["id"], reverse=True)

    # ---- who else is let in

    def add_webhook(self, url, secret, events=EVENTS, **fields):
        config = {"url": url, "content_type": "json", "secret": secret}
        return self.call("POST", "hooks", {"type": "gitea", "active": True, "events": list(events), "config": config,
                                           **fields})["id"]

    def remove_webhook(self, webhook):
        self.call("DELETE", f"hooks/{webhook}")

    def add_deploy_key(self, public_key, title="A key", read_only=True):
        return self.call("POST", "keys", {"title": title, "key": public_key, "read_only": read_only})["id"]

    def add_collaborator(self, person, permission="write"):
        """`permission`: read, write, admin."""
        self.call("PUT", f"collaborators/{person.name}", {"permission": permission})

    def fork(self, person):
        """Their fork of it, as a repository of its own. A private one asks for a collaborator."""
        self.call("POST", "forks", {}, person)
        return self.gitea.open_repository(person, self.name)


class Gitea:
    """`owner` is its administrator, whose the repositories are unless a test says otherwise."""

    def __init__(self, folder, program):
        self.folder, self.program = folder, program / "gitea"
        self.port, self.ssh_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.settings, self.log = folder / "app.ini", folder / "log"
        self.trees = 0
        (folder / "home").mkdir()
        self.env = {**os.environ, "HOME": str(folder / "home"), "GITEA_WORK_DIR": str(folder)}
        self.settings.write_text(textwrap.dedent(SETTINGS).format(
            user=getpass.getuser(), folder=folder, program=program, port=self.port, ssh_port=self.ssh_port,
            secret=secrets.token_hex(32)))
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen([self.program, "web", "--config", self.settings], env=self.env, stdout=log,
                                            stderr=log)
        try:
            wait_until(self._is_ready, lambda: f"Gitea answers\n{self.log_end()}")
            self.owner = self._make_owner()
        except BaseException:
            self.close()
            raise

    def _is_ready(self):
        assert self.process.poll() is None, f"Gitea has ended:\n{self.log_end()}"
        try:
            return requests.get(f"{self.url}/api/healthz", timeout=10).ok
        except requests.RequestException:
            return False

    def _make_owner(self):
        """By the command line, since nobody is there yet to whom the API would listen."""
        name, password = "owner", secrets.token_hex(12)
        done = subprocess.run(
            [self.program, "admin", "user", "create", "--config", self.settings, "--admin", "--username", name,
             "--email", f"{name}@example.com", "--password", password, "--must-change-password=false"],
            env=self.env, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return self._with_token(Person(name, f"{name}@example.com", password, None))

    def _with_token(self, person):
        made = requests.post(f"{self.url}/api/v1/users/{person.name}/tokens", auth=(person.name, person.password),
                             json={"name": "tests", "scopes": ["all"]}, timeout=60)
        assert made.ok, made.text
        return person._replace(token=made.json()["sha1"])

    def log_end(self):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-30:])

    def close(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder)

    # ---- the API

    def request(self, method, path, body=None, person=None):
        """Any answer at all."""
        headers = {"Authorization": f"token {(person or self.owner).token}"}
        return requests.request(method, f"{self.url}/api/v1/{path}", json=body, headers=headers, timeout=60)

    def call(self, method, path, body=None, person=None):
        answer = self.request(method, path, body, person)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    # ---- what tests do all the time

    def add_person(self, name):
        person = Person(name, f"{name}@example.com", secrets.token_hex(12), None)
        self.call("POST", "admin/users", {"username": name, "email": person.email, "password": person.password,
                                          "must_change_password": False})
        return self._with_token(person)

    def make_repository(self, name, files, owner=None, private=True):
        """With one commit on main."""
        owner = owner or self.owner
        self.call("POST", "user/repos", {"name": name, "private": private, "default_branch": "main"}, owner)
        repository = self.open_repository(owner, name)
        repository.push(files)
        return repository

    def open_repository(self, owner, name):
        """One that is there, with a work tree of its own."""
        self.trees += 1
        tree = pathlib.Path(self.folder / "trees" / str(self.trees))
        tree.mkdir(parents=True)
        repository = Repository(self, tree, owner, name)
        repository.git("init", "--quiet", "--initial-branch=main")
        repository.git("remote", "add", "origin", repository.url_with_token)
        return repository
