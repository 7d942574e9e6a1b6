"""Work on the catalogue, the portals file as data: rows chosen and printed, every fault of a file named with its line.

Rows stay as the file has them, columns of its own included, so that a choice of rows is a portals file again.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tabulate import tabulate

from crawler.platforms import PLATFORMS
from crawler.portals import CONFIRMED, LEVELS, PortalRow, PortalsError, PortalTable, read_table, unusable

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_DAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_SHOWN = ("portal_id", "name", "division_code", "level", "platform", "confirmed")

Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Choice:
    """Which rows are wanted; what is empty is no condition."""

    level: str = ""
    division: str = ""
    platform: str = ""
    trust: str = ""
    search: str = ""
    unconfirmed: bool = False

    def takes(self, cells: Cells) -> bool:
        """Whether a row meets every condition."""
        return (
            self.level in ("", cells.get("level", ""))
            and cells.get("division_code", "").startswith(_significant(self.division))
            and self.platform in ("", cells.get("platform", ""))
            and self.trust in ("", cells.get("trust") or "official")
            and any(self.search.casefold() in cell.casefold() for cell in cells.values())
            and not (self.unconfirmed and cells.get("confirmed") == "column")
        )


def load_catalogue(path: Path) -> PortalTable:
    """A portals file as it stands; `-` is standard input. Raises PortalsError."""
    try:
        return read_table(sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes(), str(path))
    except FileNotFoundError as error:
        raise PortalsError(f"{path}: there is no such portals file") from error
    except OSError as error:
        raise PortalsError(f"{path}: {error.strerror or error}") from error


def choose(table: PortalTable, choice: Choice) -> list[Cells]:
    """The rows that are wanted, in the order of the file. Raises PortalsError for a file that is no portals file."""
    if missing := table.missing():
        raise PortalsError(f"{table.name}: column {missing[0]!r} is missing")
    return [row.cells for row in table.rows if choice.takes(row.cells)]


def as_csv(header: Iterable[str], rows: Iterable[Cells]) -> str:
    """A portals file of these rows."""
    names, out = list(header), io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([names, *([row.get(name, "") for name in names] for row in rows)])
    return out.getvalue()


def append(path: Path, table: PortalTable | None, row: Cells) -> None:
    """Add a row to a portals file, or begin one; what stands in it stays as it is, byte for byte. Raises OSError."""
    text = as_csv(table.header if table else tuple(row), [row])
    before = path.read_bytes() if table else b""
    lines = text if table is None else text.split("\n", 1)[1]
    joint = b"" if not before or before.endswith(b"\n") else b"\n"
    written = path.with_name(path.name + ".new")
    written.write_bytes(before + joint + lines.encode("utf-8"))
    written.replace(path)


def as_json(rows: Iterable[Cells]) -> str:
    """An array of objects, one on a line."""
    return "[" + ",\n ".join(json.dumps(dict(row), ensure_ascii=False) for row in rows) + "]\n"


def as_columns(rows: Iterable[Cells]) -> str:
    """A table for people: what a row is, and where its crawl begins."""
    lines = [[*(row.get(name, "") for name in _SHOWN), row["column_url"] or row["home_url"]] for row in rows]
    return tabulate(lines, headers=[*_SHOWN, "begins at"], disable_numparse=True) + "\n"


def faults(table: PortalTable) -> Iterator[str]:
    """Every fault of a portals file, one line each, with the line of the file that has it."""
    repeated = sorted({name for name in table.header if table.header.count(name) > 1})
    told = [f"column {name!r} is missing" for name in table.missing()]
    told += [f"column {name!r} occurs twice" for name in repeated]
    yield from (f"{table.name}, line 1: {fault}" for fault in told)
    if told:
        return
    if not table.rows:
        yield f"{table.name}, line 1: no portals in the file"
    from archive.agencies.divisions import read_divisions  # brings the archive along, for which a list need not wait

    codes, ids, places = frozenset(read_divisions()), set[str](), dict[tuple[str, str], int]()
    for row in table.rows:
        for fault in (
            *_misshapen(table, row),
            *unusable(row.cells, ids),
            *_odd(row.cells, codes),
            *_repeated(row, places),
        ):
            yield f"{table.name}, line {row.line}: {fault}"


def _misshapen(table: PortalTable, row: PortalRow) -> Iterator[str]:
    if row.width != len(table.header):
        yield f"{row.width} cells where the header has {len(table.header)}"


def _odd(cells: Cells, codes: frozenset[str]) -> Iterator[str]:
    """What a crawl can live with and a catalogue cannot. Columns that a file does not have are not asked for."""
    if not cells.get("name"):
        yield "name is empty"
    if cells["portal_id"] and not _ID.fullmatch(cells["portal_id"]):
        yield f"portal_id {cells['portal_id']!r} is not made of a-z, 0-9 and single hyphens"
    for name, known in (("platform", tuple(PLATFORMS)), ("level", LEVELS), ("confirmed", CONFIRMED)):
        if cells.get(name) and cells[name] not in known:
            yield f"{name} {cells[name]!r} is none of {', '.join(known)}"
    if cells.get("division_code") and cells["division_code"] not in codes:
        yield f"division_code {cells['division_code']!r} is not in divisions.csv"
    if cells.get("evidence") == "":
        yield "evidence is empty: say where the row comes from"
    if cells.get("evidence_date") and not _is_date(cells["evidence_date"]):
        yield f"evidence_date {cells['evidence_date']!r} is no YYYY, YYYY-MM or YYYY-MM-DD"
    if cells.get("confirmed") in ("column", "report") and not cells.get("column_url"):
        yield f"confirmed is {cells['confirmed']!r}, and no column_url is given"


def _repeated(row: PortalRow, places: dict[tuple[str, str], int]) -> Iterator[str]:
    """Whether an earlier row has the same two addresses; http and https are the same place."""
    place = _place(row.cells.get("home_url", "")), _place(row.cells.get("column_url", ""))
    if any(place) and place in places:
        yield f"home_url and column_url are those of line {places[place]}"
    places.setdefault(place, row.line)


def _place(url: str) -> str:
    return re.sub(r"^https?://", "", url, flags=re.IGNORECASE).rstrip("/")


def _is_date(text: str) -> bool:
    match = _DAY.fullmatch(text)
    if not match:
        return False
    try:
        date(*(int(part or 1) for part in match.groups()))
    except ValueError:
        return False
    return True


def _significant(code: str) -> str:
    """`320100` means all of Nanjing: 3201 and what begins with it."""
    return re.sub(r"(?:00){1,2}$", "", code) if len(code) == 6 else code
