"""Decisions about figures from a file: CSV with a head, or JSON, as an array or an object a line."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

from archive.answers.asking import NotFound
from archive.review.deciding import Refused, Ruling, Verb

NEEDED = ("agency", "year", "figure", "decision")

_VERBS: dict[str, Verb] = {
    "accept": "accepted",
    "accepted": "accepted",
    "correct": "corrected",
    "corrected": "corrected",
    "undo": "undone",
    "undone": "undone",
}


def read_rulings(data: bytes, name: str) -> list[Ruling]:
    """The decisions in order. Raises Refused, with a line for each that cannot be one."""
    found: list[Ruling] = []
    wrong: list[str] = []
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused([f"{name}: not UTF-8: {error.reason} at byte {error.start}"]) from error
    for line, row in _rows(text, name):
        place = f"{name}, line {line}"
        try:
            found.append(_ruling(row, place))
        except NotFound as error:
            wrong.append(f"{place}: {error}")
    if wrong:
        raise Refused(wrong)
    if not found:
        raise Refused([f"{name}: no decision in it"])
    return found


def _rows(text: str, name: str) -> Iterator[tuple[int, Mapping[str, Any] | str]]:
    """(line, row); instead of a row the reason why there is none."""
    if text.lstrip()[:1] in ("{", "["):
        yield from _objects(text)
        return
    reader = csv.DictReader(io.StringIO(text, newline=""))
    missing = [column for column in NEEDED if column not in (reader.fieldnames or ())]
    if missing:
        raise Refused([f"{name}: the head has no {' and no '.join(missing)}"])
    for record in reader:
        if None in record or None in record.values():
            yield reader.line_num, "more or fewer cells than the head"
        elif any(cell.strip() for cell in record.values()):
            yield reader.line_num, {column: cell.removeprefix("'") for column, cell in record.items()}


def _objects(text: str) -> Iterator[tuple[int, Mapping[str, Any] | str]]:
    """Of an array, the numbers are those of its objects."""
    if text.lstrip().startswith("["):
        try:
            rows = json.loads(text, parse_float=str, parse_int=str)
        except json.JSONDecodeError as error:
            yield error.lineno, f"not JSON: {error.msg}"
            return
        yield from ((n, row if isinstance(row, dict) else "not an object") for n, row in enumerate(rows, 1))
        return
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                row = json.loads(line, parse_float=str, parse_int=str)
            except json.JSONDecodeError as error:
                row = f"not JSON: {error.msg}"
            yield number, row if isinstance(row, dict | str) else "not an object"


def _ruling(row: Mapping[str, Any] | str, place: str) -> Ruling:
    if isinstance(row, str):
        raise NotFound(row)
    cells = {key: "" if value is None else str(value).strip() for key, value in row.items()}
    missing = [column for column in NEEDED if not cells.get(column)]
    if missing:
        raise NotFound(f"no {' and no '.join(missing)}")
    if not (cells["year"].isascii() and cells["year"].isdecimal() and len(cells["year"]) == 4):
        raise NotFound(f"not a year: {cells['year'][:40]!r}")
    verb = _VERBS.get(cells["decision"].lower())
    if verb is None:
        raise NotFound(f"not a decision: {cells['decision'][:40]!r} (accept, correct or undo)")
    value = cells.get("value", "")
    if verb == "corrected" and row.get("value", "") is None:
        value = "null"  # of JSON
    scope = cells.get("scope") or None
    return Ruling(
        cells["agency"], int(cells["year"]), cells["figure"], verb, cells.get("why", ""), value, scope, None, place
    )
