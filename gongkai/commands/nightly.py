"""`gongkai nightly`: the one command that a scheduler runs."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from archive.errors import ArchiveError
from crawler.options import OptionsError, load_options
from gongkai.commands.asked import WrongUsage, default_portals
from gongkai.nightly import Plan, run_nightly
from gongkai.watching.delivery import Channels, check


@click.command()
@click.option("--portals", type=click.Path(path_type=Path), help="The portals file (default: portals of gongkai.toml).")
@click.option("--archive", type=click.Path(path_type=Path), help="The SQLite file (default: data/archive.db).")
@click.option("--sample", is_flag=True, help="Crawl the bundled sample portal on this machine.")
@click.option("-s", "settings", multiple=True, metavar="NAME=VALUE", help="A Scrapy setting; may be repeated.")
@click.option("-v", "--verbose", is_flag=True, help="Say everything on stderr too, not only what is wrong.")
def nightly(portals: Path | None, archive: Path | None, sample: bool, settings: tuple[str, ...], verbose: bool) -> None:
    """Crawl, publish, judge, report, and tell somebody if something is wrong: the one command that a scheduler runs.

    Silent when all is well. The log lies in logs/, the report in reports/ beside the archive. Exits with 0 when nothing
    needs a person, 6 when an alarm is raised or told again, 2 for wrong usage, 3 when archive or disk take no more, 4
    when another run is writing, 5 when it was stopped by a signal.

    Example:

        gongkai nightly --portals my-portals.csv --archive my.db
    """
    try:
        options = load_options()
        check(Channels(options.webhook, options.alarm_command))
        plan = Plan(
            portals=portals or default_portals(Path(options.portals)),
            archive=archive or Path(options.archive),
            options=options,
            settings=settings,
            sample=sample,
            verbose=verbose,
        )
    except (OptionsError, ValueError) as error:
        raise WrongUsage(str(error)) from error
    try:
        sys.exit(run_nightly(plan))
    except ArchiveError as error:
        raise click.ClickException(str(error)) from error
