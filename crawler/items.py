"""What the spider hands on: a page that was fetched and read."""

from __future__ import annotations

from dataclasses import dataclass

from archive.revisions import Role
from crawler.portals import Portal
from pipelines.model import Reading


@dataclass(frozen=True, slots=True)
class ReadPage:
    """One candidate page with everything that the reader found in it."""

    portal: Portal
    url: str
    capture_id: int
    readings: tuple[Reading, ...]
    role: Role = "page"
