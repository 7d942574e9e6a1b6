"""Changes of the words: labels misprinted, taken for others, swapped; heads swapped, replaced, lost.

Where a change makes the page print something else, the ids of the figures follow the words.
"""

import random
from collections.abc import Callable
from dataclasses import replace

from tests.fuzz.sheet import Place, Sheet, is_label, is_value, row_of
from tests.generate.facts.forms import BLOCKS, CASES, COLUMNS, OUTCOMES
from tests.generate.layout.grids import GridRow

_HEADS = {head: name for name, head in COLUMNS[:5]}
_WORDS = (
    "备注",
    "其他情况",
    "见上",
    "2023",
    "合计",
    "总计",
    "其他",
    "自然人",
    "（三）不予公开",
    "属于其他",
    "申请数量",
)
_LOOKALIKES = "0OoＯ〇l1I一二三四、.．（）() \u3000年未末政府公开信息"


def misprint(sheet: Sheet, rng: random.Random) -> None:
    """One to three characters of a label or a head are lost, doubled or others."""
    # Without its 万 a unit is another one, and rightly read as such.
    printed = ("label", "head", "group", "caption")
    place = sheet.pick(rng, lambda cell: cell.kind in printed and len(cell.text) > 1 and "元" not in cell.text)
    if place:
        text = list(place.cell.text)
        for _ in range(rng.choice([1, 1, 1, 2, 3])):
            at = rng.randrange(len(text))
            text[at] = rng.choice(["", text[at] * 2, rng.choice(_LOOKALIKES), rng.choice(text)])
        place.put(text="".join(text))


def garble(sheet: Sheet, rng: random.Random) -> None:
    """A label, a head or a group is printed as something that it is not."""
    place = sheet.pick(rng, lambda cell: cell.kind in ("label", "head", "group", "caption"))
    if place:
        place.put(text=rng.choice(_WORDS))


def swap_labels(sheet: Sheet, rng: random.Random) -> None:
    """Two labels change places: each row is now the other's."""
    one = _labelled(sheet, rng)
    other = _labelled(sheet, rng, like=one) if one else None
    if one and other:
        first, second = one.cell.text, other.cell.text
        keys = _key(one.cells), _key(other.cells)
        one.put(text=second)
        other.put(text=first)
        _rename_row(sheet, one.cells, keys[1])
        _rename_row(sheet, other.cells, keys[0])


def label_again(sheet: Sheet, rng: random.Random) -> None:
    """A row has the label of another one: that one is printed twice."""
    one = _labelled(sheet, rng)
    other = _labelled(sheet, rng, like=one) if one else None
    if one and other:
        one.put(text=other.cell.text)
        _rename_row(sheet, one.cells, _key(other.cells))


def number_again(sheet: Sheet, rng: random.Random) -> None:
    """A label has another number in front, or none."""
    place = sheet.pick(rng, lambda cell: is_label(cell) and cell.text[1:2] in (".", "、", "）"))
    if place:
        place.put(text=rng.choice(["", "7.", "（二）", "四、", "1、", "12. "]) + place.cell.text[2:].lstrip("）"))


def swap_heads(sheet: Sheet, rng: random.Random) -> None:
    """Two heads of table 3 change places: each column is now the other's."""
    (one, name), (other, other_name) = rng.sample(list(_HEADS.items()), 2)
    present = {cell.text for row in sheet.rows() for cell in row if cell.kind == "head"}
    if {one, other} <= present:
        for place in sheet.places(lambda cell: cell.kind == "head" and cell.text in (one, other)):
            place.put(text=other if place.cell.text == one else one)
        sheet.rename(_exchange("applications", name, other_name))


def swap_block_heads(sheet: Sheet, rng: random.Random) -> None:
    """Two heads of a block of table 2 change places."""
    blocks = [block for form in BLOCKS.values() for block in form if len(block.heads) > 1]
    block = rng.choice(blocks)
    (name, one), (other_name, other) = rng.sample(block.heads, 2)
    if one[:3] == other[:3]:
        return  # 本年新 | 本年新, where the second line of a head is lost: nothing shows
    for grid in sheet.grids():
        above: GridRow = []
        for row in grid.rows:
            texts = [cell.text for cell in row]
            if one in texts and other in texts:
                left, right = texts.index(one), texts.index(other)
                row[left], row[right] = replace(row[left], text=other), replace(row[right], text=one)
                above = row
            elif any(is_value(cell) for cell in row) and above:
                sheet.rename(_exchange("active_disclosure", name, other_name), [row])
            else:
                above = []


def swap_outcomes(sheet: Sheet, rng: random.Random) -> None:
    """Two heads of one group of table 4 change places."""
    (name, one), (other_name, other) = rng.sample(OUTCOMES, 2)
    group, outcomes = rng.randrange(len(CASES)), {text for _, text in OUTCOMES}
    heads = sheet.places(lambda cell: cell.kind == "head" and cell.text in outcomes)
    heads = [place for place in heads if place.grid.number == 4]
    if len(heads) != 15 or one[:2] == other[:2]:
        return
    for place in heads[group * 5 : group * 5 + 5]:
        if place.cell.text in (one, other):
            place.put(text=other if place.cell.text == one else one)
    sheet.rename(_exchange(f"review_litigation.{CASES[group][0]}", name, other_name))


def swap_cases(sheet: Sheet, rng: random.Random) -> None:
    """The two heads of 行政诉讼 change places."""
    one, other = CASES[1], CASES[2]
    if {one[1], other[1]} <= {cell.text for row in sheet.rows() for cell in row}:
        for place in sheet.places(lambda cell: cell.text in (one[1], other[1])):
            place.put(text=other[1] if place.cell.text == one[1] else one[1])
        names = {one[0]: other[0], other[0]: one[0]}
        sheet.rename(lambda id_: ".".join(names.get(part, part) for part in id_.split(".")))


def drop_heads(sheet: Sheet, rng: random.Random) -> None:
    """A table without any head: what was exchanged among them before does not show."""
    if sheet.grids() and sheet.order == sheet.started:
        grid = rng.choice(sheet.grids())
        grid.rows[:] = [row for row in grid.rows if not any(cell.kind == "head" for cell in row)]


def _labelled(sheet: Sheet, rng: random.Random, like: Place | None = None) -> Place | None:
    """The label of a row of values; `like` another: in the same table, over the same columns."""
    places = [place for place in sheet.places(is_label) if _key(place.cells)]
    if like:
        columns = _columns(sheet, like)
        places = [p for p in places if _columns(sheet, p) == columns and _key(p.cells) != _key(like.cells)]
    return rng.choice(places) if places else None


def _columns(sheet: Sheet, place: Place) -> list[str]:
    key = _key(place.cells)
    return [key.split(".")[0], *(id_.rpartition(".")[2] for id_ in sheet.order[key])]


def _key(row: GridRow) -> str:
    """The row of the form that these cells are; empty for those that are several or none."""
    keys = {row_of(cell.id) for cell in row if cell.id}
    key = keys.pop() if len(keys) == 1 else ""
    return "" if key == "review_litigation" else key


def _rename_row(sheet: Sheet, row: GridRow, key: str) -> None:
    sheet.rename(lambda id_: f"{key}.{id_.rpartition('.')[2]}", [row])


def _exchange(within: str, one: str, other: str) -> Callable[[str], str]:
    """Exchange two columns in the ids of a table."""

    def change(id_: str) -> str:
        row, _, column = id_.rpartition(".")
        if not id_.startswith(within + "."):
            return id_
        return f"{row}.{other if column == one else one if column == other else column}"

    return change


CHANGES: tuple[Callable[[Sheet, random.Random], None], ...] = (
    misprint, misprint, garble, swap_labels, label_again, number_again, swap_heads, swap_block_heads, swap_outcomes,
    swap_cases, drop_heads,
)  # fmt: skip
