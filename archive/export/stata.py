"""Stata (version 14 and later, file format 118): names of at most 32 characters, labels, and `.` for null.

Stata knows no null for text: an empty text stands for it. pandas writes the file from the whole table in memory.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from sqlite_utils import Database

from archive.export.choosing import Cell, ExportError, Selection
from archive.publish.codebook import Column

Language = Literal["en", "zh"]

LONGEST_NAME = 32
LONGEST_LABEL = 80
LONGEST_TEXT = 2045
"""Bytes of a text variable of fixed width; longer ones become strL."""

_LARGEST_LONG = 2_147_483_620
_LARGEST_EXACT = 2**53
_RESERVED = frozenset(
    "aggregate array boolean break byte case catch class colvector complex const continue default delegate delete do"
    " double else eltypedef end enum explicit export external float for friend function global goto if in inline int"
    " local long mata matrix namespace new null numeric nullmat operator orgtypedef pointer polymorphic pragma private"
    " protected public quad real return rowvector scalar short signed static strL string struct super switch template"
    " this throw transmorphic try typedef typename union unsigned using vector version virtual void volatile while with"
    " _all _b _coef _cons _n _N _pi _pred _rc _skip".split()
)


def write_stata(db: Database, selection: Selection, path: Path, title: str, language: Language) -> None:
    """Writes a selection whose types are those of its values. Raises ExportError for what Stata cannot hold."""
    import pandas as pd

    names = stata_names([column.name for column in selection.columns])
    columns: list[list[Cell]] = [[] for _ in selection.columns]
    shared: dict[Cell, Cell] = {}  # a name that stands in a thousand rows is kept once
    for row in selection.rows(db):
        for cells, cell in zip(columns, row, strict=True):
            cells.append(shared.setdefault(cell, cell) if isinstance(cell, str) else cell)
    frame: dict[str, Any] = {}
    for name, column, cells in zip(names, selection.columns, columns, strict=True):
        frame[name] = pd.Series(_series(column, cells, selection.name))
        cells.clear()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that moments are rounded to milliseconds, and frames fragmented
        pd.DataFrame(frame).to_stata(
            path,
            version=118,
            write_index=False,
            data_label=title[:LONGEST_LABEL],
            variable_labels={
                name: label(column, name, language) for name, column in zip(names, selection.columns, strict=True)
            },
            convert_strl=_long_texts(frame),
            convert_dates={
                name: {"moment": "tc", "date": "td"}[column.type]
                for name, column in zip(names, selection.columns, strict=True)
                if column.type in ("moment", "date")
            },
        )


def stata_names(names: Iterable[str]) -> list[str]:
    """A name that Stata takes for each: other characters become _, long ones are cut, doubles get a number."""
    taken: set[str] = set()
    found = []
    for name in names:
        plain = re.sub(r"[^A-Za-z0-9_]", "_", name)
        if not re.match(r"[A-Za-z_]", plain) or plain in _RESERVED or re.fullmatch(r"str[0-9]+", plain):
            plain = f"_{plain}"
        chosen, n = plain[:LONGEST_NAME], 1
        while chosen in taken:
            n += 1
            chosen = f"{plain[: LONGEST_NAME - len(str(n)) - 1]}_{n}"
        taken.add(chosen)
        found.append(chosen)
    return found


def label(column: Column, name: str, language: Language) -> str:
    """What stands beside the variable: its meaning and unit; in front of it its name, where Stata has another one."""
    text, unit = (column.english, column.unit_english) if language == "en" else (column.chinese, column.unit)
    if name != column.name:
        text = f"{column.name}: {text}"
    if unit and len(text) + len(unit) + 3 <= LONGEST_LABEL:
        text += f" ({unit})" if language == "en" else f"（{unit}）"
    return text if len(text) <= LONGEST_LABEL else text[: LONGEST_LABEL - 1] + "…"


def _series(column: Column, cells: Sequence[Cell], table: str) -> Any:
    import numpy as np
    import pandas as pd

    match column.type:
        case "text":
            return pd.Series(["" if cell is None else str(cell) for cell in cells], dtype=object)
        case "moment":
            moments = [
                None if cell is None else datetime.fromisoformat(str(cell)).replace(tzinfo=None) for cell in cells
            ]
            return pd.Series(moments, dtype="datetime64[ms]")
        case "date":
            days = [None if cell is None else date.fromisoformat(str(cell)) for cell in cells]
            return pd.Series(days, dtype="datetime64[ms]")
    if any(isinstance(cell, int) and abs(cell) > _LARGEST_EXACT for cell in cells):
        raise ExportError(f"{table}.{column.name}: a number of more than 15 digits, which Stata cannot hold exactly")
    whole = column.type == "integer" and all(cell is not None and abs(int(cell)) <= _LARGEST_LONG for cell in cells)
    if whole and cells:
        return np.array(cells, dtype="int32")
    return np.array([np.nan if cell is None else float(cell) for cell in cells], dtype="float64")


def _long_texts(frame: Mapping[str, Any]) -> list[str]:
    return [
        name
        for name, series in frame.items()
        if series.dtype == object and any(len(text.encode()) > LONGEST_TEXT for text in series)
    ]
