"""Lists of indicators in real tables: a label, its unit and its numbers on a line, under heads or without.

Word and the portals cut such tables up: a form is broken over two tables by a page, printed in two halves side by
side, given a column for serial numbers or for the section. A row whose cells do not fit the columns keeps its label and
loses its values; whose they are is never guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from pipelines.forms.heads import is_head_row
from pipelines.forms.labels import label_key
from pipelines.forms.list_columns import Part, Slot, head_end, inferred, is_unit_or_none, under_heads
from pipelines.forms.list_labels import is_unit
from pipelines.forms.values import looks_like_value
from pipelines.model import Cell, Grid

_LONG = 6  # rows of a table whose columns are sure without heads
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
    """The lines under one set of heads, in printed order; of two halves side by side each is one."""

    grid: int
    ruled: bool
    columns: tuple[str, ...]
    """The heads of the columns of values; '' where there is none."""
    label_head: str
    unit_head: str | None
    """None: no column of units; '': a column of units without a head."""
    other_heads: tuple[str, ...]
    entries: tuple[Entry, ...]


def lists_of(grids: Iterable[Grid]) -> list[Listing]:
    """Every list in the real tables of a document.

    A table without heads goes on with the columns of the last heads, or else of the last long table without heads, if
    it is as wide.
    """
    listings: list[Listing] = []
    known: dict[int, list[Part]] = {}
    headed = False
    for grid in grids:
        if not grid.ruled:
            continue
        rows = list(_across(grid))
        width = max((cell.column + cell.colspan for row in rows for cell in row), default=0)
        heads = [number for number, row in enumerate(rows) if is_head_row([cell.text for cell in row])]
        parts = known.get(width) or inferred(rows, width)
        if not headed and len(rows) >= _LONG:
            known[width] = parts
        begin = 0
        for number, stop in enumerate((*heads, len(rows))):
            if stop < begin:
                continue  # the second row of one set of heads
            body = list(enumerate(rows))[begin:stop]
            listings += [_listing(grid, part, body, alone=len(parts) == 1) for part in parts]
            if stop < len(rows):
                begin = head_end(rows, stop)
                after = next((head for head in heads[number + 1 :] if head >= begin), len(rows))
                parts = under_heads(rows[stop:begin], rows[begin:after], width)
                known, headed = {width: parts}, True
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


def _listing(grid: Grid, part: Part, body: Sequence[tuple[int, Sequence[Cell]]], *, alone: bool) -> Listing:
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
    heads = {role: [slot.head for slot in part if slot.role == role] for role in ("label", "unit", "serial", "remark")}
    return Listing(
        grid.number,
        True,
        tuple(values[column[0]].head for column in columns),
        " ".join(filter(None, heads["label"])),
        heads["unit"][0] if heads["unit"] else None,
        (*heads["serial"], *heads["remark"]),
        tuple(entries),
    )


def _columns(values: Sequence[Slot], entries: Sequence[Entry]) -> list[list[int]]:
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


def _entry(number: int, cells: Sequence[Cell], part: Part) -> Entry | None:
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


def _values(number: int, by_slot: Sequence[Sequence[Cell]], part: Part) -> list[Cell]:
    """The cells of the columns of values that are there; beside columns with heads one without may be missing."""
    headed = any(slot.head for slot in part if slot.role == "value")
    return [
        _filled(found) if found else Cell("", number, slot.start)
        for slot, found in zip(part, by_slot, strict=True)
        if slot.role == "value" and (found or (headed and not slot.head))
    ]


def _value_count(part: Part) -> int:
    return sum(slot.role == "value" for slot in part)


def _by_column(cells: Sequence[Cell], part: Part) -> list[list[Cell]] | None:
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


def _checked(found: list[list[Cell]], part: Part) -> list[list[Cell]] | None:
    """The cells under each head, if a unit stands under 单位 and no column of values holds two cells."""
    row = max(cell.row for cells in found for cell in cells)
    for slot, cells in zip(part, found, strict=True):
        filled = [cell for cell in cells if cell.text]
        if slot.role in ("unit", "value") and len(filled) > 1:
            return None
        if slot.role == "unit" and filled and not is_unit_or_none(filled[0].text):
            return None
        if slot.role == "value" and filled and (is_unit(filled[0].text) or filled[0].row != row):
            return None
    return found


def _filled(cells: Sequence[Cell]) -> Cell:
    return next((cell for cell in cells if cell.text), cells[0])


def _by_content(number: int, cells: Sequence[Cell], part: Part) -> Entry:
    """A row whose cells do not stand under the heads: words, a unit, and then as many cells as there are values."""
    begin = next((n for n, cell in enumerate(cells) if _is_words(cell.text)), 0)
    end = begin + 1
    while end < len(cells) and _is_words(cells[end].text):
        end += 1
    unit = next((cell.text for cell in cells[end:] if is_unit(cell.text)), "")
    rest = [cell for cell in cells[end:] if not is_unit(cell.text) and cell.row == number]
    filled = [cell for cell in rest if cell.text]
    slots = [slot for slot in part if slot.role == "value"]
    headed = [slot for slot in slots if slot.head] or slots
    values: tuple[Cell, ...] | None = None
    if len(headed) == 1 and len(filled) <= 1 and rest:
        values = tuple(_filled(rest) if slot is headed[0] else Cell("", number, slot.start) for slot in slots)
    elif len(rest) == len(slots):
        values = tuple(rest)
    own = tuple(cell for cell in cells[begin:end] if cell.row == number)
    groups = tuple(cell for cell in cells[begin:end] if cell.row < number)
    return Entry(own, groups, unit, values, number, () if values else tuple(filled), is_astray=True)


def _is_words(text: str) -> bool:
    """Whether a cell holds words, and neither units nor values, which may stand in it on several lines."""
    return bool(text) and not any(is_unit(line) or looks_like_value(line) for line in text.split("\n"))
