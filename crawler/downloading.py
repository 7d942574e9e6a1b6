"""How answers are taken from the wire: by Scrapy's handler, with an end to header lines.

Scrapy limits bodies but not what comes before them: a server that never stops sending headers, or interim answers,
takes a gigabyte in a few seconds. Here the connection is dropped instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure
from twisted.web._newclient import HEADER, STATUS

from crawler.turns import Turns

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

LONGEST_HEAD = 128 * 1024
"""Bytes that may come before a body. Browsers and servers stop at 8 to 256 kB; a portal sends below two."""


class HeadTooLarge(Exception):  # noqa: N818 - what the server sent, not what we did
    """The header of an answer has no end in sight."""

    code = "too_large"


class BoundedHandler(HTTP11DownloadHandler):
    """Scrapy's handler with protocols that give up on an endless header; https adds its TLS (crawler/tls.py)."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = _Factory
        self._turns = Turns.from_crawler(crawler)

    async def download_request(self, request: Request) -> Response:
        if self._turns is None:
            return await super().download_request(request)
        async with self._turns.at(request.url):
            return await super().download_request(request)


class _Protocol(_LenientHTTP11ClientProtocol):
    _head = 0

    def request(self, request: Any) -> Deferred[Any]:
        self._head = 0
        return super().request(request)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 (Twisted's name)
        if self._parser is not None and self._parser.state in (STATUS, HEADER):
            # A piece in which the header ends brings some of the body too: only whole pieces before it count.
            if self._head > LONGEST_HEAD:
                self._refuse()
                return
            self._head += len(data)
        super().dataReceived(data)  # type: ignore[no-untyped-call]

    def _refuse(self) -> None:
        fault = HeadTooLarge(f"too_large: more than {LONGEST_HEAD} bytes of header")
        cast(Any, self.transport).abortConnection()
        self._giveUp(Failure(fault))  # type: ignore[no-untyped-call]


class _Factory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: Any) -> _Protocol:  # noqa: N802 (Twisted's name)
        return _Protocol(self._quiescentCallback)  # type: ignore[no-untyped-call]
