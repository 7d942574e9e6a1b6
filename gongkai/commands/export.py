"""`gongkai export`: views and tables of the archive as files for other tools."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import click

from archive.errors import ArchiveError
from archive.export import FORMATS, SUFFIXES, Choice, ExportError, Format, Language
from archive.export import export as write_export
from crawler.verdict import EXIT_CODES
from gongkai.commands.asked import WrongUsage, archive_file
from gongkai.printing import printable


@click.command()
@click.argument("tables", nargs=-1, metavar="[TABLE]…")
@click.option(
    "--archive", type=click.Path(path_type=Path), metavar="PATH", help="The archive (default: data/archive.db)."
)
@click.option(
    "--to", "target", default="-", metavar="FILE|DIR", help="Where to; - is standard output, and the default."
)
@click.option("--format", "form", type=click.Choice(FORMATS), help="The format (default: as FILE is called, else csv).")
@click.option("--year", "years", multiple=True, metavar="YEAR", help="Only this year, or 2019-2023; may be repeated.")
@click.option("--province", "provinces", multiple=True, metavar="NAME", help="Only this province; may be repeated.")
@click.option("--where", default="", metavar="SQL", help="Only rows for which this condition holds.")
@click.option("--excel", is_flag=True, help="CSV that Excel opens with a double click: with a byte order mark.")
@click.option("--exact", is_flag=True, help="CSV with every text as printed, even where a spreadsheet would run it.")
@click.option("--labels", type=click.Choice(["en", "zh"]), default="en", help="Language of the labels in Stata.")
def export(
    tables: tuple[str, ...],
    archive: Path | None,
    target: str,
    form: Format | None,
    years: tuple[str, ...],
    provinces: tuple[str, ...],
    where: str,
    excel: bool,
    exact: bool,
    labels: Language,
) -> None:
    """Write views or tables to CSV, JSON lines, Parquet, Stata, or a data package: the panel if no TABLE is named.

    One table goes to a file or to standard output, several into a folder. Files take their place when they are whole.
    Exits with 2 for wrong usage and for what cannot be exported as asked, 3 when the archive cannot be read.

    Example:

        gongkai export applications --year 2021-2024 --province 江苏 --to applications.parquet
    """
    try:
        chosen = form or _by_name(target)
        to = Path(target) if target != "-" else sys.stdout.buffer
        if target.endswith("/") and len(tables) < 2 and chosen in SUFFIXES:
            to = Path(target) / f"{(*tables, 'panel')[0]}{SUFFIXES[chosen]}"  # a folder that need not be there yet
        if (excel and chosen != "csv") or (exact and chosen not in ("csv", "datapackage")):
            raise WrongUsage(f"--{'excel' if excel else 'exact'} is for CSV")
        choice = Choice(tuple(_span(year) for year in years), provinces, where)
        path = archive_file(archive)
        for made in write_export(path, tables, to, chosen, choice, exact=exact, excel=excel, labels=labels):
            click.echo(printable(str(made)), err=True)
    except ExportError as error:
        raise WrongUsage(printable(str(error))) from error
    except ArchiveError as error:
        click.echo(printable(f"gongkai: {error}"), err=True)
        sys.exit(EXIT_CODES["archive"])
    except ModuleNotFoundError as error:
        raise WrongUsage(f"{chosen} needs {error.name}: pip install 'gongkai[export]'") from error


def _by_name(target: str) -> Format:
    """The format that a file of this name has."""
    suffix = Path(target).suffix.lower()
    return next((form for form, known in SUFFIXES.items() if known == suffix), "csv")


def _span(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{4})(?:-(\d{4}))?", text)
    if match is None:
        raise WrongUsage(f"--year {text}: a year, or two as in 2019-2023")
    first, last = int(match[1]), int(match[2] or match[1])
    if last < first:
        raise WrongUsage(f"--year {text}: the years go the other way round, as in {last}-{first}")
    return first, last
