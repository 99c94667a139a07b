"""Text that crosses from a dbt invocation to the outside: scrubbed, bounded, valid UTF-8.

Shared by the host (which trusts nothing that a child sends) and the child.
"""

import base64
import json
import sys

LINE_BYTES_MAX = 1024 * 1024
"""Longest piece of text in one message; what goes beyond is cut with a mark."""

FRAME_BYTES_MAX = 16 * 1024 * 1024
"""Longest line on the pipe between a child and the host, and longest command to the host."""

PIECE_BYTES_MAX = 2 * LINE_BYTES_MAX
"""What is kept of a line before its secrets are replaced: short enough for a frame when all of
it is escaped."""

SECRET_ENV_PREFIX = "DBT_ENV_SECRET"
SECRET_MASK = "*****"


LEAST_LINE_BYTES = 8
LEAST_ENCODED_BYTES = 6
"""Shorter lines of a secret, and shorter spellings in hex or base64, are too common in ordinary
text to be masked."""

BLANKS = b" \t\r\n\v\f"
BASE64 = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_")
PROBE_BYTES = 4
LEAST_PROBED_BYTES = 2 * PROBE_BYTES - 1


def secrets_in(value):
    """The secrets in a value: itself without white space around it, and its lines."""
    value = value.encode("utf-8", "surrogatepass").strip(BLANKS)
    lines = (line.strip(BLANKS) for line in value.split(b"\n"))
    return dict.fromkeys(
        [value] * bool(value) + [line for line in lines if len(line) >= LEAST_LINE_BYTES]
    )


def spellings_of(secret):
    """{spelling: (characters of base64 before it, after it, that hold bits of it)}

    The rule is described in roles/runner/report/secret_spellings.hpp, which does the same.
    """
    spellings = {secret: (0, 0)}
    # RFC 3986; Python's quote; JavaScript's encodeURIComponent; forms, as RFC 3986 and as browsers.
    for safe, plus in (("-._~", 0), ("-._~/", 0), ("-._~!*'()", 0), ("-._~", 1), ("-._*", 1)):
        for digits in ("%%%02X", "%%%02x"):
            spellings[_percent_encoded(secret, safe, plus, digits)] = (0, 0)
    text = secret.decode("utf-8", "surrogatepass")
    for ascii_only in (True, False):
        escaped = json.dumps(text, ensure_ascii=ascii_only)[1:-1]
        for spelling in (escaped, escaped.replace("/", "\\/")):
            spellings[spelling.encode("utf-8", "surrogatepass")] = (0, 0)
    encoded = {secret.hex().encode(): (0, 0), secret.hex().upper().encode(): (0, 0)}
    for encode in (base64.standard_b64encode, base64.urlsafe_b64encode):
        for shift in range(3):
            spelling, edges = _base64(secret, shift, encode)
            encoded[spelling] = edges
    spellings.update((k, v) for k, v in encoded.items() if len(k) >= LEAST_ENCODED_BYTES)
    return spellings


def _percent_encoded(secret, safe, plus, digits):
    def spelled(byte):
        char = chr(byte)
        if byte < 128 and (char.isalnum() or char in safe):
            return char
        return "+" if char == " " and plus else digits % byte

    return "".join(map(spelled, secret)).encode()


def _base64(secret, shift, encode):
    """What is the same whatever stands around it, `shift` bytes into a group of three."""
    whole = shift + len(secret)
    core = encode(bytes(shift) + secret)[(shift * 8 + 5) // 6 : whole * 8 // 6]
    return core, (int(shift > 0), int(whole % 3 > 0))


class Scrubber:
    """Replaces secrets by asterisks, as dbt does in its own log.

    dbt scrubs what it writes, but hands the unscrubbed message to callbacks, and knows nothing
    of what a package, a Python model or a program that it starts prints.

    Quick where there is nothing to replace, which is nearly always: of a spelling of 7 bytes and
    more, wherever it stands, 4 bytes fall on a position that 4 divides.
    """

    def __init__(self, env, secrets=()):
        values = [v for k, v in env.items() if k.startswith(SECRET_ENV_PREFIX)] + list(secrets)
        self._spellings = {}
        for secret in dict.fromkeys(s for value in values for s in secrets_in(value)):
            for spelling, edges in spellings_of(secret).items():
                self._spellings.setdefault(spelling, edges)
        self._short = [s for s in self._spellings if len(s) < LEAST_PROBED_BYTES]
        self._probes = {}
        for spelling in self._spellings:
            if len(spelling) >= LEAST_PROBED_BYTES:
                for offset in range(PROBE_BYTES):
                    number = int.from_bytes(spelling[offset : offset + PROBE_BYTES], sys.byteorder)
                    self._probes.setdefault(number, set()).add(spelling)
        self._numbers = frozenset(self._probes)

    def __call__(self, text, torn=False):
        """`text` without secrets; `torn`: it was cut, so half of a secret may stand at its end."""
        if not self._spellings:
            return text
        data = text.encode("utf-8", "surrogatepass")
        spans = list(self._find(data))
        if torn:
            spans += self._find_torn(data)
        return _masked(data, spans) if spans else text

    def _find(self, data):
        aligned = memoryview(data)[: len(data) // PROBE_BYTES * PROBE_BYTES].cast("I")
        candidates = set(self._short)
        for number in self._numbers.intersection(aligned):
            candidates |= self._probes[number]
        for spelling in candidates:
            before, after = self._spellings[spelling]
            begin = data.find(spelling)
            while begin >= 0:
                end = begin + len(spelling)
                yield (
                    begin - (before and begin > 0 and data[begin - 1] in BASE64),
                    end + (after and end < len(data) and data[end] in BASE64),
                )
                begin = data.find(spelling, begin + 1)

    def _find_torn(self, data):
        for spelling in self._spellings:
            for length in range(min(len(spelling) - 1, len(data)), 0, -1):
                if data.endswith(spelling[:length]):
                    yield len(data) - length, len(data)
                    break


def _masked(data, spans):
    """`data` as text, each group of overlapping spans as one mask."""
    pieces, done, last_end = [], 0, -1
    for begin, end in sorted(spans):
        if begin < last_end:
            last_end = done = max(last_end, end)
            continue
        pieces += [data[done:begin], SECRET_MASK.encode()]
        last_end = done = end
    pieces.append(data[done:])
    return b"".join(pieces).decode("utf-8", "surrogatepass")


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
