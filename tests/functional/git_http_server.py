"""A git server over HTTP: git's own program behind a small one, that counts, asks for a password and stalls."""

import base64
import http.server
import os
import subprocess
import threading
import urllib.parse

from rest import free_port

CHUNK = 8192


class GitHttpServer:
    """Serves the bare repositories below `root`, at the same paths. Stopped, it can be started again."""

    def __init__(self, root):
        self.root, self.port = root, free_port()
        self.password = None
        """Of any user; None: none is asked for."""
        self.sent = 0
        """Bytes of answers that hold objects."""
        self.gate, self.stalled = threading.Event(), threading.Event()
        self.gate.set()
        self.server = None
        self.start()

    def start(self):
        class Server(http.server.ThreadingHTTPServer):
            daemon_threads, git = True, self

        self.server = Server(("127.0.0.1", self.port), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        if self.server:
            self.server.shutdown()
            self.server.server_close()
            self.server = None

    close = stop

    def stall(self):
        """From now on, objects begin to come and then do not go on, until `go_on`."""
        self.stalled.clear()
        self.gate.clear()

    def go_on(self):
        self.gate.set()

    def url(self, repository, user=None, password=None):
        path = urllib.parse.urlsplit(repository.url).path
        login = f"{user}:{password}@" if user else ""
        return f"http://{login}127.0.0.1:{self.port}/{os.path.relpath(path, self.root)}"


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def admitted(self):
        wanted = self.server.git.password
        if wanted is None:
            return True
        given = self.headers.get("Authorization", "").removeprefix("Basic ")
        return base64.b64decode(given).decode().partition(":")[2] == wanted

    def do_GET(self):
        self.serve(b"")

    def do_POST(self):
        if self.headers.get("Transfer-Encoding") == "chunked":
            body = b""
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
        else:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.serve(body)

    def serve(self, body):
        git = self.server.git
        if not self.admitted():
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="git"')
            self.end_headers()
            return
        path, _, query = self.path.partition("?")
        env = {"PATH": os.environ["PATH"], "GIT_PROJECT_ROOT": str(git.root), "GIT_HTTP_EXPORT_ALL": "1",
               "PATH_INFO": path, "QUERY_STRING": query, "REQUEST_METHOD": self.command,
               "CONTENT_TYPE": self.headers.get("Content-Type", ""), "CONTENT_LENGTH": str(len(body)),
               "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
               "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""), "REMOTE_ADDR": "127.0.0.1",
               "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*"}
        done = subprocess.run(["git", "http-backend"], env=env, input=body, capture_output=True)
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        fields = [line.split(": ", 1) for line in head.decode().split("\r\n") if line]
        self.send_response(int(dict(fields).get("Status", "200").split()[0]))
        for name, value in fields:
            if name != "Status":
                self.send_header(name, value)
        self.end_headers()
        # What comes before a pack is short.
        is_pack = b"PACK" in content
        for at in range(0, len(content), CHUNK):
            self.wfile.write(content[at:at + CHUNK])
            self.wfile.flush()
            git.sent += len(content[at:at + CHUNK]) if is_pack else 0
            if is_pack and not git.gate.is_set():
                git.stalled.set()
                git.gate.wait()
