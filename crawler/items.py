"""What the spider hands on: a page that was fetched and read."""

from __future__ import annotations

from dataclasses import dataclass

from archive.revisions import Role
from crawler.portals import Portal
from pipelines.model import Reading


@dataclass(frozen=True, slots=True)
class Linked:
    """By which link a page was reached: its address, its words, and the page that it stands on."""

    url: str
    words: frozenset[str] = frozenset()
    listed_on: str = ""
    had_reports: bool = False
    """Whether it led to reports the last time."""
    is_listed: bool = True
    """Whether a page of tonight holds it; else it was only looked after."""


@dataclass(frozen=True, slots=True)
class ReadPage:
    """One candidate page with everything that the reader found in it, and the files attached to it likewise."""

    portal: Portal
    url: str
    capture_id: int
    readings: tuple[Reading, ...]
    role: Role = "page"
    files: tuple[ReadPage, ...] = ()
    whole: bool = True
    """Whether all files came that belong to it."""
    link: Linked | None = None
    """None for files, and for a page that is asked for every night."""
