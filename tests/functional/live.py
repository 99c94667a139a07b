"""The WebSocket that tells a browser what happens in runs."""

import asyncio
import json
import ssl

from waiting import PATIENCE_S
from websockets.asyncio.client import connect


def sign_in(api, email, password):
    return api.request("POST", "/api/ui/session/", {"email": email, "password": password},
                       authorized=False)


class Live:
    """A WebSocket, and all that came over it.

    The library's blocking client reads TLS in one thread while it writes in another, which loses
    the opening request now and then; so the other one runs, in a loop of our own.
    """

    def __init__(self, loop, api, origin=None, **headers):
        self.loop, self.messages = loop, []
        self.socket = self._wait(connect(
            api.url.replace("https://", "wss://") + "/api/ui/live",
            ssl=ssl.create_default_context(cafile=api.certificate), additional_headers=headers,
            origin=origin or api.url, open_timeout=PATIENCE_S, max_size=None))

    def _wait(self, coming):
        async def limited():
            return await asyncio.wait_for(coming, PATIENCE_S)
        return self.loop.run_until_complete(limited())

    def close(self):
        self._wait(self.socket.close())

    def send(self, text):
        self._wait(self.socket.send(text))

    def subscribe(self, *topics):
        """Whatever is said from now on of these topics will come."""
        self.send(json.dumps({"subscribe": list(topics)}))
        for topic in topics:
            self.until(lambda m, topic=topic: (m["type"], m.get("topic")) == ("subscribed", topic))

    def until(self, wanted):
        """Reads on until a message is `wanted`; returns that."""
        while True:
            message = json.loads(self._wait(self.socket.recv()))
            self.messages.append(message)
            if wanted(message):
                return message

    def until_over(self, topic, run_id):
        return self.until(lambda m: m["type"] == "run" and m["topic"] == topic
                          and m["run"]["id"] == run_id and m["run"]["is_complete"])["run"]

    def of(self, topic, kind):
        return [m for m in self.messages if m["type"] == kind and m["topic"] == topic]
