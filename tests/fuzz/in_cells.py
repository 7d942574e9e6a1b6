"""Changes of single cells: lost, doubled, emptied, merged, misread, slipped into the next row.

Each change keeps the account of the sheet true: ids go with the cells, and a cell whose number is no figure has none.
"""

import random
from collections.abc import Callable
from dataclasses import replace

from tests.fuzz.sheet import Place, Sheet, is_filled, is_label, is_value
from tests.generate.layout.grids import C

_TEXTS = ("", "", "/", "-", "—", "无", "详见附件", "12 34", "1 2", "3.", "O", "l2", "１２", "1,234", "7件", "约5", "0")
_SPANS = (2, 3, 20, 1_000_000)


def _any(cell: C) -> bool:
    return True


def drop_value(sheet: Sheet, rng: random.Random) -> None:
    """A value cell is gone."""
    if place := sheet.pick(rng, is_value):
        del place.cells[place.at]


def drop_last_value(sheet: Sheet, rng: random.Random) -> None:
    """The last value cell of a row is gone."""
    if place := sheet.pick(rng, is_value):
        del place.cells[max(at for at, cell in enumerate(place.cells) if is_value(cell))]


def drop_cell(sheet: Sheet, rng: random.Random) -> None:
    """Any cell is gone: a value, a label, a head, a group, padding."""
    if place := sheet.pick(rng, _any):
        del place.cells[place.at]


def empty_cell(sheet: Sheet, rng: random.Random) -> None:
    """Any cell loses its text."""
    if place := sheet.pick(rng, _any):
        place.put(text="")


def other_text(sheet: Sheet, rng: random.Random) -> None:
    """A figure is printed in words, as a mark, in two pieces, in odd digits."""
    if place := sheet.pick(rng, is_filled):
        place.put(text=rng.choice(_TEXTS))


def other_number(sheet: Sheet, rng: random.Random) -> None:
    """A figure is another number."""
    if place := sheet.pick(rng, is_filled):
        place.put(text=str(rng.randint(1, 99_999)))


def empty_some(sheet: Sheet, rng: random.Random) -> None:
    """Several values of one row are blank."""
    if place := sheet.pick(rng, is_filled):
        place.cells[:] = [replace(c, text="") if is_value(c) and rng.random() < 0.5 else c for c in place.cells]


def drop_blanks(sheet: Sheet, rng: random.Random) -> None:
    """The blank cells of one row vanish, as some converters let them."""
    if place := sheet.pick(rng, lambda cell: is_value(cell) and not cell.text):
        place.cells[:] = [cell for cell in place.cells if cell.text]


def drop_all_blanks(sheet: Sheet, rng: random.Random) -> None:
    """The blank cells of every row vanish."""
    for row in sheet.rows():
        row[:] = [cell for cell in row if cell.text]


def double_cell(sheet: Sheet, rng: random.Random) -> None:
    """A cell stands twice."""
    if place := sheet.pick(rng, _any):
        place.cells.insert(place.at, place.cell)


def insert_blank(sheet: Sheet, rng: random.Random) -> None:
    """A blank cell among the values: where one was dropped, it can only be taken for what it looks like."""
    if place := sheet.pick(rng, is_value):
        place.cells.insert(place.at + rng.randint(0, 1), C("", kind="value"))


def insert_number(sheet: Sheet, rng: random.Random) -> None:
    """The number of a page, of a line or of a note gets into a row."""
    if place := sheet.pick(rng, is_value):
        at = rng.choice([place.at, 0, len(place.cells)])
        place.cells.insert(at, C(str(rng.randint(1, 60)), kind="foreign"))


def swap_values(sheet: Sheet, rng: random.Random) -> None:
    """Two figures change places."""
    one, other = sheet.pick(rng, is_filled), sheet.pick(rng, is_filled)
    if one and other:
        first, second = one.cell.text, other.cell.text
        one.put(text=second)
        other.put(text=first)


def merge_right(sheet: Sheet, rng: random.Random) -> None:
    """A value over two columns; what stood in the second is gone."""
    if place := _with_neighbour(sheet, rng):
        del place.cells[place.at + 1]
        place.put(colspan=place.cell.colspan + 1)


def merge_down(sheet: Sheet, rng: random.Random) -> None:
    """A value over two rows; the cell below is gone."""
    place = sheet.pick(rng, is_value)
    if place and place.row + 1 < len(place.grid.rows):
        column = place.cell.id.rsplit(".", 1)[1]
        below = place.grid.rows[place.row + 1]
        hit = [at for at, cell in enumerate(below) if cell.id.endswith("." + column)]
        if hit:
            del below[hit[0]]
            place.put(rowspan=2)


def glue_values(sheet: Sheet, rng: random.Random) -> None:
    """Two neighbours in one cell: whatever its digits say, it is neither of the two."""
    if place := _with_neighbour(sheet, rng):
        left, right = place.cell, place.cells.pop(place.at + 1)
        id_ = "" if left.text and right.text else left.id if left.text else right.id
        place.put(text=left.text + right.text, id=id_)


def _with_neighbour(sheet: Sheet, rng: random.Random) -> Place | None:
    place = sheet.pick(rng, is_value)
    if place and place.at + 1 < len(place.cells) and is_value(place.cells[place.at + 1]):
        return place
    return None


def glue_label(sheet: Sheet, rng: random.Random) -> None:
    """The first value stands in the cell of its label."""
    place = sheet.pick(rng, is_label)
    if place and place.at + 1 < len(place.cells) and is_value(place.cells[place.at + 1]):
        value = place.cells.pop(place.at + 1)
        place.put(text=place.cell.text + value.text)


def slip(sheet: Sheet, rng: random.Random) -> None:
    """The border between two rows slips by a cell or two."""
    place = sheet.pick(rng, is_value)
    if place and place.row + 1 < len(place.grid.rows):
        row, below = place.cells, place.grid.rows[place.row + 1]
        for _ in range(rng.randint(1, 2)):
            if rng.random() < 0.5 and row:
                below.insert(0, row.pop())
            elif below:
                row.append(below.pop(0))


def wrong_span(sheet: Sheet, rng: random.Random) -> None:
    """A cell spans what it should not."""
    if place := sheet.pick(rng, _any):
        place.put(**{rng.choice(["colspan", "rowspan"]): rng.choice(_SPANS)})


def shift_texts(sheet: Sheet, rng: random.Random) -> None:
    """Each value of a row stands one cell further left than it should, the last cell is blank: so it is printed."""
    if place := sheet.pick(rng, is_value):
        at = [n for n, cell in enumerate(place.cells) if is_value(cell)]
        texts = [place.cells[n].text for n in at]
        for n, text in zip(at, [*texts[1:], ""], strict=True):
            place.cells[n] = replace(place.cells[n], text=text)


STEADY = (empty_cell, other_text, other_number, empty_some, swap_values, shift_texts)
CHANGES: tuple[Callable[[Sheet, random.Random], None], ...] = (
    drop_value, drop_last_value, drop_cell, empty_cell, other_text, other_number, empty_some, drop_blanks,
    drop_all_blanks, double_cell, insert_blank, insert_number, swap_values, merge_right, merge_down, glue_values,
    glue_label, slip, wrong_span, shift_texts,
)  # fmt: skip
