"""`gongkai agencies`: the registry of agencies, looked at and put right."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from archive import Archive
from archive.agencies import deciding
from archive.agencies.bodies import KINDS, LEVELS
from archive.agencies.deciding import Reason, Settled
from archive.agencies.listing import COLUMNS, Wanted, describe_agency, list_agencies
from archive.errors import AgencyError, ArchiveBusy, ArchiveError
from archive.reading import reading
from crawler.options import OptionsError
from gongkai.commands.asked import WrongUsage, archive_file, user_name
from gongkai.printing import printable
from gongkai.tabling import as_columns, as_csv, as_json

Command = TypeVar("Command", bound=Callable[..., Any])


class Refused(click.ClickException):
    """What was asked cannot be; one line, exit code 1."""


class NoArchive(Refused):
    """The archive cannot be read or written."""

    exit_code = 3


class Busy(Refused):
    """Another program is writing to the archive."""

    exit_code = 4


def _archive_option(command: Command) -> Command:
    return click.option(
        "--archive", type=click.Path(path_type=Path), metavar="PATH", help="The SQLite file (default: data/archive.db)."
    )(command)


def _reason_options(command: Command) -> Command:
    why = click.option("--why", required=True, metavar="TEXT", help="The reason; it is kept with the decision.")
    who = click.option("--who", metavar="NAME", help="Who decides (default: your name on this machine).")
    return why(who(command))


@click.group()
def agencies() -> None:
    """Look at the registry of agencies, and settle which names mean one body.

    Example:

        gongkai agencies list --level county --province 江苏 --format table
    """


@agencies.command("list")
@click.option("--province", default="", metavar="NAME", help="In the province whose name begins so: 江苏.")
@click.option("--division", default="", metavar="PREFIX", help="What begins with a code: 32, 3201 or 320100 alike.")
@click.option("--level", type=click.Choice(LEVELS), help="The tier of government that it belongs to.")
@click.option("--kind", type=click.Choice(KINDS), help="What kind of body it is; park: a development zone.")
@click.option("--search", default="", metavar="TEXT", help="TEXT is part of a name under which it was seen.")
@click.option(
    "--format",
    "shown",
    type=click.Choice(["csv", "json", "table"]),
    default="csv",
    help="CSV, an array of objects, or a table for people.",
)
@_archive_option
def agencies_list(
    province: str, division: str, level: str | None, kind: str | None, search: str, shown: str, archive: Path | None
) -> None:
    """Print the agencies that meet every condition given, with their number of reports.

    Exits with 0 even if there are none, 2 for wrong usage, 3 when the archive cannot be read.

    Example:

        gongkai agencies list --search 城关镇 --format table
    """
    wanted = Wanted(province, division, level or "", kind or "", search)
    with _told(), reading(archive_file(archive)) as db:
        rows = list(list_agencies(db, wanted))
    written = {"csv": as_csv, "json": as_json, "table": as_columns}[shown]
    click.echo(written(COLUMNS, rows), nl=False)


@agencies.command("show")
@click.argument("agency", metavar="NAME|ID")
@click.option("--format", "shown", type=click.Choice(["table", "json"]), default="table", help="For people, or JSON.")
@_archive_option
def agencies_show(agency: str, shown: str, archive: Path | None) -> None:
    """Print all that is known about one agency: names with their evidence, reports by year, links, decisions.

    Exits with 1 when there is no such agency, or several print that name.

    Example:

        gongkai agencies show 兰州市教育局
    """
    with _told(), reading(archive_file(archive)) as db:
        known = describe_agency(db, agency)
    click.echo(printable(json.dumps(known, ensure_ascii=False) + "\n" if shown == "json" else _story(known)), nl=False)


@agencies.command("merge")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="INTO")
@_reason_options
@_archive_option
def agencies_merge(source: str, target: str, why: str, who: str | None, archive: Path | None) -> None:
    """Settle that FROM and INTO (names or ids) are one body, which keeps the name and id of INTO.

    The reports of FROM become reports of INTO; two on one year become revisions of one. Exits with 1 when that cannot
    be, 3 when the archive cannot be written, 4 when another run is writing to it.

    Example:

        gongkai agencies merge 17 兰州市教育局 --why "the same site, under its short name"
    """
    settled = _settle(archive, lambda opened: deciding.merge(opened, source, target, _reason(who, why)))
    done = "is merged into" if settled.changed else "was merged already into"
    _tell(f"{_called(settled.agency_id, settled.name)} {done} {_called(settled.other_id, settled.other_name)}", settled)


@agencies.command("split")
@click.argument("agency", metavar="AGENCY")
@click.option("--portal", metavar="ID", help="What this portal publishes is another body.")
@click.option("--division", metavar="CODE", help="What portals of this division publish is another body.")
@click.option("--from", "other", metavar="OTHER", help="AGENCY is not OTHER: nothing moves, the doubt is settled.")
@_reason_options
@_archive_option
def agencies_split(
    agency: str,
    portal: str | None,
    division: str | None,
    other: str | None,
    why: str,
    who: str | None,
    archive: Path | None,
) -> None:
    """Settle that AGENCY (a name or id) is two bodies, or is not another one.

    With --portal or --division, what comes from there becomes an agency of its own. Without, a merge of AGENCY into
    another one is taken back. Exits with 1 when that cannot be, 3 when the archive cannot be written, 4 when another
    run is writing to it.

    Example:

        gongkai agencies split 城关镇人民政府 --portal gaolan --why "the town of another county"
    """
    if other is not None and (portal is not None or division is not None):
        raise WrongUsage("--from does not go with --portal or --division")
    reason = _reason(who, why)
    if other is not None:
        settled = _settle(archive, lambda opened: deciding.keep_apart(opened, agency, other, reason))
    else:
        settled = _settle(
            archive, lambda opened: deciding.split(opened, agency, reason, portal=portal, division=division)
        )
    done = "is not" if settled.changed else "was split already from"
    _tell(f"{_called(settled.other_id, settled.other_name)} {done} {_called(settled.agency_id, settled.name)}", settled)


def _settle(path: Path | None, decide: Callable[[Archive], Settled]) -> Settled:
    with _told():
        place = archive_file(path)
        if not place.is_file():
            raise ArchiveError(f"{place}: there is no such archive")
        with Archive.open(place) as opened, opened.lock():
            settled = decide(opened)
            if settled.changed:
                opened.refresh_coverage()
            return settled


@contextmanager
def _told() -> Iterator[None]:
    """Turns what goes wrong into one line and an exit code."""
    kinds = ((OptionsError, WrongUsage), (AgencyError, Refused), (ArchiveBusy, Busy), (ArchiveError, NoArchive))
    try:
        yield
    except (OptionsError, ArchiveError) as error:
        kind = next(kind for cause, kind in kinds if isinstance(error, cause))
        raise kind(printable(str(error))) from error


def _reason(who: str | None, why: str) -> Reason:
    if not why.strip():
        raise WrongUsage("--why is empty: say why")
    return Reason((who or user_name() or "unknown").strip(), why.strip())


def _tell(line: str, settled: Settled) -> None:
    moved = f"{settled.moved} revision{'' if settled.moved == 1 else 's'} moved"
    click.echo(printable(f"{line}; {moved}"), err=True)


def _called(agency_id: int, name: str) -> str:
    return f"{name} ({agency_id})"


def _story(known: Mapping[str, Any]) -> str:
    place = "".join(known[name] or "" for name in ("province", "city", "county", "township"))
    where = f"{known['division_code']} {place}" if known["division_code"] else "place not proved"
    lines = [
        f"{known['name']}  (agency {known['agency_id']})",
        f"{known['level'] or 'level not proved'}, {known['kind'] or 'kind not proved'}, {where}",
    ]
    if known["proof"]:
        lines.append(f"because: {'; '.join(known['proof'])}")
    if known["merged_into"] is not None:
        lines.append(f"merged into agency {known['merged_into']}")
    for part in ("names", "reports", "links", "decisions"):
        if known[part]:
            lines += ["", part, as_columns([*known[part][0]], known[part]).rstrip("\n")]
    return "\n".join(lines) + "\n"
