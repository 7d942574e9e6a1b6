"""`gongkai coverage`: what should be in the archive, what is, and why the rest is not."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gongkai.commands.asked import WrongUsage, archive_file
from gongkai.printing import printable
from gongkai.tabling import as_columns, as_csv, as_json

if TYPE_CHECKING:  # the archive takes a moment to load; `extract` need not wait for it
    from sqlite_utils import Database

    from archive.coverage.gaps import By

STATUSES = (
    *("found", "late", "attachment_only", "images", "no_tables", "unreadable", "not_found", "blocked", "unreachable"),
    *("refused", "not_asked", "not_yet_due"),
)
"""As in `archive.coverage`, without loading it."""

_LISTED = ("province", "portal_id", "agency", "year", "scope", "status", "reason", "url")
_FORMATS = {"table": as_columns, "csv": as_csv, "json": as_json}


@click.command()
@click.option("--archive", type=click.Path(path_type=Path), help="The SQLite file (default: data/archive.db).")
@click.option(
    "--by",
    type=click.Choice(["province", "portal", "year", "level"]),
    default="province",
    show_default=True,
    help="What the lines count.",
)
@click.option("--missing", "listed", is_flag=True, help="List every report that should be there and is not, and why.")
@click.option("--status", multiple=True, type=click.Choice([*STATUSES]), help="With --missing: only those; repeatable.")
@click.option("--year", type=int, metavar="YEAR", help="With --missing: only reports on YEAR.")
@click.option("--province", metavar="NAME", help="With --missing: only this province: 甘肃省.")
@click.option("--portal", metavar="ID", help="With --missing: only this portal.")
@click.option(
    "--format",
    "shown",
    type=click.Choice([*_FORMATS]),
    default="table",
    show_default=True,
    help="A table for people, CSV, or an array of objects.",
)
@click.option(
    "--picture",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Draw a heat map over the years into FILE.svg or FILE.png instead; needs the extra site.",
)
@click.option("--refresh", is_flag=True, help="Judge anew what is due today, without a crawl; writes to the archive.")
def coverage(
    archive: Path | None,
    by: By,
    listed: bool,
    status: tuple[str, ...],
    year: int | None,
    province: str | None,
    portal: str | None,
    shown: str,
    picture: Path | None,
    refresh: bool,
) -> None:
    """Count the reports that are due and those that the archive holds, or list what it lacks and why.

    Exits with 0 when the question was answered, 2 for wrong usage, 3 when the archive cannot be read or the picture not
    be written, 4 when --refresh meets another run.

    Example:

        gongkai coverage --by year

        gongkai coverage --missing --status not_found --year 2023 --format csv > missing.csv
    """
    from archive import ArchiveBusy, ArchiveError
    from archive.coverage.gaps import as_of, counts, missing
    from archive.reading import reading

    if not listed and (status or year is not None or province is not None or portal is not None):
        raise WrongUsage("--status, --year, --province and --portal go with --missing")
    if picture is not None and (listed or picture.suffix.lower() not in (".svg", ".png")):
        raise WrongUsage("--picture needs a name that ends in .svg or .png, and does not go with --missing")
    path = archive_file(archive)
    try:
        if refresh:
            _refresh(path)
        with reading(path) as db:
            day = as_of(db)
            text = ""
            if picture is not None:
                _draw(db, by, day, picture)
            else:
                rows = missing(db, year=year, province=province, portal=portal, status=status) if listed else []
                rows = rows or ([] if listed else counts(db, by))
                names = (
                    [*_LISTED]
                    if listed
                    else [by, *(["name"] if by == "portal" else []), "due", "held", "share", *STATUSES]
                )
                if shown == "table" and not listed:  # no columns of zeros
                    names = [name for name in names if name not in STATUSES or any(row[name] for row in rows)]
                text = _FORMATS[shown](names, rows)
    except ArchiveError as error:
        click.echo(printable(f"gongkai: {error}"), err=True)
        sys.exit(4 if isinstance(error, ArchiveBusy) else 3)
    click.echo(text, nl=False)  # not above: a full disk under standard output is no fault of the archive
    told = f"as of {day}" if day else "not judged yet: the next crawl does, or --refresh"
    click.echo(f"coverage {told}", err=True)


def _refresh(path: Path) -> None:
    from archive import Archive, ArchiveError

    if not path.is_file():
        raise ArchiveError(f"{path}: there is no such archive")
    with Archive.open(path) as opened, opened.lock():
        opened.refresh_coverage()


def _draw(db: Database, by: By, day: str | None, file: Path) -> None:
    """Writes the heat map; of the years alone there is none, so it is that of the provinces."""
    from archive.coverage.gaps import counts

    try:
        from archive.charts.heatmap import as_png, as_svg, heat_map
    except ImportError as error:
        raise WrongUsage(f"--picture needs the extra site: pip install 'gongkai[site]' ({error.name})") from error
    rows_of: By = "province" if by == "year" else by
    drawn = heat_map(counts(db, rows_of, each_year=True), rows_of, as_of=day or "")
    data = as_png(drawn) if file.suffix.lower() == ".png" else as_svg(drawn).encode()
    written = file.with_name(file.name + ".new")
    try:
        written.write_bytes(data)
        written.replace(file)
    except OSError as error:
        written.unlink(missing_ok=True)
        click.echo(printable(f"gongkai: {file}: {error.strerror or error}"), err=True)
        sys.exit(3)
    click.echo(f"wrote {file}", err=True)
