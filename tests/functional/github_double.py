"""A double of GitHub's API as a GitHub App uses it: it checks the App's tokens (RS256, who, how long), gives tokens of an
installation for one repository and one purpose, takes statuses and comments, and sends webhooks that GitHub once sent
(`@octokit/webhooks-examples`), signed as GitHub signs them."""

import base64
import copy
import hashlib
import hmac
import http.server
import json
import re
import secrets
import subprocess
import threading
import time
import uuid

import requests

APP_ID, CLIENT_ID, INSTALLATION = "17", "Iv1.double", 2


def _bytes(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class GithubDouble:
    """`fetch_token`: what an installation's token for fetching is, where git is let in by it. `complaints`: what GitHub
    would not have taken."""

    def __init__(self, folder, examples, fetch_token):
        self.folder, self.fetch_token = folder, fetch_token
        self.examples = json.loads((examples / "api.github.com/index.json").read_text())
        self.client_secret, self.webhook_secret = secrets.token_hex(16), secrets.token_hex(16)
        self.key, self.public = folder / "app.pem", folder / "app.pub"
        # PKCS#1, as GitHub gives it.
        subprocess.run(["openssl", "genrsa", "-traditional", "-out", self.key, "2048"], check=True, capture_output=True)
        subprocess.run(["openssl", "rsa", "-in", self.key, "-pubout", "-out", self.public], check=True, capture_output=True)
        self.tokens, self.statuses, self.comments, self.complaints, self.calls = {}, [], {}, [], []
        double = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def _answer(self):
                size = int(self.headers.get("Content-Length") or 0)
                body = json.loads(self.rfile.read(size)) if size else None
                double.calls.append((self.path, body))
                status, answer = double.answer(self.command, self.path.split("?")[0], body,
                                               self.headers.get("Authorization", ""))
                if status >= 400:
                    double.complaints.append((self.command, self.path, status, answer))
                raw = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            do_GET = do_POST = do_PATCH = _answer

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def settings(self, base_url):
        """An operator's, for this App. `base_url`: where git is."""
        texts = {"client-secret": self.client_secret, "webhook-secret": self.webhook_secret}
        for name, text in texts.items():
            (self.folder / name).write_text(text)
        for name in ("client-secret", "webhook-secret", "app.pem"):
            (self.folder / name).chmod(0o644)
        return {"GITHUB_APP_ID": APP_ID, "GITHUB_CLIENT_ID": CLIENT_ID, "GITHUB_API_URL": self.url,
                "GITHUB_BASE_URL": base_url, "GITHUB_CLIENT_SECRET_FILE": str(self.folder / "client-secret"),
                "GITHUB_WEBHOOK_SECRET_FILE": str(self.folder / "webhook-secret"),
                "GITHUB_PRIVATE_KEY_FILE": str(self.key)}

    # ---- its API

    def answer(self, method, path, body, authorization):
        token = authorization.split(" ", 1)[-1]
        if path == f"/app/installations/{INSTALLATION}/access_tokens" and method == "POST":
            wrong = self._wrong_app_token(token)
            if wrong:
                return 401, {"message": wrong}
            if len(body.get("repositories", [])) != 1 or len(body["permissions"]) != 1:
                return 422, {"message": "a token for one repository and one purpose was expected"}
            fetches = body["permissions"] == {"contents": "read"}
            given = self.fetch_token if fetches else "ghs_" + secrets.token_hex(18)
            self.tokens[given] = body
            return 201, {"token": given, "expires_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600)),
                         "permissions": body["permissions"]}
        known = self.tokens.get(token)
        if known is None:
            return 401, {"message": "Bad credentials"}
        return self._of_repository(method, path, body, known)

    def _of_repository(self, method, path, body, known):
        may = known["permissions"]
        if (found := re.fullmatch(r"/repos/([\w-]+/[\w-]+)/statuses/([0-9a-f]{40})", path)) and method == "POST":
            if may != {"statuses": "write"} or found[1].split("/")[1] not in known["repositories"]:
                return 403, {"message": "Resource not accessible by integration"}
            if body["state"] not in ("error", "failure", "pending", "success") or len(body["description"]) > 140:
                return 422, {"message": "Validation Failed"}
            self.statuses.append({"repository": found[1], "sha": found[2], **body})
            return 201, {"id": len(self.statuses)}
        if found := re.fullmatch(r"/repos/[\w-]+/[\w-]+/issues/(\d+)/comments", path):
            if may != {"pull_requests": "write"}:
                return 403, {"message": "Resource not accessible by integration"}
            number = int(found[1])
            if method == "GET":
                return 200, [each for each in self.comments.values() if each["number"] == number]
            made = {"id": len(self.comments) + 1, "number": number, "body": body["body"]}
            self.comments[made["id"]] = made
            return 201, made
        if (found := re.fullmatch(r"/repos/[\w-]+/[\w-]+/issues/comments/(\d+)", path)) and method == "PATCH":
            self.comments[int(found[1])]["body"] = body["body"]
            return 200, self.comments[int(found[1])]
        return 404, {"message": "Not Found"}

    def _wrong_app_token(self, token):
        """RFC 7519 as GitHub asks for it; empty: nothing."""
        try:
            head, claims, signature = token.split(".")
            if json.loads(_bytes(head))["alg"] != "RS256":
                return "alg"
            told = json.loads(_bytes(claims))
        except (ValueError, KeyError):
            return "A JSON web token could not be decoded"
        (self.folder / "signed").write_text(f"{head}.{claims}")
        (self.folder / "signature").write_bytes(_bytes(signature))
        checked = subprocess.run(
            ["openssl", "dgst", "-sha256", "-verify", self.public, "-signature", self.folder / "signature",
             self.folder / "signed"], capture_output=True)
        at = time.time()
        if checked.returncode != 0 or str(told["iss"]) != APP_ID:
            return "A JSON web token could not be decoded"
        if not at < told["exp"] <= at + 600 or told["iat"] > at:
            return "'Expiration time' claim ('exp') is too far in the future"
        return ""

    # ---- its webhooks

    def example(self, event, action, **fields):
        """As it was recorded, but for what a test's own repository has. `fields`: of the payload, deep."""
        payload = next(each for named in self.examples if named["name"] == event for each in named["examples"]
                       if each.get("action") == action)
        payload = copy.deepcopy(payload)
        payload["installation"] = {"id": INSTALLATION, "node_id": "double"}

        def put(into, more):
            for key, value in more.items():
                if isinstance(value, dict):
                    put(into.setdefault(key, {}), value)
                else:
                    into[key] = value

        put(payload, fields)
        return payload

    def send(self, mill, event, payload, secret=None, delivery=None):
        raw = json.dumps(payload).encode()
        mac = hmac.new((secret or self.webhook_secret).encode(), raw, hashlib.sha256).hexdigest()
        return requests.post(f"{mill.url}/api/v1/webhooks/github/", data=raw, verify=str(mill.certificate), timeout=30, headers={
            "Content-Type": "application/json", "X-GitHub-Event": event, "X-Hub-Signature-256": f"sha256={mac}",
            "X-GitHub-Delivery": delivery or str(uuid.uuid4()), "User-Agent": "GitHub-Hookshot/double"})
