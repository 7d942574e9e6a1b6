"""`gongkai crawl`: one crawl from the portals file to the verdict."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from crawler.options import OptionsError, load_options
from crawler.portals import PortalsError
from gongkai.commands.asked import WrongUsage, default_portals
from gongkai.spreading.errors import SpreadingError


@click.command()
@click.option("--portals", type=click.Path(path_type=Path), help="The portals file (default: portals of gongkai.toml).")
@click.option("--portal", "only", multiple=True, metavar="ID", help="Only this portal; may be repeated.")
@click.option("--archive", type=click.Path(path_type=Path), help="The SQLite file (default: data/archive.db).")
@click.option("--sample", is_flag=True, help="Crawl the bundled sample portal on this machine.")
@click.option("--seed", type=int, metavar="N", help="With --sample: the replicas of all families, made from N.")
@click.option("--count", type=click.IntRange(min=1), metavar="N", help="With --seed: so many replicas, in rotation.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most N candidate pages of each portal.")
@click.option("--since", type=click.IntRange(2008, 2100), metavar="YEAR", help="Only reports for YEAR and later.")
@click.option("--dry-run", is_flag=True, help="Print the candidate links as CSV; fetch no report, write nothing.")
@click.option("--scheduler", metavar="ADDRESS", help="Hand the portals to the workers of a Dask scheduler (tls://…).")
@click.option("-s", "settings", multiple=True, metavar="NAME=VALUE", help="A Scrapy setting; may be repeated.")
def crawl(
    portals: Path | None,
    only: tuple[str, ...],
    archive: Path | None,
    sample: bool,
    seed: int | None,
    count: int | None,
    limit: int | None,
    since: int | None,
    dry_run: bool,
    scheduler: str | None,
    settings: tuple[str, ...],
) -> None:
    """Crawl portals for reports, keep the evidence, read it, and file the figures in the archive.

    Exits with 0 when every portal gave reports and every page came, 1 when something is missing, 2 for wrong usage, 3
    when the archive cannot be written, 4 when another run is writing to it, 5 when it was stopped by a signal.

    Example:

        gongkai crawl --portals my-portals.csv --archive my.db -s DOWNLOAD_DELAY=5
    """
    if (seed is not None and not sample) or (count is not None and seed is None):
        raise WrongUsage("--seed goes with --sample, and --count with --seed")
    if scheduler and dry_run:
        raise WrongUsage("--dry-run fetches no report, and needs no --scheduler")
    try:
        options = load_options()
        from gongkai.crawling import Crawl, run_crawl  # Scrapy takes a second to load; `extract` need not wait for it

        given = dict(_setting(text) for text in settings)
        plan = Crawl(
            portals=portals or default_portals(Path(options.portals)),
            archive=archive or Path(options.archive),
            only=only,
            sample=sample,
            seed=seed,
            count=count,
            limit=limit or 0,
            since=since or 0,
            dry_run=dry_run,
            publish=options.publish,
            settings=given,
        )
        if (scheduler or options.scheduler) and not dry_run:
            from gongkai.spreading.crawling import run_spread_crawl

            sys.exit(run_spread_crawl(plan, scheduler or options.scheduler))
        sys.exit(run_crawl(plan))
    except (OptionsError, PortalsError, SpreadingError) as error:
        raise WrongUsage(str(error)) from error


def _setting(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator or not name.strip():
        raise WrongUsage(f"-s {text}: NAME=VALUE is needed")
    return name.strip(), value
