"""Table 3 where the order of its cells does not say which is which, read where its sums leave exactly one way.

Three kinds of damage: digits that ran together (glued), numbers cut by a space or a line end (torn), and rows that lost
their empty cells (shifted). Each damaged row has its candidates; a combination is taken only if it is the one that
satisfies every row, every column and the flow of the table.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

from pipelines.forms.blocks import cells_of_row
from pipelines.forms.definitions import Block, Label
from pipelines.forms.split import MARKS, Split, adds_up, solve, sums
from pipelines.forms.stream import LabelledRow
from pipelines.forms.values import read_value
from pipelines.model import Cell, FigureCell, Issue

_FLOW = ("new_received", "carried_in", "results_total", "carried_out")
_MARK = re.compile(f"([{''.join(sorted(MARKS))}])")
_TORN = re.compile(r"\d+(?:\s+\d+)+")
_MOST_TORN_HERE = 4  # numbers of one row
_MOST_CROWDED = 0.5
"""Where more than half of the rows have more numbers than columns, there is another column and nothing is torn."""
_FEWEST_ADDENDS = 2
Read = tuple[list[FigureCell], list[Issue]]


@dataclass(frozen=True, slots=True)
class _Way:
    """How a damaged row is mended: the code and the words of the issue that says so, and the candidates."""

    code: str
    message: str
    candidates: tuple[Split, ...]


def prove(
    block: Block, certain: Mapping[str, Sequence[Cell]], damaged: Mapping[str, LabelledRow], *, drawn: bool = False
) -> dict[str, Read]:
    """The damaged rows that the sums prove, by label id. `certain` holds the cells of the rows that were read, and
    `drawn` tells whether lines end where their cells do, as in a PDF."""
    width = len(block.columns)
    labels = {label.id: label for label in block.value_rows()}
    ways = {id_: way for id_, row in damaged.items() if (way := _way(row, width)) is not None}
    crowded = sum(sum(bool(cell.text) for cell in damaged[id_].values) > width for id_ in ways)
    if not ways or crowded > _MOST_CROWDED * len(labels):
        return {}
    known = {id_: [plain] for id_, cells in certain.items() if (plain := _plain(cells)) is not None}
    leaves = [id_ for id_ in labels if id_ not in _FLOW]
    known |= {id_: [("",) * width] for id_, row in damaged.items() if row.glued and not row.values}
    printed = {id_: _printed(row) for id_, row in damaged.items() if row.glued}
    solution = solve({**known, **{id_: way.candidates for id_, way in ways.items()}}, leaves, _FLOW, printed)
    if solution is None:
        solution = {
            id_: way.candidates[0] for id_, way in ways.items() if _is_forced(way, damaged[id_], width, drawn=drawn)
        }
    odd = _Way("cells_split_by_sums", "glued digits with something foreign among them, told apart by the sums", ())
    return {
        id_: _read(block, labels[id_], row, solution[id_], ways.get(id_, odd))
        for id_, row in damaged.items()
        if id_ in solution and row.values
    }


def _printed(row: LabelledRow) -> str:
    """All that stands behind the label of a row that ran together, without its spaces."""
    return unicodedata.normalize("NFKC", "".join("".join(cell.text.split()) for cell in row.values))


def _plain(cells: Sequence[Cell]) -> Split | None:
    """The numbers of a row that was read, blanks as such; None when one of them is no count."""
    texts = []
    for cell in cells:
        value = read_value(cell.text, "count", "件")
        if value.state == "number" and value.number is not None and value.number >= 0:
            texts.append(str(value.number))
        elif value.state in ("blank", "slash", "dash"):
            texts.append("")
        else:
            return None
    return tuple(texts)


def _way(row: LabelledRow, width: int) -> _Way | None:
    filled = [(place, cell.text) for place, cell in enumerate(row.values) if cell.text]
    if any(char.isdigit() and not char.isdecimal() for _, text in filled for char in text):
        return None  # ① and ² are marks of footnotes, and no digits
    tokens = [
        unicodedata.normalize("NFKC", re.sub(r"\s+", "", text) if _TORN.fullmatch(text) else text) for _, text in filled
    ]
    if row.glued:
        tokens = [part for token in tokens for part in _MARK.split(token) if part]
    if not all(token.isdecimal() or token in MARKS for token in tokens):
        return None
    if row.glued and tokens == ["0"]:
        return _Way("cells_placed_by_sums", "empty cells were lost, placed by the sums", ((*[""] * (width - 1), "0"),))
    digits = sum(map(len, tokens))
    if len(tokens) <= width <= digits and row.glued:
        found = tuple(sums(tokens, width))
        return _Way("cells_split_by_sums", "glued digits, split by the sums", found)
    if not all(token.isdecimal() for token in tokens):
        return None
    if width < len(tokens) <= width + _MOST_TORN_HERE:
        found = tuple(split for split in _joinings(tokens, width) if adds_up(split))
        return _Way("cells_joined_by_sums", "numbers torn in two, joined by the sums", found)
    if len(tokens) == width and any(token != text for token, (_, text) in zip(tokens, filled, strict=True)):
        return _Way("cells_joined_by_sums", "numbers torn in two, joined by the sums", (tuple(tokens),))
    merged = any(cell.text and cell.colspan > 1 for cell in row.values)
    if 0 < len(tokens) < width and not row.glued and not merged:
        places = [place for place, _ in filled]
        found = tuple(split for split in _placings(tokens, places, width) if adds_up(split))
        return _Way("cells_placed_by_sums", "empty cells were lost, placed by the sums", found)
    return None


def _joinings(tokens: Sequence[str], width: int) -> Iterator[Split]:
    """Every way to join neighbours until as many numbers are left as there are columns."""
    for borders in combinations(range(1, len(tokens)), width - 1):
        cuts = (0, *borders, len(tokens))
        joined = tuple("".join(tokens[a:b]) for a, b in pairwise(cuts))
        if all(number == "0" or not number.startswith("0") for number in joined):
            yield joined


def _placings(tokens: Sequence[str], places: Sequence[int], width: int) -> Iterator[Split]:
    """Every way to put the numbers in order into the columns, the last of them the total; printed gaps are kept."""
    for columns in combinations(range(width - 1), len(tokens) - 1):
        chosen = (*columns, width - 1)
        gaps = zip(pairwise(chosen), pairwise(places), strict=True)
        if all(b - a >= after - before for (a, b), (before, after) in gaps):
            at = dict(zip(chosen, tokens, strict=True))
            yield tuple(at.get(column, "") for column in range(width))


def _is_forced(way: _Way, row: LabelledRow, width: int, *, drawn: bool) -> bool:
    """Whether the row alone leaves one way.

    Its numbers are torn within their cells, and add up when they are joined. Or its glued digits are as many as its
    cells, and do not add up with fewer cells either, some of them blank. Where not all ran together, a total that is
    the only other number proves nothing: a correction, or last year's number above this year's, is in both.
    """
    tokens = [cell.text for cell in row.values if cell.text]
    addends = sum(bool(text.strip("0")) for text in way.candidates[0][:-1]) if way.candidates else 0
    if len(tokens) > 1 and addends < _FEWEST_ADDENDS and not (drawn and addends):
        return False
    if way.code == "cells_joined_by_sums" and len(tokens) == width:
        return adds_up(way.candidates[0])
    single = way.code == "cells_split_by_sums" and len(way.candidates) == 1 and sum(map(len, tokens)) == width
    return single and not any(sums(tokens, fewer) for fewer in range(2, width))


def _read(block: Block, label: Label, row: LabelledRow, split: Split, way: _Way) -> Read:
    first = next(cell for cell in row.values if cell.text)
    cells = [replace(first, text=text, printed=None) for text in split]
    read, issues = cells_of_row(block, label, row, cells)
    figures = tuple(cell.figure for cell in read)
    return read, [*issues, Issue(way.code, "info", f"{label.text}: {way.message}", figures[0], figures)]
