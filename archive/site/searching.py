"""The search page: sections that hold all the words, the most telling first, with the words marked."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from sqlite_utils import Database

from archive.search import Hit, find
from archive.search.terms import places

PAGE = 20

Pieces = tuple[tuple[str, bool], ...]
"""A text in pieces, each with whether it is one of the words looked for."""


@dataclass(frozen=True, slots=True)
class Found:
    """One page of hits, each with its heading in pieces; `more` when there is another."""

    hits: list[tuple[Hit, Pieces]]
    more: bool


def search_page(db: sqlite3.Connection, words: str, year: int | None, province: str | None, page: int) -> Found:
    """Hits of `words` (all of them), 20 a page from 1 on."""
    if not words:
        return Found([], False)
    asked = Database(db, execute_plugins=False)
    found = find(asked, words, limit=PAGE + 1, offset=(page - 1) * PAGE, year=year, province=province)
    return Found([(hit, marked(hit.heading, words)) for hit in found[:PAGE]], len(found) > PAGE)


def marked(text: str, words: str) -> Pieces:
    """The text in pieces; put together they are the text again."""
    pieces: list[tuple[str, bool]] = []
    at = 0
    for begin, end in places(text, words):
        pieces += [(text[at:begin], False), (text[begin:end], True)]
        at = end
    return (*pieces, (text[at:], False))
