"""What a run keeps: one process writes the archive, others read documents, the reactor waits for neither.

An extension, so that `scrapy crawl reports` and `gongkai crawl` record alike. Nothing is recorded in a dry run.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from scrapy import signals
from scrapy.exceptions import NotConfigured

from archive import Archive, ArchiveError, ArchiveFailing, Exchange, KnownColumns, Stored, Validators
from archive.captured import Origin
from archive.nights.hosts import HeldHost
from archive.nights.links import Asked, Link, Walk
from archive.nights.portals import Fared
from crawler.garbage import seek_rarely
from crawler.options import MEGABYTE
from crawler.portals import Portal, places_of
from crawler.reading import Outcome, ReadingRoom
from crawler.room import too_little
from crawler.seeing import Look
from crawler.verdict import exit_code, verdict_of
from crawler.writing import Work, Writer
from pipelines.model import Capture, Context, Reading

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler

_LOOK = 0.2
"""Seconds between two looks at whether the run is being stopped."""
_LAST = 30.0
"""Seconds that are left to documents under way when it is: the whole has two minutes (docs/operating.md)."""
_LOOK_EVERY = 1.0
"""Seconds between two looks at how much room the disk has."""
_ENDING: set[asyncio.Future[None]] = set()
"""Holds on to what ends a run; asyncio alone would let go of it."""

P = ParamSpec("P")
T = TypeVar("T")


class Recorder:
    """Owns the process that writes and those that read for the length of a run.

    Raises ArchiveError (ArchiveBusy when another run writes) from `from_crawler`, before anything is fetched.
    """

    def __init__(self, writer: Writer, reading: ReadingRoom, crawler: Crawler) -> None:
        self.failing: ArchiveError | None = None
        """Why nothing more can be written; the run ends then."""
        self._crawler = crawler
        self._over = False
        self._floor = _floor(crawler)
        self._looked = 0.0
        self._writer = writer
        self._reading = reading
        self._watch: asyncio.Future[None] | None = None
        self._is_first = writer.at_once(Archive.is_blank)
        self._run_id = writer.at_once(Archive.begin_run, "crawl")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Recorder:
        if crawler.settings.getbool("GONGKAI_DRY_RUN"):
            raise NotConfigured
        archive = Path(crawler.settings["GONGKAI_ARCHIVE"])
        low = too_little(archive, _floor(crawler))
        if low:
            raise low
        writer, reading = Writer(archive), ReadingRoom(crawler.settings.getint("GONGKAI_WORKERS"))
        try:
            reading.fork(writer.pipe)
            recorder = cls(writer, reading, crawler)
        except BaseException:
            reading.close()
            raise
        seek_rarely()
        crawler.signals.connect(recorder.close, signals.spider_closed)
        return recorder

    def held_hosts(self) -> dict[str, HeldHost]:
        """Hosts that refused or failed on the nights before; to be asked for before the run writes anything."""
        return self._writer.at_once(Archive.held_hosts)

    async def strike_host(self, host: str, fault: str, message: str, *, blocks: bool, again: bool) -> None:
        """Remember that a host refused or failed; see Archive.strike_host."""
        await self._note(Archive.strike_host, host, fault, message, blocks=blocks, again=again)

    async def forget_hosts(self, hosts: Iterable[str]) -> None:
        """Forget hosts that answer well again; see Archive.forget_hosts."""
        await self._note(Archive.forget_hosts, hosts)

    async def keep(self, exchange: Exchange, portal_id: str | None) -> int:
        """Write one exchange to WARC and index it; returns the capture's id."""
        self._mind_the_floor()
        return await self._write(Archive.keep, exchange, run_id=self._run_id, portal_id=portal_id)

    async def read(self, capture: Capture, context: Context, look: Look | None = None) -> Outcome:
        """Read a capture in a worker process, and look at it as a page where `look` says how.

        Raises ReadingEnded when the run is stopped before it is read.
        """
        if self._watch is None:
            self._watch = asyncio.ensure_future(self._watch_for_the_end())
        return await self._reading.read(capture, context, look)

    async def file(
        self, capture_id: int, readings: tuple[Reading, ...], origin: Origin, *, whole: bool = False
    ) -> list[Stored | None]:
        """File what was read of a capture; see Archive.file."""
        return await self._write(Archive.file, capture_id, readings, origin, whole=whole)

    async def store(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Have a function write to the archive by several calls, which reach the disk together."""
        return await self._write(work, *args, **kwargs)

    async def note_page(self, url: str, **known: Any) -> None:
        """Remember what a URL turned out to be; see Archive.note_page."""
        await self._note(Archive.note_page, url, **known)

    async def validators(self, url: str) -> Validators | None:
        """What lets a server say that nothing has changed; see Archive.validators. Nothing does on the first night."""
        if self._is_first:
            return None
        return await self._write(Archive.validators, url)

    async def recall(self, capture_id: int, at: str, portal_id: str | None) -> Capture:
        """The answer of the last time, of which the server says that it still holds."""
        return await self._write(_recalled, capture_id, at, portal_id)

    async def links(self, portal_id: str) -> list[Link]:
        """What was asked for on the nights before; see Archive.links."""
        return await self._write(Archive.links, portal_id)

    async def walks(self, portal_id: str) -> list[Walk]:
        """Which lists were gone through, and when; see Archive.walks."""
        return await self._write(Archive.walks, portal_id)

    async def note_link(self, portal_id: str, asked: Asked) -> int:
        """Remember what came of a link; see Archive.note_link."""
        return await self._write(Archive.note_link, portal_id, asked)

    async def close_portal(self, portal_id: str, fared: Fared, **known: Any) -> None:
        """Note how a portal fared; see Archive.close_portal."""
        await self._write(Archive.close_portal, self._run_id, portal_id, fared, **known)

    async def enter_portal(self, portal: Portal) -> None:
        """Note what the portals file says of a portal; see Archive.enter_portal."""
        await self._note(Archive.enter_portal, portal.portal_id, places_of(portal))

    async def known_columns(self, portal_id: str) -> KnownColumns:
        """What worked on a portal before; see Archive.known_columns."""
        return await self._write(Archive.known_columns, portal_id)

    async def remember_columns(self, portal_id: str, **known: Any) -> None:
        """Remember what worked on a portal tonight; see Archive.remember_columns."""
        await self._write(Archive.remember_columns, portal_id, **known)

    async def close(self, spider: Spider, reason: str) -> None:
        """Finish the run: verdict and counts into the `runs` table, then let go of the archive."""
        if self._watch is not None:
            self._watch.cancel()
        self._reading.close()
        tallies = spider.tallies  # type: ignore[attr-defined]
        spider.verdict = verdict = verdict_of(tallies, reason)  # type: ignore[attr-defined]
        counts: dict[str, int] = {}
        for tally in tallies.values():
            for name, number in tally.counts().items():
                counts[name] = counts.get(name, 0) + number
        try:
            await self._write(Archive.finish_run, self._run_id, verdict, exit_code(verdict), counts)
            spider.totals = await self._write(Archive.totals)  # type: ignore[attr-defined]
        except ArchiveError as error:  # a run without an end, as if it had been killed: the next one says so
            self.failing = self.failing or error
            spider.verdict = "archive"  # type: ignore[attr-defined]
        self._over = True
        await self._writer.close()

    def abandon(self) -> None:
        """Ends all processes of a run that is not waited for; what is in the archive stays, and is sound."""
        self._reading.close()
        self._writer.abandon()

    async def _watch_for_the_end(self) -> None:
        """Scrapy closes a run only when its pages are through, so that documents must not keep them."""
        while not is_stopping(self._crawler):
            if (loss := self._writer.loss()) is not None:
                self._end(loss)
            await asyncio.sleep(_LOOK)
        await self._reading.end(_LAST)

    async def _write(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Raises ArchiveError, and ends the run when it is of the kind after which nothing can be written."""
        if self._over:
            raise ArchiveFailing(f"{self._writer.path}: the run is over")
        try:
            return await self._writer.do(work, *args, **kwargs)
        except ArchiveFailing as error:
            self._end(error)
            raise

    async def _note(self, work: Work[P, None], *args: P.args, **kwargs: P.kwargs) -> None:
        """Writes what is no loss when the run ends for the same reason that it cannot be written."""
        with suppress(ArchiveFailing):
            await self._write(work, *args, **kwargs)

    def _mind_the_floor(self) -> None:
        """Ends the run while there is still room to end it in order."""
        now = time.monotonic()
        if now - self._looked < _LOOK_EVERY:
            return
        self._looked = now
        low = too_little(self._writer.path, self._floor)
        if low:
            self._end(low)

    def _end(self, error: ArchiveError) -> None:
        if self.failing is None:
            self.failing = error
            engine = self._crawler.engine
            if engine is not None:
                _ENDING.add(asyncio.ensure_future(engine.close_spider_async(reason="archive")))


def _recalled(archive: Archive, capture_id: int, at: str, portal_id: str | None) -> Capture:
    capture = archive.read(capture_id)
    archive.keep_unchanged(capture_id, at, portal_id=portal_id)
    return capture


def _floor(crawler: Crawler) -> float:
    """Bytes of free disk below which a run ends."""
    return crawler.settings.getfloat("GONGKAI_DISK_FLOOR_MB") * MEGABYTE


def is_stopping(crawler: Crawler) -> bool:
    """Whether a run that was begun is coming to its end, in order or by a signal."""
    engine = crawler.engine
    return engine is not None and (not engine.running or engine._slot is None or engine._slot.closing is not None)
