"""Looking for a value wherever bytes can lie: as it is, encoded, and inside what is compressed."""

import base64
import gzip
import os
import pathlib
import zlib

import zstandard

FILE_BYTES_MAX = 512 * 1024 * 1024


def spellings(value):
    """However it may have been written down."""
    plain = value.encode()
    found = {plain, plain.hex().encode(), plain.hex().upper().encode()}
    for encoding in ("utf-16-le", "utf-16-be", "utf-32-le"):
        found.add(value.encode(encoding))
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        for shift in range(3):
            # What is the same whatever stands around it.
            whole = encode(bytes(shift) + plain)
            found.add(whole[(shift * 8 + 5) // 6:(shift + len(plain)) * 8 // 6])
    return found


def unpacked(content):
    """The content itself, and what each compressed part of it holds."""
    yield content
    for magic, open_it in ((zstandard.FRAME_HEADER, _zstd), (b"\x1f\x8b\x08", _gzip)):
        at = content.find(magic)
        while at >= 0:
            yield open_it(content[at:])
            at = content.find(magic, at + 1)


def _zstd(content):
    try:
        return zstandard.ZstdDecompressor().decompressobj().decompress(content)
    except zstandard.ZstdError:
        return b""


def _gzip(content):
    try:
        return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(content)
    except zlib.error:
        return b""


def holds(content, value):
    words = spellings(value)
    return any(word in part for part in unpacked(content) for word in words)


def files_below(*folders, leaving_out=()):
    """Regular files, by name; links are not followed."""
    left_out = [pathlib.Path(path) for path in leaving_out]
    for folder in folders:
        for place, names, files in os.walk(folder):
            place = pathlib.Path(place)
            names[:] = [name for name in names if place / name not in left_out]
            for name in files:
                path = place / name
                if path not in left_out and path.is_file() and not path.is_symlink():
                    yield path


def find(value, paths):
    """(files that hold it, how many were looked at). A file that is gone meanwhile holds nothing."""
    found, looked_at = [], 0
    for path in paths:
        try:
            assert path.stat().st_size <= FILE_BYTES_MAX, f"too large to look through: {path}"
            content = path.read_bytes()
        except FileNotFoundError:
            continue
        looked_at += 1
        if holds(content, value):
            found.append(str(path))
    return found, looked_at


def check():
    """Finds what it is to find; else no test that found nothing would mean anything."""
    value = "a-value-to-find"
    for content in (value.encode(), value.encode("utf-16-le"), value.encode().hex().encode(),
                    base64.b64encode(b"x" + value.encode() + b"y"),
                    b"..." + zstandard.compress(value.encode()) + b"...",
                    b"..." + gzip.compress(value.encode())):
        assert holds(content, value), content
    assert not holds(b"a-value-to-lose", value)
