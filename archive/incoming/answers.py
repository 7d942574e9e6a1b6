"""What a recorded HTTP response says: its status, its headers, and the document with both encodings undone."""

from __future__ import annotations

import re

from archive.incoming.model import Headers
from archive.payloads import Soundness, unpacked_as_far

_LONGEST_SIZE = 1000
_NO_CODING = ("", "chunked", "identity")
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")  # some servers, and more archives, end lines without a carriage return


def parted(block: bytes) -> tuple[bytes, bytes]:
    """(head, body) of a response as it went over the wire; all of it is head where no blank line ends that."""
    blank = _BLANK_LINE.search(block)
    return (block[: blank.start()], block[blank.end() :]) if blank else (block, b"")


def status_of(head: bytes) -> int | None:
    """The status in the first line of a head; None for what is no HTTP response."""
    words = head[:64].split(None, 2)
    return int(words[1]) if len(words) > 1 and head.startswith(b"HTTP/") and words[1].isdigit() else None


def headers_of(head: bytes) -> Headers:
    """The headers under the status line, in latin-1 as HTTP libraries hand them over."""
    lines = (line.partition(":") for line in head.decode("latin-1").splitlines()[1:])
    return tuple((name.strip(), value.strip()) for name, colon, value in lines if colon)


def may_be_encoded(head: bytes) -> bool:
    """Whether a head speaks of an encoding at all: most do not, and their headers are never looked at."""
    return b"ncoding" in head or b"NCODING" in head


def decoded(head: bytes, body: bytes) -> tuple[bytes, Soundness]:
    """The body with transfer and content encoding undone where it is in them, and whether it is all there.

    Many archives keep the headers of the wire beside a body that the crawler has already unpacked (and Common Crawl
    renames them): a body is taken for what its bytes prove. Raises ArchiveError when it unpacks to more than a
    document has.
    """
    headers = headers_of(head)
    transfer = [coding.strip() for coding in value(headers, "transfer-encoding").lower().split(",")]
    whole = True
    if "chunked" in transfer:  # which some say twice, and do once
        body, whole = unchunked(body)
    codings = [value(headers, "content-encoding"), *(coding for coding in transfer if coding not in _NO_CODING)]
    coding = ", ".join(filter(None, codings))
    body, found = unpacked_as_far(body, coding) if coding else (body, "whole")
    return body, found if whole or found == "damaged" else "cut"


def value(headers: Headers, name: str) -> str:
    """The values under a name, joined as RFC 9110 joins them."""
    return ", ".join(value for key, value in headers if key.lower() == name)


def unchunked(body: bytes) -> tuple[bytes, bool]:
    """A chunked body as one piece, and whether it has an end; a body that is not in chunks as it is.

    One that breaks off gives what came; one that stops being chunks is none, whatever it looked like.
    """
    pieces: list[bytes] = []
    place = 0
    while place < len(body):
        end = body.find(b"\n", place, place + _LONGEST_SIZE)
        digits = body[place:end].partition(b";")[0].strip() if end >= 0 else b""
        if not digits or digits.strip(b"0123456789abcdefABCDEF"):
            return body, True
        size = int(digits, 16)
        if size == 0:
            return b"".join(pieces), True
        pieces.append(body[end + 1 : end + 1 + size])
        place = end + 1 + size
        place += 2 if body.startswith(b"\r\n", place) else body.startswith(b"\n", place)
    return b"".join(pieces) or body, not body
