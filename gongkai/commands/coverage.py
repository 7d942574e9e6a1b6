"""`gongkai coverage`: what should be in the archive, what is, and why the rest is not."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from sqlite_utils import Database

from archive.coverage import STATUSES
from archive.coverage.gaps import By, as_of, counts, missing
from gongkai.commands.answering import archive_option, asked, changed
from gongkai.commands.asked import WrongUsage
from gongkai.printing import printable
from gongkai.tabling import as_columns, as_csv, as_json

_LISTED = ("province", "portal_id", "agency", "year", "scope", "status", "reason", "url")
_FORMATS = {"table": as_columns, "csv": as_csv, "json": as_json}


@click.command()
@archive_option
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
    if not listed and (status or year is not None or province is not None or portal is not None):
        raise WrongUsage("--status, --year, --province and --portal go with --missing")
    if picture is not None and (listed or picture.suffix.lower() not in (".svg", ".png")):
        raise WrongUsage("--picture needs a name that ends in .svg or .png, and does not go with --missing")
    if refresh:
        with changed(archive) as opened:
            opened.refresh_coverage()
    text = ""
    with asked(archive) as (db, _):
        day = as_of(db)
        if picture is not None:
            _draw(db, by, day, picture)
        elif listed:
            rows = missing(db, year=year, province=province, portal=portal, status=status)
            text = _FORMATS[shown](_LISTED, rows)
        else:
            rows = counts(db, by)
            text = _FORMATS[shown](_counted(by, rows, sparing=shown == "table"), rows)
    click.echo(text, nl=False)  # not above: a full disk under standard output is no fault of the archive
    told = f"as of {day}" if day else "not judged yet: the next crawl does, or --refresh"
    click.echo(f"coverage {told}", err=True)


def _counted(by: By, rows: Sequence[dict[str, Any]], *, sparing: bool) -> list[str]:
    """The columns of a count; `sparing` leaves out statuses that no line has."""
    names = [by, *(["name"] if by == "portal" else []), "due", "held", "share"]
    return names + [status for status in STATUSES if not sparing or any(row[status] for row in rows)]


def _draw(db: Database, by: By, day: str | None, file: Path) -> None:
    """Writes the heat map; of the years alone there is none, so it is that of the provinces."""
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
