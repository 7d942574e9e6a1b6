"""The lines of a printed page: characters to words to lines, and lines to paragraphs.

Justified Chinese text has spaces between all its characters and breaks its lines anywhere, so spaces between Chinese
characters are dropped and lines that reach the margin go on in the next.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pdfplumber.utils.text import extract_words

from pipelines.headings import section_of
from pipelines.model import Paragraph
from pipelines.normalize import simplify
from pipelines.titles import read_title

_CJK = r"[○\u2e80-\u9fff\uf900-\ufaff\u3000-\u303f\uff00-\uffef“”‘’—…\U00020000-\U0003ffff]"
_SPACE_IN_CHINESE = re.compile(rf"(?<={_CJK}) (?={_CJK})")
_PAGE_NUMBER = re.compile(r"[-—–－―\s]*(?:第\s*)?\d{1,3}\s*(?:页)?(?:\s*[,，/／]?\s*共?\s*\d{1,3}\s*页?)?[-—–－―\s]*")
_TITLE_END = re.compile(r"(?:报告|年报|報告|年報)\s*(?:[（(].{1,8}[)）])?$")
_NUMERAL = re.compile(r"\s*[一二三四五六七八九十]")
_MARGIN = 0.12  # of the height: the strips above and below the text
_WIDE_GAP, _INDENT = 1.5, 1.2  # in characters
_SAME_LINE, _SMALL, _RAISED = 0.45, 0.9, 0.1  # of the size of the type


@dataclass(frozen=True, slots=True)
class Word:
    """A run of characters without a gap."""

    text: str
    left: float
    right: float
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text on a page; positions in points from the top left corner, `size` the height of its type."""

    words: tuple[Word, ...]
    top: float
    bottom: float
    size: float

    @property
    def left(self) -> float:
        return self.words[0].left

    @property
    def right(self) -> float:
        return self.words[-1].right

    @property
    def text(self) -> str:
        return _SPACE_IN_CHINESE.sub("", " ".join(word.text for word in self.words))


def lines_of(chars: Sequence[Any]) -> list[Line]:
    """The lines of some characters, from top to bottom."""
    words = [
        word | {"text": text}
        for word in extract_words(list(chars), x_tolerance=2.0, y_tolerance=3, extra_attrs=["size"])
        if (text := _visible(word["text"]))
    ]
    words.sort(key=lambda word: ((word["top"] + word["bottom"]) / 2, word["x0"]))
    rows: list[list[Any]] = []
    for word in words:
        middle = (word["top"] + word["bottom"]) / 2
        if rows and abs(middle - _middle(rows[-1])) <= _SAME_LINE * max(word["size"], rows[-1][0]["size"]):
            rows[-1].append(word)
        else:
            rows.append([word])
    return [_line(sorted(row, key=lambda word: word["x0"])) for row in rows]


def _visible(text: str) -> str:
    """The text without characters that nobody sees; they part nothing, though a font may give them a width."""
    return text if text.isascii() else "".join(char for char in text if unicodedata.category(char) != "Cf")


def _middle(row: list[Any]) -> float:
    return float(sum(word["top"] + word["bottom"] for word in row) / (2 * len(row)))


def _line(row: list[Any]) -> Line:
    largest = max(row, key=lambda word: float(word["size"]))
    words = tuple(
        Word(_as_remark(word, largest), *(float(word[edge]) for edge in ("x0", "x1", "top", "bottom"))) for word in row
    )
    top, bottom = min(word["top"] for word in row), max(word["bottom"] for word in row)
    return Line(words, float(top), float(bottom), float(largest["size"]))


def _as_remark(word: Any, beside: Any) -> str:
    """The text of a word, in brackets if it is small and raised or lowered: a footnote sign is no part of a number."""
    text, size = str(word["text"]), float(beside["size"])
    raised = abs(word["bottom"] - beside["bottom"]) > _RAISED * size
    return f"({text})" if word["size"] < _SMALL * size and raised and not text.startswith("(") else text


def without_page_numbers(items: Sequence[Any], height: float) -> list[Any]:
    """The items of a page without the number that stands alone in the strip above or below its text."""
    kept = list(items)
    for end in (-1, 0):
        if not kept or not isinstance(kept[end], Line):
            continue
        line = kept[end]
        in_margin = line.top > height * (1 - _MARGIN) if end else line.bottom < height * _MARGIN
        if in_margin and _PAGE_NUMBER.fullmatch(line.text):
            kept.pop(end)
    return kept


def paragraphs_of(lines: Sequence[Line]) -> Iterator[Paragraph]:
    """Lines put together again: a line that reaches the right margin goes on in the next, unless that is indented."""
    if not lines:
        return
    right, left = max(line.right for line in lines), min(line.left for line in lines)
    parts: list[str] = []
    for number, line in enumerate(lines):
        parts.append(line.text)
        following = lines[number + 1] if number + 1 < len(lines) else None
        if following is None or not _goes_on(line, following, left, right):
            yield Paragraph(_joined(parts))
            parts = []


def opens_section(line: Line) -> bool:
    """Whether a line is the heading of a section, in either script."""
    text = line.text
    return bool(_NUMERAL.match(text)) and (section_of(text) is not None or section_of(simplify(text)) is not None)


def _goes_on(line: Line, following: Line, left: float, right: float) -> bool:
    if _TITLE_END.search(line.text) and read_title(line.text).kind == "report":
        return False
    full = line.right > right - _WIDE_GAP * line.size
    indented = following.left > left + _INDENT * line.size
    same_type = abs(line.size - following.size) < 0.15 * line.size
    return full and not indented and same_type and not opens_section(line) and not opens_section(following)


def _joined(parts: Sequence[str]) -> str:
    """The lines of one paragraph; a space where a break stood between two words of Latin letters or numbers."""
    text = parts[0]
    for part in parts[1:]:
        text += (" " if text[-1:].isascii() and part[:1].isascii() else "") + part
    return text
