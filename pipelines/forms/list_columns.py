"""The columns of a list in a real table: told by the heads over them, or, without heads, by what stands in them.

A list may be printed in two halves side by side; then the columns repeat, and each half is a list of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pipelines.forms.heads import Role, role_of
from pipelines.forms.list_labels import is_unit
from pipelines.forms.rows import count_up
from pipelines.forms.values import looks_like_value
from pipelines.model import Cell

_MOST_HEAD_ROWS = 3
_MOSTLY = 0.6
_DASHES = frozenset("-－—–―‐‑‒﹣−/")

Rows = Sequence[Sequence[Cell]]
"""For each row of a table the cells that it crosses, from left to right."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One column: what it holds, its head, and the columns of the grid from `start` to before `end`."""

    role: Role
    head: str
    start: int
    end: int


Part = tuple[Slot, ...]


def head_end(rows: Rows, first: int) -> int:
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


def under_heads(heads: Rows, body: Rows, width: int) -> list[Part]:
    """The columns under some rows of heads. One without a head holds what stands in it."""
    slots: list[Slot] = []
    standing = _standing(body, width)
    position = 0
    while position < width:
        path = [next((c for c in row if c.column <= position < c.column + c.colspan), None) for row in heads]
        cells = list(dict.fromkeys(cell for cell in path if cell is not None))
        texts = list(dict.fromkeys("".join(cell.text.split()) for cell in cells if cell.text))
        leaf = cells[-1] if cells else None
        end = max(position + 1, leaf.column + leaf.colspan) if leaf else position + 1
        role = (role_of(texts[-1]) or role_of(texts[0])) if texts else _role_of_column(standing[position])
        seen = any(slot.role == "label" for slot in slots)
        slots.append(Slot(role or ("value" if seen else "label"), " / ".join(texts), position, end))
        position = end
    astray = any(
        slot.head and slot.role != "unit" and _role_of_column(standing[slot.start]) == "unit" for slot in slots
    )
    return _realigned(slots, body, width) if astray else _halves(slots)


def _realigned(slots: Sequence[Slot], body: Rows, width: int) -> list[Part]:
    """The columns by what stands in them, where units stand under another head: one of the heads has lost its place.

    The heads are given back in order to the columns of numbers, if these are as many.
    """
    parts = inferred(body, width)
    heads = [slot.head for slot in slots if slot.role == "value" and slot.head]
    values = [slot for part in parts for slot in part if slot.role == "value"]
    if len(parts) != 1 or len(heads) != len(values):
        return parts
    label = next((slot.head for slot in slots if slot.role == "label"), "")
    given = dict(zip(values, heads, strict=True))
    return [tuple(replace(slot, head=given.get(slot, label if slot.role == "label" else "")) for slot in parts[0])]


def inferred(rows: Rows, width: int) -> list[Part]:
    """The columns of a table without heads: words, then units, then numbers or nothing."""
    slots: list[Slot] = []
    for column, texts in enumerate(_standing(rows, width)):
        before = slots[-1].role if slots else None
        role = _role_of_column(texts)
        if role is None and texts and _share(texts, looks_like_value) >= _MOSTLY:
            role = "value" if before else "serial"
        if role is None:
            role = "value" if not texts and before in ("unit", "value") else "label"
        slots.append(Slot(role, "", column, column + 1))
    return _halves(slots)


def is_unit_or_none(text: str) -> bool:
    """Whether a text is what stands in a column of units: a unit, or the dash of a heading."""
    return is_unit(text) or all(char in _DASHES for char in text)


def _standing(rows: Rows, width: int) -> list[list[str]]:
    """What stands in each column of the grid, cells over several of them aside."""
    standing: list[list[str]] = [[] for _ in range(width)]
    seen: set[tuple[int, int]] = set()
    for cell in (cell for row in rows for cell in row):
        if cell.text and cell.colspan == 1 and (cell.row, cell.column) not in seen:
            seen.add((cell.row, cell.column))
            standing[cell.column].append(cell.text)
    return standing


def _role_of_column(texts: Sequence[str]) -> Role | None:
    """Units or serial numbers, where these fill a column."""
    if texts and _share(texts, is_unit_or_none) >= _MOSTLY and any(map(is_unit, texts)):
        return "unit"
    return "serial" if count_up(texts) else None


def _share(texts: Sequence[str], test: Callable[[str], bool]) -> float:
    return sum(test(text) for text in texts) / len(texts)


def _halves(slots: Sequence[Slot]) -> list[Part]:
    """Cut where a column of labels follows one of values; serial numbers before the labels go with them."""
    cuts = [0]
    for number, slot in enumerate(slots):
        before = [s.role for s in slots[cuts[-1] : number]]
        if slot.role == "label" and ("value" in before or "unit" in before):
            cuts.append(number - 1 if slots[number - 1].role == "serial" else number)
    parts = [tuple(slots[begin:end]) for begin, end in pairwise([*cuts, len(slots)])]
    return [part for part in parts if any(slot.role == "value" for slot in part)]
