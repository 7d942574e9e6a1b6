"""Fetches a single page, as politely and as guarded as a crawl, for somebody who wants to look at it.

What was fetched, robots.txt and redirects included, goes to the archive that the settings name.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import scrapy
from scrapy import Request
from scrapy.http import Response

from crawler.faults import fault_name
from crawler.verdict import Tally


class LookingSpider(scrapy.Spider):
    """One request; `capture_id` or `fault` holds what came of it."""

    name = "looking"

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.tallies: dict[str, Tally] = {}
        self.capture_id: int | None = None
        self.status = 0
        self.fault = "nothing came"

    async def start(self) -> AsyncIterator[Request]:
        yield Request(self.url, callback=self.parse, errback=self.failed, dont_filter=True)

    def parse(self, response: Response) -> None:
        """Note the capture, whatever its status."""
        self.capture_id, self.status = response.meta["capture_id"], response.status

    def failed(self, failure: Any) -> None:
        """Name what kept the answer from coming."""
        self.fault = fault_name(failure.value)
