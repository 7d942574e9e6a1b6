"""Which of the cells behind a label are its values, when there are more or fewer than the form has columns.

In a real table exactly as many cells as columns are taken in order; otherwise complete rows, or the heads, show where
the values stand. In running text the row's own sum has to prove it. A row that proves nothing is refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipelines.forms.definitions import Label
from pipelines.forms.labels import label_key
from pipelines.forms.stream import LabelledRow, filled_among
from pipelines.forms.values import looks_like_value, read_value
from pipelines.model import Cell

_FEWEST_COMPLETE = 2


Proof = Callable[[Sequence[Cell]], bool]
"""Whether some cells show by themselves that they are the right ones; none does in a row that has no sum."""


def no_proof(cells: Sequence[Cell]) -> bool:
    """The proof of a row that has no sum."""
    return False


def adds_up(cells: Sequence[Cell]) -> bool:
    """Whether the last of the cells is printed and is the sum of the others, blanks counting as nothing."""
    values = [read_value(cell.text, "count", "件") for cell in cells]
    if values[-1].number is None or any(value.state == "unreadable" for value in values):
        return False
    return sum(value.number or 0 for value in values[:-1]) == values[-1].number


def cannot_add_up(cells: Sequence[Cell]) -> bool:
    """Whether a cell cannot be read and the others are more than their total already: some are those of another row."""
    if all(cell.text.isdecimal() or not cell.text for cell in cells):
        return False
    values = [read_value(cell.text, "count", "件") for cell in cells]
    total = values[-1].number
    if total is None or all(value.state != "unreadable" for value in values):
        return False
    return sum(value.number or 0 for value in values[:-1]) > total


def proves_itself(cells: Sequence[Cell]) -> bool:
    """Whether the sum of the cells shows that they are the right ones; zeros add up wherever they stand."""
    return adds_up(cells) and any(read_value(cell.text, "count", "件").number for cell in cells)


@dataclass(frozen=True, slots=True)
class Layout:
    """What the rows of a real table have in common, so that a row which lost or caught a cell stands out."""

    count: int | None
    """Cells behind the label."""
    edges: Mapping[int, int]
    """Where the rows of each table end: its right edge in grid columns."""
    guide: tuple[int, ...] | None = None
    """The grid columns in which the values stand."""
    learned: bool = False
    """Whether the guide was learned from complete rows, not from the heads, which real pages may divide differently."""
    crowded: bool = False
    """Whether some row has more figures than the form has columns: one of its columns is another matter's."""
    moved: bool = False
    """Whether the sum of some row shows that its figures stand further to the right than the guide says."""


def fit(row: LabelledRow, expected: int, layout: Layout, proof: Proof = no_proof) -> tuple[Cell, ...] | None:
    """The `expected` value cells of a row of a real table, blanks among them; None when nothing proves them.

    A row of just so many cells has them in order, if so has the table: where its rows have another cell, one is missing
    here. A row of more cells has its values where the table has them, if it ends where the table does.
    """
    if row.is_doubtful:
        return None
    values, filled = row.values, row.filled

    def proves(cells: Sequence[Cell]) -> bool:
        """Zeros add up in any column, but where no row has a figure too many they are those of the form."""
        return proof(cells) or (proof is not no_proof and not layout.crowded and adds_up(cells))

    if is_damaged(values):
        return None
    if not filled and len(values) >= expected:
        return values[:expected]
    aligned = layout.edges.get(row.grid) == edge(values)
    if len(values) == expected:
        under = _under_guide(values, layout, proof) if aligned and layout.learned else None
        if under or (aligned and layout.learned and len(filled) < expected):
            return under
        if not _side_by_side(values) or (proof is not no_proof and _may_hide_total(values)):
            return None
        complete = len(filled) == expected
        as_usual = layout.count == expected and (aligned or complete)
        return values if as_usual or (complete and (proof is no_proof or proves(values))) else None
    if expected == 1:
        return (values[filled[0]],) if len(filled) == 1 else None
    if _run_of(filled, expected) and proves(values[filled[0] : filled[-1] + 1]):
        return values[filled[0] : filled[-1] + 1]
    if not aligned or not layout.guide:
        return None
    # Under heads alone an empty cell behind the label may be the label's own, or the first value of a row that has
    # lost its place: then the sum must tell.
    chosen = _under_guide(values, layout, proof)
    placed = layout.learned or values[0].column == layout.guide[0]
    return chosen if chosen and not _refuted(chosen, proof) and (placed or proof(chosen)) else None


def is_regular(row: LabelledRow, layout: Layout) -> bool:
    """Whether a row of a real table is one of plain numbers, each in the column where the complete rows have it.

    What `fit` makes of such a row are its values; most rows of most tables are like that.
    """
    if row.is_doubtful or not (row.ruled and layout.learned and len(row.filled) == len(row.values)):
        return False
    columns = tuple([cell.column for cell in row.values if cell.colspan == 1 and cell.text.isdecimal()])
    return columns == layout.guide and layout.edges.get(row.grid) == edge(row.values)


def has_moved(rows: Iterable[LabelledRow], guide: tuple[int, ...] | None, proof: Proof) -> bool:
    """Whether some row has nothing in the first column of a guide, and a last figure that is not its sum."""
    if not guide:
        return False
    first = guide[0]
    begin = (
        row.values for row in rows if row.ruled and any(cell.column == first for cell in row.values if not cell.text)
    )
    under = (_by_columns(values, guide) for values in begin)
    return any(cells and not cells[0].text and _refuted(cells, proof) for cells in under)


def _under_guide(values: tuple[Cell, ...], layout: Layout, proof: Proof) -> tuple[Cell, ...] | None:
    """The cells under a guide; where rows have moved, a row that begins with an empty cell has to prove itself."""
    cells = _by_columns(values, layout.guide) if layout.guide else None
    return cells if cells and (not layout.moved or cells[0].text or proof(cells)) else None


def _refuted(cells: Sequence[Cell], proof: Proof) -> bool:
    """Whether the row has a sum, and its printed last cell is not the sum of the others."""
    return proof is not no_proof and bool(cells[-1].text) and not adds_up(cells)


def is_damaged(cells: Iterable[Cell]) -> bool:
    """Whether text stands between some cells: one of them has lost its borders."""
    return 0 in [cell.colspan for cell in cells]


def _is_debris(text: str) -> bool:
    """Whether a piece of text is neither a word nor a value: a bracket, a quote, what is left of something."""
    return not looks_like_value(text) and not any(map(str.isalnum, text))


def _side_by_side(cells: Sequence[Cell]) -> bool:
    """Whether no cell from a row above reaches between these."""
    return all(left.column + left.colspan == right.column for left, right in pairwise(cells))


def _may_hide_total(cells: Sequence[Cell]) -> bool:
    """Whether a row ends blank while a figure in it stands over several columns: that may be two cells in one, and the
    total one place too far left."""
    return not cells[-1].text and any(cell.text and cell.colspan > 1 for cell in cells)


def edge(cells: Sequence[Cell]) -> int:
    """The grid column behind the last of some cells."""
    return cells[-1].column + cells[-1].colspan if cells else 0


def layout_of(rows: Sequence[LabelledRow], expected: int) -> Layout:
    """The layout of the real tables in which the rows of one form stand."""
    ruled = [row for row in rows if row.ruled and row.values]
    edges = {grid: usual(edge(row.values) for row in ruled if row.grid == grid) for grid in {row.grid for row in ruled}}
    return Layout(
        usual(len(row.values) for row in ruled),
        {grid: most for grid, most in edges.items() if most is not None},
        crowded=any(len(row.filled) > expected for row in ruled),
    )


def usual(numbers: Iterable[int]) -> int | None:
    """The number that comes more often than any other; None where two come as often, or there is none."""
    most = Counter(numbers).most_common(2)
    return None if not most or (len(most) > 1 and most[0][1] == most[1][1]) else most[0][0]


def fit_text(
    row: LabelledRow,
    expected: int,
    proof: Proof = no_proof,
    first_column: int | None = None,
) -> tuple[Cell, ...] | None:
    """The `expected` value cells of a row of running text, where label columns and padding are cells too.

    As many filled cells as columns, with no gap, are taken in order. With gaps (printed blanks), the column in which
    the complete rows of the table begin shows the place; where there is none, the row's own sum must prove it, and
    no other stretch may hold all its filled cells, and a sum that is not theirs shows that the row has moved. A blank
    at the end may be padding, whatever the column.
    """
    values = _of_first_line(row.values, expected)
    filled = filled_among(values)
    if any(_is_debris(values[place].text) for place in filled):
        return None
    if expected == 1 and filled and values[filled[0]].row > values[0].row:
        return None  # behind a printed blank stands the number of a page, or what was broken off
    if _run_of(filled, expected):
        return values[filled[0] : filled[-1] + 1]
    if expected == 1:
        return values[:1] if not filled and values else (values[filled[0]],) if len(filled) == 1 else None
    if len(values) < expected:
        return None
    if not filled:
        return values[:expected]
    stretches = [values[start : start + expected] for start in range(len(values) - expected + 1)]
    possible = [cells for cells in stretches if len(filled_among(cells)) == len(filled)]
    if first_column is not None:
        possible = [cells for cells in possible if _in_columns(cells, first_column)]
    if len(possible) != 1:
        return None
    cells = possible[0]
    by_place = first_column is not None or (proof is no_proof and cells[0].text)
    proved = proof(cells) and (first_column is not None or cells[0].text)
    return cells if proved or (by_place and cells[-1].text and not _refuted(cells, proof)) else None


def _of_first_line(values: tuple[Cell, ...], expected: int) -> tuple[Cell, ...]:
    """The cells on the line of the first, where these are enough: below stands a row that has lost its label."""
    first = tuple(cell for cell in values if cell.row == values[0].row)
    return first if len(first) >= expected > 1 else values


def text_column(rows: Iterable[LabelledRow], expected: int) -> int | None:
    """The column in which the values of a text begin, if its complete rows (two or more) agree: a true grid."""
    first = {
        row.values[row.filled[0]].column
        if _in_columns(row.values[row.filled[0] : row.filled[-1] + 1], row.values[row.filled[0]].column)
        else None
        for row in rows
        if not row.ruled and _run_of(row.filled, expected)
    }
    complete = sum(not row.ruled and _run_of(row.filled, expected) for row in rows)
    return first.pop() if len(first) == 1 and complete >= _FEWEST_COMPLETE else None


def _in_columns(cells: Sequence[Cell], first: int) -> bool:
    return all(cell.column == first + number for number, cell in enumerate(cells))


def _run_of(filled: Sequence[int], expected: int) -> bool:
    """Whether the filled places are as many as expected and follow each other without a gap."""
    return len(filled) == expected and filled[-1] - filled[0] == expected - 1


def guide_of(rows: Iterable[LabelledRow], layout: Layout, expected: int) -> tuple[int, ...] | None:
    """Learn from the complete rows of real tables, two or more of which must agree."""
    places = Counter(
        tuple([row.values[n].column for n in row.filled])
        for row in rows
        if row.ruled and _run_of(row.filled, expected) and layout.edges.get(row.grid) == edge(row.values)
    )
    found = places.most_common(1)
    return found[0][0] if found and found[0][1] >= _FEWEST_COMPLETE and not layout.crowded else None


def head_guide(heads: Iterable[Cell], columns: Iterable[Label]) -> tuple[int, ...] | None:
    """Learn from the head cells of a real table: each column's head must be there once, over one grid column."""
    places: list[int] = []
    printed = [(label_key(cell.text), cell.column) for cell in heads if cell.colspan == 1]
    for column in columns:
        found = [place for key, place in printed if key in column.keys]
        if len(found) != 1:
            return None
        places.append(found[0])
    return tuple(places) if places == sorted(set(places)) else None


def all_under(guide: tuple[int, ...], rows: Iterable[LabelledRow], layout: Layout) -> bool:
    """Whether all figures of the rows that end where their table does stand in the columns of a guide."""
    aligned = (row for row in rows if row.ruled and row.values and layout.edges.get(row.grid) == edge(row.values))
    return {row.values[place].column for row in aligned for place in row.filled} <= set(guide)


def _by_columns(values: tuple[Cell, ...], guide: tuple[int, ...]) -> tuple[Cell, ...] | None:
    """Real rows: each value column must be the place of exactly one cell of width one, and nothing filled be left."""
    if tuple([cell.column for cell in values if cell.colspan == 1]) == guide and len(values) == len(guide):
        return values
    at = {cell.column: cell for cell in values if cell.colspan == 1 or not cell.text}
    if any(column not in at for column in guide):
        return None
    chosen = tuple(at[column] for column in guide)
    filled = sum(bool(cell.text) for cell in values)
    return chosen if filled == sum(bool(cell.text) for cell in chosen) else None
