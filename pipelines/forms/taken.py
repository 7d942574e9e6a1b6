"""What is left of a document when a list has been read: nothing is to be read twice, and prose is to hold no table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from pipelines.forms.lists import Entry, Listing
from pipelines.forms.pieces import Piece
from pipelines.model import Cell, Document, Grid, Paragraph

_MARKS = "|\t \u3000—－-"


@dataclass(frozen=True, slots=True)
class Stretch:
    """The cells of a line in a real table, from its label to its last value."""

    grid: int
    row: int
    first: int
    last: int


def stretches(listings: Iterable[Listing], read: Collection[Entry]) -> list[Stretch]:
    """The stretches of the lines that were read."""
    found = []
    for listing in listings:
        for entry in listing.entries:
            cells = (*entry.labels, *(entry.values or ()))
            if listing.ruled and entry in read and cells:
                columns = [cell.column for cell in cells]
                found.append(Stretch(listing.grid, entry.row, min(columns), max(columns)))
    return found


def without(document: Document, read: Iterable[Stretch], pieces: Iterable[Piece]) -> Document:
    """The document without what was read of its real tables, and of its running text.

    Of a paragraph everything from the first of its pieces to the last goes; of a table of which all was read an empty
    one stays, which parts what stands above it from what stands below.
    """
    lines: dict[tuple[int, int], list[Stretch]] = defaultdict(list)
    for stretch in read:
        lines[stretch.grid, stretch.row].append(stretch)
    taken: dict[int, list[Piece]] = defaultdict(list)
    for part in pieces:
        taken[part.block].append(part)
    if not lines and not taken:
        return document
    blocks: list[Paragraph | Grid] = []
    for number, block in enumerate(document.blocks):
        if isinstance(block, Grid):
            places = {(part.cell.row, part.cell.column) for part in taken.get(number, ())}
            left = tuple(_left(row, lines.get((block.number, row[0].row), ()), places) for row in block.rows if row)
            blocks.append(replace(block, rows=tuple(row for row in left if row)))
        elif number in taken:
            begin, end = min(part.begin for part in taken[number]), max(part.end for part in taken[number])
            text = block.text[:begin] + block.text[end:]
            blocks += [replace(block, text=text.strip())] if text.strip(_MARKS) else []
        else:
            blocks.append(block)
    return replace(document, blocks=tuple(blocks))


def _left(row: Sequence[Cell], read: Sequence[Stretch], places: Collection[tuple[int, int]]) -> tuple[Cell, ...]:
    return tuple(
        cell
        for cell in row
        if (cell.row, cell.column) not in places and not any(line.first <= cell.column <= line.last for line in read)
    )
