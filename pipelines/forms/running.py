"""A list of indicators in running text: one row, one cell or one value a line, pipes, tabs, blanks, or nothing between.

Text has no columns to go by. The known labels of the form are found first; what follows a label, up to the next words,
is its unit and its value, and a label that is followed by more or fewer values than there are columns gets none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from pipelines.forms.definitions import Block
from pipelines.forms.glued_list import cut_at_labels
from pipelines.forms.heads import Role, role_of
from pipelines.forms.list_labels import ListLabels, is_unit, labels_of
from pipelines.forms.lists import Entry, Listing
from pipelines.forms.pieces import Piece, pieces_of
from pipelines.forms.rows import Row, are_doubtful, are_lines, off_the_line, together, without_serials
from pipelines.forms.values import looks_like_value
from pipelines.model import Cell, Document

_MOST_PIECES, _LONGEST_LABEL = 12, 150
_HEADS_ABOVE = 16
_FEWEST_HALVES = 3
_NONE = re.compile(r"无|没有|不涉及|不适用|未统计")
_OPEN = re.compile(r"[（(][^（）()]*$")
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
        lambda text: bool(labels.named(text)) or (looks_like_value(text) and not re.search(r"\s", text)),
        lambda text: cut_at_labels(text, block),
    )
    pieces = _with_labels(list(parted), labels)
    rows = together(without_serials(list(_rows(pieces))))
    first = next((row.label[0] for row in rows if row.is_known and row.values), None)
    if first is None:
        return None
    begin = next(n for n, piece in enumerate(pieces) if piece is first)
    above = [piece for piece in pieces[max(0, begin - _HEADS_ABOVE) : begin] if piece is not None and piece.text]
    heads = _heads(above)
    columns = [role for role in _roles([head.text for head in heads[1:]]) if role != "serial"]
    by_line = are_lines(rows)
    rows = off_the_line(rows) if by_line else rows
    doubtful = are_doubtful(rows)
    blanks = _blanks(rows) if by_line and not any(row.is_doubtful for row in rows) else set()
    entries = [_entry(row, columns, doubtful=doubtful, blank=n in blanks) for n, row in enumerate(rows)]
    order = _in_halves(rows)
    value_heads = tuple(head.text for head in heads[1:] if _role(head.text) == "value") or ("",)
    listing = Listing(0, False, value_heads, "", None, (), tuple(entries[n] for n in order))
    over_halves = (piece for piece in above if role_of(piece.text) and piece not in heads)
    return Running(listing, tuple(rows[n].pieces for n in order), (*over_halves, *heads))


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
    """Where the label that begins at `start` ends; the longest counts, but not what only an open bracket takes in."""
    text, found = "", None
    for number in range(start, min(start + _MOST_PIECES, len(pieces))):
        piece = pieces[number]
        if piece is None or is_value(piece.text) or (text and is_unit(piece.text)):
            break
        text += piece.text
        if len(text) > _LONGEST_LABEL:
            break
        if labels.named(text) and (number == start or not _OPEN.search(text)):
            found = number + 1
    return found


def is_value(text: str) -> bool:
    """Whether a piece can be a value, or a blank cell; 1. is the number of a row."""
    return looks_like_value(text) and not _NUMBERING.fullmatch(text)


def _heads(above: Sequence[Piece]) -> list[Piece]:
    """The heads above the first value, from that of the labels on; none where no head of labels is printed."""
    starts = [n for n, piece in enumerate(above) if role_of(piece.text) == "label" and not piece.is_label]
    behind = above[starts[-1] :] if starts else []
    return list(takewhile(lambda piece: not (piece.is_label or is_unit(piece.text) or is_value(piece.text)), behind))


def _role(head: str) -> Role:
    return role_of(head) or "value"


def _roles(heads: Sequence[str]) -> list[Role]:
    """What the columns behind the labels hold, units aside; a last one for remarks is mostly empty and not counted."""
    roles = [_role(head) for head in heads]
    while roles and roles[-1] == "remark":
        roles.pop()
    return [role for role in roles if role != "unit"]


def _rows(pieces: Sequence[Piece | None]) -> Iterator[Row]:
    """Words with what follows them: every known label, and all other words, which mostly nothing follows."""
    label: list[Piece] = []
    unit: list[Piece] = []
    values: list[Piece] = []

    def row() -> Iterator[Row]:
        if label:
            yield Row(tuple(label), tuple(unit), tuple(values))
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


def _blanks(rows: Sequence[Row]) -> set[int]:
    """The rows without a value that have a line to themselves: what stands at its end is a blank."""
    starts = Counter(row.label[0].line for row in rows)
    return {
        number
        for number, row in enumerate(rows)
        if row.is_known and row.unit and not row.values
        if len({piece.line for piece in row.pieces}) == 1 and starts[row.label[0].line] == 1
    }


def _entry(row: Row, columns: Sequence[Role], *, doubtful: bool, blank: bool) -> Entry:
    """A row as a line of the list. `doubtful`: no value of the list is sure to be that of its label; `blank`: the row
    has none.
    """
    cells = [value.cell for value in row.values]
    filled = [cell for cell in cells if cell.text]
    wanted = [n for n, role in enumerate(columns) if role == "value"] or [0]
    chosen: tuple[Cell, ...] | None = None
    if blank:
        chosen = tuple(Cell("", row.label[0].cell.row, row.unit[0].cell.column + 1 + n) for n in wanted)
    elif row.is_doubtful or any(value.is_odd for value in row.values):
        chosen = None
    elif len(columns) <= 1:
        if len(filled) == 1 and not doubtful:
            chosen = (filled[0],)
        elif cells and not filled:
            chosen = (cells[0],)
    elif len(columns) in (len(cells), len(filled)):
        line = cells if len(cells) == len(columns) else filled
        chosen = tuple(line[n] for n in wanted)
    labels = tuple(piece.cell for piece in row.label)
    unit = row.unit[0].text if row.unit else ""
    return Entry(labels, (), unit, chosen, labels[0].row, () if chosen else tuple(filled))


def _in_halves(rows: Sequence[Row]) -> list[int]:
    """The order in which the rows are to be read: down the left half and then the right of lines that hold two."""
    lines: dict[tuple[int, int], list[int]] = {}
    for number, row in enumerate(rows):
        if row.is_known:
            lines.setdefault((row.label[0].block, row.label[0].cell.row), []).append(number)
    if sum(len(line) == 2 for line in lines.values()) < _FEWEST_HALVES or any(len(line) > 2 for line in lines.values()):
        return list(range(len(rows)))
    right = {line[1] for line in lines.values() if len(line) == 2}
    return [*(n for n in range(len(rows)) if n not in right), *sorted(right)]
