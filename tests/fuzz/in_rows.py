"""Changes of rows, columns and whole tables: lost, doubled, moved, torn, joined with what is not theirs."""

import random
from collections.abc import Callable
from dataclasses import replace

from tests.fuzz.sheet import Sheet, is_filled, is_label, is_value
from tests.generate.facts.forms import COLUMNS
from tests.generate.layout.grids import C, Grid

_INNER = tuple((head, name) for name, head in COLUMNS[1:5])


def _any(cell: C) -> bool:
    return True


def drop_row(sheet: Sheet, rng: random.Random) -> None:
    """A row is gone: of values, of heads, a caption."""
    if place := sheet.pick(rng, _any):
        del place.grid.rows[place.row]


def double_row(sheet: Sheet, rng: random.Random) -> None:
    """A row stands twice."""
    if place := sheet.pick(rng, _any):
        place.grid.rows.insert(place.row, list(place.cells))


def double_row_changed(sheet: Sheet, rng: random.Random) -> None:
    """A row stands twice, with other numbers: nobody can say which is meant."""
    if place := sheet.pick(rng, is_filled):
        copy = [replace(c, text=str(rng.randint(1, 99_999))) if is_value(c) else c for c in place.cells]
        place.grid.rows.insert(rng.choice([place.row, place.row + 1, len(place.grid.rows)]), copy)


def double_table_changed(sheet: Sheet, rng: random.Random) -> None:
    """The tables of a section stand twice, once with one other number."""
    place = sheet.pick(rng, is_filled)
    section = next((s for s in sheet.page.sections if place and place.grid in s.grids), None)
    if place and section:
        section.grids += [Grid(grid.number, [list(row) for row in grid.rows], grid.width) for grid in section.grids]
        place.put(text=str(rng.randint(1, 99_999)))


def move_row(sheet: Sheet, rng: random.Random) -> None:
    """A row stands elsewhere in its table."""
    if place := sheet.pick(rng, is_value):
        row = place.grid.rows.pop(place.row)
        place.grid.rows.insert(rng.randint(0, len(place.grid.rows)), row)


def split_row(sheet: Sheet, rng: random.Random) -> None:
    """A row breaks in two."""
    if place := sheet.pick(rng, is_value):
        row = place.cells
        place.grid.rows[place.row : place.row + 1] = [row[: place.at], row[place.at :]]


def join_rows(sheet: Sheet, rng: random.Random) -> None:
    """Two rows become one."""
    place = sheet.pick(rng, _any)
    if place and place.row + 1 < len(place.grid.rows):
        place.cells.extend(place.grid.rows.pop(place.row + 1))


def insert_row(sheet: Sheet, rng: random.Random) -> None:
    """A row that is not the form's: blanks, a page number, numbers without a word, a row of another matter."""
    if place := sheet.pick(rng, _any):
        numbers = [C(str(rng.randint(1, 90)), kind="foreign") for _ in range(rng.choice([1, 3, 7, 7, 15]))]
        words = C(rng.choice(["其中：网络申请", "上年数", "合计", "备注", "三、本年度办理结果"]), 3)
        blank = [C("", kind="pad") for _ in range(7)]
        row = rng.choice([numbers, [words, *numbers], blank, [C("第 4 页", 10)], [C("", 3), *numbers]])
        place.grid.rows.insert(place.row, row)


def bare_rows(sheet: Sheet, rng: random.Random) -> None:
    """Some neighbouring rows lose the cells of their labels."""
    if place := sheet.pick(rng, is_label):
        for row in place.grid.rows[place.row : place.row + rng.randint(1, 3)]:
            row[:] = [cell for cell in row if not is_label(cell)]


def split_table(sheet: Sheet, rng: random.Random) -> None:
    """A page ends in the middle of a table."""
    section = rng.choice(sheet.page.sections)
    if section.grids:
        at = rng.randrange(len(section.grids))
        grid = section.grids[at]
        cut = rng.randint(0, len(grid.rows))
        parts = [Grid(grid.number, rows, grid.width, set(grid.marks)) for rows in (grid.rows[:cut], grid.rows[cut:])]
        section.grids[at : at + 1] = [part for part in parts if part.rows]


def join_tables(sheet: Sheet, rng: random.Random) -> None:
    """The table of one section goes on with that of the next."""
    sections = [section for section in sheet.page.sections if section.grids]
    if len(sections) > 1:
        at = rng.randrange(len(sections) - 1)
        sections[at].grids[-1].rows += sections[at + 1].grids.pop(0).rows


def spans_lost(sheet: Sheet, rng: random.Random) -> None:
    """Every cell of a table is one by one."""
    for row in rng.choice(sheet.grids()).rows if sheet.grids() else ():
        row[:] = [replace(cell, colspan=1, rowspan=1) for cell in row]


def padded_table(sheet: Sheet, rng: random.Random) -> None:
    """A blank column at the right of all rows."""
    for row in rng.choice(sheet.grids()).rows if sheet.grids() else ():
        row.append(C("", kind="pad"))


def drop_column(sheet: Sheet, rng: random.Random) -> None:
    """One column of applicants is gone, head and all."""
    _without_column(sheet, *rng.choice(_INNER))


def foreign_column(sheet: Sheet, rng: random.Random) -> None:
    """One column of applicants is gone, and another matter's stands at the end: seven again."""
    _without_column(sheet, *rng.choice(_INNER))
    for place in sheet.places(lambda cell: cell.text == "总计" and cell.rowspan == 2 and cell.kind == "head"):
        if place.grid.number == 3:
            place.cells.append(C(rng.choice(["上年总计", "备注", "同比增减"]), 1, 2, "head"))
    for row in sheet.rows():
        ids = [cell.id for cell in row if cell.id.startswith("applications.")]
        if ids:
            row.append(C(str(rng.randint(1, 90)), kind="foreign"))
    _order(sheet, lambda ids: [*ids, ""])


def swap_columns(sheet: Sheet, rng: random.Random) -> None:
    """Two columns of applicants change places, heads and all."""
    (head, name), (other_head, other_name) = rng.sample(_INNER, 2)
    for row in sheet.rows():
        at = [n for n, cell in enumerate(row) if _stands_in(cell, head, name)]
        to = [n for n, cell in enumerate(row) if _stands_in(cell, other_head, other_name)]
        for left, right in zip(at, to, strict=False):
            row[left], row[right] = row[right], row[left]
    names = {name: other_name, other_name: name}
    _order(sheet, lambda ids: [".".join(names.get(part, part) for part in id_.split(".")) for id_ in ids])


def _stands_in(cell: C, head: str, name: str) -> bool:
    """Whether a cell belongs to a column of table 3: its head, or a value under it."""
    of_table = cell.id.startswith("applications.") and cell.id.endswith("." + name)
    text = "".join(cell.text.split())
    return of_table or (cell.kind == "head" and len(text) > 1 and head.startswith(text))


def _without_column(sheet: Sheet, head: str, name: str) -> None:
    for row in sheet.rows():
        row[:] = [cell for cell in row if not _stands_in(cell, head, name)]
    _order(sheet, lambda ids: [i for i in ids if not i.endswith("." + name)])


def _order(sheet: Sheet, change: Callable[[list[str]], list[str]]) -> None:
    """Change the order of the columns of table 3."""
    sheet.order = {key: change(ids) if key.startswith("applications.") else ids for key, ids in sheet.order.items()}


STEADY = (double_table_changed, swap_columns, padded_table)
CHANGES: tuple[Callable[[Sheet, random.Random], None], ...] = (
    drop_row, double_row, double_row_changed, double_table_changed, move_row, split_row, join_rows, insert_row,
    bare_rows, split_table, join_tables, spans_lost, padded_table, drop_column, foreign_column, swap_columns,
)  # fmt: skip
