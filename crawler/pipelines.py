"""The item pipeline: what the reader found goes into the archive, under its key."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from scrapy.exceptions import DropItem

from archive import Archive
from archive.captured import Origin
from archive.nights.links import Asked
from crawler.faults import Fault, fault_name, fault_of_reading
from crawler.items import Linked, ReadPage
from crawler.patience import Patience
from crawler.recorder import Recorder
from crawler.verdict import Failure, Tally
from pipelines.documents.limits import CUT

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class StoreReport:
    """Files every reading of a page, and notes what the page turned out to be."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> StoreReport:
        return cls(crawler)

    async def process_item(self, item: ReadPage) -> ReadPage:
        """Raises DropItem, with the fault on the portal's tally, when the archive does not take a page."""
        tally = self._crawler.spider.tallies[item.portal.portal_id]  # type: ignore[union-attr]
        try:
            return await self._store(item)
        except Exception as error:  # whatever it was, Scrapy would log it and call the run a success
            fault = Fault("not_stored", f"not stored: {fault_name(error)}")
            tally.failures.append(Failure(item.url, fault.message, fault.code))
            raise DropItem(f"{item.url}: {fault.message}", log_level="DEBUG") from error
        finally:
            tally.storing -= 1

    async def _store(self, item: ReadPage) -> ReadPage:
        recorder = self._crawler.get_extension(Recorder)
        patience = self._crawler.get_downloader_middleware(Patience)
        tally: Tally = self._crawler.spider.tallies[item.portal.portal_id]  # type: ignore[union-attr]
        assert recorder is not None
        noted, gone = await recorder.store(partial(_stored, item))
        tally.outcomes["gone"] += gone
        for one in noted:
            tally.outcomes.update(one.stored)
            if one.outcome == "blocked" and one.fault is not None:
                tally.failures.append(Failure(one.url, one.reason, one.fault.code))
                if patience is not None:
                    await patience.refused(one.url, one.fault)
            if one.is_none:
                tally.not_reports.append((one.url, one.said))
        return item


@dataclass(frozen=True, slots=True)
class _Noted:
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


def _stored(item: ReadPage, archive: Archive) -> tuple[list[_Noted], int]:
    """The page, then its files; the link to it only when all of that is filed, lest a night skip the rest.

    Returns what became of each, and how many reports are gone with the page. To be called in the thread that writes.
    """
    pages = [(item, item.origin()), *((file, file.origin(item)) for file in item.files)]
    noted = [archive.at_once(partial(_filed, page, origin, archive)) for page, origin in pages]
    return noted, _link_noted(item, item.link, noted, archive) if item.link is not None else 0


def _link_noted(item: ReadPage, link: Linked, noted: list[_Noted], archive: Archive) -> int:
    reports = sum(one.reports for one in noted)
    outcome = noted[0].outcome if item.whole and all(one.came for one in noted) else "failed"
    if outcome == "not_a_report" and not reports and link.had_reports:
        outcome = "gone"  # the address gives something else now
    asked = Asked(link.url, outcome, reports, item.url, link.listed_on, link.words)
    return archive.note_link(item.portal.portal_id, asked)


def _filed(item: ReadPage, origin: Origin, archive: Archive) -> _Noted:
    """Files the readings of one page, and notes what it turned out to be."""
    if not item.readings:
        return _Noted(item.url, "not_a_report", was_asked_for=False)
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
    noted = _Noted(item.url, outcome, reason, fault, tuple(outcomes))
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
