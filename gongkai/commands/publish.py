"""`gongkai publish`: the file that researchers get, made from the archive."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from archive.errors import ArchiveBusy, ArchiveError
from archive.publish.publishing import place_of
from archive.publish.publishing import publish as make_published
from crawler.verdict import EXIT_CODES
from gongkai.commands.asked import WrongUsage, archive_file
from gongkai.printing import printable


@click.command()
@click.option(
    "--archive", type=click.Path(path_type=Path), metavar="PATH", help="The archive (default: data/archive.db)."
)
@click.option(
    "--to",
    "target",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Where (default: exports/gongkai.db beside it).",
)
def publish(archive: Path | None, target: Path | None) -> None:
    """Make the published file of an archive: checked, without a WAL, with version, citation and codebook inside.

    Prints the path of the file. It takes its place in one step; who reads the one before is not disturbed, nor is a
    crawl that writes meanwhile. Exits with 2 for wrong usage, 3 when the archive cannot be read or the file not be
    written, 4 when somebody else is publishing it.

    Example:

        gongkai publish --archive my.db --to /srv/data/gongkai.db
    """
    try:
        archive = archive_file(archive)
        if not archive.exists():
            raise WrongUsage(f"{archive}: there is no such archive")
        made = make_published(archive, target or place_of(archive))
    except ArchiveError as error:
        click.echo(printable(f"gongkai: {error}"), err=True)
        sys.exit(EXIT_CODES["busy" if isinstance(error, ArchiveBusy) else "archive"])
    click.echo(printable(f"version {made.version}: {made.reports} reports, {made.size:,} bytes"), err=True)
    click.echo(made.path)
