"""A double of Slack's Web API, which holds its callers to what Slack documents: bearer tokens, content types with a
charset, required arguments, limits of blocks and texts, cursors, 429 with Retry-After, and errors as `"ok": false`."""

import base64
import http.server
import json
import re
import secrets
import threading
import time
import urllib.parse

SCOPES = {"chat:write", "chat:write.public", "channels:read", "groups:read"}
CLIENT_ID, CLIENT_SECRET = "1111.2222", "client-secret-of-the-double"
# However many are asked for, so that every list has pages.
PAGE = 2

ESCAPED = re.compile(r"&(?:amp|lt|gt);")
LINK = re.compile(r"<https?://[^<>|]+\|[^<>|]+>")


def channel(number, name, **more):
    return {"id": f"C{number:08}", "name": name, "is_private": False, "is_archived": False, "is_member": False, **more}


class SlackDouble:
    """`tokens`: bots' that are good, with the reason where they no longer are. `refuse`: errors by channel's id.
    `complaints`: what callers did that Slack forbids. While `let_go` is not set, messages are not answered."""

    def __init__(self):
        self.tokens = {"xoxb-entered-by-hand-0001": None}
        self.channels = [
            channel(1, "data-alerts", is_member=True), channel(2, "general"), channel(3, "old-alerts", is_archived=True),
            channel(4, "finance", is_private=True, is_member=True), channel(5, "über-alarm"), channel(6, "night-watch")]
        self.messages, self.calls, self.complaints, self.refuse, self.codes = [], [], [], {}, {}
        self.limited_until, self.limit_next = 0.0, None
        self.let_go, self.came = threading.Event(), threading.Event()
        self.let_go.set()
        double = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self):
                double.answer(self, "")

            def do_POST(self):
                double.answer(self, self.rfile.read(int(self.headers["Content-Length"])).decode())

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}/api"

    def close(self):
        self.let_go.set()
        self.server.shutdown()
        self.server.server_close()

    def to(self, name):
        """What a channel was sent, by its name."""
        wanted, = [each["id"] for each in self.channels if each["name"] == name]
        return [message for message in list(self.messages) if message["channel"] == wanted]

    def limit(self, seconds):
        """The next message is too much: as is every one for so long."""
        self.limit_next = seconds

    # ---- one call

    def answer(self, handler, body):
        url = urllib.parse.urlsplit(handler.path)
        method = url.path.removeprefix("/api/")
        self.calls.append(method)
        handle = {"chat.postMessage": self.post_message, "auth.test": self.auth_test,
                  "conversations.list": self.list_channels, "oauth.v2.access": self.give_token}.get(method)
        status, headers = 200, {}
        if handle is None:
            self.complaints.append(f"no such method: {method}")
            result = {"ok": False, "error": "unknown_method"}
        else:
            result = handle(handler, dict(urllib.parse.parse_qsl(url.query)), body)
        if isinstance(result, tuple):
            status, headers, result = result
        content = json.dumps(result).encode()
        try:
            handler.send_response(status)
            for name, value in {"Content-Type": "application/json; charset=utf-8", **headers}.items():
                handler.send_header(name, value)
            handler.send_header("Content-Length", str(len(content)))
            handler.end_headers()
            handler.wfile.write(content)
        except OSError:
            pass  # Whoever asked has died.

    def refused(self, error):
        return {"ok": False, "error": error}

    def complain(self, error, what):
        self.complaints.append(f"{error}: {what}")
        return self.refused(error)

    def token_problem(self, handler):
        given = handler.headers.get("Authorization", "")
        if not given.startswith("Bearer "):
            return self.complain("not_authed", "no bearer token")
        if given[7:] not in self.tokens:
            return self.refused("invalid_auth")
        reason = self.tokens[given[7:]]
        return self.refused(reason) if reason else None

    def json_problem(self, handler):
        kind = handler.headers.get("Content-Type", "").replace(" ", "").lower()
        if kind != "application/json;charset=utf-8":
            return self.complain("invalid_post_type", f"content type {kind!r}, which needs its charset")
        return None

    # ---- the methods

    def auth_test(self, handler, _query, _body):
        problem = self.token_problem(handler)
        if problem:
            return problem
        return 200, {"X-OAuth-Scopes": ",".join(sorted(SCOPES))}, {
            "ok": True, "url": "https://harbour.slack.com/", "team": "Harbour", "team_id": "T0000001",
            "user": "millwright", "user_id": "U0000001", "bot_id": "B0000001"}

    def list_channels(self, handler, query, body):
        if body:
            return self.complain("invalid_form_data", "a body that is no form")
        problem = self.token_problem(handler)
        if problem:
            return problem
        if not 1 <= int(query.get("limit", 100)) <= 1000:
            return self.complain("invalid_limit", query["limit"])
        types = query.get("types", "public_channel").split(",")
        if not set(types) <= {"public_channel", "private_channel", "mpim", "im"}:
            return self.complain("invalid_types", query["types"])
        listed = [each for each in self.channels
                  if ("private_channel" if each["is_private"] else "public_channel") in types
                  and not (each["is_archived"] and query.get("exclude_archived") == "true")]
        start = 0
        if cursor := query.get("cursor"):
            try:
                start = int(base64.b64decode(cursor).decode().removeprefix("next:"))
            except ValueError:
                return self.complain("invalid_cursor", cursor)
        after = start + PAGE
        more = base64.b64encode(f"next:{after}".encode()).decode() if after < len(listed) else ""
        return {"ok": True, "channels": listed[start:after], "response_metadata": {"next_cursor": more}}

    def post_message(self, handler, _query, body):
        self.came.set()
        self.let_go.wait()
        problem = self.token_problem(handler) or self.json_problem(handler)
        if problem:
            return problem
        now = time.monotonic()
        if now < self.limited_until:
            self.complaints.append(f"asked {self.limited_until - now:.1f} s before the time to wait was over")
        if self.limit_next is not None:
            self.limited_until, seconds, self.limit_next = now + self.limit_next, self.limit_next, None
            return 429, {"Retry-After": str(seconds)}, self.refused("ratelimited")
        message = json.loads(body)
        known = {each["id"]: each for each in self.channels}.get(message.get("channel"))
        if known is None or (known["is_private"] and not known["is_member"]):
            return self.refused("channel_not_found")
        if known["id"] in self.refuse:
            return self.refused(self.refuse[known["id"]])
        if known["is_archived"]:
            return self.refused("is_archived")
        if not message.get("text") and not message.get("blocks"):
            return self.complain("no_text", "neither text nor blocks")
        if not message.get("text"):
            self.complaints.append("blocks without the text that stands in for them")
        if len(message.get("text", "")) > 40000:
            return self.complain("msg_too_long", len(message["text"]))
        wrong = self.wrong_with_blocks(message.get("blocks", []))
        if wrong:
            return self.complain("invalid_blocks", wrong)
        self.messages.append(message)
        return {"ok": True, "channel": known["id"], "ts": f"{time.time():.6f}", "message": {"text": message["text"]}}

    def give_token(self, handler, _query, body):
        pair = f"{CLIENT_ID}:{CLIENT_SECRET}".encode()
        if handler.headers.get("Authorization") != "Basic " + base64.b64encode(pair).decode():
            return self.complain("bad_client_secret", "the app's id and secret are not as HTTP Basic")
        if handler.headers.get("Content-Type") != "application/x-www-form-urlencoded":
            return self.complain("invalid_post_type", "not a form")
        form = dict(urllib.parse.parse_qsl(body))
        expected = self.codes.pop(form.get("code"), None)
        if expected is None:
            return self.refused("invalid_code")
        if expected != form.get("redirect_uri"):
            return self.complain("bad_redirect_uri", form.get("redirect_uri"))
        token = f"xoxb-granted-{secrets.token_hex(12)}"
        self.tokens[token] = None
        return {"ok": True, "access_token": token, "token_type": "bot", "scope": ",".join(sorted(SCOPES)),
                "bot_user_id": "U0000001", "app_id": "A0000001", "team": {"name": "Harbour", "id": "T0000001"},
                "enterprise": None, "authed_user": {"id": "U0000002"}}

    # ---- what a person does on Slack's own page

    def authorize(self, url, allow=True):
        """Looks at the address that the browser was sent to; where Slack sends it back to."""
        parts = urllib.parse.urlsplit(url)
        assert (parts.scheme, parts.netloc, parts.path) == ("https", "slack.com", "/oauth/v2/authorize"), url
        query = dict(urllib.parse.parse_qsl(parts.query, strict_parsing=True))
        assert query["client_id"] == CLIENT_ID and set(query["scope"].split(",")) == SCOPES, query
        assert query["redirect_uri"].startswith("https://") and len(query["state"]) >= 20, query
        if not allow:
            answer = {"error": "access_denied", "state": query["state"]}
        else:
            code = secrets.token_hex(16)
            self.codes[code] = query["redirect_uri"]
            answer = {"code": code, "state": query["state"]}
        return f"{query['redirect_uri']}?{urllib.parse.urlencode(answer)}"

    # ---- Block Kit

    def wrong_with_blocks(self, blocks):
        if len(blocks) > 50:
            return f"{len(blocks)} blocks"
        for block in blocks:
            wrong = self.wrong_with_block(block)
            if wrong:
                return wrong
        return None

    def wrong_with_block(self, block):
        if block.get("type") == "header":
            return self.wrong_with_text(block["text"], 150, kinds=("plain_text",))
        if block.get("type") == "section":
            if "text" not in block and not block.get("fields"):
                return "a section without text and fields"
            if len(block.get("fields", [])) > 10:
                return f"{len(block['fields'])} fields"
            texts = [(block["text"], 3000)] if "text" in block else []
            texts += [(field, 2000) for field in block.get("fields", [])]
            return next(filter(None, (self.wrong_with_text(text, most) for text, most in texts)), None)
        return f"a block of type {block.get('type')}, which this double does not know"

    @staticmethod
    def wrong_with_text(text, most, kinds=("plain_text", "mrkdwn")):
        content = text.get("text", "")
        if text.get("type") not in kinds:
            return f"a text of type {text.get('type')}"
        # As UTF-16 counts.
        if not 1 <= len(content.encode("utf-16-le")) // 2 <= most:
            return f"a text of {len(content)} characters where {most} are allowed"
        plain = ESCAPED.sub("", LINK.sub("", content) if text["type"] == "mrkdwn" else content)
        if re.search("[<>&]", plain):
            return f"what is not escaped: {content}"
        return None


def everything_said(message):
    """All texts of a message, its fallback's first."""
    texts = [message["text"]]
    for block in message["blocks"]:
        texts += [block["text"]["text"]] if "text" in block else []
        texts += [field["text"] for field in block.get("fields", [])]
    return "\n".join(texts)
