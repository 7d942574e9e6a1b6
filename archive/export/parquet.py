"""Parquet: a column has the type that the codebook gives it, and its labels in both languages as metadata."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from archive.export.choosing import Cell, ExportError, Row, Selection
from archive.publish.codebook import Column

ROWS = 50_000
"""At most so many rows in a row group …"""

CHARACTERS = 32_000_000
"""… and about so many characters, which bounds the memory that a table of long texts takes."""


def write_parquet(db: Database, selection: Selection, path: Path, facts: Mapping[str, object]) -> None:
    """Writes the rows of a selection, whose types are those of its values (`typed`), one row group after the other."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([_field(column) for column in selection.columns], {k: str(v) for k, v in facts.items()})
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for rows in _groups(selection.rows(db)):
            arrays = [
                _array(column, [row[n] for row in rows], selection.name) for n, column in enumerate(selection.columns)
            ]
            writer.write_table(pa.table(arrays, schema=schema))


def _field(column: Column) -> Any:
    import pyarrow as pa

    types = {
        "integer": pa.int64(),
        "number": pa.float64(),
        "text": pa.string(),
        "moment": pa.timestamp("s", tz="UTC"),
        "date": pa.date32(),
    }
    labels = {"label_en": column.english, "label_zh": column.chinese, "unit": column.unit or ""}
    return pa.field(column.name, types[column.type], metadata=labels)


def _array(column: Column, cells: Sequence[Cell], table: str) -> Any:
    """The cells of a column as Arrow has them. Raises ExportError for one that would not come back as it is."""
    import pyarrow as pa

    try:
        return pa.array(_parsed(column, cells), type=_field(column).type)
    except (pa.ArrowException, ValueError, TypeError) as error:
        raise ExportError(f"{table}.{column.name}: {str(error).splitlines()[0]}") from error


def _parsed(column: Column, cells: Sequence[Cell]) -> Sequence[object]:
    if column.type == "moment":
        return [None if cell is None else datetime.fromisoformat(str(cell)) for cell in cells]
    if column.type == "date":
        return [None if cell is None else date.fromisoformat(str(cell)) for cell in cells]
    if column.type == "text":
        return [cell if cell is None or isinstance(cell, str) else str(cell) for cell in cells]
    return cells


def _groups(rows: Iterator[Row]) -> Iterator[list[Row]]:
    group: list[Row] = []
    size = 0
    for row in rows:
        group.append(row)
        size += sum(len(cell) for cell in row if isinstance(cell, str))
        if len(group) >= ROWS or size >= CHARACTERS:
            yield group
            group, size = [], 0
    if group:
        yield group
