"""The item pipeline: what the reader found goes into the archive, under its key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.exceptions import DropItem

from crawler.faults import Fault, fault_name
from crawler.filing import file_page
from crawler.items import ReadPage
from crawler.patience import Patience
from crawler.recorder import Recorder
from crawler.verdict import Failure, Tally

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
        noted, gone = await recorder.store(file_page, item)
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
