"""One change of text made everywhere in a document: repairs of formats with text of their own, and simplification."""

from __future__ import annotations

from dataclasses import replace

from pipelines.model import Attachment, Cell, Document, Grid, Paragraph, Text
from pipelines.normalize import mend, script_of, simplified_piece
from pipelines.normalize.damage import damage_in
from pipelines.normalize.script import Script
from pipelines.normalize.whole import Change, Mending, Whole


def repaired(document: Document) -> tuple[Document, Text]:
    """A document whose format brings its own characters: nothing to decode, but the same repairs.

    What they need to be established (three annotated characters, one line proven garbled) is looked for in the whole
    document; the change is then made to every paragraph, cell and title, however short.
    """

    def make(subject: Document, mending: Mending) -> Document:
        return mapped(subject, mending.change)

    document, repairs = mend(document, _whole, make)
    whole = _whole(document)
    reason = f"the characters of the {document.kind} file"
    return document, Text(
        text_of(document),
        "unicode",
        reason,
        script_of(whole.used),
        repairs=tuple(repairs),
        damaged=damage_in(whole, repairs),
    )


def _whole(document: Document) -> Whole:
    """All that a document says, with what its titles and tags say."""
    aside = (document.title, *document.metas.values(), *(line.text for line in document.lead))
    return Whole("\n".join((text_of(document), *aside)))


def in_simplified(document: Document, script: Script) -> Document:
    """A document in `script` with all that is traditional in simplified characters.

    In a simplified document that is a line or cell traditional beyond doubt, never more (乾县 would become 干县). The
    printed text is kept beside every cell that changed.
    """
    return mapped(document, lambda text: simplified_piece(text, script), keep_printed=True)


def mapped(document: Document, change: Change, *, keep_printed: bool = False) -> Document:
    """The document with `change` made to every text in it; `keep_printed` keeps the text of before beside a cell."""

    def cell(old: Cell) -> Cell:
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
