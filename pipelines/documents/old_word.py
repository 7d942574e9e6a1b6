"""Binary Word files (.doc of Word 97 to 2003, .wps and .wpt of WPS) to paragraphs and grids.

The text is one stream with marks in it: a paragraph ends with one, a cell and a row too. What a mark ends, where the
edges of a row's cells lie and which cells are merged is told by the properties of the mark's paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from pipelines.documents.flow import Assembly, Look, Table, document_of, dressed, with_number
from pipelines.documents.old_word_file import Segment, Sprm, WordFile, i32, u16, u32
from pipelines.documents.old_word_lists import OldLists
from pipelines.documents.old_word_rows import row_of
from pipelines.documents.old_word_styles import StyleSheet, switched
from pipelines.model import Document

_MAIN, _BETWEEN, _BOXES = 3, range(4, 9), 9  # parts of the text: main, those before the text boxes, text boxes
_ANCHORS, _BOX_TEXTS = 40, 56  # places in FibRgFcLcb: PlcSpaMom, PlcftxbxTxt
_IN_TABLE, _ROW_END, _DEPTH = 0x2416, 0x2417, 0x6649
_INNER_CELL, _INNER_ROW_END = 0x244B, 0x244C
_DELETED, _HIDDEN, _STRUCK, _STRUCK_TWICE, _RAISED = 0x0800, 0x083C, 0x0837, 0x2A53, 0x2A48
_SYMBOL, _CHARACTER_STYLE = 0x6A09, 0x4A30
_SWITCHES = (_DELETED, _HIDDEN, _STRUCK, _STRUCK_TWICE)
_MARKS = re.compile("([\x01\x07\x08\x0c\r\x13\x14\x15])")
# Line breaks of several kinds, hyphens, and marks of notes and pictures.
_PRINTED = str.maketrans("\x0b\x0c\x0e\x1e", "\n\n\n-", "\x00\x02\x03\x04\x05\x06\x1f")
_DEEPEST = 10
_TABLE_FACTS = frozenset((_IN_TABLE, _ROW_END, _DEPTH, _INNER_CELL, _INNER_ROW_END))


def read_old_word(file: WordFile) -> Document:
    """The document of an opened file. Its properties are not asked: damaged ones keep olefile reading forever."""
    story = _Story(file)
    return document_of(story.content(), "doc", images=story.images)


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """One line of text up to its mark, and what the mark ends."""

    text: str
    depth: int
    ends: str
    """`line`, `cell` or `row`."""
    deleted: bool
    """Whether the mark was deleted under tracking."""
    sprms: list[Sprm]
    anchors: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Shown:
    """How text is shown: whether at all, in which look, and as which character if it stands for a symbol."""

    deleted: bool
    hidden: bool
    look: Look
    symbol: str


@dataclass(slots=True)
class _Story:
    """One walk over a file: its lists count on, its pictures are counted."""

    file: WordFile
    images: int = 0
    _styles: StyleSheet = field(init=False)
    _lists: OldLists = field(init=False)
    _boxes: dict[int, list[tuple[int, int]]] = field(init=False)

    def __post_init__(self) -> None:
        self._styles = StyleSheet(self.file)
        self._lists = OldLists(self.file, self._styles)
        self._boxes = _text_boxes(self.file)

    def content(self) -> list[str | Table]:
        """Lines and tables of the main text, and of the text boxes behind the paragraphs that they are anchored to."""
        content = self._assembled(0, self.file.length(_MAIN))
        for anchor in list(self._boxes):
            content += self._boxed(anchor)
        return content

    def _assembled(self, start: int, end: int) -> list[str | Table]:
        assembly = Assembly()
        for paragraph in self._paragraphs(start, end):
            if paragraph.ends == "row":
                shaped = None if paragraph.deleted else partial(row_of, sprms=paragraph.sprms)
                assembly.row(paragraph.depth, shaped)
            elif paragraph.ends == "cell":
                assembly.cell(paragraph.text, paragraph.depth)
            else:
                assembly.line(paragraph.text, paragraph.depth)
            if paragraph.depth == 0:
                for anchor in paragraph.anchors:
                    assembly.content += self._boxed(anchor)
        return assembly.end()

    def _boxed(self, anchor: int) -> list[str | Table]:
        boxes = self._boxes.pop(anchor, ())
        return [item for start, end in boxes for item in self._assembled(start, end)]

    def _paragraphs(self, start: int, end: int) -> Iterator[_Paragraph]:
        parts: list[tuple[str, Look]] = []
        anchors: list[int] = []
        fields: list[bool] = []  # for each open field, whether its result has begun
        for segment in self.file.segments(start, end):
            shown = self._shown(segment)
            position = segment.position
            for piece in _MARKS.split(segment.text):
                if piece in ("\x13", "\x14", "\x15"):
                    _turn(fields, piece)
                elif piece in ("\x01", "\x08"):
                    anchors.append(position)
                    self.images += all(fields) and not shown.hidden and position not in self._boxes
                elif piece in ("\r", "\x07") or (piece == "\x0c" and segment.is_end and segment.text[-1] == piece):
                    # A line whose end was deleted goes on with the next one.
                    if piece == "\x07" or not shown.deleted:
                        yield self._ended(segment, piece, dressed(parts), shown.deleted, anchors)
                        parts, anchors = [], []
                        fields = [begun for begun in fields if begun]
                elif all(fields) and not shown.hidden:
                    parts.append((piece.replace("(", shown.symbol or "(").translate(_PRINTED), shown.look))
                position += len(piece.encode("utf-16-le", "surrogatepass")) // 2
        if parts:
            yield _Paragraph(dressed(parts), 0, "line", False, [], tuple(anchors))

    def _ended(self, segment: Segment, mark: str, text: str, deleted: bool, anchors: list[int]) -> _Paragraph:
        style = _style_of(segment)
        sprms = [*self.file.sprms(segment.paragraph[2:]), *segment.piece]
        told = {code: operand for code, operand in sprms if code in _TABLE_FACTS}
        depth = min(max(i32(told[_DEPTH], 0), 0), _DEEPEST) if _DEPTH in told else int(_on(told, _IN_TABLE))
        ends = "line"
        if depth and (_on(told, _ROW_END) or _on(told, _INNER_ROW_END)):
            ends = "row"
        elif depth and (mark == "\x07" or _on(told, _INNER_CELL)):
            ends = "cell"
        if ends != "row":
            text = with_number(self._lists.label(style, sprms), text)
        return _Paragraph(text, depth, ends, deleted, sprms, tuple(anchors))

    def _shown(self, segment: Segment) -> _Shown:
        """What the look of a segment's characters, and of their styles, means for their text."""
        sprms = [*self.file.sprms(segment.characters), *segment.piece]
        styles = [_style_of(segment), *(u16(operand, 0) for code, operand in sprms if code == _CHARACTER_STYLE)]
        on = {code: any(self._styles.says(style, code) for style in styles) for code in _SWITCHES}
        symbol = ""
        for code, operand in sprms:
            if code == _SYMBOL and len(operand) == 4:
                symbol = chr(u16(operand, 2))
            elif code == _RAISED:
                on[code] = operand[:1] != b"\x00"
            elif code in on:
                on[code] = switched(operand, on[code])
        look: Look = "remark" if on.get(_RAISED) or on[_STRUCK] or on[_STRUCK_TWICE] else ""
        return _Shown(on[_DELETED], on[_DELETED] or on[_HIDDEN], look, symbol)


def _on(told: dict[int, bytes], code: int) -> bool:
    return told.get(code, b"\x00")[:1] not in (b"\x00", b"")


def _style_of(segment: Segment) -> int:
    return u16(segment.paragraph, 0) if len(segment.paragraph) >= 2 else 0


def _turn(fields: list[bool], mark: str) -> None:
    """Begin, separate or end a field."""
    if mark == "\x13":
        fields.append(False)
    elif fields and mark == "\x14":
        fields[-1] = True
    elif fields:
        fields.pop()


def _text_boxes(file: WordFile) -> dict[int, list[tuple[int, int]]]:
    """Where the text of each text box lies, by the position of the character that anchors it."""
    anchors, texts = file.block(_ANCHORS), file.block(_BOX_TEXTS)
    start = file.length(_MAIN) + sum(file.length(number) for number in _BETWEEN)
    end = start + file.length(_BOXES)
    shapes = {}
    place = start  # each begins where the one before ends
    count = (len(texts) - 4) // 26
    for number in range(count):
        first, behind = start + u32(texts, 4 * number), start + u32(texts, 4 * number + 4)
        if not place <= first <= behind <= end:
            break
        place = behind
        shapes[i32(texts, 4 * (count + 1) + 22 * number + 14)] = first, behind
    boxes: dict[int, list[tuple[int, int]]] = {}
    count = (len(anchors) - 4) // 30
    for number in range(count):
        text = shapes.pop(i32(anchors, 4 * (count + 1) + 26 * number), None)
        if text:
            boxes.setdefault(u32(anchors, 4 * number), []).append(text)
    # Boxes inside a group have no anchor of their own, and stand at the end.
    boxes[-1] = list(shapes.values())
    return boxes
