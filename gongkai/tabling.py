"""Rows of an answer for people and for other tools: a table, CSV, or JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from unicodedata import east_asian_width

from gongkai.printing import printable

Row = Mapping[str, Any]


def as_csv(names: Sequence[str], rows: Sequence[Row]) -> str:
    """CSV with a head line. A text that a spreadsheet would run as a formula has an apostrophe in front."""
    from archive.export.cells import csv_lines

    return printable("".join(csv_lines(names, (tuple(row[name] for name in names) for row in rows))))


def as_json(names: Sequence[str], rows: Sequence[Row]) -> str:
    """An array of objects, one on a line."""
    lines = (json.dumps({name: row[name] for name in names}, ensure_ascii=False) for row in rows)
    return printable("[" + ",\n ".join(lines) + "]\n")


def as_columns(names: Sequence[str], rows: Sequence[Row]) -> str:
    """A table for people; what is null stays empty."""
    lines = [[*names], *(["" if row[name] is None else _in_one_line(row[name]) for name in names] for row in rows)]
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    lines.insert(1, ["-" * width for width in widths])
    return "".join("  ".join(map(_padded, line, widths)).rstrip() + "\n" for line in lines)


def _in_one_line(cell: Any) -> str:
    return printable(" ".join(str(cell).split()))


def _width(text: str) -> int:
    """Columns of a terminal; a Chinese character takes two."""
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
