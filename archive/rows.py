"""Rows in and out by the names of their columns, for what is done many times in one transaction.

The library's own functions look at the table first, and set a savepoint around each question. That takes longer than
most of ours take; and at a savepoint FTS5 writes all terms that it has gathered so far into a segment of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlite_utils import Database


def rows_of(db: Database, query: str, values: Sequence[Any] | dict[str, Any] = ()) -> list[dict[str, Any]]:
    """The rows that a query gives, by the names of its columns, which differ from one another."""
    cursor = db.execute(query, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def insert(db: Database, table: str, row: Mapping[str, object]) -> int:
    """Adds a row and returns its id."""
    marks = ", ".join("?" for _ in row)
    return db.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", [*row.values()]).lastrowid or 0
