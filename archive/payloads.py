"""Undoing the content encoding of a response body.

What a server sent stays in the WARC as it came; the reader needs the document inside. Damaged encodings are common
(a gzip cut short, a gzip that is none), so this gives what can be had rather than nothing, and stops at a limit.
"""

from __future__ import annotations

import importlib
import zlib
from collections.abc import Callable
from types import ModuleType
from typing import Protocol

from archive.errors import ArchiveError

LIMIT = 256 * 1024 * 1024
"""Bytes of one unpacked body. A report is a few hundred kilobytes; beyond this it is an attack or a film."""

SLICE = 65536


def unpacked(body: bytes, encoding: str, *, limit: int = LIMIT) -> bytes:
    """The body with its `Content-Encoding` (a comma-separated list, in the order applied) undone.

    A coding that we do not know, or a body that is not in the coding that it claims, is left as it is. A stream that
    breaks off gives the part before the break.

    Raises ArchiveError when the result would pass `limit` bytes.
    """
    for coding in reversed([name.strip().lower() for name in encoding.split(",")]):
        unpack = _CODINGS.get(coding)
        if unpack and body:
            body = unpack(body, limit)
    return body


class _Stream(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


def _gzip(body: bytes, limit: int) -> bytes:
    whole = bytearray()
    rest = body
    while rest[:2] == b"\x1f\x8b":  # a body may be several members one after the other, as a gzip file may
        rest = _drain(zlib.decompressobj(16 + zlib.MAX_WBITS), rest, whole, limit)
    return bytes(whole) or body


def _deflate(body: bytes, limit: int) -> bytes:
    # RFC 9110 means a zlib stream; some servers have always sent the bare deflate inside.
    for bits in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        whole = bytearray()
        _drain(zlib.decompressobj(bits), body, whole, limit)
        if whole:
            return bytes(whole)
    return body


def _brotli(body: bytes, limit: int) -> bytes:
    library = _library("brotli")
    if library is None:
        return body
    stream = library.Decompressor()
    if not hasattr(stream, "can_accept_more_data"):  # before 1.2 there was no way to bound the output
        return body
    whole = bytearray()
    feed = body
    try:
        while not stream.is_finished() and len(whole) <= limit:
            piece = stream.process(feed, output_buffer_limit=SLICE)
            feed = b""
            whole += piece
            if not piece and stream.can_accept_more_data():
                break  # the end was cut off
    except library.error:
        pass
    _bound(whole, limit)
    return bytes(whole) or body


def _zstd(body: bytes, limit: int) -> bytes:
    library = _library("compression.zstd") or _library("backports.zstd")
    if library is None:
        return body
    whole = bytearray()
    _drain(library.ZstdDecompressor(), body, whole, limit)
    return bytes(whole) or body


def _drain(stream: _Stream, body: bytes, whole: bytearray, limit: int) -> bytes:
    """Appends to `whole` what comes out before the end or the first fault; gives what lies behind a proper end."""
    for start in range(0, len(body), SLICE):
        try:
            whole += stream.decompress(body[start : start + SLICE], limit - len(whole) + 1)
        except Exception:  # each library has an error class of its own
            return b""
        _bound(whole, limit)
        if stream.eof:
            return stream.unused_data + body[start + SLICE :]
    return b""


def _bound(whole: bytearray, limit: int) -> None:
    if len(whole) > limit:
        raise ArchiveError(f"a body of more than {limit} bytes when unpacked")


def _library(name: str) -> ModuleType | None:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


_CODINGS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
