"""robots.txt by RFC 9309: a missing file allows all, a failing server forbids all, and at most 500 KiB are read.

Scrapy's own middleware takes the body of an error page for rules and an unreachable file for permission.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.utils.httpobj import urlparse_cached

from crawler.faults import Fault, fault_of, fault_of_answer
from crawler.guard import ForbiddenTarget
from crawler.patience import HostCooled
from crawler.redirects import BadRedirect, RedirectLoop

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser

_LONGEST = 500 * 1024
_NOTHING, _EVERYTHING = b"", b"User-agent: *\nDisallow: /\n"


class RobotsForbidden(IgnoreRequest):
    """Raised for a page that robots.txt keeps us from; the message says which rule of the RFC applies."""

    code = "robots_forbidden"


class RobotsUnreachable(RobotsForbidden):
    """Raised when the server does not even give its robots.txt: all is forbidden until it does."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"robots.txt cannot be read: {fault.message}")
        # What will not pass by itself is worth its own name, and so is a host on which nothing answers at all.
        named = fault.meaning != "transient" or fault.code in ("connection_refused", "dns")
        self.code = fault.code if named else "robots_unreachable"


class Robots(RobotsTxtMiddleware):
    """Downloader middleware."""

    def __init__(self, crawler: object) -> None:
        super().__init__(crawler)  # type: ignore[arg-type]
        # Scrapy logs a traceback for every dead host; we name the fault with each page that it costs.
        logging.getLogger(RobotsTxtMiddleware.__module__).setLevel(logging.CRITICAL)
        self._failed: dict[str, Fault] = {}

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        failed = self._failed.get(urlparse_cached(request).netloc)
        if failed is not None:
            raise HostCooled(failed.message) if failed.code == HostCooled.code else RobotsUnreachable(failed)
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest as error:
            raise RobotsForbidden("forbidden by robots.txt") from error

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        fault = fault_of_answer(response)
        if fault is not None and (response.status >= 500 or response.status == 429):
            self._failed[netloc] = fault
            response = response.replace(body=_EVERYTHING)
        elif fault is not None:
            response = response.replace(body=_NOTHING)
        else:
            response = response.replace(body=response.body[:_LONGEST])
        await super()._parse_robots(response, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        # robots.txt that redirects off the hosts we know, or nowhere, counts as missing; a dead server forbids.
        if not isinstance(exc, ForbiddenTarget | RedirectLoop | BadRedirect):
            self._failed[netloc] = fault_of(exc)
        super()._robots_error(exc, netloc)
