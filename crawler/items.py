"""What the spider hands on: a page that was fetched and read."""

from __future__ import annotations

from dataclasses import dataclass

from archive.captured import NOTHING_SAID, Origin
from crawler.portals import Portal
from pipelines.model import Context, Reading


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
    context: Context = NOTHING_SAID
    """What the linking page said, with which it was read."""
    is_file: bool = False
    """Whether a page of a report links to it, rather than a list."""
    files: tuple[ReadPage, ...] = ()
    of_all_years: bool = True
    """Whether nothing that was read in it is left out."""
    whole: bool = True
    """Whether all files came that belong to it."""
    link: Linked | None = None
    """None for files, and for a page that is asked for every night."""

    def origin(self, page: ReadPage | None = None) -> Origin:
        """How it is filed; `page` is the one that links to a file."""
        return Origin(
            self.portal.trust,
            self.portal.portal_id,
            self.portal.division_code or None,
            "attachment" if self.is_file else "page",
            self.context,
            page.capture_id if page else None,
        )
