"""`gongkai import`: reports out of what somebody else fetched."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from crawler.options import MEGABYTE, load_options
from crawler.portals import PortalsError
from crawler.verdict import EXIT_CODES
from gongkai.commands.answering import told
from gongkai.commands.asked import WrongUsage, archive_file, default_portals
from gongkai.loading import loading
from gongkai.printing import printable
from gongkai.spreading.errors import SpreadingError


@click.command("import")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE…")
@click.option("--archive", type=click.Path(path_type=Path), help="The SQLite file (default: data/archive.db).")
@click.option("--portals", type=click.Path(path_type=Path), help="The portals file (default: portals of gongkai.toml).")
@click.option("--workers", type=click.IntRange(min=1), metavar="N", help="Worker processes (default: all cores).")
@click.option("--scheduler", metavar="ADDRESS", help="Have workers of a Dask scheduler scan and read (tls://…).")
@click.option("--again", is_flag=True, help="Go through sources again that are done.")
def importing(
    sources: tuple[str, ...],
    archive: Path | None,
    portals: Path | None,
    workers: int | None,
    scheduler: str | None,
    again: bool,
) -> None:
    """Import reports out of WARC and WET files, folders of files, and text corpora of JSON lines (url, text).

    What cannot be a report is dropped unread; each report is kept with its record, and filed as the host of its address
    deserves. A source that is done is passed over; an import that was killed goes on where it was. - reads JSON lines
    from standard input. Prints the path of the archive. Exits with 0 when all was read, 1 when something was damaged or
    lost (the first lines say what), 2 for wrong usage, 3 when the archive cannot be written, 4 when another run is
    writing to it, 5 when it was stopped by a signal.

    Example:

        gongkai import CC-MAIN-2023-06/*.warc.gz --archive my.db
    """
    with told():
        path = archive_file(archive)
        if scheduler and "-" in sources:
            raise WrongUsage("- is standard input, which other machines do not see: give a file")
        for source in sources:
            if source != "-":
                _look_at(source)
        with loading():
            from gongkai.importing.command import Plan, run_import  # what reads and files takes a second to load

        try:
            options = load_options()
            catalogue, floor = portals or default_portals(Path(options.portals)), options.disk_floor_mb * MEGABYTE
            verdict = run_import(Plan(sources, path, catalogue, workers or 0, again, scheduler, floor))
        except (PortalsError, SpreadingError) as error:
            raise WrongUsage(printable(str(error))) from error
    if verdict not in ("archive", "busy"):
        click.echo(path)
    sys.exit(EXIT_CODES[verdict])


def _look_at(source: str) -> None:
    """Raises WrongUsage for what is not there; an empty word, as of a variable that is not set, is no folder."""
    if not source:
        raise WrongUsage("'': no such file or folder")
    try:
        Path(source).stat()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise WrongUsage(printable(f"{source}: no such file or folder")) from error
    except (OSError, ValueError) as error:
        raise WrongUsage(printable(f"{source}: {(getattr(error, 'strerror', None) or str(error)).lower()}")) from error
