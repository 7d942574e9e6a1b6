"""How far a crawl has come, as its pages are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy import signals

from crawler.bar import Bar

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler


class Progress:
    """Extension: counts the candidate pages that were found and those that were read."""

    def __init__(self) -> None:
        self._bar = Bar(" pages", lambda bar: f"{bar.done} of {bar.total} pages read", doing="reading")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Progress:
        progress = cls()
        crawler.signals.connect(progress.page_read, signals.item_scraped)
        crawler.signals.connect(progress.close, signals.spider_closed)
        return progress

    def page_read(self, item: Any, spider: Spider) -> None:
        """One more page is read and stored."""
        self._bar.more(total=spider.chosen, beside=item.portal.name)  # type: ignore[attr-defined]

    def close(self) -> None:
        """The crawl is over."""
        self._bar.close()
