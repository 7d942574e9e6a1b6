"""Word files made of XML: .docx, its flat form in one XML file, and the Word 2003 XML that systems hand out as .doc.

Read as printed: text that was inserted under tracking counts and deleted text does not, a field counts with its result,
a paragraph with the number that Word prints before it. python-docx shows none of this, nor merged cells, and fails on
the dangling links that WPS leaves in packages, so the XML is read directly.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from pipelines.decode import decode
from pipelines.documents.flow import Box, Look, Table, document_of, dressed, proved_title, with_number
from pipelines.documents.formats import Unreadable
from pipelines.documents.html import read_html
from pipelines.documents.mhtml import unwrapped
from pipelines.documents.office_xml import child, children, integer, is_on, name_of, value
from pipelines.documents.package import Package
from pipelines.documents.word_styles import Styles, is_remark
from pipelines.model import Capture, Document
from pipelines.normalize import repair

# What holds no printed text of its own.
_SKIPPED = frozenset(
    "pPr rPr tblPr tblGrid trPr tcPr sectPr sdtPr sdtEndPr del moveFrom delText instrText delInstrText rt binData"
    " fldData footnoteReference endnoteReference footnote endnote annotationRef docPr proofErr".split()
)
_AROUND_BLOCKS = frozenset(
    "body document wordDocument sect sub-section sdt sdtContent ins moveTo customXml smartTag txbxContent annotation"
    " content".split()
)
_CHARACTERS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": ""}
_PICTURES = frozenset(("blip", "imagedata"))
_USUAL_WIDTH = 1440  # twips, for columns of a table that names no width


def read_docx(package: Package, main: str) -> Document:
    """The document of a .docx package whose main part is `main`."""
    numbering, styles, core = (
        package.xml(part) if part else None
        for part in (
            package.of_kind(main, "numbering"),
            package.of_kind(main, "styles"),
            package.of_kind("", "core-properties"),
        )
    )
    root = package.xml(main)
    if root is None:
        raise Unreadable(f"the file is damaged: it has no {main!r}")
    document = _read(root, Styles(numbering, styles), child(core, "title"))
    return document if document.blocks else _page_inside(package, main) or document


def _page_inside(package: Package, main: str) -> Document | None:
    """The web page that is all that some systems put into a .docx, for Word to convert when it opens the file."""
    part = package.of_kind(main, "aFChunk")
    body = package.read(part) if part else None
    if not body:
        return None
    capture = unwrapped(Capture(body))
    return replace(read_html(repair(decode(capture.body, capture.content_type)).text), kind="docx")


def read_flat_word(root: Any) -> Document:
    """The document of a Word file that is one XML element: `w:wordDocument`, or `pkg:package` with the parts inside."""
    if name_of(root) == "wordDocument":
        properties = child(root, "DocumentProperties")
        return _read(root, Styles(child(root, "lists"), child(root, "styles")), child(properties, "Title"))
    parts = {name_of(inside[0]): inside[0] for part in root for inside in children(part, "xmlData") if len(inside)}
    if "document" not in parts:
        raise Unreadable("a flat package without a Word document in it")
    return _read(
        parts["document"],
        Styles(parts.get("numbering"), parts.get("styles")),
        child(parts.get("coreProperties"), "title"),
    )


def _read(root: Any, styles: Styles, title: Any | None) -> Document:
    story = _Story(styles)
    content = list(story.blocks(root))
    return document_of(
        content, "docx", proved_title(title.text or "" if title is not None else "", content), story.images
    )


@dataclass(slots=True)
class _Story:
    """One walk over a document: its lists count on, its pictures are counted."""

    styles: Styles
    images: int = 0

    def blocks(self, parent: Any) -> Iterator[str | Table]:
        """Lines and tables below an element, in order."""
        carried = ""  # the text of a paragraph whose end was deleted, and which the next one goes on with
        for element in parent:
            name = name_of(element)
            if name == "p":
                line = _Line(hidden=self.styles.hides(value(child(child(element, "pPr"), "pStyle"))))
                self._inline(element, line)
                carried += dressed(line.parts)
                properties = child(element, "pPr")
                if child(child(properties, "rPr"), "del") is None:
                    yield with_number(self._number(properties), carried)
                    carried = ""
                for box in line.boxes:
                    yield from self.blocks(box)
            elif name == "tbl":
                yield self._table(element)
            elif name in _AROUND_BLOCKS:
                yield from self.blocks(element)
        if carried:
            yield carried

    def _number(self, properties: Any | None) -> str:
        printed = child(child(properties, "listPr"), "t")  # Word 2003 keeps the number as it was printed
        return value(printed) if printed is not None else self.styles.label(properties)

    def _inline(self, element: Any, line: _Line) -> None:
        """Add the printed text in an element to a line. Text boxes come after the line that they are anchored to."""
        for part in element:
            name = name_of(part)
            if name in ("txbxContent", "tbl"):
                line.boxes.append(part if name == "txbxContent" else [part])
            elif name in _SKIPPED or (name == "annotation" and _is_comment(part)):
                continue
            elif name == "fldChar":
                line.turn(value(part, "fldCharType"))
            elif name == "AlternateContent":
                self._inline(next(iter(part), part), line)
            elif line.in_instruction:
                self._inline(part, line)
            elif name == "r":
                self._run(part, line)
            elif name == "t":
                line.add(part.text or "")
            elif name == "sym":
                line.add(_symbol(value(part, "char")))
            elif name in _CHARACTERS:
                line.add(_CHARACTERS[name])
            else:
                self.images += name in _PICTURES
                self._inline(part, line)

    def _run(self, element: Any, line: _Line) -> None:
        """A run in its look; hidden text is not there."""
        properties = child(element, "rPr")
        around = line.look
        vanish = child(properties, "vanish")
        hidden = line.hidden or self.styles.hides(value(child(properties, "rStyle")))
        if is_on(properties, "vanish") if vanish is not None else hidden:
            return
        if is_remark(properties) or self.styles.sets_apart(value(child(properties, "rStyle"))):
            line.look = "remark"
        self._inline(element, line)
        line.look = around

    def _table(self, element: Any) -> Table:
        edges = [0]
        for column in children(child(element, "tblGrid"), "gridCol"):
            edges.append(edges[-1] + (max(integer(column, "w"), 0) or _USUAL_WIDTH))
        return Table(tuple(self._row(row, edges) for row in _within(element, "tr") if not _unseen_row(row)))

    def _row(self, element: Any, edges: list[int]) -> tuple[Box, ...]:
        column = max(integer(child(child(element, "trPr"), "gridBefore"), "val"), 0)
        boxes: list[Box] = []
        for cell in _within(element, "tc"):
            properties = child(cell, "tcPr")
            span = max(integer(child(properties, "gridSpan"), "val", 1), 1)
            left, right = _edge(edges, column), _edge(edges, column + span)
            column += span
            content = tuple(self.blocks(cell))
            if child(properties, "cellDel") is not None:
                continue
            if boxes and _merge(properties, "hMerge", "hmerge") == "rest":
                boxes[-1] = Box(boxes[-1].left, right, boxes[-1].content, boxes[-1].merge)
            else:
                boxes.append(Box(left, right, content, _merge(properties, "vMerge", "vmerge")))
        return tuple(boxes)


@dataclass(slots=True)
class _Line:
    """A paragraph in the making."""

    hidden: bool = False
    """Whether its style hides it."""
    look: Look = ""
    parts: list[tuple[str, Look]] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)
    _fields: list[bool] = field(default_factory=list)
    """For each open field, whether its result has begun."""

    @property
    def in_instruction(self) -> bool:
        """Whether what follows is the code of a field and not printed."""
        return not all(self._fields)

    def add(self, text: str) -> None:
        """Add text in the present look."""
        self.parts.append((text, self.look))

    def turn(self, kind: str) -> None:
        """Begin, separate or end a field."""
        if kind == "begin":
            self._fields.append(False)
        elif self._fields and kind == "separate":
            self._fields[-1] = True
        elif self._fields and kind == "end":
            self._fields.pop()


def _within(element: Any, name: str) -> Iterator[Any]:
    """The rows of a table or the cells of a row, those inside content controls and insertions too."""
    for part in element:
        if name_of(part) == name:
            yield part
        elif name_of(part) in _AROUND_BLOCKS:
            yield from _within(part, name)


def _unseen_row(row: Any) -> bool:
    properties = child(row, "trPr")
    return child(properties, "del") is not None or is_on(properties, "hidden")


def _is_comment(annotation: Any) -> bool:
    """Whether an annotation of Word 2003 is a comment; it may be an insertion too."""
    return any(name.endswith("}type") and kind == "Word.Comment" for name, kind in annotation.attrib.items())


def _merge(properties: Any | None, *names: str) -> Literal["", "first", "rest"]:
    for name in names:
        merge = child(properties, name)
        if merge is not None:
            return "first" if value(merge) == "restart" else "rest"
    return ""


def _edge(edges: list[int], column: int) -> int:
    """The place of a column's left edge; a grid that names too few columns goes on in usual ones."""
    last = len(edges) - 1
    return edges[column] if column <= last else edges[last] + (column - last) * _USUAL_WIDTH


def _symbol(code: str) -> str:
    """A character of a symbol font; it stands in the private area, where no reader takes it for another."""
    try:
        return chr(int(code, 16))
    except (ValueError, OverflowError):
        return "\ufffd"
