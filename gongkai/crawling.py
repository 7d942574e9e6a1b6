"""One crawl from start to verdict: Scrapy is set up, run, and judged by our own count."""

from __future__ import annotations

import csv
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from archive import ArchiveBusy, ArchiveError
from archive.publish.publishing import place_of, publish
from crawler.looking import LookingSpider
from crawler.options import OptionsError, load_options
from crawler.portals import REQUIRED, is_loopback, write_portals
from crawler.recorder import Recorder
from crawler.spiders.reports import ReportsSpider, Survey
from crawler.verdict import Tally, exit_code
from gongkai.printing import printable
from gongkai.serving import started_sample
from gongkai.spreading.awaiting import await_left
from gongkai.summary import summary

_SHORTEST_DELAY = 0.001


@dataclass(frozen=True, slots=True)
class Crawl:
    """What to crawl and where to put it; the options of `gongkai crawl`."""

    portals: Path
    archive: Path
    only: tuple[str, ...] = ()
    sample: bool = False
    seed: int | None = None
    count: int | None = None
    limit: int = 0
    since: int = 0
    dry_run: bool = False
    publish: bool = False
    settings: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Crawled:
    """What came of a crawl: its verdict, the tallies of its portals, and what the archive holds now."""

    verdict: str
    tallies: dict[str, Tally] = field(default_factory=dict)
    totals: dict[str, int] = field(default_factory=dict)
    problem: ArchiveError | None = None
    """Why nothing could be written, or nothing more."""
    candidates: tuple[tuple[str, str, str], ...] = ()
    """Of a dry run: (portal id, words, URL) of each link that would be asked for."""
    is_closed: bool = True
    """Whether the run came to its end in order."""


def run_crawl(plan: Crawl) -> int:
    """Crawl and print what came of it to stderr (of a dry run: the links, to stdout). Returns the exit code.

    Raises PortalsError and OptionsError for a plan that cannot be carried out.
    """
    try:
        await_left(plan.archive)
    except ArchiveBusy as error:
        click.echo(printable(f"gongkai: {error}"), err=True)
        return exit_code("busy")
    with portals_file(plan) as portals:
        try:
            done = crawl_once(plan, portals)
        except KeyboardInterrupt:  # before Scrapy listens to signals
            done = Crawled("stopped", is_closed=False)
    if not done.is_closed:
        if done.verdict == "stopped":  # at once, or by a second signal: nothing was waited for
            click.echo("gongkai: stopped before the run could be closed; run it again to go on", err=True)
        else:
            click.echo(f"gongkai: {done.problem}", err=True)
        return exit_code(done.verdict)
    if plan.dry_run:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(("portal_id", "title", "url"))
        writer.writerows(done.candidates)
        return exit_code("ok" if done.candidates else "incomplete")
    return tell(plan, done)


def tell(plan: Crawl, done: Crawled) -> int:
    """Says what came of a crawl, and publishes the archive of one that went well. Returns the exit code."""
    click.echo(printable(summary(done.tallies, done.totals, done.verdict, plan.archive)), err=True)
    if done.problem is not None:
        click.echo(printable(f"gongkai: {done.problem}; run it again when that is mended"), err=True)
    if plan.publish and done.verdict == "ok":
        _publish(plan.archive)
    return exit_code(done.verdict)


def crawl_once(plan: Crawl, portals: Path) -> Crawled:
    """One crawl with Scrapy, which a process can do only once. Raises PortalsError and OptionsError."""
    process = AsyncCrawlerProcess(settings_of(plan, portals))
    crawler = process.create_crawler(ReportsSpider)
    task = process.crawl(crawler)
    process.start()
    recorder = _recorder_of(crawler)
    if not task.done() or task.cancelled():
        if recorder is not None:
            recorder.abandon()
        return Crawled("stopped", is_closed=False)
    error = task.exception()
    if isinstance(error, ArchiveError):
        return Crawled("busy" if isinstance(error, ArchiveBusy) else "archive", problem=error, is_closed=False)
    if error is not None:
        raise error
    spider = crawler.spider
    assert isinstance(spider, ReportsSpider)
    return Crawled(
        spider.verdict,
        spider.tallies,
        spider.totals,
        recorder.failing if recorder is not None else None,
        tuple(spider.candidates),
    )


def _recorder_of(crawler: Crawler) -> Recorder | None:
    """None of a dry run, and of one that did not begin."""
    try:
        return crawler.get_extension(Recorder)
    except RuntimeError:
        return None


def _publish(archive: Path) -> None:
    """Makes the published file anew. The crawl is stored by then, so that a failure is worth a line, and no more."""
    try:
        click.echo(printable(f"published {publish(archive, place_of(archive)).path}"), err=True)
    except ArchiveError as error:
        click.echo(printable(f"gongkai: warning: not published: {error}"), err=True)


def run_survey(url: str, folder: Path) -> Survey:
    """Search one portal, whose home page is given, without fetching a report. Raises OptionsError without a contact."""
    portals = _one_portal(url, folder)
    plan = Crawl(portals, folder / "archive.db", dry_run=True)
    process = AsyncCrawlerProcess(settings_of(plan, portals))
    crawler = process.create_crawler(ReportsSpider)
    task = process.crawl(crawler)
    process.start()
    error = task.exception() if task.done() and not task.cancelled() else None
    if error is not None:
        raise error
    spider = crawler.spider
    assert isinstance(spider, ReportsSpider)
    return spider.surveyed["look"]


def run_spider(url: str, folder: Path) -> LookingSpider:
    """Fetch one page into an archive in that folder, as a crawl would. Raises OptionsError without a contact."""
    portals = _one_portal(url, folder)
    process = AsyncCrawlerProcess(settings_of(Crawl(portals, folder / "archive.db"), portals))
    crawler = process.create_crawler(LookingSpider)
    process.crawl(crawler, url=url)
    process.start()
    spider = crawler.spider
    assert isinstance(spider, LookingSpider)
    return spider


def _one_portal(url: str, folder: Path) -> Path:
    """A portals file of one row, called `look`."""
    if not load_options().contact and not is_loopback(urlsplit(url).hostname or ""):
        raise OptionsError(f"{url} is out on the web: set a contact first (in gongkai.toml, or GONGKAI_CONTACT)")
    portals = folder / "portals.csv"
    portals.write_text(f'{",".join(REQUIRED)}\nlook,look,,"{url}",,\n', encoding="utf-8")
    return portals


@contextmanager
def portals_file(plan: Crawl) -> Iterator[Path]:
    """The portals file of the plan; for a sample run, one written for the replicas that run meanwhile."""
    if not plan.sample:
        yield plan.portals
        return
    portal = started_sample(plan.seed, plan.count)
    try:
        with tempfile.TemporaryDirectory(prefix="gongkai-") as folder:
            path = Path(folder) / "portals.csv"
            with path.open("w", encoding="utf-8", newline="") as stream:
                write_portals(stream, portal.portals())
            yield path
    finally:
        portal.stop()


def settings_of(plan: Crawl, portals: Path) -> Settings:
    """The settings of a crawl: ours, those of the plan, and above all what was typed. Raises OptionsError."""
    chosen: dict[str, Any] = {
        "GONGKAI_PORTALS": str(portals),
        "GONGKAI_ARCHIVE": str(plan.archive),
        "GONGKAI_PORTAL": ",".join(plan.only),
        "GONGKAI_LIMIT": plan.limit,
        "GONGKAI_SINCE": plan.since,
        "GONGKAI_DRY_RUN": plan.dry_run,
    }
    if plan.sample:
        # Our own server on this machine: nobody to be polite to.
        chosen |= {"DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": False}
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")  # which reads gongkai.toml when it is loaded
    settings.update({**chosen, **plan.settings}, priority="cmdline")
    try:
        # Without any delay Scrapy empties a host's queue at once, whatever the concurrency says.
        if settings.getfloat("DOWNLOAD_DELAY") <= 0:
            settings.set("DOWNLOAD_DELAY", _SHORTEST_DELAY, priority="cmdline")
    except ValueError as error:
        raise OptionsError(f"DOWNLOAD_DELAY: {error}") from error
    return settings
