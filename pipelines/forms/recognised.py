"""Figures that an optical reader recognised in a picture: all are to be reviewed, doubtful ones proved or left out.

The tables are redundant: rows, columns and the flow of table 3 add up. A cell that the optical reader was not sure of
(`O` for 0, a faint 3) is taken at its likeness only where every sum that it is part of can be checked and holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from pipelines.forms.rules import sums
from pipelines.model import FigureCell, Issue

# What recognisers make of the digits 0 to 9.
_LIKE = ("0oO〇○。D°", "1lI|i丨!", "2Zz", "3", "4", "5Ss", "6b", "7", "8B", "9gq")
_DIGIT = {character: str(digit) for digit, characters in enumerate(_LIKE) for character in characters}


def proved(cells: Sequence[FigureCell], forms: Mapping[str, str]) -> tuple[tuple[FigureCell, ...], tuple[Issue, ...]]:
    """The cells, those illegible ones filled in whose sums all hold with what they look like; and the issue saying
    so."""
    likely = {
        cell.figure: number
        for cell in cells
        if cell.state == "unreadable" and (number := _likeness(cell.raw)) is not None
    }
    values = {cell.figure: likely.get(cell.figure, cell.value) for cell in cells}
    holding: set[str] = set()
    failing: set[str] = set()
    for figures, holds in sums(values, forms):
        (holding if holds else failing).update(figures)
    accepted = (likely.keys() & holding) - failing
    if not accepted:
        return tuple(cells), ()
    taken = tuple(cell.figure for cell in cells if cell.figure in accepted)
    message = f"{len(taken)} cells that are not read with certainty were taken at their likeness: all their sums hold"
    filled = (
        replace(cell, value=likely[cell.figure], state="number") if cell.figure in accepted else cell for cell in cells
    )
    return tuple(filled), (Issue("read_by_sums", "info", message, taken[0], taken),)


def unreviewed(cells: Sequence[FigureCell]) -> tuple[Issue, ...]:
    """The warning that every figure of a picture carries until a person has compared it."""
    if not cells:
        return ()
    figures = tuple(cell.figure for cell in cells)
    message = f"{len(figures)} figures were recognised in a picture and nobody has compared them with it"
    return (Issue("ocr_unreviewed", "warning", message, figures[0], figures),)


def _likeness(raw: str) -> Decimal | None:
    """The whole number that the characters of a cell look like; None when they look like none."""
    digits = "".join(_DIGIT.get(character, " ") for character in raw)
    if not digits or " " in digits or (len(digits) > 1 and digits[0] == "0"):
        return None
    return Decimal(digits)
