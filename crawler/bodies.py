"""What all bodies hold together: thirty large answers at once must not take the machine, whatever each may have.

Counted are the bytes of downloads under way and of responses that nobody has finished with. When they pass the limit,
a download that holds more than its share is stopped and asked for again when there is room.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from scrapy import signals
from scrapy.exceptions import IgnoreRequest, StopDownload

from crawler.patience import HostCooled, Patience
from crawler.recorder import is_stopping

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

_SMALL = 65536
"""Bytes below which a response is not worth counting."""
_PUT_OFF = "put_off_for_room"
"""In the meta of a request: it was stopped for want of room, and needs a turn."""
_LOOK, _LONGEST = 0.2, 600.0
"""Seconds between two looks whether there is room again, and after which a download is given up."""


class NoRoom(StopDownload):
    """Raised to stop a download that takes more than its share."""


class StillNoRoom(IgnoreRequest):
    """Raised for a download that was put off, and never had its turn."""

    code = "too_large"


class Bodies:
    """Downloader middleware. `limit` is in bytes; all together stay below twice as much, come what may.

    Those that were put off come one after the other. The one whose turn it is is not stopped again; a copy of it (asked
    for once more, or redirected) has no turn by that.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._limit = crawler.settings.getint("GONGKAI_BODIES_MAXSIZE")
        self._coming: WeakKeyDictionary[Request, int] = WeakKeyDictionary()
        self._here: WeakKeyDictionary[Response, int] = WeakKeyDictionary()
        self._holder: Request | None = None
        """The request whose turn it is."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Bodies:
        bodies = cls(crawler)
        crawler.signals.connect(bodies.received, signals.bytes_received)
        crawler.signals.connect(bodies.came, signals.response_downloaded)
        crawler.signals.connect(bodies.came, signals.response_received)  # unpacked, it is another one
        crawler.signals.connect(bodies.left, signals.request_left_downloader)
        return bodies

    @property
    def together(self) -> int:
        """Bytes that are held now."""
        return sum(self._coming.values()) + sum(self._here.values())

    def received(self, data: bytes, request: Request) -> None:
        """Counts what has come. Raises NoRoom when it is too much."""
        held = self._coming[request] = self._coming.get(request, 0) + len(data)
        if request is self._holder:  # this one may have what it takes; there is one of them at a time
            return
        if self.together > self._limit and held > self._limit / len(self._coming):
            raise NoRoom

    def came(self, response: Response) -> None:
        """A response holds its body for as long as anybody holds the response."""
        if len(response.body) > _SMALL:
            self._here[response] = len(response.body)

    def left(self, request: Request) -> None:
        """The download is over, one way or the other."""
        self._coming.pop(request, None)
        self._release(request)

    async def process_request(self, request: Request) -> None:
        """Waits for the turn of a download that was put off. Raises StillNoRoom, or HostCooled in a run that ends."""
        if not request.meta.get(_PUT_OFF):
            return
        patience = self._crawler.get_downloader_middleware(Patience)
        assert patience is not None
        patience.waiting += 1
        try:
            await self._take_turn(request)
        finally:
            patience.waiting -= 1

    async def process_exception(self, request: Request, exception: Exception) -> Request | None:
        """Puts off a download for which there was no room."""
        self._release(request)  # of one that never came to the downloader
        if not isinstance(exception, NoRoom):
            return None
        exception.__traceback__ = exception.response = None  # what has come of it
        return request.replace(dont_filter=True, meta={**request.meta, _PUT_OFF: True})

    async def _take_turn(self, request: Request) -> None:
        """Waits until nobody has the turn, and half of the room is free."""
        end = time.monotonic() + _LONGEST
        while self._holder is not None or self.together > self._limit / 2:
            if is_stopping(self._crawler):
                raise HostCooled("not asked: the run was stopped")
            if time.monotonic() > end:
                raise StillNoRoom("too_large: other large answers have left no room for it")
            await asyncio.sleep(_LOOK)
        self._holder = request

    def _release(self, request: Request) -> None:
        if request is self._holder:
            self._holder = None
