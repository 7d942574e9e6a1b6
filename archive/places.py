"""Where the cells of a report stood in its document, written short.

Cells follow one another in print as their figures do in the form, so their places differ by one column, or one row.
Such runs are written as one entry, and runs of equal runs as one again: a table of 189 cells takes a line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from operator import add, sub

Run = list[object]
"""[first figure_id, template with %1, %2 … for the numbers in it, numbers of the first cell, cells in a row, what the
numbers grow by from cell to cell, rows, what they grow by from row to row]"""

MOST_NUMBERS = 4
"""Numbers in one place that are counted up (table, row, column); a place with more is written as it is."""

_NUMBER = re.compile(r"\d+")


def encoded(places: Iterable[tuple[int, str]]) -> str:
    """(figure_id, place) of the cells as JSON text, an array of runs; '' for none."""
    return _encoded(tuple(sorted(places)))


@lru_cache(maxsize=512)  # a site prints its tables in one way year after year
def _encoded(places: tuple[tuple[int, str], ...]) -> str:
    rows: list[_Row] = []
    for figure_id, place in places:
        template, numbers = _taken_apart(place)
        if not (rows and rows[-1].takes(figure_id, template, numbers)):
            rows.append(_Row(figure_id, template, numbers))
    runs: list[_Rows] = []
    for row in rows:
        if not (runs and runs[-1].takes(row)):
            runs.append(_Rows(row))
    return json.dumps([run.written() for run in runs], ensure_ascii=False, separators=(",", ":")) if runs else ""


def decoded(text: str) -> dict[int, str]:
    """The place of each cell by figure_id, from what `encoded` wrote."""
    found: dict[int, str] = {}
    for first, template, numbers, count, step, rows, row_step in json.loads(text or "[]"):
        for row in range(rows):
            for cell in range(count):
                values = [n + row * r + cell * s for n, r, s in zip(numbers, row_step, step, strict=True)]
                found[first + row * count + cell] = _put_together(template, values)
    return found


class _Row:
    """Cells of consecutive figures whose numbers grow by the same step."""

    def __init__(self, first: int, template: str, numbers: Sequence[int]) -> None:
        self.first, self.template, self.numbers = first, template, numbers
        self.count, self.step = 1, [0] * len(numbers)
        self._next = numbers

    def takes(self, figure_id: int, template: str, numbers: Sequence[int]) -> bool:
        """Adds the cell if it goes on where the row ends. A row never begins in another: the first step is small."""
        if figure_id != self.first + self.count or template != self.template:
            return False
        if self.count == 1:
            step = _from(self.numbers, numbers)
            if any(number < 0 for number in step):
                return False
            self.step = step
        elif numbers != self._next:
            return False
        self.count += 1
        self._next = tuple(map(add, numbers, self.step))
        return True


class _Rows:
    """Rows of the same length and step, each of which begins as far from the one before."""

    def __init__(self, row: _Row) -> None:
        self.head, self.rows, self.step = row, 1, [0] * len(row.numbers)
        self._next = row.numbers

    def takes(self, row: _Row) -> bool:
        head = self.head
        alike = (row.template, row.count, row.step) == (head.template, head.count, head.step)
        if not alike or row.first != head.first + self.rows * head.count:
            return False
        if self.rows == 1:
            self.step = _from(head.numbers, row.numbers)
        elif row.numbers != self._next:
            return False
        self.rows += 1
        self._next = tuple(map(add, row.numbers, self.step))
        return True

    def written(self) -> Run:
        head = self.head
        return [head.first, head.template, head.numbers, head.count, head.step, self.rows, self.step]


def _from(before: Sequence[int], now: Sequence[int]) -> list[int]:
    return list(map(sub, now, before))


@lru_cache(maxsize=1 << 14)  # the same places come again in report after report
def _taken_apart(place: str) -> tuple[str, Sequence[int]]:
    numbers = _NUMBER.findall(place)
    exact = all(number == str(int(number)) for number in numbers)  # a leading zero would be lost
    if "%" in place or not exact or len(numbers) > MOST_NUMBERS:
        return place, ()
    marks = iter(range(1, len(numbers) + 1))
    return _NUMBER.sub(lambda _: f"%{next(marks)}", place), tuple(int(number) for number in numbers)


def _put_together(template: str, numbers: Sequence[int]) -> str:
    for n, number in enumerate(numbers, 1):
        template = template.replace(f"%{n}", str(number))
    return template
