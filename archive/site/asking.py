"""Asking the archive for what a page shows: rows as dicts, in a thread of Datasette's, within a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any, TypeVar

from datasette.app import Datasette
from datasette.utils import sqlite_timelimit

NAME = "gongkai"
"""The name of the database in addresses, whatever the file is called: links survive a renamed file."""

PAGE_LIMIT_MS = 8000
"""Milliseconds that one of our own pages may take; each asks a handful of questions."""

Row = dict[str, Any]
Result = TypeVar("Result")


async def ask(site: Datasette, work: Callable[[sqlite3.Connection], Result]) -> Result:
    """Runs `work` on a connection of the archive. Raises sqlite3.OperationalError when it takes too long."""

    def timed(connection: sqlite3.Connection) -> Result:
        with sqlite_timelimit(connection, PAGE_LIMIT_MS):
            return work(connection)

    result: Result = await site.get_database(NAME).execute_fn(timed)
    return result


def rows(db: sqlite3.Connection, sql: str, *values: object) -> list[Row]:
    """All rows of a query, as dicts."""
    cursor = db.execute(sql, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def first(db: sqlite3.Connection, sql: str, *values: object) -> Row | None:
    """The first row of a query, if there is one."""
    found = rows(db, sql, *values)
    return found[0] if found else None
