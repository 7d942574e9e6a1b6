"""Rows of running text, and the ways in which such text misleads: serial numbers, columns without heads, lines lost.

A value that one of these may have moved is not taken for the value of its row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pipelines.forms.pieces import Piece

_FEWEST_SERIALS, _MOSTLY_BY_ONE, _WIDEST_STEP = 6, 0.6, 3
_CROWD = 3
_MOST_EMPTY = 10  # labels without a number: the headings of the form, and a few more
_FEWEST_TOGETHER, _MOST_BETWEEN = 8, 8
_MOSTLY = 0.8
_DASHES = "-－—–"  # what stands for the unit of a heading


@dataclass(frozen=True, slots=True)
class Row:
    """Words and what follows them up to the next words: a unit, and what may be values."""

    label: tuple[Piece, ...]
    unit: tuple[Piece, ...] = ()
    values: tuple[Piece, ...] = ()
    is_doubtful: bool = False
    """Whether its values are not where those of the other rows are."""

    @property
    def is_known(self) -> bool:
        """Whether the words are a label of the form."""
        return self.label[0].is_label

    @property
    def pieces(self) -> tuple[Piece, ...]:
        return (*self.label, *self.unit, *self.values)

    @property
    def filled(self) -> list[Piece]:
        return [value for value in self.values if value.text]


def together(rows: list[Row]) -> list[Row]:
    """The rows without known labels that stand alone in the prose: rows of a table have others near them."""
    counted = [n for n, row in enumerate(rows) if row.is_known and (row.unit or row.values)]
    runs: list[list[int]] = []
    for number in counted:
        if runs and number - runs[-1][-1] <= _MOST_BETWEEN:
            runs[-1].append(number)
        else:
            runs.append([number])
    kept = [run for run in runs if len(run) >= _FEWEST_TOGETHER]
    alone = {number for run in runs if run not in kept for number in run} if kept else set()
    return [row for number, row in enumerate(rows) if number not in alone]


def without_serials(rows: list[Row]) -> list[Row]:
    """The rows without their serial numbers: one before each label, which trails the values of the row before, or a
    code between unit and value.

    Only numbers that count up all the way are taken for serials; a row whose own does not is doubtful.
    """
    trailing = {n: row.filled[-1] for n, row in enumerate(rows[:-1]) if row.filled}
    if count_up([piece.text for piece in trailing.values()]):
        rows = _dropped(rows, trailing)
    leading = {n: row.filled[0] for n, row in enumerate(rows) if row.is_known and row.unit and row.filled}
    if sum(len(rows[n].filled) > 1 for n in leading) >= _CROWD and count_up([p.text for p in leading.values()]):
        rows = _dropped(rows, leading)
    return rows


def out_of_step(texts: Sequence[str]) -> list[bool]:
    """For each of some serial numbers whether it is neither soon after the one before nor soon before the next."""
    numbers = [int(text) if text.isdecimal() else None for text in texts]

    def follows(one: int | None, other: int | None) -> bool:
        return one is not None and other is not None and 0 < other - one <= _WIDEST_STEP

    return [
        not (follows(numbers[n - 1] if n else None, number) or follows(number, (*numbers, None)[n + 1]))
        for n, number in enumerate(numbers)
    ]


def count_up(texts: Sequence[str]) -> bool:
    """Whether some numbers mostly count up by one, as only serial numbers do."""
    if len(texts) < _FEWEST_SERIALS or sum(text.isdecimal() for text in texts) < _MOSTLY * len(texts):
        return False
    by_one = sum(a.isdecimal() and b.isdecimal() and int(b) - int(a) == 1 for a, b in pairwise(texts))
    return by_one >= _MOSTLY_BY_ONE * (len(texts) - 1)


def _dropped(rows: Sequence[Row], serials: dict[int, Piece]) -> list[Row]:
    wrong = dict(zip(serials, out_of_step([piece.text for piece in serials.values()]), strict=True))
    return [
        replace(
            row,
            values=tuple(value for value in row.values if value is not serials.get(number)),
            is_doubtful=row.is_doubtful or wrong.get(number, False),
        )
        for number, row in enumerate(rows)
    ]


def are_doubtful(rows: Sequence[Row]) -> bool:
    """Whether the text has more or fewer values than rows, so that one behind a label proves nothing."""
    known = [row for row in rows if row.is_known]
    crowded = sum(sum(bool(value.text.strip(_DASHES)) for value in row.values) > 1 for row in known) >= _CROWD
    return crowded or _lost_repeated_lines(known) or _may_be_two_numbers(rows)


def _lost_repeated_lines(rows: Sequence[Row]) -> bool:
    """Whether an extractor has dropped every line that it had seen before, numbers and labels among them.

    No number occurs twice then, while many labels have none; a form that somebody filled in is full of zeros.
    """
    printed = [value.text for row in rows for value in row.filled]
    empty = sum(not row.values for row in rows)
    return empty > _MOST_EMPTY and len(printed) == len(set(printed))


def _may_be_two_numbers(rows: Sequence[Row]) -> bool:
    """Whether digits that ran together with their labels may be those of several columns.

    They are of one column where several rows have a single digit, and none begins with 0 (00 is 0 and 0).
    """
    digits = [value.text for row in rows for value in row.values if value.is_glued and value.text.isdecimal()]
    if not digits:
        return False
    return sum(len(text) == 1 for text in digits) < _CROWD or any(len(text) > 1 and text[0] == "0" for text in digits)


def are_lines(rows: Sequence[Row]) -> bool:
    """Whether the text keeps its rows on lines: labels and units mostly stand on one line."""
    known = [row for row in rows if row.is_known and row.unit]
    together = sum(row.unit[0].line == row.label[-1].line for row in known)
    return len(known) >= _CROWD and together >= _MOSTLY_BY_ONE * len(known)


def off_the_line(rows: Sequence[Row]) -> list[Row]:
    """The rows of a text that keeps them on lines, those doubtful whose values stand on another line than the words."""
    return [
        replace(row, is_doubtful=True) if row.filled and row.filled[0].line != row.pieces[words - 1].line else row
        for row in rows
        for words in (len(row.label) + len(row.unit),)
    ]
