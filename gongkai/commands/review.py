"""`gongkai review`: listing doubtful figures, and deciding about them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Literal

import click

from archive.answers.asking import find_agency
from archive.answers.history import DECISIONS
from archive.review.deciding import Decided, Ruling, Verb, accept_report, decide
from archive.review.doubts import Choice, doubtful
from crawler.options import load_options
from gongkai.commands.answering import archive_option, asked, changed, scope_option, told
from gongkai.commands.asked import WrongUsage, user_name
from gongkai.printing import printable
from gongkai.rulings import read_rulings
from gongkai.tabling import as_columns, as_csv, as_json

Shape = Literal["table", "csv", "json"]

_WIDEST = 48
YEAR = click.IntRange(2000, 2100)
_shape = click.option(
    "--format", "shape", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True,
    help="A table for people, CSV, or an array of objects.",
)  # fmt: skip
_why = click.option("--why", required=True, metavar="TEXT", help="What you looked at; it is kept.")
_by = click.option("--by", metavar="WHO", help="Who decides (default: the setting reviewer, else your user name).")


@click.group()
def review() -> None:
    """List doubtful figures, accept or correct them, take that back. A decision never overwrites what was read.

    Exits with 0 when it was done, 1 when something that was named is not there or makes no sense (nothing is decided
    then), 2 for wrong usage, 3 when the archive cannot be opened, 4 when another run is writing to it.

    Example:

        gongkai review list --code ocr_unreviewed
    """


@review.command("list")
@click.option("--code", metavar="CODE", help="Only with an issue of this code.")
@click.option("--level", type=click.Choice(["error", "warning"]), help="Only with an issue of this level.")
@click.option("--agency", metavar="AGENCY", help="Only of this agency: its name, a part that only it has, or its id.")
@click.option("--year", type=YEAR, metavar="YEAR", help="Only of reports on YEAR.")
@click.option("--portal", metavar="ID", help="Only of reports from this portal.")
@click.option("--province", metavar="NAME", help="Only of agencies in the province whose name begins so.")
@click.option("--report", type=int, metavar="ID", help="Only of this report (report_id).")
@click.option("--limit", type=click.IntRange(min=0), default=100, show_default=True, help="So many figures; 0: all.")
@_shape
@archive_option
def review_list(
    code: str | None,
    level: str | None,
    agency: str | None,
    year: int | None,
    portal: str | None,
    province: str | None,
    report: int | None,
    limit: int,
    shape: Shape,
    archive: Path | None,
) -> None:
    """List the figures of current reports that have an open error or warning.

    One line a figure: printed text, value read, what counts, its gravest issue and the codes of all, and the page.

    Example:

        gongkai review list --code ocr_unreviewed --year 2024 --format csv > todo.csv
    """
    with asked(archive) as (db, _):
        choice = Choice(code, level, agency, year, portal, province, report)
        rows = list(doubtful(db, choice, limit + 1 if limit else 0))
    more = bool(limit) and len(rows) > limit
    rows = rows[:limit] if more else rows
    click.echo(_listed(rows, shape, without=("label", "state", "counts")), nl=False)
    click.echo(f"{len(rows) or 'no'} doubtful figure{'' if len(rows) == 1 else 's'}{_more(more)}", err=True)


@review.command("accept")
@click.argument("agency", required=False)
@click.argument("year", type=YEAR, required=False)
@click.argument("figures", nargs=-1, metavar="FIGURE…")
@click.option("--report", type=int, metavar="ID", help="Instead of names: every doubtful figure of this report.")
@click.option("--code", metavar="CODE", help="Settle only the issues of this code.")
@scope_option
@_why
@_by
@archive_option
def review_accept(
    agency: str | None,
    year: int | None,
    figures: tuple[str, ...],
    report: int | None,
    code: str | None,
    scope: str | None,
    why: str,
    by: str | None,
    archive: Path | None,
) -> None:
    """Accept figures as they were read: their open issues are settled, or only those of one code.

    A failed sum is settled by accepting its total.

    Example:

        gongkai review accept 云泽市公安局 2024 applications.new_received.total --why "printed so"

        gongkai review accept --report 17 --code ocr_unreviewed --why "compared with the picture"
    """
    if (report is None) == (agency is None or year is None or not figures):
        raise WrongUsage("give AGENCY YEAR FIGURE…, or --report ID alone")
    with changed(archive) as opened:
        if report is not None:
            taken = accept_report(opened, report, why, _who(by), code)
        else:
            rulings = [Ruling(agency or "", year or 0, name, "accepted", why, "", scope, code) for name in figures]
            taken = decide(opened, rulings, _who(by))
    _tell(taken)


@review.command("correct")
@click.argument("agency")
@click.argument("year", type=YEAR)
@click.argument("figure")
@click.argument("value")
@scope_option
@_why
@_by
@archive_option
def review_correct(
    agency: str,
    year: int,
    figure: str,
    value: str,
    scope: str | None,
    why: str,
    by: str | None,
    archive: Path | None,
) -> None:
    """Let another value count than was read: an exact decimal in the unit of the form, or null for "not given".

    The sum rules, those over two years and the panel are judged over what counts. What was read stays: `read_value`.

    Example:

        gongkai review correct 云泽市公安局 2024 applications.new_received.total 1832 --why "the scan says 1832"
    """
    _decide("corrected", agency, year, (figure,), scope, why, by, archive, value)


@review.command("undo")
@click.argument("agency")
@click.argument("year", type=YEAR)
@click.argument("figures", nargs=-1, required=True, metavar="FIGURE…")
@scope_option
@archive_option
def review_undo(agency: str, year: int, figures: tuple[str, ...], scope: str | None, archive: Path | None) -> None:
    """Take back what was decided about figures: what was read counts again, and what was settled is open.

    Example:

        gongkai review undo 云泽市公安局 2024 applications.new_received.total
    """
    _decide("undone", agency, year, figures, scope, "", None, archive)


@review.command("apply")
@click.argument("file", type=click.Path(allow_dash=True, path_type=Path), metavar="FILE")
@_by
@archive_option
def review_apply(file: Path, by: str | None, archive: Path | None) -> None:
    """Take the decisions of FILE, or of standard input (-): all of them, or none, with a line for each that is wrong.

    CSV with a head, or JSON (an array, or an object a line): agency, year, figure, decision (accept, correct, undo),
    value, why, and scope where it is needed. Other columns are passed over, so what `review list` gives will do.

    Example:

        gongkai review apply decisions.csv --by li
    """
    with told():
        try:
            data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        except OSError as error:
            raise WrongUsage(printable(f"{file}: {(error.strerror or str(error)).lower()}")) from error
        rulings = read_rulings(data, "-" if str(file) == "-" else str(file))
    with changed(archive) as opened:
        taken = decide(opened, rulings, _who(by))
    _tell(taken)


@review.command("decisions")
@click.option(
    "--agency", metavar="AGENCY", help="Only about this agency: its name, a part that only it has, or its id."
)
@click.option("--year", type=YEAR, metavar="YEAR", help="Only about reports on YEAR.")
@click.option("--state", type=click.Choice(["in force", "reopened", "undone"]), help="Only those in this state.")
@_shape
@archive_option
def review_decisions(
    agency: str | None, year: int | None, state: str | None, shape: Shape, archive: Path | None
) -> None:
    """List what was decided: who, when, why, from which printed text, and whether it is in force.

    Example:

        gongkai review decisions --state reopened
    """
    with asked(archive) as (db, _):
        about = find_agency(db, agency).agency_id if agency else None
        rows = list(db.query(_DECISIONS, {"agency": about, "year": year, "state": state}))
    hidden = ("source", "report_id", "ended_at", "settles", "scope")
    click.echo(_listed(rows, shape, without=hidden), nl=False)
    click.echo(f"{len(rows) or 'no'} decision{'' if len(rows) == 1 else 's'}", err=True)


def _decide(
    verb: Verb,
    agency: str,
    year: int,
    figures: tuple[str, ...],
    scope: str | None,
    why: str,
    by: str | None,
    archive: Path | None,
    value: str = "",
) -> None:
    with changed(archive) as opened:
        taken = decide(opened, [Ruling(agency, year, name, verb, why, value, scope) for name in figures], _who(by))
    _tell(taken)


def _tell(taken: list[Decided]) -> None:
    for one in taken:
        value = "null" if one.value is None else one.value
        settled = f", which settles {', '.join(one.settled)}" if one.settled else ""
        words = {
            "accepted": f"accepted as {value}{settled}",
            "corrected": f"corrected to {value}{settled}",
            "undone": f"undone; what was read counts: {value}",
        }
        click.echo(printable(f"{one.report}: {one.figure} (printed {one.raw!r}): {words[one.verb]}"))


def _who(by: str | None) -> str:
    who = (by if by is not None else load_options().reviewer or user_name()).strip()
    if not who:
        raise WrongUsage("who decides? give --by, or the setting reviewer")
    return who


def _listed(rows: list[dict[str, Any]], shape: Shape, *, without: tuple[str, ...]) -> str:
    """The rows, which all have the same names; a table goes without some of them, and shortens long texts."""
    names = [*rows[0]] if rows else []
    if shape != "table":
        return as_csv(names, rows) if shape == "csv" else as_json(names, rows)
    names = [name for name in names if name not in without]
    return as_columns(names, [{name: _short(row[name]) for name in names} for row in rows]) if rows else ""


def _short(cell: Any) -> Any:
    return f"{cell[: _WIDEST - 1]}…" if isinstance(cell, str) and len(cell) > _WIDEST else cell


def _more(more: bool) -> str:
    return " of more (--limit 0 shows all)" if more else ""


_DECISIONS = f"""{DECISIONS}
WHERE (:agency IS NULL OR r.agency_id = :agency) AND (:year IS NULL OR coalesce(r.year, d.year) = :year)
  AND (:state IS NULL OR d.state = :state)
ORDER BY d.decision_id
"""
