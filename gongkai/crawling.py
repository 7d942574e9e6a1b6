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
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from archive import ArchiveBusy, ArchiveError
from archive.publish.publishing import place_of, publish
from crawler.looking import LookingSpider
from crawler.options import OptionsError, load_options
from crawler.portals import REQUIRED, is_loopback, write_portals
from crawler.recorder import Recorder
from crawler.spiders.reports import ReportsSpider, Survey
from crawler.verdict import EXIT_CODES, exit_code
from gongkai.printing import printable
from gongkai.serving import started_sample
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


def run_crawl(plan: Crawl) -> int:
    """Crawl and print what came of it to stderr (of a dry run: the links, to stdout). Returns the exit code.

    Raises PortalsError and OptionsError for a plan that cannot be carried out.
    """
    with _portals_file(plan) as portals:
        process = AsyncCrawlerProcess(_settings(plan, portals))
        crawler = process.create_crawler(ReportsSpider)
        task = process.crawl(crawler)
        process.start()
        if not task.done() or task.cancelled():  # a second signal: nothing was waited for
            click.echo("gongkai: stopped before the run could be closed; run it again to go on", err=True)
            return EXIT_CODES["stopped"]
        error = task.exception()
    if isinstance(error, ArchiveBusy):
        click.echo(f"gongkai: {error}", err=True)
        return EXIT_CODES["busy"]
    if isinstance(error, ArchiveError):
        click.echo(f"gongkai: {error}", err=True)
        return EXIT_CODES["archive"]
    if error is not None:
        raise error
    spider = crawler.spider
    assert isinstance(spider, ReportsSpider)
    if plan.dry_run:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(("portal_id", "title", "url"))
        writer.writerows(spider.candidates)
        return exit_code("ok" if spider.candidates else "incomplete")
    click.echo(printable(summary(spider.tallies, spider.totals, spider.verdict, plan.archive)), err=True)
    recorder = crawler.get_extension(Recorder)
    if recorder is not None and recorder.failing is not None:
        click.echo(printable(f"gongkai: {recorder.failing}; run it again when that is mended"), err=True)
    if plan.publish and spider.verdict == "ok":
        _publish(plan.archive)
    return exit_code(spider.verdict)


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
    process = AsyncCrawlerProcess(_settings(plan, portals))
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
    process = AsyncCrawlerProcess(_settings(Crawl(portals, folder / "archive.db"), portals))
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
def _portals_file(plan: Crawl) -> Iterator[Path]:
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


def _settings(plan: Crawl, portals: Path) -> Settings:
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
