"""How far a crawl has come: a bar on a terminal, a plain line now and then in a log."""

from __future__ import annotations

import shutil
import sys
import time
from typing import TYPE_CHECKING, Any

from scrapy import signals
from tqdm import tqdm

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler

_EVERY = 10.0
"""Seconds between two plain lines."""


class Progress:
    """Extension: counts the candidate pages that were found and those that were read."""

    def __init__(self, terminal: bool) -> None:
        size = shutil.get_terminal_size()  # sensible too where a terminal claims to have no rows and columns
        self._bar = tqdm(
            unit=" pages",
            desc="reading",
            file=sys.stderr,
            disable=not terminal,
            leave=False,
            ncols=size.columns,
            nrows=size.lines,
        )
        self._terminal = terminal
        self._done = 0
        self._last = time.monotonic()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Progress:
        progress = cls(sys.stderr.isatty())
        crawler.signals.connect(progress.page_read, signals.item_scraped)
        crawler.signals.connect(progress.close, signals.spider_closed)
        return progress

    def page_read(self, item: Any, spider: Spider) -> None:
        """One more page is read and stored."""
        self._done += 1
        found = spider.chosen  # type: ignore[attr-defined]
        self._bar.total = max(found, self._done)
        self._bar.set_postfix_str(item.portal.name, refresh=False)
        self._bar.update()
        if not self._terminal and time.monotonic() - self._last >= _EVERY:
            self._last = time.monotonic()
            print(f"{self._done} of {found} pages read", file=sys.stderr)

    def close(self) -> None:
        """Wipe the bar, so that the last lines stand alone."""
        self._bar.close()
