"""What flows out of a source: pieces of it to be worked off one by one, and the documents in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["response", "resource", "conversion", "file", "text"]
"""How a document came: an HTTP response, a resource or extracted text (WET) of a WARC, a file, a line of JSON."""

Keep = Callable[[bytes], bool]
"""Whether a body is worth handing on."""
OnDamage = Callable[[str], None]
"""Is told, in one line, of what cannot be read."""

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Slice:
    """A piece of a source, which holds every document that starts in it and no other.

    `source` is the path of a file, with `start` and `end` in bytes, or of a folder, with `start` and `end` counting
    its files in sorted order. `end` is the first that does not belong; None for the end of the source.
    """

    source: str
    start: int = 0
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """One document of a source: the payload, transfer and content encoding undone, and where it is from."""

    url: str
    """The address that answered; `file:` with the folder's name and the path in it for a file."""
    content_type: str
    """As sent; empty when nothing was."""
    body: bytes
    fetched_at: str | None
    """UTC, YYYY-MM-DDTHH:MM:SSZ; None where the source does not say."""
    source: str
    """The path of the file that holds it."""
    offset: int
    """Where its record (WARC: its gzip member) or line starts in that file, in bytes; in one whole gzip stream, in the
    stream undone."""
    record_id: str
    """The WARC-Record-ID; empty outside of WARC."""
    kind: Kind
    status: int | None = None
    """The HTTP status of a response."""
    headers: Headers = ()
    """The HTTP headers of a response, in their order."""
    truncated: str = ""
    """Why the record holds only the beginning of the document, in the word of its WARC-Truncated; else empty."""


@dataclass(slots=True)
class Reach:
    """Where the records of a slice of a WARC file begin and end in truth, in bytes; the scan says so at its end.

    A slice may have been cut inside of a record that looks like several. Where the one before ends, as its records
    lead there from the beginning of the file, the next has to begin.
    """

    start: int | None = 0
    end: int | None = None
    """The first record that does not belong to it; None for the end of the file."""


@dataclass(slots=True)
class Scanned:
    """What a scan has seen so far; the scan adds to it as it goes."""

    records: int = 0
    """WARC records, files and lines of any kind."""
    documents: int = 0
    """Those that carry a document: responses with status 200, resources, conversions, files, texts."""
    passed: int = 0
    """Documents that were handed on."""
    other_status: int = 0
    """Responses with another status."""
    body_bytes: int = 0
    """Bytes of the documents, codings undone."""
    damaged: int = 0
    """Records, files, lines and stretches of a source that could not be read, each of which was named."""
