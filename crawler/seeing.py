"""What a page shows: its links, told apart by the families of portal software, and what the search needs to know of it.

A list is looked at where the search is, since it is needed there as a whole. A report has a thousand cells and a few
links, and is looked at by the process that reads it, which has decoded it anyway.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler import platforms
from crawler.platforms.base import Listing, Page, Step
from pipelines.confined import timed
from pipelines.model import Capture
from pipelines.source import Source

_BINARY = (b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"Rar!")
_LARGEST_LIST, _MOST_TAGS = 8 * 1024 * 1024, 100_000
"""Bytes and tags beyond which a page is not looked into for links: that happens beside all other work. The largest
list seen has a twentieth of either. Reports are read by others, and may have more."""
_SECONDS = 5.0
"""Of the processor, for the links of a page; a list of a thousand rows takes a tenth of one."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a page is to be looked at: by which step it came, its status, and the platform that its portal names."""

    step: Step
    status: int = 200
    named: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of a page, without the page."""

    url: str
    status: int
    is_traditional: bool
    listing: Listing


def see(capture: Capture, look: Look) -> tuple[Seen, Source | None]:
    """What the page shows, and its text (None of a file), for who reads it. Raises Unreadable."""
    with timed(_SECONDS):
        fragment = urlsplit(look.step.url).fragment  # gkmlpt's column id, which never travels
        url = capture.url + (f"#{fragment}" if fragment and "#" not in capture.url else "")
        if _is_a_file(capture.body) or is_too_much(capture.body):
            return Seen(url, look.status, False, Listing()), None
        source = Source(capture)
        text = source.text
        page = Page(url, text.text, look.status, look.step, source)
        listing = platforms.read(page, look.named) if text.text else Listing()
        return Seen(url, look.status, text.script == "traditional" and page.tree is not None, listing), source


def is_too_much(body: bytes) -> bool:
    """Whether a page is larger than any that lists reports."""
    return len(body) > _LARGEST_LIST or body.count(b"<") > _MOST_TAGS


def _is_a_file(body: bytes) -> bool:
    return body[:4].startswith(_BINARY) or b"\x00" in body[:512]
