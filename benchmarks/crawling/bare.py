"""The other side: a plain Scrapy spider that downloads the addresses of a file and does nothing with them.

    python -m benchmarks.crawling.bare URLS [NAME=VALUE ...]

Scrapy's own defaults, but for the settings that the crawl is given too.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response


class BareSpider(scrapy.Spider):
    """Downloads, and counts."""

    name = "bare"

    def __init__(self, urls: list[str]) -> None:
        super().__init__()
        self.urls = urls
        self.answers = 0

    async def start(self) -> AsyncIterator[scrapy.Request]:
        for url in self.urls:
            yield scrapy.Request(url)

    def parse(self, response: Response) -> None:
        """One more page."""
        self.answers += response.status == 200


def main() -> int:
    """0 when every page came."""
    urls = Path(sys.argv[1]).read_text(encoding="utf-8").split()
    settings = dict(text.split("=", 1) for text in sys.argv[2:])
    process = AsyncCrawlerProcess({"LOG_LEVEL": "WARNING", **settings})
    crawler = process.create_crawler(BareSpider)
    process.crawl(crawler, urls=urls)
    process.start()
    spider = crawler.spider
    assert isinstance(spider, BareSpider)
    return 0 if spider.answers == len(urls) else 1


if __name__ == "__main__":
    sys.exit(main())
