"""A list of indicators in running text: one row, one cell or one value a line, pipes, tabs, blanks, or nothing between.

Text has no columns to go by. The known labels of the form are found first; what follows a label, up to the next words,
is its unit and its value, and a label that is followed by more or fewer values than there are columns gets none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile

from pipelines.forms.definitions import Block
from pipelines.forms.glued_list import cut_at_labels
from pipelines.forms.heads import Role, role_of
from pipelines.forms.list_labels import ListLabels, is_unit, labels_of
from pipelines.forms.lists import Entry, Listing
from pipelines.forms.pieces import Piece, pieces_of
from pipelines.forms.values import looks_like_value
from pipelines.model import Cell, Document

_MOST_PIECES = 12
_HEADS_ABOVE = 16
_FEWEST_SERIALS = 6
_CROWD = 3
_MOST_EMPTY = 10  # labels without a number: the headings of the form, and a few more
_FEWEST_TOGETHER, _MOST_BETWEEN = 8, 8
_NONE = re.compile(r"无|没有|不涉及|不适用|未统计")
_NUMBERING = re.compile(r"[（(]?\d{1,2}[)）.．、]")


@dataclass(frozen=True, slots=True)
class Running:
    """A list in the running text of a document, and the pieces of text that its lines and its heads take up."""

    listing: Listing
    pieces: tuple[tuple[Piece, ...], ...]
    heads: tuple[Piece, ...]


def running_list(document: Document, block: Block) -> Running | None:
    """The list of `block` in the text of a document; None when none of its labels has a value behind it."""
    labels = labels_of(block)
    parted = pieces_of(
        document,
        lambda text: bool(labels.named(text)) or looks_like_value(text),
        lambda text: cut_at_labels(text, block),
    )
    pieces = _with_labels(list(parted), labels)
    found = _together(_without_serials(list(_rows(pieces))))
    first = next((label[0] for label, _, values in found if label[0].is_label and values), None)
    if first is None:
        return None
    heads = _heads(pieces[: next(n for n, piece in enumerate(pieces) if piece is first)])
    columns = _columns([head.text for head in heads[1:]])
    doubtful = _is_crowded(found) or _lost_repeated_lines(found) or _may_be_two_numbers(found)
    entries = [_entry(*row, columns, doubtful=doubtful) for row in found]
    order = _in_halves(found)
    value_heads = tuple(head for role, head in columns if role == "value") or ("",)
    listing = Listing(0, False, value_heads, "", None, (), tuple(entries[n] for n in order))
    return Running(listing, tuple((*found[n][0], *found[n][1], *found[n][2]) for n in order), tuple(heads))


def _with_labels(pieces: Sequence[Piece | None], labels: ListLabels) -> list[Piece | None]:
    """The pieces with those joined that are one label, cut over several."""
    joined: list[Piece | None] = []
    position = 0
    while position < len(pieces):
        end = _label_at(pieces, position, labels)
        if end is None:
            joined.append(pieces[position])
            position += 1
            continue
        parts = [piece for piece in pieces[position:end] if piece is not None]
        text = "".join(part.text for part in parts)
        cell = replace(parts[0].cell, text=text, printed=None if len(parts) > 1 else parts[0].cell.printed)
        joined.append(replace(parts[0], cell=cell, end=parts[-1].end, is_label=True))
        position = end
    return joined


def _label_at(pieces: Sequence[Piece | None], start: int, labels: ListLabels) -> int | None:
    """Where the label that begins at `start` ends; the longest counts."""
    text, found = "", None
    for number in range(start, min(start + _MOST_PIECES, len(pieces))):
        piece = pieces[number]
        if piece is None or is_value(piece.text) or (text and is_unit(piece.text)):
            break
        text += piece.text
        if labels.named(text):
            found = number + 1
    return found


def is_value(text: str) -> bool:
    """Whether a piece can be a value, or a blank cell; 1. is the number of a row."""
    return looks_like_value(text) and not _NUMBERING.fullmatch(text)


def _heads(above: Sequence[Piece | None]) -> list[Piece]:
    """The heads above the first value, from that of the labels on; none where no head of labels is printed."""
    near = [piece for piece in above[-_HEADS_ABOVE:] if piece is not None and piece.text]
    starts = [n for n, piece in enumerate(near) if role_of(piece.text) == "label" and not piece.is_label]
    behind = near[starts[-1] :] if starts else []
    return list(takewhile(lambda piece: not (piece.is_label or is_unit(piece.text) or is_value(piece.text)), behind))


def _columns(heads: Sequence[str]) -> list[tuple[Role, str]]:
    """(role, head) of the columns that hold numbers or marks; a last one for remarks is mostly empty and not counted."""
    columns: list[tuple[Role, str]] = [(role_of(head) or "value", head) for head in heads]
    while columns and columns[-1][0] == "remark":
        columns.pop()
    return [column for column in columns if column[0] != "unit"]


_Found = tuple[tuple[Piece, ...], tuple[Piece, ...], tuple[Piece, ...]]
"""(label, unit, values) of a row."""


def _rows(pieces: Sequence[Piece | None]) -> Iterator[_Found]:
    """Words with what follows them: every known label, and all other words, which mostly nothing follows."""
    label: list[Piece] = []
    unit: list[Piece] = []
    values: list[Piece] = []

    def row() -> Iterator[_Found]:
        if label:
            yield tuple(label), tuple(unit), tuple(values)
        for part in (label, unit, values):
            part.clear()

    for piece in pieces:
        if piece is None:
            yield from row()
        elif piece.is_label:
            yield from row()
            label.append(piece)
        elif label and is_unit(piece.text) and not unit and not any(value.text for value in values):
            values.clear()  # blank cells before the unit are the label's
            unit.append(piece)
        elif label and (is_value(piece.text) or piece.is_odd or _NONE.fullmatch(piece.text)):
            values.append(piece)
        elif not piece.text:
            continue
        elif label and label[0].is_label and not unit and not values and re.match(r"[（(]|.*[)）]$", piece.text):
            continue  # a remark behind the label, cut over several pieces
        else:
            if not label or unit or values or label[0].is_label:
                yield from row()
            label.append(piece)
    yield from row()


def _together(found: list[_Found]) -> list[_Found]:
    """The rows without labels that stand alone in the prose: rows of a table have others near them."""
    rows = [n for n, (label, unit, values) in enumerate(found) if label[0].is_label and (unit or values)]
    runs: list[list[int]] = []
    for number in rows:
        if runs and number - runs[-1][-1] <= _MOST_BETWEEN:
            runs[-1].append(number)
        else:
            runs.append([number])
    kept = [run for run in runs if len(run) >= _FEWEST_TOGETHER]
    alone = {number for run in runs if run not in kept for number in run} if kept else set()
    return [row for number, row in enumerate(found) if number not in alone]


def _without_serials(found: list[_Found]) -> list[_Found]:
    """Rows that are numbered in front: each number trails the values of the row before, and is taken off there."""
    ends = [n for n, (_, _, values) in enumerate(found) if values and values[-1].text]
    last = [found[n][2][-1].text for n in ends]
    if len(found) and ends and ends[-1] == len(found) - 1:
        ends, last = ends[:-1], last[:-1]
    counting = len(last) >= _FEWEST_SERIALS and all(text.isdecimal() for text in last)
    numbers = [int(text) for text in last] if counting else []
    steps = Counter(b - a for a, b in pairwise(numbers))
    if not numbers or min(steps) < 1 or steps[1] < 0.8 * (len(numbers) - 1):
        return found
    return [
        (label, unit, values[:-1] if number in ends else values) for number, (label, unit, values) in enumerate(found)
    ]


def _is_crowded(found: Sequence[_Found]) -> bool:
    """Whether several labels are followed by more than one value, so that there are columns that no head tells."""
    counts = (sum(bool(value.text) for value in values) for label, _, values in found if label[0].is_label)
    return sum(count > 1 for count in counts) >= _CROWD


def _may_be_two_numbers(found: Sequence[_Found]) -> bool:
    """Whether digits that ran together with their labels may be those of several columns.

    They are of one column where several rows have a single digit, and none begins with 0 (00 is 0 and 0).
    """
    digits = [value.text for label, _, values in found for value in values if value.is_glued and value.text.isdecimal()]
    if not digits:
        return False
    return sum(len(text) == 1 for text in digits) < _CROWD or any(len(text) > 1 and text[0] == "0" for text in digits)


def _lost_repeated_lines(found: Sequence[_Found]) -> bool:
    """Whether an extractor has dropped every line that it had seen before, numbers and labels among them.

    No number occurs twice then, while many labels have none; a form that somebody filled in is full of zeros.
    """
    rows = [[value.text for value in values] for label, unit, values in found if label[0].is_label]
    printed = [text for texts in rows for text in texts if text]
    empty = sum(not texts for texts in rows)
    return empty > _MOST_EMPTY and len(printed) == len(set(printed))


def _entry(
    label: tuple[Piece, ...],
    unit: tuple[Piece, ...],
    values: tuple[Piece, ...],
    columns: Sequence[tuple[Role, str]],
    *,
    doubtful: bool,
) -> Entry:
    """A row as a line of the list. `doubtful`: the text has more or fewer values than rows, and one proves nothing."""
    cells = [value.cell for value in values]
    filled = [cell for cell in cells if cell.text]
    wanted = [n for n, (role, _) in enumerate(columns) if role == "value"] or [0]
    chosen: tuple[Cell, ...] | None = None
    if any(value.is_odd for value in values):
        chosen = None
    elif len(columns) <= 1:
        if len(filled) == 1 and not doubtful:
            chosen = (filled[0],)
        elif cells and not filled:
            chosen = (cells[0],)
    elif len(columns) in (len(cells), len(filled)):
        row = cells if len(cells) == len(columns) else filled
        chosen = tuple(row[n] for n in wanted)
    printed = unit[0].text if unit else ""
    return Entry(
        tuple(piece.cell for piece in label), (), printed, chosen, label[0].cell.row, () if chosen else tuple(filled)
    )


def _in_halves(found: Sequence[_Found]) -> list[int]:
    """The order in which the rows are to be read: down the left half and then the right of lines that hold two."""
    lines: dict[tuple[int, int], list[int]] = {}
    for number, (label, _, _) in enumerate(found):
        if label[0].is_label:
            lines.setdefault((label[0].block, label[0].cell.row), []).append(number)
    if sum(len(rows) == 2 for rows in lines.values()) < _CROWD or any(len(rows) > 2 for rows in lines.values()):
        return list(range(len(found)))
    right = {rows[1] for rows in lines.values() if len(rows) == 2}
    return [*(n for n in range(len(found)) if n not in right), *sorted(right)]
