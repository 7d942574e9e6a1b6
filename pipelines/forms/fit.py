"""Which of the cells behind a label are its values, when there are more or fewer than the form has columns.

In a real table exactly as many cells as columns are taken in order; otherwise complete rows, or the heads, show where
the values stand. In running text the row's own sum has to prove it. A row that proves nothing is refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pipelines.forms.definitions import Label
from pipelines.forms.labels import label_key
from pipelines.forms.stream import LabelledRow
from pipelines.model import Cell

_FEWEST_COMPLETE = 2


@dataclass(frozen=True, slots=True)
class Guide:
    """The grid columns in which the values of a real table stand."""

    columns: tuple[int, ...]


def fit(row: LabelledRow, expected: int, guide: Guide | None = None) -> tuple[Cell, ...] | None:
    """The `expected` value cells of a row of a real table, blanks among them; None when nothing proves them."""
    values = row.values
    filled = _filled(values)
    if len(values) == expected or (not filled and len(values) > expected):
        return values[:expected]
    if _run_of(filled, expected):
        return values[filled[0] : filled[-1] + 1]
    if expected == 1:
        return (values[filled[0]],) if len(filled) == 1 else None
    return _by_columns(values, guide) if guide else None


def fit_text(
    row: LabelledRow,
    expected: int,
    adds_up: Callable[[Sequence[Cell]], bool] | None = None,
    first_column: int | None = None,
) -> tuple[Cell, ...] | None:
    """The `expected` value cells of a row of running text, where label columns and padding are cells too.

    As many filled cells as columns, with no gap, are taken in order. With gaps (printed blanks), the column in which
    the complete rows of the table begin shows the place; where there is none, the row's own sum must prove it, and
    no other stretch may hold all its filled cells. `adds_up` is None for rows that have no sum.
    """
    values = row.values
    filled = _filled(values)
    if _run_of(filled, expected):
        return values[filled[0] : filled[-1] + 1]
    if expected == 1:
        return values[:1] if not filled and values else (values[filled[0]],) if len(filled) == 1 else None
    if len(values) < expected:
        return None
    if not filled:
        return values[:expected]
    stretches = [values[start : start + expected] for start in range(len(values) - expected + 1)]
    possible = [cells for cells in stretches if len(_filled(cells)) == len(filled)]
    if first_column is not None:
        possible = [cells for cells in possible if _in_columns(cells, first_column)]
        return possible[0] if len(possible) == 1 else None
    if len(possible) != 1:
        return None
    proved = adds_up(possible[0]) if adds_up else bool(possible[0][-1].text)
    return possible[0] if proved else None


def text_column(rows: Iterable[LabelledRow], expected: int) -> int | None:
    """The column in which the values of a text begin, if its complete rows (two or more) agree: a true grid."""
    first = {
        row.values[filled[0]].column
        if _in_columns(row.values[filled[0] : filled[-1] + 1], row.values[filled[0]].column)
        else None
        for row in rows
        if not row.ruled and _run_of(filled := _filled(row.values), expected)
    }
    complete = sum(not row.ruled and _run_of(_filled(row.values), expected) for row in rows)
    return first.pop() if len(first) == 1 and complete >= _FEWEST_COMPLETE else None


def _in_columns(cells: Sequence[Cell], first: int) -> bool:
    return all(cell.column == first + number for number, cell in enumerate(cells))


def _filled(values: Sequence[Cell]) -> list[int]:
    return [number for number, cell in enumerate(values) if cell.text]


def _run_of(filled: Sequence[int], expected: int) -> bool:
    """Whether the filled places are as many as expected and follow each other without a gap."""
    return len(filled) == expected and filled[-1] - filled[0] == expected - 1


def guide_of(rows: Iterable[LabelledRow], expected: int) -> Guide | None:
    """Learn from the complete rows of a real table; None when there are none."""
    places = Counter(
        tuple(row.values[n].column for n in filled)
        for row in rows
        if row.ruled and _run_of(filled := _filled(row.values), expected)
    )
    return Guide(places.most_common(1)[0][0]) if places else None


def head_guide(heads: Iterable[Cell], columns: Iterable[Label]) -> Guide | None:
    """Learn from the head cells of a real table: each column's head must be there once, over one grid column."""
    places: list[int] = []
    cells = list(heads)
    for column in columns:
        found = [cell for cell in cells if cell.colspan == 1 and label_key(cell.text) in column.keys]
        if len(found) != 1:
            return None
        places.append(found[0].column)
    return Guide(tuple(places)) if places == sorted(places) else None


def _by_columns(values: tuple[Cell, ...], guide: Guide) -> tuple[Cell, ...] | None:
    """Real rows: each value column must be the place of exactly one cell of width one, and nothing filled be left."""
    at = {cell.column: cell for cell in values if cell.colspan == 1 or not cell.text}
    if any(column not in at for column in guide.columns):
        return None
    chosen = tuple(at[column] for column in guide.columns)
    filled = sum(bool(cell.text) for cell in values)
    return chosen if filled == sum(bool(cell.text) for cell in chosen) else None
