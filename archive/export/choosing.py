"""Which rows and columns of a view or table are exported, and of which type each column is."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from sqlite_utils import Database

from archive.publish.codebook import Column, Type, codebook

Cell = int | float | str | None
Row = tuple[Cell, ...]

_AT_ONCE = 2_000


class ExportError(Exception):
    """Raised for what cannot be exported as asked; one line."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which rows: all conditions must hold, and of the years and of the provinces one."""

    years: tuple[tuple[int, int], ...] = ()
    """(first, last), both included."""
    provinces: tuple[str, ...] = ()
    """Names, or how they begin: 江苏 is 江苏省."""
    where: str = ""
    """A condition in SQL."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The chosen rows of one view or table; its columns are those of the view, in order."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    source: str
    """What stands after SELECT … in SQL: FROM and WHERE."""
    parameters: tuple[str | int, ...]

    def rows(self, db: Database) -> Iterator[Row]:
        """The rows, a few at a time. Raises ExportError when SQLite cannot go on."""
        names = ", ".join(_quoted(column.name) for column in self.columns)
        with _one_line(self.name):
            cursor = db.execute(f"SELECT {names} {self.source}", self.parameters)
            while rows := cursor.fetchmany(_AT_ONCE):
                for row in rows:
                    yield tuple(cell.hex() if isinstance(cell, bytes) else cell for cell in row)


def select(db: Database, name: str, choice: Choice) -> Selection:
    """The chosen rows of a view or table. Raises ExportError for one that is not there, or a senseless choice.

    Names that begin with sqlite_ or _ belong to SQLite and its libraries.
    """
    if name.lower().startswith(("sqlite_", "_")) or not db[name].exists():
        known = ", ".join(name for name in codebook() if db[name].exists())
        raise ExportError(f"there is no view or table {name} (there are {known})")
    there = [column.name for column in db[name].columns]
    conditions: list[str] = []
    parameters: list[str | int] = []
    for asked, column in ((choice.years, "year"), (choice.provinces, "province")):
        if asked and column not in there:
            raise ExportError(f"{name} has no column {column} to choose by")
    if choice.years:
        conditions.append(" OR ".join("year BETWEEN ? AND ?" for _ in choice.years))
        parameters += [year for years in choice.years for year in years]
    if choice.provinces:
        conditions.append(" OR ".join("substr(province, 1, length(?)) = ?" for _ in choice.provinces))
        parameters += [name for province in choice.provinces for name in (province, province)]
    if choice.where:
        conditions.append(choice.where)
    source = f"FROM {_quoted(name)}" + "".join(
        f" {'AND' if n else 'WHERE'} ({condition}\n)" for n, condition in enumerate(conditions)
    )
    known_relation = codebook().get(name)
    described = known_relation.columns if known_relation else {}
    columns = tuple(described.get(column) or Column(column, "text", column, column) for column in there)
    selection = Selection(name, columns, known_relation.key if known_relation else (), source, tuple(parameters))
    _try_out(db, selection)
    return selection


def typed(db: Database, selection: Selection) -> Selection:
    """The selection with the types that its values have.

    A count that an agency prints with decimals is kept as printed: then the whole column is a number. A column that the
    codebook does not know gets the type that all its values fit.
    """
    known = codebook()[selection.name].columns if selection.name in codebook() else {}
    doubtful = [column for column in selection.columns if column.type == "integer" or column.name not in known]
    if not doubtful:
        return selection
    asked = ", ".join(
        f"total(typeof({name}) = 'integer'), total(typeof({name}) = 'real'), total(typeof({name}) IN ('text', 'blob'))"
        for name in (_quoted(column.name) for column in doubtful)
    )
    with _one_line(selection.name):
        found = db.execute(f"SELECT {asked} {selection.source}", selection.parameters).fetchone()
    types = {
        column.name: _type(column, *found[n * 3 : n * 3 + 3]) for n, column in enumerate(doubtful)
    }  # fmt: skip
    columns = tuple(replace(column, type=types.get(column.name, column.type)) for column in selection.columns)
    return replace(selection, columns=columns)


def _type(column: Column, integers: float, reals: float, texts: float) -> Type:
    if texts or not (integers or reals):
        return "text" if texts else column.type
    return "number" if reals else "integer"


def _try_out(db: Database, selection: Selection) -> None:
    """Finds out before a file is begun whether SQLite understands the condition."""
    with _one_line(selection.name):
        db.execute(f"EXPLAIN SELECT 1 {selection.source}", selection.parameters).fetchall()


@contextmanager
def _one_line(name: str) -> Iterator[None]:
    """Turns what SQLite says about a question into an ExportError; the question is in part what somebody typed."""
    try:
        yield
    except (sqlite3.Error, sqlite3.Warning) as error:
        raise ExportError(f"{name}: {error}") from error


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
