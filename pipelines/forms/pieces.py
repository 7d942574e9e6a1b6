"""Running text in pieces: what stands between pipes, tabs and blanks, with the place of each piece in the document."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from pipelines.forms.heads import role_of
from pipelines.forms.list_labels import is_unit
from pipelines.model import Cell, Document, Grid, Paragraph

_JOINER = "\u2060"
_TWO_LETTERS = 2
_LETTERS_APART = re.compile(r"(?<![^\s|])((?:[㐀-鿿][ \u3000\xa0]){1,}[㐀-鿿])(?![^\s|])")


@dataclass(frozen=True, slots=True)
class Piece:
    """A bit of text. `block` is its place in the document; `begin` and `end` are those in a paragraph."""

    cell: Cell
    block: int = 0
    begin: int = 0
    end: int = 0
    is_label: bool = False
    is_glued: bool = False
    """Whether it ran together with the label before it."""
    is_odd: bool = False
    """Digits that ran together with others in a way that proves nothing."""

    @property
    def text(self) -> str:
        return self.cell.text

    @property
    def line(self) -> tuple[int, int]:
        """The line that it stands on."""
        return self.block, self.cell.row


def piece(text: str, begin: int, *, is_glued: bool = False, is_odd: bool = False) -> Piece:
    """A piece of a text that begins at `begin` there; its place in the document is filled in later."""
    return Piece(Cell(text, 0, 0), 0, begin, begin + len(text), is_glued=is_glued, is_odd=is_odd)


def pieces_of(
    document: Document, is_whole: Callable[[str], bool], cut: Callable[[str], Iterable[Piece]]
) -> Iterator[Piece | None]:
    """The running text of a document in reading order; None where a real table parts it.

    A cell that `is_whole` is one piece; others are parted at their blanks, and each part goes through `cut`.
    """
    paragraph = -1
    for number, block in enumerate(document.blocks):
        if isinstance(block, Paragraph):
            paragraph += 1
            cells = (piece(match[0], match.start()) for match in re.finditer(r"[^|\t]+", _joined(block.text)))
            parts = (part for cell in cells for part in _parts(cell, is_whole, cut))
            for column, part in enumerate(parts):
                yield replace(part, cell=Cell(part.text.replace(_JOINER, ""), paragraph, column), block=number)
        elif block.ruled:
            yield None
        else:
            yield from (replace(part, block=number) for part in _of_grid(block, is_whole, cut))


def _joined(text: str) -> str:
    """The text with words that are set letter by letter (统 计 指 标) in one piece, and as long as it was."""

    def word(match: re.Match[str]) -> str:
        joined = re.sub(r"\s", _JOINER, match[0])
        letters = joined.replace(_JOINER, "")
        return joined if len(letters) > _TWO_LETTERS or role_of(letters) or is_unit(letters) else match[0]  # 件 无

    return _LETTERS_APART.sub(word, text)


def _of_grid(grid: Grid, is_whole: Callable[[str], bool], cut: Callable[[str], Iterable[Piece]]) -> Iterator[Piece]:
    for cell in (cell for row in grid.rows for cell in row):
        if not cell.text:
            yield Piece(cell)
        for part in _parts(Piece(replace(cell, text=_joined(cell.text))), is_whole, cut):
            text = part.text.replace(_JOINER, "")
            printed = cell.printed if text == cell.text else None
            yield replace(part, cell=replace(cell, text=text, printed=printed))


def _parts(cell: Piece, is_whole: Callable[[str], bool], cut: Callable[[str], Iterable[Piece]]) -> Iterator[Piece]:
    whole = cell.text.strip()
    if not whole:
        return
    if is_whole(whole):
        begin = cell.begin + cell.text.index(whole)
        yield replace(cell, cell=replace(cell.cell, text=whole), begin=begin, end=begin + len(whole))
        return
    for match in re.finditer(r"\S+", cell.text):
        begin = cell.begin + match.start()
        for part in cut(match[0]):
            yield replace(part, cell=replace(cell.cell, text=part.text), begin=begin + part.begin, end=begin + part.end)
