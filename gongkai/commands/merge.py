"""`gongkai merge`: several archives become one, as if one had fetched all of it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from crawler.verdict import EXIT_CODES
from gongkai.commands.answering import told
from gongkai.printing import printable


@click.command()
@click.argument("target", metavar="TARGET", type=click.Path(path_type=Path))
@click.argument("sources", metavar="SOURCE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--workers", type=click.IntRange(min=0), default=0, metavar="N", help="Processes that read (0: all cores)."
)
def merge(target: Path, sources: tuple[Path, ...], workers: int) -> None:
    """Join the archives SOURCE… to the archive TARGET, which is made if it is not there.

    What TARGET lacks is filed there in the order of time, with its evidence: reports, revisions, decisions of people.
    The sources are only read. Twice is the same as once; a merge that was killed is gone on with by running it again.
    Prints the path of TARGET. Exits with 0 when all is joined, 1 when a record of a source is damaged or missing or
    something could not be taken over (each is named), 2 for wrong usage, 3 when an archive cannot be used, 4 when
    another run is writing to TARGET, 5 when it was stopped by a signal.

    Example:

        gongkai merge both.db ours/archive.db theirs/archive.db
    """
    from gongkai.joining import join  # the reader's libraries take a second to load

    def said(line: str) -> None:
        click.echo(printable(line), err=True)

    with told():
        try:
            verdict = join(target, sources, workers=workers, said=said)
        except KeyboardInterrupt:  # just when it began or ended
            said("gongkai: stopped; run it again to go on")
            sys.exit(EXIT_CODES["stopped"])
    click.echo(target)
    sys.exit(EXIT_CODES[verdict])
