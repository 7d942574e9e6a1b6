"""`gongkai search`: the sections of reports that hold some words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from archive.search import Hit, find
from gongkai.commands.answering import archive_option, asked
from gongkai.printing import printable
from gongkai.tabling import as_csv, as_json

_COLUMNS = ("agency", "year", "scope", "heading", "snippet", "report_id", "section_id", "url")


@click.command()
@click.argument("words", nargs=-1, required=True, metavar="WORDS…")
@archive_option
@click.option("--year", type=int, metavar="YEAR", help="Only reports on YEAR.")
@click.option("--province", metavar="NAME", help="Only agencies in this province: 甘肃省.")
@click.option("--agency", metavar="NAME", help="Only the agency of this name.")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="At most so many sections.")
@click.option("--offset", type=click.IntRange(min=0), default=0, help="Pass over so many first.")
@click.option(
    "--format",
    "shown",
    type=click.Choice(["table", "json", "csv"]),
    default="table",
    help="For people, an array of objects, or CSV.",
)
def search(
    words: tuple[str, ...],
    archive: Path | None,
    year: int | None,
    province: str | None,
    agency: str | None,
    limit: int,
    offset: int,
    shown: str,
) -> None:
    """Find the sections of reports that hold all WORDS, Chinese ones of any length; "…" holds words together.

    Hits stand in 【】. Exits with 0 whether or not something is found, 3 when there is no archive to read.

    Example:

        gongkai search 行政复议 纠正 --year 2023 --format csv > hits.csv
    """
    with asked(archive) as (db, _):
        hits = find(db, " ".join(words), limit=limit, offset=offset, year=year, province=province, agency=agency)
    if shown == "table":
        click.echo(_for_people(hits), nl=False)
    else:
        click.echo((as_json if shown == "json" else as_csv)(_COLUMNS, [_row(hit) for hit in hits]), nl=False)
    if not hits:
        click.echo("gongkai: no section holds that", err=True)


def _row(hit: Hit) -> dict[str, Any]:
    return {**{name: getattr(hit, name) for name in _COLUMNS if name != "snippet"}, "snippet": hit.marked()}


def _for_people(hits: Sequence[Hit]) -> str:
    """Three lines a hit: whose it is, the words, and where they stand."""
    return "".join(
        printable(f"{hit.agency}  {hit.year}  {' '.join(hit.heading.split())}\n    {hit.marked()}\n    {hit.url}\n")
        for hit in hits
    )
