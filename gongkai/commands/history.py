"""`gongkai history`: what became of a report over time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import click

from archive.answers.asking import find_report
from archive.answers.history import History, Row, history_of
from archive.review.corrections import digits
from gongkai.commands.answering import archive_option, asked, scope_option
from gongkai.printing import printable
from gongkai.tabling import as_columns
from pipelines.forms.definitions import all_figures


@click.command()
@click.argument("agency")
@click.argument("year", type=click.IntRange(2000, 2100))
@scope_option
@click.option(
    "--format", "shape", type=click.Choice(["table", "json"]), default="table", show_default=True,
    help="For people, or one object of JSON.",
)  # fmt: skip
@archive_option
def history(agency: str, year: int, scope: str | None, shape: Literal["table", "json"], archive: Path | None) -> None:
    """Show every revision of a report, the figures that changed between them, decisions, and all captures.

    AGENCY is a name, a part that only one name has, or an id. Exits with 1 when there is no such report, 3 when the
    archive cannot be read.

    Example:

        gongkai history 云泽市公安局 2024
    """
    with asked(archive) as (db, _):
        found = history_of(db, find_report(db, agency, year, scope=scope))
    click.echo(as_json(found) if shape == "json" else printable("\n".join(_lines(found)) + "\n"), nl=False)


def as_json(found: History) -> str:
    report = found.report
    answer = {
        "agency": report.agency.name,
        "agency_id": report.agency.agency_id,
        "year": report.year,
        "scope": report.scope,
        "revisions": found.revisions,
        "changes": found.changes,
        "readings": found.readings,
        "decisions": found.decisions,
        "captures": found.captures,
    }
    return json.dumps(answer, ensure_ascii=False, indent=2) + "\n"


def _lines(found: History) -> Iterator[str]:
    yield str(found.report)
    for row in found.revisions:
        yield ""
        yield f"revision {row['revision']}{' (current)' if row['is_current'] else ''}"
        yield f"  seen      {row['first_seen']} to {row['last_seen']}"
        yield f"  page      {row['url']}"
        if row["vanished_at"]:
            yield f"  vanished  by {row['vanished_at']}: {row['page_outcome']}"
        elif row["missed_since"]:
            yield f"  missed    not seen again since the crawl of {row['missed_since']}"
        yield f"  read      as {row['read_by']}, form {row['form'] or 'none'}, {row['cells']} figures, {row['trust']}"
        yield from (_former(former) for former in found.readings if former["revision"] == row["revision"])
        yield f"  sha256    {row['sha256']}"
        changes = [change for change in found.changes if change["revision"] == row["revision"]]
        for change in changes:
            figure = all_figures()[change["figure"]]
            label = ": ".join(filter(None, (figure.row_label, figure.column_label)))
            yield f"  changed   {figure.id}: {_value(change['before'], change['raw_before'])} -> " + (
                f"{_value(change['after'], change['raw_after'])}  ({label})"
            )
        if row is not found.revisions[0] and not changes:
            yield "  changed   no figure; other words, links or places"
    if found.decisions:
        yield ""
        yield "decisions"
        for row in found.decisions:
            value = digits(row["value"]) or "null"
            carried = f", carried over from decision {row['carried_from']}" if row["carried_from"] else ""
            yield (
                f"  {row['decision_id']}  revision {row['revision']}: {row['figure']} {row['decision']}: {value}, by "
                + (f"{row['decided_by']} at {row['decided_at']}: {row['why']} ({row['state']}{carried})")
            )
    yield ""
    yield "captures"
    names = ("revision", "role", "fetched_at", "bytes", "was_read", "url")
    yield as_columns(names, found.captures).rstrip("\n")


def _former(row: Row) -> str:
    reader, moment = row["reader"] or "a reader of unknown version", row["read_at"] or "an unknown time"
    key = " ".join(str(row[name]) for name in ("agency", "year", "scope") if row[name])
    otherwise = "1 thing was" if row["changes"] == 1 else f"{row['changes']} things were"
    return f"  formerly  read by {reader} at {moment} as {key}; {otherwise} otherwise, until {row['replaced_at']}"


def _value(value: int | float | None, raw: str | None) -> str:
    if raw is None:
        return "not printed"
    shown = digits(value) or "null"
    return shown if raw == shown else f"{shown} {raw!r}"
