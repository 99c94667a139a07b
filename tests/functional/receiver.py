"""A subscriber to webhooks: takes, refuses, stalls, redirects, and keeps what it was sent."""

import hashlib
import hmac
import http.server
import json
import threading


class Receiver:
    """`behave` gives the answer to each call: a status, or a function that is handed the handler."""

    def __init__(self):
        self.calls, self.behaviour, self.secret = [], [], None
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.calls.append((dict(self.headers), body))
                answer = receiver.behaviour.pop(0) if receiver.behaviour else 200
                if callable(answer):
                    return answer(self)
                self.send_response(answer)
                self.send_header("Content-Length", "0")
                self.end_headers()

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}/hook"

    def events(self):
        """What came, each with a signature that is right."""
        events = []
        for headers, body in self.calls:
            wanted = hmac.new(self.secret.encode(), body, hashlib.sha256).hexdigest()
            assert headers["Authorization"] == wanted
            assert headers["Content-Type"] == "application/json"
            events.append(json.loads(body))
        return events

    def close(self):
        self.server.shutdown()
        self.server.server_close()
