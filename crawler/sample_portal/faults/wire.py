"""Answers that no web server should give: silence, resets, bodies without end, broken compression.

Each is a page that speaks to the socket itself (see `site.Raw`). Large bodies are made while they are sent.
"""

import gzip
import itertools
import socket
import time
from collections.abc import Callable, Iterable, Iterator

from crawler.sample_portal.faults import bombs
from crawler.sample_portal.site import HTML, Page, Raw

BIG = 200 << 20
"""Bytes of a body that is too large."""

_MEBIBYTE = b"<p>2023</p>".ljust(1 << 20)
_PATIENCE = 600.0
"""Seconds after which a connection that hangs ends by itself."""


def head(*headers: str, status: str = "200 OK", content_type: str = HTML) -> bytes:
    """The head of an answer with the given header lines."""
    return "\r\n".join((f"HTTP/1.1 {status}", f"Content-Type: {content_type}", *headers, "", "")).encode("latin-1")


def sent(parts: Callable[[], Iterable[bytes]], status: int = 200) -> Raw:
    """An answer of these bytes, which are made anew for each request; then the connection is closed."""

    def speak(connection: socket.socket) -> None:
        for part in parts():
            connection.sendall(part)

    return Raw(status=status, speak=speak)


def hang() -> Raw:
    """No answer, until the client gives up."""
    return Raw(status=0, speak=_wait)


def drip() -> Raw:
    """A head, then a byte of the body now and then."""

    def parts() -> Iterator[bytes]:
        yield head("Content-Length: 100000")
        for _ in itertools.repeat(None, 100_000):
            time.sleep(0.2)
            yield b"."

    return sent(parts)


def closed() -> Raw:
    """The connection ends in an orderly way, without an answer."""
    return sent(lambda: (), status=0)


def garbage() -> Raw:
    """Something that is not HTTP."""
    return sent(lambda: [b"\x16\x03\x01 SSH-2.0-dropbear\r\nwhat do you want?\r\n\r\n"], status=0)


def short(body: bytes) -> Raw:
    """Half of a body whose length was promised."""
    return sent(lambda: [head(f"Content-Length: {len(body)}"), body[: len(body) // 2]])


def broken_chunk(body: bytes) -> Raw:
    """A chunk, and then something where the length of the next one should stand."""
    half = body[: len(body) // 2]
    chunk = b"%x\r\n%s\r\n" % (len(half), half)
    return sent(lambda: [head("Transfer-Encoding: chunked"), chunk, b"zz-no-length\r\n", body[len(body) // 2 :]])


def unsized(page: Page) -> Raw:
    """A page without its length, whose end is that of the connection: unusual and allowed."""
    return sent(lambda: [head("Connection: close", content_type=page.content_type), page.body])


def big(*, sized: bool) -> Raw:
    """200 MB, announced or not."""
    line = f"Content-Length: {BIG}" if sized else "Connection: close"
    return sent(lambda: itertools.chain([head(line)], itertools.repeat(_MEBIBYTE, BIG // len(_MEBIBYTE))))


def endless() -> Raw:
    """A body without end, in chunks."""
    chunk = b"%x\r\n%s\r\n" % (len(_MEBIBYTE), _MEBIBYTE)
    return sent(lambda: itertools.chain([head("Transfer-Encoding: chunked")], itertools.repeat(chunk)))


def endless_headers() -> Raw:
    """Header lines without end."""
    lines = b"".join(b"X-Header-%d: %s\r\n" % (n, b"x" * 100) for n in range(1000))
    return sent(lambda: itertools.chain([b"HTTP/1.1 200 OK\r\n"], itertools.repeat(lines)))


def packed(body: bytes) -> Raw:
    """Bytes that are announced as gzip, whatever they are."""
    return sent(lambda: [head("Content-Encoding: gzip", f"Content-Length: {len(body)}"), body])


def gzip_bomb() -> Raw:
    """10 MB that unpack to 1 GiB."""

    def parts() -> Iterator[bytes]:
        bomb = bombs.gzip_bomb()
        yield head("Content-Encoding: gzip", f"Content-Length: {len(bomb)}")
        yield bomb

    return sent(parts)


def cut_gzip(body: bytes) -> bytes:
    """The first half of compressed bytes; that their end is missing shows only in the compression."""
    whole = gzip.compress(body, mtime=0)
    return whole[: len(whole) // 2]


def wrong_crc(body: bytes) -> bytes:
    """Compressed bytes whose checksum is another one's."""
    whole = bytearray(gzip.compress(body, mtime=0))
    whole[-8] ^= 0xFF
    return bytes(whole)


def huge_robots(size: int, disallowed: str) -> Raw:
    """A robots.txt of many megabytes whose first lines already say all."""
    first = f"User-agent: *\nDisallow: {disallowed}\n".encode()
    lines = (b"# " + b"x" * 1021 + b"\n") * 256
    count = (size - len(first)) // len(lines)
    length = f"Content-Length: {len(first) + count * len(lines)}"
    start = [head(length, content_type="text/plain"), first]
    return sent(lambda: itertools.chain(start, itertools.repeat(lines, count)))


def _wait(connection: socket.socket) -> None:
    connection.settimeout(_PATIENCE)
    while connection.recv(1024):
        continue
