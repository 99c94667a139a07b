"""Text that crosses from a dbt invocation to the outside: scrubbed, bounded, valid UTF-8.

Shared by the host (which trusts nothing that a child sends) and the child.
"""

LINE_BYTES_MAX = 1024 * 1024
"""Longest piece of text in one message; what goes beyond is cut with a mark."""

FRAME_BYTES_MAX = 16 * 1024 * 1024
"""Longest line on the pipe between a child and the host, and longest command to the host."""

PIECE_BYTES_MAX = 2 * LINE_BYTES_MAX
"""What is kept of a line before its secrets are replaced: short enough for a frame when all of
it is escaped."""

SECRET_ENV_PREFIX = "DBT_ENV_SECRET"
SECRET_MASK = "*****"


class Scrubber:
    """Replaces secrets by asterisks, as dbt does in its own log.

    dbt scrubs what it writes, but hands the unscrubbed message to callbacks, and knows nothing
    of what a package, a Python model or a program that it starts prints.
    """

    def __init__(self, env, secrets=()):
        values = {v for k, v in env.items() if k.startswith(SECRET_ENV_PREFIX)}
        values.update(secrets)
        # A key in PEM form comes out line by line, so its lines are secrets too.
        for value in list(values):
            values.update(line for line in value.splitlines() if len(line) >= 8)
        # Longest first: a secret may contain another one.
        self._secrets = sorted((v for v in values if v.strip()), key=len, reverse=True)

    def __call__(self, text, torn=False):
        """`text` without secrets; `torn`: it was cut, so half of a secret may stand at its end."""
        for secret in self._secrets:
            if secret in text:
                text = text.replace(secret, SECRET_MASK)
        return self._without_half_secret(text) if torn else text

    def _without_half_secret(self, text):
        for secret in self._secrets:
            for length in range(len(secret) - 1, 0, -1):
                if text.endswith(secret[:length]):
                    return text[:-length] + SECRET_MASK
        return text


def clip(text, total_bytes):
    """`text` if it has at most LINE_BYTES_MAX bytes, else its beginning with a mark.

    `total_bytes` is the length of what `text` was taken from: more than LINE_BYTES_MAX when it
    was cut before.
    """
    if total_bytes <= LINE_BYTES_MAX and len(text) * 4 <= LINE_BYTES_MAX:
        return text
    data = text.encode("utf-8", "replace")
    total_bytes = max(total_bytes, len(data))
    if total_bytes <= LINE_BYTES_MAX:
        return text
    kept = data[:LINE_BYTES_MAX].decode("utf-8", "ignore")
    return f"{kept} … [cut: {total_bytes} bytes in all]"


def printable(text):
    """`text` without what a JSON reader or a database rejects: lone surrogates and NUL."""
    if "\0" in text:
        text = text.replace("\0", "\ufffd")
    return text.encode("utf-8", "replace").decode("utf-8")


class LineReader:
    """Splits a byte stream into lines, keeping at most `limit` bytes of each.

    `feed` yields (kept bytes, bytes that the line had in all).
    """

    def __init__(self, limit):
        self._limit = limit
        self._kept = bytearray()
        self._total = 0

    def feed(self, data):
        start = 0
        while True:
            end = data.find(b"\n", start)
            if end < 0:
                self._keep(data[start:])
                return
            self._keep(data[start:end])
            yield self._take()
            start = end + 1

    def rest(self):
        """The last line, when the stream ended without a newline."""
        return [self._take()] if self._total else []

    def _keep(self, piece):
        self._total += len(piece)
        room = self._limit - len(self._kept)
        if room > 0:
            self._kept += piece[:room]

    def _take(self):
        line = (bytes(self._kept), self._total)
        self._kept.clear()
        self._total = 0
        return line
