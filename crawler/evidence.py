"""Evidence first: every response goes to WARC, raw, before anything looks into it.

The middleware stands next to the downloader, where bodies are still compressed and redirects, errors and robots.txt
pass by too. The capture's id travels in `meta["capture_id"]`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import IgnoreRequest

from archive import Exchange
from crawler.recorder import Recorder

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response


class BodyCut(IgnoreRequest):
    """Raised when a body stayed shorter than announced after all retries; what came of it is in the WARC, marked."""


class Evidence:
    """Downloader middleware: keeps each exchange, and retries bodies that were cut short."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Evidence:
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Response | Request:
        recorder = self._crawler.get_extension(Recorder)
        if recorder is not None:
            exchange = _exchange(request, response)
            request.meta["capture_id"] = await recorder.keep(exchange, request.meta.get("portal_id"))
        if "dataloss" in response.flags:
            assert self._crawler.spider is not None
            again = get_retry_request(request, spider=self._crawler.spider, reason="body cut short")
            if again is None:
                raise BodyCut("the body was cut short")
            return again
        return response


def _exchange(request: Request, response: Response) -> Exchange:
    status = response.status
    return Exchange(
        url=response.url,
        method=request.method,
        request_headers=_pairs(request),
        request_body=request.body,
        status=status,
        reason=HTTPStatus(status).phrase if status in set(HTTPStatus) else "",
        headers=_pairs(response),
        body=response.body,
        fetched_at=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        truncated="disconnect" if "dataloss" in response.flags else "",
    )


def _pairs(message: Request | Response) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in message.headers.items()
        for value in values
    )
