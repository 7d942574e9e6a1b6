"""Cells as text: CSV that a spreadsheet does not run, that tells null from empty text, and JSON lines.

A spreadsheet runs a cell that begins with = + - or @ as a formula, and what stands in the reports was written by
strangers. Such texts get an apostrophe in front, in one way that can be undone (`undone`). Numbers are left alone, be
they numbers or text that is nothing but one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache

from archive.export.choosing import Cell, Row

_RUN = r"(?:[\s\ufeff\u200b]*[=+\-@＝＋－＠﹦﹢﹣﹫]|[\t\r\n])"
"""What a spreadsheet may take for the beginning of a formula: some drop blanks in front, and narrow signs."""

_DANGEROUS = re.compile(f"'*{_RUN}")
_DEFUSED = re.compile(f"'+{_RUN}")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_QUOTED = re.compile(r'[",\r\n\u2028\u2029]|^\s|\s$|^$')


def defused(text: str) -> str:
    """The text with an apostrophe in front, if a spreadsheet could run it."""
    return f"'{text}" if _DANGEROUS.match(text) and not _NUMBER.fullmatch(text) else text


def undone(text: str) -> str:
    """The text that `defused` was given."""
    return text[1:] if _DEFUSED.match(text) else text


def csv_lines(names: Sequence[str], rows: Iterable[Row], *, exact: bool = False, end: str = "\n") -> Iterator[str]:
    """Head and rows. Null is nothing between two commas, an empty text is ""; `exact`: texts as they are."""
    yield ",".join(_field(name, exact) for name in names) + end
    for row in rows:
        yield ",".join(_field(cell, exact) for cell in row) + end


def json_lines(names: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """An object a row, in UTF-8; what some readers take for the end of a line is escaped."""
    for row in rows:
        line = json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False)
        yield line.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("\x85", "\\u0085") + "\n"


def _field(cell: Cell, exact: bool) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        return plain(cell)
    if isinstance(cell, int):
        return str(cell)
    return _short(cell, exact) if len(cell) < _SHORT else _text(cell, exact)


def _text(cell: str, exact: bool) -> str:
    text = cell if exact else defused(cell)
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


_SHORT = 200
_short = lru_cache(maxsize=50_000)(_text)
"""Names, addresses and marks that stand in thousands of rows are looked at once; long texts hardly ever come again."""


def plain(number: float) -> str:
    """All digits of a number, and no exponent."""
    return format(Decimal(repr(number)), "f")
