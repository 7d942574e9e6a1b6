"""The codebook as rows: of the tables `codebook` and `codebook_values` of a published file, and of a data package."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archive.publish.codebook import Column, codebook

Named = tuple[str, Iterable[Column]]
"""A view or table, and the columns of it that are to be explained."""

Row = tuple[str | None, ...]


def column_rows(relations: Iterable[Named]) -> Iterator[Row]:
    """In the order of the columns of `codebook`: one row about each view or table itself, one about each column."""
    for name, columns in relations:
        if name in codebook():
            about = codebook()[name]
            yield (name, "", about.kind, None, None, about.chinese, about.english, "", "")
        for column in columns:
            yield (
                name,
                column.name,
                column.type,
                column.unit,
                column.unit_english,
                column.chinese,
                column.english,
                column.note_chinese,
                column.note_english,
            )


def value_rows(relations: Iterable[Named]) -> Iterator[Row]:
    """In the order of the columns of `codebook_values`."""
    for name, columns in relations:
        for column in columns:
            for value in column.values:
                yield (name, column.name, value.value, value.chinese, value.english)
