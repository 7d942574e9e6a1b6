"""The item pipeline: what the reader found goes into the archive, under its key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.exceptions import DropItem

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
        """The page, then its files; the link to it only when all of that is on the disk, lest a night skip the rest."""
        outcomes = [await self._store_one(page) for page in (item, *item.files)]
        if item.link is not None:
            await self._note_link(item, item.link, outcomes)
        return item

    async def _note_link(self, item: ReadPage, link: Linked, outcomes: list[tuple[str, int]]) -> None:
        recorder, tally = self._parts(item)
        reports = sum(number for _, number in outcomes)
        came = item.whole and not {"blocked", "failed"} & {outcome for outcome, _ in outcomes}
        outcome = outcomes[0][0] if came else "failed"
        if outcome == "not_a_report" and not reports and link.had_reports:
            outcome = "gone"  # the address gives something else now
        asked = Asked(link.url, outcome, reports, item.url, link.listed_on, link.words)
        tally.outcomes["gone"] += await recorder.note_link(item.portal.portal_id, asked)

    def _parts(self, item: ReadPage) -> tuple[Recorder, Tally]:
        recorder = self._crawler.get_extension(Recorder)
        assert recorder is not None
        return recorder, self._crawler.spider.tallies[item.portal.portal_id]  # type: ignore[union-attr]

    async def _store_one(self, item: ReadPage) -> tuple[str, int]:
        """Files the readings of one page; returns its outcome and the number of its reports."""
        recorder, tally = self._parts(item)
        if not item.readings:  # of years that are not asked for
            return "not_a_report", 0
        outcome, reason, reports = "unreadable", "", 0
        for reading in item.readings:
            if not reading.report:
                reason = reason or reading.reason or ""
                seen_whole = reading.text is not None and not any(issue.code in CUT for issue in reading.issues)
                outcome = "not_a_report" if seen_whole else outcome
                continue
            stored = await recorder.store(
                reading,
                item.capture_id,
                trust=item.portal.trust,
                portal_id=item.portal.portal_id,
                division_code=item.portal.division_code or None,
                role=item.role,
            )
            only_looked_after = item.link is not None and not item.link.is_listed and stored.outcome == "unchanged"
            tally.outcomes["unlisted" if only_looked_after else stored.outcome] += 1
            reports += stored.outcome != "refused"
            outcome = "report" if stored.outcome != "refused" else "key_unknown"
        fault = _fault(outcome, reason)
        if fault is not None and fault.meaning == "blocked":
            outcome = "blocked"
            tally.failures.append(Failure(item.url, reason, fault.code))
            patience = self._crawler.get_downloader_middleware(Patience)
            if patience is not None:
                await patience.refused(item.url, fault)
        if outcome in ("not_a_report", "unreadable"):
            tally.not_reports.append((item.url, fault.message if fault is not None else reason))
        await recorder.note_page(
            item.url,
            portal_id=item.portal.portal_id,
            capture_id=item.capture_id,
            outcome=outcome,
            reason=fault.message if fault is not None else reason,
            fault=fault.code if fault is not None else None,
        )
        if fault is not None and fault.meaning == "ours":  # another night may have more time, or memory
            outcome = "failed"
        return outcome, reports


def _fault(outcome: str, reason: str) -> Fault | None:
    """What kept a page from being read; None for one that was."""
    if outcome == "unreadable":
        return fault_of_reading(reason) or Fault("unreadable", reason)
    return fault_of_reading(reason) if outcome == "not_a_report" else None
