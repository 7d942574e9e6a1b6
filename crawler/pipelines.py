"""The item pipeline: what the reader found goes into the archive, under its key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.exceptions import DropItem

from crawler.faults import fault_name
from crawler.items import ReadPage
from crawler.recorder import Recorder

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
        try:
            return await self._store(item)
        except Exception as error:  # whatever it was, Scrapy would log it and call the run a success
            tally = self._crawler.spider.tallies[item.portal.portal_id]  # type: ignore[union-attr]
            tally.failures.append((item.url, f"not stored: {fault_name(error)}"))
            raise DropItem(f"{item.url}: not stored: {fault_name(error)}") from error

    async def _store(self, item: ReadPage) -> ReadPage:
        recorder = self._crawler.get_extension(Recorder)
        assert recorder is not None
        tally = self._crawler.spider.tallies[item.portal.portal_id]  # type: ignore[union-attr]
        outcome, reason = "unreadable", ""
        for reading in item.readings:
            if not reading.report:
                reason = reason or reading.reason or ""
                outcome = outcome if reading.text is None else "not_a_report"
                continue
            stored = await recorder.store(
                reading,
                item.capture_id,
                trust=item.portal.trust,
                portal_id=item.portal.portal_id,
                division_code=item.portal.division_code or None,
                role=item.role,
            )
            tally.outcomes[stored.outcome] += 1
            outcome = "report" if stored.outcome != "refused" else "key_unknown"
        if reason.startswith("blocked") and outcome == "not_a_report":
            outcome = "blocked"
            tally.failures.append((item.url, reason))
        if outcome in ("not_a_report", "unreadable"):
            tally.not_reports.append((item.url, reason))
        await recorder.note_page(
            item.url, portal_id=item.portal.portal_id, capture_id=item.capture_id, outcome=outcome, reason=reason
        )
        return item
