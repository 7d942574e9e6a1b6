"""robots.txt by RFC 9309: a missing file allows all, a failing server forbids all, and at most 500 KiB are read.

Scrapy's own middleware takes the body of an error page for rules and an unreachable file for permission.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.utils.httpobj import urlparse_cached

from crawler.faults import fault_name
from crawler.guard import ForbiddenTarget

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser

_LONGEST = 500 * 1024
_NOTHING, _EVERYTHING = b"", b"User-agent: *\nDisallow: /\n"


class RobotsForbidden(IgnoreRequest):
    """Raised for a page that robots.txt keeps us from; the message says which rule of the RFC applies."""


class RobotsUnreachable(RobotsForbidden):
    """Raised when the server does not even give its robots.txt: all is forbidden until it does."""


class Robots(RobotsTxtMiddleware):
    """Downloader middleware."""

    def __init__(self, crawler: object) -> None:
        super().__init__(crawler)  # type: ignore[arg-type]
        # Scrapy logs a traceback for every dead host; we name the fault with each page that it costs.
        logging.getLogger(RobotsTxtMiddleware.__module__).setLevel(logging.CRITICAL)
        self._failed: dict[str, str] = {}

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        failed = self._failed.get(urlparse_cached(request).netloc)
        if failed:
            raise RobotsUnreachable(f"robots.txt cannot be read: {failed}")
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest as error:
            raise RobotsForbidden("forbidden by robots.txt") from error

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500:
            self._failed[netloc] = f"status {response.status}"
            response = response.replace(body=_EVERYTHING)
        elif response.status >= 400:
            response = response.replace(body=_NOTHING)
        else:
            response = response.replace(body=response.body[:_LONGEST])
        await super()._parse_robots(response, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        # robots.txt that redirects off the hosts we know counts as missing; a dead server forbids.
        if not isinstance(exc, ForbiddenTarget):
            self._failed[netloc] = fault_name(exc)
        super()._robots_error(exc, netloc)
