"""A traditional document in simplified characters, the printed text kept beside every cell that changed."""

from __future__ import annotations

from dataclasses import replace

from pipelines.model import Attachment, Cell, Document, Grid, Paragraph
from pipelines.normalize import simplify


def in_simplified(document: Document) -> Document:
    """Convert a document that is traditional; never call it on another (乾县 would become 干县)."""
    return replace(
        document,
        blocks=tuple(_block(block) for block in document.blocks),
        title=simplify(document.title),
        metas={name: simplify(content) for name, content in document.metas.items()},
        lead=tuple(replace(line, text=simplify(line.text)) for line in document.lead),
        attachments=tuple(Attachment(item.url, simplify(item.label)) for item in document.attachments),
    )


def _block(block: Paragraph | Grid) -> Paragraph | Grid:
    if isinstance(block, Paragraph):
        return replace(block, text=simplify(block.text))
    return replace(block, rows=tuple(tuple(_cell(cell) for cell in row) for row in block.rows))


def _cell(cell: Cell) -> Cell:
    if cell.text.isascii():
        return cell
    converted = simplify(cell.text)
    return cell if converted == cell.text else replace(cell, text=converted, printed=cell.text)
