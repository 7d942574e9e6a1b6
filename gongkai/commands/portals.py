"""`gongkai portals`: work on the catalogue of portals."""

from __future__ import annotations

import sys
from collections.abc import Sized
from pathlib import Path

import click

from crawler.options import OptionsError
from crawler.platforms import PLATFORMS
from crawler.portals import LEVELS, PortalsError
from gongkai.cataloguing import Choice, append, as_columns, as_csv, as_json, choose, faults, load_catalogue
from gongkai.commands.asked import WrongUsage, catalogue
from gongkai.printing import printable


@click.group()
def portals() -> None:
    """Work on the catalogue of portals: the portals file that a crawl asks, or any other FILE of its kind.

    Example:

        gongkai portals list --level county --format table
    """


@portals.command("list")
@click.argument("file", required=False, type=click.Path(path_type=Path), metavar="[FILE]")
@click.option("--level", type=click.Choice(LEVELS), help="The tier of the body; park: a development zone.")
@click.option("--division", default="", metavar="PREFIX", help="What begins with a code: 32, 3201 or 320100 alike.")
@click.option("--platform", type=click.Choice(sorted(PLATFORMS)), help="The software family that the file gives.")
@click.option("--trust", type=click.Choice(["official", "mirror", "unknown"]), help="What the host is.")
@click.option("--search", default="", metavar="TEXT", help="Rows with TEXT in any cell.")
@click.option("--unconfirmed", is_flag=True, help="Rows whose column of annual reports was not seen itself.")
@click.option(
    "--format",
    "shown",
    type=click.Choice(["csv", "json", "table"]),
    default="csv",
    help="A portals file again, an array of objects, or a table for people.",
)
def portals_list(
    file: Path | None,
    level: str | None,
    division: str,
    platform: str | None,
    trust: str | None,
    search: str,
    unconfirmed: bool,
    shown: str,
) -> None:
    """Print the portals of FILE, or those that meet every condition given.

    CSV is the default, on a terminal too, because it is a portals file: crawl what you chose.

    Example:

        gongkai portals list --division 32 --level city > jiangsu.csv

        gongkai crawl --portals jiangsu.csv
    """
    try:
        table = load_catalogue(catalogue(file))
        rows = choose(table, Choice(level or "", division, platform or "", trust or "", search, unconfirmed))
    except (OptionsError, PortalsError) as error:
        raise WrongUsage(printable(str(error))) from error
    text = {"csv": lambda: as_csv(table.header, rows), "json": lambda: as_json(rows), "table": lambda: as_columns(rows)}
    click.echo(printable(text[shown]()), nl=False)


@portals.command("add")
@click.argument("url", metavar="URL")
@click.option("--to", type=click.Path(path_type=Path), metavar="FILE", help="Append the row to this portals file.")
def portals_add(url: str, to: Path | None) -> None:
    """Search the portal whose home page is URL, and propose its row of the portals file.

    The search is that of a crawl, but fetches no report. Exits with 1 when no link to a report was found; the row is
    printed all the same.

    Example:

        gongkai portals add http://www.example.gov.cn/ --to my-portals.csv
    """
    from gongkai.proposing import propose

    try:
        table = load_catalogue(to) if to is not None and to.exists() else None
        taken = frozenset(row.cells.get("portal_id", "") for row in table.rows) if table else frozenset()
        proposal = propose(url, taken)
        click.echo(printable(as_csv(table.header if table else tuple(proposal.row), [proposal.row])), nl=False)
        if to is not None:
            append(to, table, proposal.row)
    except (OptionsError, PortalsError) as error:
        raise WrongUsage(printable(str(error))) from error
    except OSError as error:
        raise click.ClickException(printable(f"{to}: {(error.strerror or str(error)).lower()}")) from error
    for fault in proposal.faults:
        click.echo(printable(f"gongkai: {fault}"), err=True)
    click.echo(f"{proposal.reports} links to reports with {proposal.requests} requests", err=True)
    sys.exit(0 if proposal.reports else 1)


@portals.command("check")
@click.argument("file", required=False, type=click.Path(path_type=Path), metavar="[FILE]")
def portals_check(file: Path | None) -> None:
    """Name every fault of FILE, one a line: ids, addresses, platforms, division codes, trust, dates, evidence.

    Exits with 0 when there is none, 1 when there are faults, 2 when the file cannot be read at all.

    Example:

        gongkai portals check my-portals.csv
    """
    try:
        table = load_catalogue(catalogue(file))
    except (OptionsError, PortalsError) as error:
        raise WrongUsage(printable(str(error))) from error
    found = list(faults(table))
    for fault in found:
        click.echo(printable(fault))
    click.echo(printable(f"{table.name}: {_count(table.rows, 'portal')}, {_count(found, 'fault')}"), err=True)
    sys.exit(1 if found else 0)


def _count(things: Sized, name: str) -> str:
    return f"{len(things) or 'no'} {name}{'' if len(things) == 1 else 's'}"
