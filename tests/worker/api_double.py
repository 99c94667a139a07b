"""A double of the app's workers' API: one run, on a Unix socket, everything remembered.

It keeps to the API that the app documents for workers, answers what a test tells it to, and can
go away and come back.
"""

import http.server
import json
import os
import socket
import socketserver
import threading
import urllib.parse

import zstandard

PREFIX = "/internal/v1/run/"


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, *args):
        super().__init__(*args)
        self.connections = set()

    def process_request(self, request, client_address):
        self.connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request):
        self.connections.discard(request)
        super().shutdown_request(request)

    def close_connections(self):
        for connection in list(self.connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # closed meanwhile

    def handle_error(self, request, client_address):
        pass  # a worker that was killed in the middle of a call


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def address_string(self):
        return "worker"

    def _serve(self):
        double = self.server.double
        url = urllib.parse.urlsplit(self.path)
        body = self._body()
        status, answer = double.handle(
            self.command, url.path, urllib.parse.parse_qs(url.query), self.headers, body
        )
        # Others are answered meanwhile.
        if double.holds(self.command, url.path, body):
            double.released.wait()
        self.send_response(status)
        data = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _body(self):
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            parts = []
            while size := int(self.rfile.readline().split(b";")[0], 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    do_GET = do_POST = do_PUT = _serve


def unpacked(pack):
    """The files of a pack, whose form src/infra/zstd/pack.hpp describes."""
    assert pack[-8:] == b"MWPACK01"
    end = int.from_bytes(pack[-16:-8], "little")
    frame = lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data)  # noqa: E731
    return {path: frame(pack[offset:offset + stored])
            for path, offset, stored, _ in json.loads(frame(pack[end:-16]))}


class ApiDouble:
    TOKEN = "token-of-this-run-alone"

    def __init__(self, socket_path, spec):
        self.socket_path = str(socket_path)
        self.spec = spec
        self.changed = threading.Condition()
        self.steps = {}
        self.step_history = []
        self.progress = {}
        self.batches = {}
        self.nodes = {}
        self.artifacts = {}
        self.other_artifacts = {}  # by run and path
        self.finish = None
        self.heartbeats = 0
        self.requests = 0
        self.repeated_batches = 0
        self.cancel = None  # a reason, then every answer asks to cancel
        self.refuse_with = None  # a status for every call
        self.refuse_artifacts_with = None
        # (step, status): the report of this is not answered before `released` is set.
        self.hold_report_of = None
        self.released = threading.Event()
        self._server = None

    # ── life ────────────────────────────────────────────────────────────────────────────────

    def start(self):
        self._server = _Server(self.socket_path, _Handler)
        self._server.double = self
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self):
        """The app is away: nobody listens, and who was connected is not any more."""
        if self._server:
            self._server.shutdown()
            self._server.close_connections()
            self._server.server_close()
            os.unlink(self.socket_path)
            self._server = None

    def holds(self, method, path, body):
        if not self.hold_report_of or (method, path) != ("POST", PREFIX + "steps"):
            return False
        return self.hold_report_of in [
            (step["index"], step["status"]) for step in json.loads(body)["steps"]]

    def wait(self, predicate, patience_s=60):
        with self.changed:
            assert self.changed.wait_for(lambda: predicate(self), patience_s), self.summary()

    def summary(self):
        states = {i: (s["name"], s["status"]) for i, s in self.steps.items()}
        return f"steps {states}, finish {self.finish}\n" + "\n".join(
            f"{i}: {line['text']}" for i in sorted(self.batches) for line in self.lines(i)[-15:]
        )

    # ── what a test reads ───────────────────────────────────────────────────────────────────

    def lines(self, step):
        batches = self.batches.get(step, {})
        assert sorted(batches) == list(range(1, len(batches) + 1)), "a gap in the log's batches"
        return [line for seq in sorted(batches) for line in batches[seq]]

    def text(self, step, levels=("info", "warn", "error")):
        return "\n".join(x["text"] for x in self.lines(step) if x["level"] in levels)

    def everything(self):
        """All that the worker has sent and that a log or a database would keep."""
        return json.dumps([self.step_history, self.progress, self.finish, self.nodes]) + "\n".join(
            self.text(i, ("debug", "info", "warn", "error")) for i in self.batches
        )

    def statuses(self):
        return [self.steps[i]["status"] for i in sorted(self.steps)]

    # ── the API ─────────────────────────────────────────────────────────────────────────────

    def handle(self, method, path, query, headers, body):
        with self.changed:
            try:
                return self._handle(method, path, query, headers, body)
            finally:
                self.changed.notify_all()

    def _handle(self, method, path, query, headers, body):
        self.requests += 1
        if headers.get("Authorization") != f"Bearer {self.TOKEN}":
            return 401, {}
        if self.refuse_with:
            return self.refuse_with, {}
        assert path.startswith(PREFIX), path
        what = path[len(PREFIX) :]
        answer = {"cancel": False} if self.cancel is None else {"cancel": True, "reason": self.cancel}
        if (method, what) == ("GET", "spec"):
            return 200, self.spec
        if method == "GET" and what.startswith("other-runs/"):
            _, run_id, _, path = what.split("/", 3)
            data = self.other_artifacts.get((int(run_id), path))
            return (200, data) if data is not None else (404, {})
        if method == "PUT" and what.startswith("artifacts/"):
            if self.refuse_artifacts_with:
                return self.refuse_artifacts_with, {}
            name = urllib.parse.unquote(what.split("/", 1)[1])
            self.artifacts.setdefault(int(query["step"][0]), {})[name] = body
            return 200, answer
        if method == "PUT" and what == "artifact-pack":
            if self.refuse_artifacts_with:
                return self.refuse_artifacts_with, {}
            self.artifacts.setdefault(int(query["step"][0]), {}).update(unpacked(body))
            return 200, answer
        assert method == "POST", (method, what)
        return 200, self._post(what, json.loads(body)) or answer

    def _post(self, what, body):
        if what == "heartbeat":
            self.heartbeats += 1
        elif what == "steps":
            for step in body["steps"]:
                self.steps[step["index"]] = step
                self.step_history.append(step)
        elif what == "progress":
            self.progress.update(body)
        elif what == "logs":
            self._logs(body)
        elif what == "finish":
            self.finish = body
        else:
            raise AssertionError(f"no such call: {what}")

    def _logs(self, body):
        for batch in body["batches"]:
            seen = self.batches.setdefault(batch["step"], {})
            if batch["seq"] in seen:
                self.repeated_batches += 1
            seen[batch["seq"]] = batch["lines"]
        for node in body["nodes"]:
            self.nodes.setdefault((node["step"], node["unique_id"]).__repr__(), []).append(node)
