"""What the process that writes does with a page that was read: files it, and notes what it turned out to be."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from archive import Archive
from archive.captured import Origin
from archive.nights.links import Asked
from crawler.faults import Fault, fault_of_reading
from crawler.items import Linked, ReadPage
from pipelines.documents.limits import CUT


@dataclass(frozen=True, slots=True)
class Noted:
    """What became of one page: its outcome, what the reader said of it, and how its readings were stored."""

    url: str
    outcome: str
    reason: str = ""
    fault: Fault | None = None
    stored: tuple[str, ...] = ()
    was_asked_for: bool = True
    """Whether anything in it is of the years that are asked for."""

    @property
    def reports(self) -> int:
        """How many reports are in it."""
        return sum(outcome != "refused" for outcome in self.stored)

    @property
    def is_none(self) -> bool:
        """Whether it was looked into and is no report."""
        return self.was_asked_for and self.outcome in ("not_a_report", "unreadable")

    @property
    def said(self) -> str:
        """The reason, in our words where it has a name."""
        return self.fault.message if self.fault is not None else self.reason

    @property
    def came(self) -> bool:
        """Whether there is nothing to gain from another night, which may have more time, or memory."""
        return self.outcome != "blocked" and (self.fault is None or self.fault.meaning != "ours")


def file_page(archive: Archive, item: ReadPage) -> tuple[list[Noted], int]:
    """The page, then its files; the link to it only when all of that is filed, lest a night skip the rest.

    Returns what became of each, and how many reports are gone with the page.
    """
    pages = [(item, item.origin()), *((file, file.origin(item)) for file in item.files)]
    noted = [archive.at_once(partial(_filed, page, origin, archive)) for page, origin in pages]
    return noted, _link_noted(item, item.link, noted, archive) if item.link is not None else 0


def _link_noted(item: ReadPage, link: Linked, noted: list[Noted], archive: Archive) -> int:
    reports = sum(one.reports for one in noted)
    outcome = noted[0].outcome if item.whole and all(one.came for one in noted) else "failed"
    if outcome == "not_a_report" and not reports and link.had_reports:
        outcome = "gone"  # the address gives something else now
    asked = Asked(link.url, outcome, reports, item.url, link.listed_on, link.words)
    return archive.note_link(item.portal.portal_id, asked)


def _filed(item: ReadPage, origin: Origin, archive: Archive) -> Noted:
    """Files the readings of one page, and notes what it turned out to be."""
    if not item.readings:
        return Noted(item.url, "not_a_report", was_asked_for=False)
    outcome, reason, outcomes = "unreadable", "", []
    filed = archive.file(item.capture_id, item.readings, origin, whole=item.of_all_years)
    for reading, stored in zip(item.readings, filed, strict=True):
        if not reading.report or stored is None:
            reason = reason or reading.reason or ""
            seen_whole = reading.text is not None and not any(issue.code in CUT for issue in reading.issues)
            outcome = "not_a_report" if seen_whole else outcome
            continue
        only_looked_after = item.link is not None and not item.link.is_listed and stored.outcome == "unchanged"
        outcomes.append("unlisted" if only_looked_after else stored.outcome)
        outcome = "report" if stored.outcome != "refused" else "key_unknown"
    fault = _fault(outcome, reason)
    if fault is not None and fault.meaning == "blocked":
        outcome = "blocked"
    noted = Noted(item.url, outcome, reason, fault, tuple(outcomes))
    archive.note_page(
        item.url,
        portal_id=item.portal.portal_id,
        capture_id=item.capture_id,
        outcome=outcome,
        reason=noted.said,
        fault=fault.code if fault is not None else None,
    )
    return noted


def _fault(outcome: str, reason: str) -> Fault | None:
    """What kept a page from being read; None for one that was."""
    if outcome == "unreadable":
        return fault_of_reading(reason) or Fault("unreadable", reason)
    return fault_of_reading(reason) if outcome == "not_a_report" else None
