"""A double of a workflow of Power Automate, "When a Teams webhook request is received": takes messages with Adaptive
Cards that Teams could show, and refuses others as the real one does, with 400."""

import http.server
import json
import threading
import urllib.parse

ADAPTIVE = "application/vnd.microsoft.card.adaptive"
SIGNATURE = "sig-of-the-double-0123456789"


class TeamsDouble:
    """`behaviour`: the next answers, (status, headers). `complaints`: what no workflow would take."""

    def __init__(self):
        self.cards, self.complaints, self.behaviour = [], [], []
        double = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, headers = double.take(self.path, self.headers, body)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def url(self, name="alarms"):
        return f"http://127.0.0.1:{self.server.server_address[1]}/workflows/{name}/triggers/manual/paths/invoke" \
               f"?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig={SIGNATURE}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def take(self, target, headers, body):
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(target).query))
        if query.get("sig") != SIGNATURE or query.get("sp") != "/triggers/manual/run":
            self.complaints.append(f"an address that is not the one given: {target}")
            return 401, {}
        if self.behaviour:
            return self.behaviour.pop(0)
        wrong = self.wrong_with(headers, body)
        if wrong:
            self.complaints.append(wrong)
            return 400, {}
        self.cards.append((urllib.parse.urlsplit(target).path.split("/")[2],
                           json.loads(body)["attachments"][0]["content"]))
        return 202, {}

    def to(self, name="alarms"):
        return [card for channel, card in list(self.cards) if channel == name]

    def wrong_with(self, headers, body):
        if not headers.get("Content-Type", "").startswith("application/json"):
            return f"content type {headers.get('Content-Type')}"
        if len(body) > 28 * 1024:
            return f"{len(body)} bytes"
        message = json.loads(body)
        if message.get("type") != "message" or len(message.get("attachments", [])) != 1:
            return "no message with one attachment"
        attachment = message["attachments"][0]
        if attachment.get("contentType") != ADAPTIVE:
            return f"an attachment of type {attachment.get('contentType')}"
        card = attachment.get("content", {})
        if card.get("type") != "AdaptiveCard" or card.get("version") not in ("1.2", "1.3", "1.4"):
            return f"a card of type {card.get('type')} and version {card.get('version')}"
        if not card.get("body"):
            return "a card without a body"
        return next(filter(None, map(self.wrong_with_element, card["body"])), None) or next(
            filter(None, map(self.wrong_with_action, card.get("actions", []))), None)

    @staticmethod
    def wrong_with_element(element):
        if element.get("type") == "TextBlock":
            return None if element.get("text") else "a TextBlock without text"
        if element.get("type") != "RichTextBlock" or not element.get("inlines"):
            return f"an element of type {element.get('type')} that shows nothing"
        for inline in element["inlines"]:
            if inline.get("type") != "TextRun" or not inline.get("text"):
                return f"an inline of type {inline.get('type')} that shows nothing"
            if inline.get("color", "Default") not in ("Default", "Good", "Warning", "Attention"):
                return f"the color {inline['color']}"
        return None

    @staticmethod
    def wrong_with_action(action):
        if action.get("type") != "Action.OpenUrl" or not action.get("title"):
            return f"an action of type {action.get('type')}"
        if not action.get("url", "").startswith("https://"):
            return f"the link {action.get('url')}"
        return None


def words(card):
    """All that a card says."""
    return "\n".join("".join(inline["text"] for inline in element["inlines"]) for element in card["body"])
