"""Turns at hosts, where several crawls share the work: never two requests at once to one host, whoever asks.

A crawl that is handed out in parts (gongkai/spreading) gives each host to one part, but pages link where they like, so
that two parts may come to one host. Each request therefore holds a lock of the system on a file of that host, in a
folder that all parts see. It is free again when its holder dies, however it dies.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import re
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.patience import HostCooled
from crawler.recorder import is_stopping

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_LOOK = 0.05
"""Seconds between two looks at whether a host is free."""
_LONGEST_NAME = 200


class Turns:
    """The turns of one crawl. `delay` is in seconds: between the end of another's request and the begin of ours."""

    def __init__(self, folder: Path, delay: float, is_over: Callable[[], bool]) -> None:
        self._folder = folder
        self._delay = delay
        self._is_over = is_over
        self._me = secrets.token_hex(8)
        self._begun: dict[str, float] = {}
        """When our last request to a host began, by the clock of this process."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Turns | None:
        """None for a crawl that shares hosts with nobody."""
        folder = crawler.settings.get("GONGKAI_TURNS")
        if not folder:
            return None
        Path(folder).mkdir(parents=True, exist_ok=True)
        return cls(Path(folder), crawler.settings.getfloat("DOWNLOAD_DELAY"), lambda: is_stopping(crawler))

    @asynccontextmanager
    async def at(self, url: str) -> AsyncIterator[None]:
        """Holds the host of an address while a request is on its way. Raises HostCooled when the run is stopped."""
        host = re.sub(r"[^\w.-]", "_", (urlsplit(url).hostname or "").lower())[:_LONGEST_NAME]
        # Who waits holds the place behind whoever has the turn: else one with many requests would never let go.
        next_in_line = await self._taken(self._folder / f"{host}.next")
        try:
            turn = await self._taken(self._folder / host)
            try:
                await asyncio.sleep(await asyncio.to_thread(self._rest, host, turn))
            except BaseException:
                os.close(turn)
                raise
        finally:
            os.close(next_in_line)
        self._begun[host] = time.monotonic()
        try:
            yield
        finally:
            await asyncio.to_thread(self._give_back, turn)

    async def _taken(self, file: Path) -> int:
        while True:
            fd = await asyncio.to_thread(_locked, file)
            if fd is not None:
                return fd
            if self._is_over():
                raise HostCooled("not asked: the run was stopped")
            await asyncio.sleep(_LOOK)

    def _rest(self, host: str, turn: int) -> float:
        """Seconds until the host may be asked.

        After a request of ours half the delay from its begin, which is the least that Scrapy lets pass: of requests
        that waited for their turn it takes no account. After one of somebody else the delay from its end; as clocks of
        other machines may differ, it is never longer than that.
        """
        said = os.pread(turn, 100, 0).decode("ascii", "replace")
        who, _, at = said.partition(" ")
        if who == self._me:
            return max(0.0, self._begun.get(host, 0.0) + self._delay / 2 - time.monotonic())
        try:
            left = float(at) + self._delay - time.time()
        except ValueError:  # nobody was here before
            return 0.0
        return max(0.0, min(left, self._delay))

    def _give_back(self, turn: int) -> None:
        try:
            said = f"{self._me} {time.time():.3f}".encode("ascii")
            os.ftruncate(turn, os.pwrite(turn, said, 0))
        finally:
            os.close(turn)


def _locked(file: Path) -> int | None:
    """The open file, locked; None when somebody else has it."""
    fd = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(fd)
        return None
    except BaseException:
        os.close(fd)
        raise
    return fd
