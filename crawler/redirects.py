"""Redirects that lead nowhere, named: in a circle, on and on, to what is no address, or off the web."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import IgnoreRequest

from crawler.guard import ForbiddenTarget

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

_STATUSES = frozenset((301, 302, 303, 307, 308))


class RedirectLoop(IgnoreRequest):
    """Raised for an address that leads back to itself, or further than any that means well."""

    code = "redirect_loop"


class BadRedirect(IgnoreRequest):
    """Raised for an address that leads to what is none."""

    code = "bad_redirect"


class Redirects(RedirectMiddleware):
    """Downloader middleware: Scrapy's, with names for what it only drops or stumbles over."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """Raises RedirectLoop, BadRedirect or ForbiddenTarget. A redirect without an address is handed on."""
        place = (response.headers.get("Location") or b"").decode("latin-1").strip()
        if response.status not in _STATUSES or not place:
            return response
        try:
            scheme = urlsplit(urljoin(request.url, place)).scheme
            if scheme not in ("http", "https"):
                raise ForbiddenTarget(f"redirects to {scheme[:20]}:, which is not the web")
            following = super().process_response(request, response)
        except ValueError as error:
            raise BadRedirect(f"redirects to what is no address: {place[:100]}") from error
        except IgnoreRequest as error:
            if isinstance(error, ForbiddenTarget):
                raise
            raise RedirectLoop(f"redirects more than {self.max_redirect_times} times") from error
        seen = (request.url, *request.meta.get("redirect_urls", ()))
        if following is not response and following.url in seen and following.method == request.method:  # type: ignore[union-attr]
            raise RedirectLoop("redirects in a circle")
        return following
