"""One change of text made everywhere in a document: repairs where a format brings its own text, and simplification."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pipelines.model import Attachment, Cell, Document, Grid, Paragraph
from pipelines.normalize import simplify

Change = Callable[[str], str]


def in_simplified(document: Document) -> Document:
    """Convert a document that is traditional; never call it on another (乾县 would become 干县).

    The printed text is kept beside every cell that changed.
    """
    return mapped(document, simplify, keep_printed=True)


def mapped(document: Document, change: Change, *, keep_printed: bool = False) -> Document:
    """The document with `change` applied to all its text; `keep_printed` keeps a cell's old text beside the new."""

    def cell(old: Cell) -> Cell:
        if old.text.isascii():
            return old
        text = change(old.text)
        if text == old.text:
            return old
        return replace(old, text=text, printed=old.text if keep_printed else old.printed)

    def block(old: Paragraph | Grid) -> Paragraph | Grid:
        if isinstance(old, Paragraph):
            return replace(old, text=change(old.text))
        return replace(old, rows=tuple(tuple(cell(item) for item in row) for row in old.rows))

    return replace(
        document,
        blocks=tuple(block(item) for item in document.blocks),
        title=change(document.title),
        metas={name: change(content) for name, content in document.metas.items()},
        lead=tuple(replace(line, text=change(line.text)) for line in document.lead),
        attachments=tuple(Attachment(item.url, change(item.label)) for item in document.attachments),
    )


def text_of(document: Document) -> str:
    """All words of a document in reading order, one paragraph or table row a line."""
    lines: list[str] = []
    for block in document.blocks:
        if isinstance(block, Paragraph):
            lines.append(block.text)
        else:
            lines += ["\t".join(cell.text.replace("\n", " ") for cell in row) for row in block.rows]
    return "\n".join(lines)
