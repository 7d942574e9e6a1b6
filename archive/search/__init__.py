"""Finding sections by the words in them: the index `sections_search`, kept in step, and the search itself.

The index is a contentless FTS5 table: it holds terms (see `terms`) and no text. SQLite cannot know when a section goes,
so whoever deletes sections says so first, in the same transaction.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlite_utils import Database

from archive.search.terms import indexed, places, words

__all__ = ["Hit", "find", "forget_sections", "in_bulk", "index_sections", "register", "tidied", "words"]

_AROUND = 40
"""Characters of context on either side of the first place where a section says what was looked for."""

COMMON = 20_000
"""Where more sections than that hold the words, telling them apart by BM25 is slow and says little."""

_ADD = "INSERT INTO sections_search (rowid, heading, text) VALUES (?, ?, ?)"
_TAKE_OUT = "INSERT INTO sections_search (sections_search, rowid, heading, text) VALUES ('delete', ?, ?, ?)"

_MERGE = "INSERT INTO sections_search (sections_search, rank) VALUES ('merge', ?)"
_A_LITTLE = 500  # pages of 4 kB that are written at a time
_GATHER = "INSERT INTO sections_search (sections_search, rank) VALUES ('hashsize', ?)"
_MUCH, _LITTLE = 64 << 20, 1 << 20  # bytes; the second is what FTS5 takes by itself

Snippet = tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A section that says what was looked for.

    `snippet` is a part of its text, or its heading where only that holds the words, in pieces, each with whether it is
    one of the words looked for.
    """

    report_id: int
    section_id: int
    agency: str
    year: int
    scope: str | None
    heading: str
    snippet: Snippet
    url: str

    def marked(self, begin: str = "【", end: str = "】") -> str:
        """The snippet as one line of text with a mark around each hit; not fit for HTML before it is escaped."""
        return "".join(f"{begin}{piece}{end}" if hit else piece for piece, hit in self.snippet)


def register(connection: sqlite3.Connection) -> None:
    """Gives a connection the SQL function `search_words(text)`: the MATCH expression for what a person typed."""
    connection.create_function("search_words", 1, lambda typed: words(str(typed or "")), deterministic=True)


def index_sections(db: Database, report_id: int) -> None:
    """Enters the sections of a report revision, which must not be entered already."""
    db.conn.executemany(_ADD, list(_entries(db, report_id)))


def forget_sections(db: Database, report_id: int) -> None:
    """Takes the sections of a report revision out, before they are changed or deleted."""
    db.conn.executemany(_TAKE_OUT, list(_entries(db, report_id)))


@contextmanager
def in_bulk(db: Database) -> Iterator[None]:
    """Lets whoever enters thousands of sections in a transaction do it in half the time, with 64 MB more of memory.

    FTS5 writes a segment for each megabyte of terms, and later merges them all. The setting lies in the file: a process
    that dies leaves it there, where it costs nothing as long as transactions are small.
    """
    db.execute(_GATHER, [_MUCH])
    try:
        yield
    finally:
        db.execute(_GATHER, [_LITTLE])


def tidied(db: Database) -> bool:
    """Merges a little of what lies in several segments, all of which a search has to look into; whether it did.

    FTS5 merges as it is written to, but after thousands of sections in one go dozens are left, and a search for a
    frequent word takes twice as long.
    """
    before = db.conn.total_changes
    db.execute(_MERGE, [_A_LITTLE])
    return db.conn.total_changes - before > 1  # as the documentation of FTS5 has it


def fill(db: Database) -> None:
    """Makes the index anew from all sections, in bounded memory."""
    db.execute("INSERT INTO sections_search (sections_search) VALUES ('delete-all')")
    rows = db.execute("SELECT section_id, heading, text FROM sections")
    db.conn.executemany(_ADD, ((number, indexed(heading), indexed(text)) for number, heading, text in rows))


def find(
    db: Database,
    typed: str,
    *,
    limit: int = 20,
    offset: int = 0,
    year: int | None = None,
    province: str | None = None,
    agency: str | None = None,
) -> list[Hit]:
    """The sections of current reports that hold all words typed (see `words`), the most telling first.

    Telling is what BM25 says, in tenths; where that is equal, and where more than COMMON sections hold the words, the
    newest come first. `province` and `agency` are names as in the view `reports`.
    """
    conditions = ["r.is_current = 1"]
    wanted: dict[str, object] = {"words": words(typed), "limit": limit, "offset": offset}
    for name, value in (("year", year), ("province", province), ("agency", agency)):
        if value is not None:
            conditions.append(f"r.{name} = :{name}")
            wanted[name] = value
    (matching,) = db.execute(_COUNT, {**wanted, "common": COMMON}).fetchone()
    question = _TELLING if matching <= COMMON else _NEWEST
    holds = _HOLDS_BEGINNINGS if "*" in str(wanted["words"]) else _HOLDS_TERMS
    rows = db.query(question.format(conditions=" AND ".join(conditions), holds=holds), wanted)
    return [
        Hit(
            row["report_id"],
            row["section_id"],
            row["agency"],
            row["year"],
            row["scope"],
            row["heading"],
            _snippet(row["text"], typed) or _snippet(row["heading"], typed) or _beginning(row["text"]),
            row["url"],
        )
        for row in rows
    ]


_COUNT = """
SELECT count(*) FROM (SELECT rowid FROM sections_search WHERE sections_search MATCH :words LIMIT :common + 1)
"""

# The texts are looked up for the few sections that are shown, not sorted with all that match.
_TELLING = """
SELECT r.report_id, s.section_id, r.agency, r.year, r.scope, s.heading, s.text, r.url
FROM (SELECT f.rowid AS section_id, round(bm25(sections_search), 1) AS score, r.year
      FROM sections_search f
      CROSS JOIN sections s ON s.section_id = f.rowid
      CROSS JOIN reports r ON r.report_id = s.report_id
      WHERE sections_search MATCH :words AND {conditions}
      ORDER BY score, r.year DESC, f.rowid DESC LIMIT :limit OFFSET :offset) best
CROSS JOIN sections s ON s.section_id = best.section_id
CROSS JOIN reports r ON r.report_id = s.report_id
ORDER BY best.score, best.year DESC, best.section_id DESC
"""

# The beginning of a term is looked for once, since that takes long; whole terms in each section, since few are asked.
_HOLDS_TERMS = "EXISTS (SELECT 1 FROM sections_search f WHERE f.rowid = s.section_id AND sections_search MATCH :words)"
_HOLDS_BEGINNINGS = "s.section_id IN (SELECT rowid FROM sections_search WHERE sections_search MATCH :words)"

# Here most reports hold the words: they are looked through from the newest on, until there are enough.
_NEWEST = """
SELECT r.report_id, s.section_id, r.agency, r.year, r.scope, s.heading, s.text, r.url
FROM reports r CROSS JOIN sections s ON s.report_id = r.report_id
WHERE {conditions}
  AND {holds}
ORDER BY r.year DESC LIMIT :limit OFFSET :offset
"""


def _entries(db: Database, report_id: int) -> Iterator[tuple[int, str, str]]:
    rows = db.execute("SELECT section_id, heading, text FROM sections WHERE report_id = ?", [report_id])
    return ((number, indexed(heading), indexed(text)) for number, heading, text in rows.fetchall())


def _snippet(text: str, typed: str) -> Snippet:
    """The first place in a text where a word stands, with what is around it, in one line; empty if none does."""
    found = places(text, typed)
    if not found:
        return ()
    start, end = max(0, found[0][0] - _AROUND), min(len(text), found[0][0] + 2 * _AROUND)
    at = start
    pieces = [("…" if start else "", False)]
    for begin, stop in found:
        if begin >= end:
            break
        pieces += (_in_one_line(text[at:begin]), False), (text[begin:stop], True)
        at = stop
    end = max(at, end)
    pieces.append((_in_one_line(text[at:end]) + ("…" if end < len(text) else ""), False))
    return tuple(piece for piece in pieces if piece[0])


def _beginning(text: str) -> Snippet:
    shown = _in_one_line(text[: 2 * _AROUND])
    return ((shown + ("…" if len(text) > 2 * _AROUND else ""), False),)


def _in_one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)
