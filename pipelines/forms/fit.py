"""Which of the cells behind a label are its values, when there are more or fewer than the form has columns.

Exactly as many cells as columns are taken in order. Otherwise complete rows of the same table show where the value
columns stand; a row that does not fit them is refused, never guessed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from pipelines.forms.stream import LabelledRow
from pipelines.model import Cell


@dataclass(frozen=True, slots=True)
class Guide:
    """What the complete rows of a table have in common: grid columns of the values, cells before and after them."""

    columns: tuple[int, ...] | None = None
    before: int | None = None
    length: int | None = None


def fit(row: LabelledRow, expected: int, guide: Guide | None = None) -> tuple[Cell, ...] | None:
    """The `expected` value cells of a row, blanks among them; None when their places cannot be proved."""
    values = row.values
    filled = [number for number, cell in enumerate(values) if cell.text]
    if len(filled) == expected and filled[-1] - filled[0] == expected - 1:
        return values[filled[0] : filled[-1] + 1]
    if len(values) == expected and row.ruled:
        return values
    if not filled and row.ruled and len(values) > expected:
        return values[:expected]
    if expected == 1:
        return _single(row, filled)
    if row.ruled:
        return _by_columns(values, guide) if guide else None
    return _by_count(values, filled, expected, guide or Guide(before=0))


def guide_of(rows: Iterable[LabelledRow], expected: int) -> Guide | None:
    """Learn from the complete rows; None when there are none or they disagree."""
    complete = []
    for row in rows:
        filled = [number for number, cell in enumerate(row.values) if cell.text]
        if len(filled) == expected and filled[-1] - filled[0] == expected - 1:
            complete.append((row, filled))
    if not complete:
        return None
    columns = Counter(tuple(row.values[n].column for n in filled) for row, filled in complete if row.ruled)
    before = {filled[0] for _, filled in complete}
    length = {len(row.values) for row, _ in complete}
    return Guide(
        columns.most_common(1)[0][0] if columns else None,
        before.pop() if len(before) == 1 else None,
        length.pop() if len(length) == 1 else None,
    )


def _single(row: LabelledRow, filled: list[int]) -> tuple[Cell, ...] | None:
    if len(filled) == 1:
        return (row.values[filled[0]],)
    return row.values[:1] if not filled and row.values else None


def _by_columns(values: tuple[Cell, ...], guide: Guide) -> tuple[Cell, ...] | None:
    """Real rows: each value column must be the place of exactly one cell of width one, and nothing filled be left."""
    if guide.columns is None:
        return None
    at = {cell.column: cell for cell in values if cell.colspan == 1 or not cell.text}
    if any(column not in at for column in guide.columns):
        return None
    chosen = tuple(at[column] for column in guide.columns)
    filled = sum(bool(cell.text) for cell in values)
    return chosen if filled == sum(bool(cell.text) for cell in chosen) else None


def _by_count(values: tuple[Cell, ...], filled: list[int], expected: int, guide: Guide) -> tuple[Cell, ...] | None:
    """Running text: printed blanks count, but only where the last column is filled or the row is as long as others."""
    if guide.before is None or not values:
        return None
    chosen = values[guide.before : guide.before + expected]
    ends_right = bool(filled) and filled[-1] == guide.before + expected - 1
    if len(chosen) == expected and (ends_right or len(values) == guide.length):
        return chosen if all(guide.before <= n < guide.before + expected for n in filled) else None
    return None
