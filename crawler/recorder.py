"""What a run keeps: one thread writes the archive, worker processes read documents, the reactor waits for neither.

An extension, so that `scrapy crawl reports` and `gongkai crawl` record alike. Nothing is recorded in a dry run.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from scrapy import signals
from scrapy.exceptions import NotConfigured

from archive import Archive, Exchange, KnownColumns, Stored
from archive.agencies.divisions import chain_of
from crawler.portals import Portal
from crawler.reading import ReadingRoom
from crawler.verdict import exit_code, verdict_of
from pipelines.model import Capture, Context, Reading

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler

P = ParamSpec("P")
T = TypeVar("T")


class Recorder:
    """Owns the archive and the reader processes for the length of a run.

    Raises ArchiveError (ArchiveBusy when another run writes) from `from_crawler`, before anything is fetched.
    """

    def __init__(self, archive: Archive, reading: ReadingRoom, held: ExitStack) -> None:
        self._archive = archive
        self._reading = reading
        self._held = held
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="archive")
        self._run_id = archive.begin_run("crawl")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Recorder:
        if crawler.settings.getbool("GONGKAI_DRY_RUN"):
            raise NotConfigured
        with ExitStack() as opening:
            archive = opening.enter_context(Archive.open(Path(crawler.settings["GONGKAI_ARCHIVE"])))
            opening.enter_context(archive.lock())
            recorder = cls(archive, ReadingRoom(crawler.settings.getint("GONGKAI_WORKERS")), opening.pop_all())
        crawler.signals.connect(recorder.close, signals.spider_closed)
        return recorder

    async def keep(self, exchange: Exchange, portal_id: str | None) -> int:
        """Write one exchange to WARC and index it; returns the capture's id."""
        return await self._write(self._archive.keep, exchange, run_id=self._run_id, portal_id=portal_id)

    async def read(self, capture: Capture, context: Context) -> tuple[Reading, ...]:
        """Read a capture in a worker process."""
        return await self._reading.read(capture, context)

    async def store(self, reading: Reading, capture_id: int, **known: Any) -> Stored:
        """File a reading under its key; see Archive.store."""
        return await self._write(self._archive.store, reading, capture_id, **known)

    async def note_page(self, url: str, **known: Any) -> None:
        """Remember what a URL turned out to be; see Archive.note_page."""
        await self._write(self._archive.note_page, url, **known)

    async def enter_portal(self, portal: Portal) -> None:
        """Note what the portals file says of a portal; see Archive.enter_portal."""
        place = chain_of(portal.division_code)
        cells: dict[str, str | None] = {
            "name": portal.name,
            "division_code": portal.division_code,
            "level": portal.level,
        }
        cells |= {"province": place.province, "city": place.city, "county": place.county}
        await self._write(self._archive.enter_portal, portal.portal_id, cells)

    async def known_columns(self, portal_id: str) -> KnownColumns:
        """What worked on a portal before; see Archive.known_columns."""
        return await self._write(self._archive.known_columns, portal_id)

    async def remember_columns(self, portal_id: str, **known: Any) -> None:
        """Remember what worked on a portal tonight; see Archive.remember_columns."""
        await self._write(self._archive.remember_columns, portal_id, **known)

    async def close(self, spider: Spider, reason: str) -> None:
        """Finish the run: verdict and counts into the `runs` table, then let go of the archive."""
        self._reading.close()
        tallies = spider.tallies  # type: ignore[attr-defined]
        spider.verdict = verdict = verdict_of(tallies, reason)  # type: ignore[attr-defined]
        counts: dict[str, int] = {}
        for tally in tallies.values():
            for name, number in tally.counts().items():
                counts[name] = counts.get(name, 0) + number
        await self._write(self._archive.finish_run, self._run_id, verdict, exit_code(verdict), counts)
        spider.totals = await self._write(self._archive.totals)  # type: ignore[attr-defined]
        await self._write(self._held.close)
        self._writer.shutdown()

    async def _write(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._writer, lambda: call(*args, **kwargs))
