"""A plugin of sqlite-utils: with gongkai installed, `sqlite-utils query` knows the SQL function search_words(text)."""

from __future__ import annotations

import sqlite3

from sqlite_utils import hookimpl

from archive.search import register


@hookimpl
def prepare_connection(conn: sqlite3.Connection) -> None:
    register(conn)
