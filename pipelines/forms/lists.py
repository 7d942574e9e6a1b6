"""Lists of indicators in real tables: a label, its unit and its numbers on a line, under heads or without.

Word and the portals cut such tables up: a form is broken over two tables by a page, printed in two halves side by
side, given a column for serial numbers or for the section. A row whose cells do not fit the columns keeps its label and
loses its values; whose they are is never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pipelines.forms.heads import Role, is_head_row, role_of
from pipelines.forms.labels import label_key
from pipelines.forms.list_labels import is_unit
from pipelines.forms.values import looks_like_value
from pipelines.model import Cell, Grid

_MOST_HEAD_ROWS = 3
_MOSTLY = 0.6
_DASHES = frozenset("-－—–―‐‑‒﹣−/")
_COLUMN_NUMBERS = frozenset(("甲", "乙", "丙", "A", "B"))


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list. `values` has a cell for each column of values, or is None where the cells do not fit."""

    labels: tuple[Cell, ...]
    """The label, mostly one cell; a number or the name of the section may stand in a cell of its own before it."""
    groups: tuple[Cell, ...]
    """Cells of earlier lines that span this one: the section it belongs to."""
    unit: str
    values: tuple[Cell, ...] | None
    row: int
    loose: tuple[Cell, ...] = ()
    """What is printed behind the label where `values` is None."""
    is_astray: bool = False
    """Whether the cells do not stand under the heads, and were told apart by what they hold."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The lines under one set of heads, in printed order; of two halves side by side the left is one, the right
    another."""

    grid: int
    ruled: bool
    columns: tuple[str, ...]
    """The heads of the columns of values; '' where there is none."""
    label_head: str
    unit_head: str | None
    """None: no column of units; '': a column of units without a head."""
    other_heads: tuple[str, ...]
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class _Slot:
    role: Role
    head: str
    start: int
    end: int


_Part = tuple[_Slot, ...]


def lists_of(grids: Iterable[Grid]) -> list[Listing]:
    """Every list in the real tables of a document. A table without heads goes on with the columns of the last heads."""
    listings: list[Listing] = []
    headed: list[_Part] = []
    headed_width = -1
    for grid in grids:
        if not grid.ruled:
            continue
        rows = list(_across(grid))
        width = max((cell.column + cell.colspan for row in rows for cell in row), default=0)
        heads = [number for number, row in enumerate(rows) if is_head_row([cell.text for cell in row])]
        parts = headed if width == headed_width else _inferred(rows, width)
        begin = 0
        for stop in (*heads, len(rows)):
            if stop < begin:
                continue  # the second row of one set of heads
            body = list(enumerate(rows))[begin:stop]
            listings += [_listing(grid, part, body, alone=len(parts) == 1) for part in parts]
            if stop < len(rows):
                begin = _head_end(rows, stop)
                parts = headed = _slots(rows[stop:begin], width)
                headed_width = width
    return [listing for listing in listings if listing.entries]


def _across(grid: Grid) -> Iterator[list[Cell]]:
    """For each row the cells that it crosses, from left to right: those that start in it and those from above."""
    last = max((cell.row + cell.rowspan for row in grid.rows for cell in row), default=0)
    starting: dict[int, list[Cell]] = {}
    for row in grid.rows:
        for cell in row:
            starting.setdefault(cell.row, []).append(cell)
    spanning: list[Cell] = []
    for number in range(min(last, max(starting, default=-1) + 1)):
        spanning = [cell for cell in spanning if cell.row + cell.rowspan > number]
        here = [*spanning, *starting.get(number, ())]
        yield sorted(here, key=lambda cell: cell.column)
        spanning += [cell for cell in starting.get(number, ()) if cell.rowspan > 1]


def _head_end(rows: Sequence[Sequence[Cell]], first: int) -> int:
    """The row behind the heads: heads may span rows, and a head over several columns has heads of its own below."""
    end = max(cell.row + cell.rowspan for cell in rows[first] if cell.row == first)
    end = min(end, first + _MOST_HEAD_ROWS, len(rows))
    wide = [cell for cell in rows[first] if cell.colspan > 1 and role_of(cell.text) == "value"]
    if end == first + 1 and wide and end < len(rows):
        below = [cell for cell in rows[end] if cell.text]
        inside = all(any(w.column <= cell.column < w.column + w.colspan for w in wide) for cell in below)
        if below and inside and not any(looks_like_value(cell.text) for cell in below):
            end += 1
    return end


def _slots(heads: Sequence[Sequence[Cell]], width: int) -> list[_Part]:
    """The columns under the heads, cut into the halves of a table that is printed in two side by side."""
    slots: list[_Slot] = []
    position = 0
    while position < width:
        path = [next((c for c in row if c.column <= position < c.column + c.colspan), None) for row in heads]
        cells = list(dict.fromkeys(cell for cell in path if cell is not None))
        texts = list(dict.fromkeys(_plain(cell.text) for cell in cells if cell.text))
        leaf = cells[-1] if cells else None
        end = max(position + 1, leaf.column + leaf.colspan) if leaf else position + 1
        role = (role_of(texts[-1]) if texts else None) or (role_of(texts[0]) if texts else None)
        seen = any(slot.role == "label" for slot in slots)
        slots.append(_Slot(role or ("value" if seen else "label"), " / ".join(texts), position, end))
        position = end
    return _halves(slots)


def _halves(slots: Sequence[_Slot]) -> list[_Part]:
    """Cut where a column of labels follows one of values; serial numbers before the labels go with them."""
    cuts = [0]
    for number, slot in enumerate(slots):
        before = [s.role for s in slots[cuts[-1] : number]]
        if slot.role == "label" and ("value" in before or "unit" in before):
            cuts.append(number - 1 if slots[number - 1].role == "serial" else number)
    parts = [tuple(slots[begin:end]) for begin, end in pairwise([*cuts, len(slots)])]
    return [part for part in parts if any(slot.role == "value" for slot in part)]


def _inferred(rows: Sequence[Sequence[Cell]], width: int) -> list[_Part]:
    """The columns of a table without heads, by what stands in them: words, then units, then numbers or nothing."""
    slots: list[_Slot] = []
    standing: list[list[str]] = [[] for _ in range(width)]
    for number, row in enumerate(rows):
        for cell in row:
            if cell.text and cell.row == number and cell.colspan == 1:
                standing[cell.column].append(cell.text)
    for column, texts in enumerate(standing):
        before = slots[-1].role if slots else None
        role: Role
        if texts and _share(texts, _is_unit_or_none) >= _MOSTLY and any(map(is_unit, texts)):
            role = "unit"
        elif texts and _share(texts, looks_like_value) >= _MOSTLY:
            role = "value" if before else "serial"
        else:
            role = "value" if not texts and before in ("unit", "value") else "label"
        slots.append(_Slot(role, "", column, column + 1))
    return _halves(slots)


def _share(texts: Sequence[str], test: Callable[[str], bool]) -> float:
    return sum(test(text) for text in texts) / len(texts)


def _is_unit_or_none(text: str) -> bool:
    return is_unit(text) or all(char in _DASHES for char in text)


def _listing(grid: Grid, part: _Part, body: Sequence[tuple[int, Sequence[Cell]]], *, alone: bool) -> Listing:
    start, end = part[0].start, part[-1].end
    entries = []
    for number, row in body:
        cells = [cell for cell in row if alone or start <= cell.column < end]
        entry = _entry(number, cells, part)
        if entry is not None:
            entries.append(entry)
    values = [slot for slot in part if slot.role == "value"]
    columns = _columns(values, entries)
    entries = [
        replace(entry, values=tuple(_filled([entry.values[n] for n in column]) for column in columns))
        if entry.values
        else entry
        for entry in entries
    ]
    labels = [slot.head for slot in part if slot.role == "label"]
    units = [slot.head for slot in part if slot.role == "unit"]
    others = [slot.head for slot in part if slot.role in ("serial", "remark")]
    return Listing(
        grid.number,
        True,
        tuple(values[column[0]].head for column in columns),
        " ".join(head for head in labels if head),
        units[0] if units else None,
        tuple(others),
        tuple(entries),
    )


def _columns(values: Sequence[_Slot], entries: Sequence[Entry]) -> list[list[int]]:
    """The columns of values, each with the places that make it up.

    A column without a head is none where it is empty; where no row has a number in it and in another column too, rows
    are only pushed aside by a cell, and it belongs to the one column that has a head.
    """
    rows = [entry.values for entry in entries if entry.values]
    used = [n for n, slot in enumerate(values) if slot.head or any(row[n].text for row in rows)]
    headed = [n for n in used if values[n].head]
    if len(headed) == 1 and all(sum(bool(row[n].text) for n in used) <= 1 for row in rows):
        return [[headed[0], *(n for n in used if n != headed[0])]]
    return [[n] for n in used] or [[0]]


def _entry(number: int, cells: Sequence[Cell], part: _Part) -> Entry | None:
    """One row as a line of the list; None for a row without words."""
    if not any(cell.text and not looks_like_value(cell.text) for cell in cells):
        return None
    if any(label_key(cell.text) in _COLUMN_NUMBERS for cell in cells):
        return None
    by_slot = _by_column(cells, part)
    if by_slot is None and len(cells) == len(part):
        by_slot = _checked([[cell] for cell in cells], part)
    if by_slot is None:
        return _by_content(number, cells, part)
    under = {
        role: [cell for slot, found in zip(part, by_slot, strict=True) if slot.role == role for cell in found]
        for role in ("label", "unit")
    }
    astray = [cell for cell in under["label"][1:] if is_unit(cell.text)]
    words = [cell for cell in under["label"] if cell not in astray and cell.text]
    unit = next((cell.text for cell in (*under["unit"], *astray) if is_unit(cell.text)), "")
    own = tuple(cell for cell in words if cell.row == number)
    groups = tuple(cell for cell in words if cell.row < number)
    values = _values(number, by_slot, part)
    tallest = max((cell.rowspan for cell in own), default=1)
    # A value merged over several lines is not the value of one of them.
    fits = len(values) == _value_count(part) and not any(cell.text and cell.rowspan > tallest for cell in values)
    return Entry(own, groups, unit, tuple(values) if fits else None, number, () if fits else tuple(values))


def _values(number: int, by_slot: Sequence[Sequence[Cell]], part: _Part) -> list[Cell]:
    """The cells of the columns of values that are there; beside columns with heads one without a head may be
    missing."""
    headed = any(slot.head for slot in part if slot.role == "value")
    return [
        _filled(found) if found else Cell("", number, slot.start)
        for slot, found in zip(part, by_slot, strict=True)
        if slot.role == "value" and (found or (headed and not slot.head))
    ]


def _value_count(part: _Part) -> int:
    return sum(slot.role == "value" for slot in part)


def _by_column(cells: Sequence[Cell], part: _Part) -> list[list[Cell]] | None:
    """The cells under each head by the column in which they start."""
    found: list[list[Cell]] = [[] for _ in part]
    for cell in cells:
        place = next((n for n, slot in enumerate(part) if slot.start <= cell.column < slot.end), None)
        if place is None:
            if cell.text:
                return None
            continue
        found[place].append(cell)
    return _checked(found, part)


def _checked(found: list[list[Cell]], part: _Part) -> list[list[Cell]] | None:
    """The cells under each head, if a unit stands under 单位 and no column of values holds two cells."""
    row = max(cell.row for cells in found for cell in cells)
    for slot, cells in zip(part, found, strict=True):
        filled = [cell for cell in cells if cell.text]
        if slot.role in ("unit", "value") and len(filled) > 1:
            return None
        if slot.role == "unit" and filled and not _is_unit_or_none(filled[0].text):
            return None
        if slot.role == "value" and filled and (is_unit(filled[0].text) or filled[0].row != row):
            return None
    return found


def _filled(cells: Sequence[Cell]) -> Cell:
    return next((cell for cell in cells if cell.text), cells[0])


def _by_content(number: int, cells: Sequence[Cell], part: _Part) -> Entry:
    """A row whose cells do not stand under the heads: words, a unit, and then as many cells as there are values."""
    begin = next((n for n, cell in enumerate(cells) if _is_words(cell.text)), 0)
    end = begin + 1
    while end < len(cells) and _is_words(cells[end].text):
        end += 1
    unit = next((cell.text for cell in cells[end:] if is_unit(cell.text)), "")
    rest = [cell for cell in cells[end:] if not is_unit(cell.text) and cell.row == number]
    filled = [cell for cell in rest if cell.text]
    expected = _value_count(part)
    values: tuple[Cell, ...] | None = None
    if expected == 1 and len(filled) <= 1 and rest:
        values = (_filled(rest),)
    elif len(rest) == expected:
        values = tuple(rest)
    own = tuple(cell for cell in cells[begin:end] if cell.row == number)
    groups = tuple(cell for cell in cells[begin:end] if cell.row < number)
    return Entry(own, groups, unit, values, number, () if values else tuple(filled), is_astray=True)


def _is_words(text: str) -> bool:
    """Whether a cell holds words, and neither units nor values, of which one cell may hold several on lines of its
    own."""
    return bool(text) and not any(is_unit(line) or looks_like_value(line) for line in text.split("\n"))


def _plain(text: str) -> str:
    return "".join(text.split())
