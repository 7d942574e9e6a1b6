"""The text of one HTML element as a reader sees it.

Nine cells of ten hold one run of text, and for those the parser's own string function says the same in a hundredth of
the time; `CellTexts` finds out once for each table which cells need to be walked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from lxml import etree

from pipelines.normalize.characters import mend_characters
from pipelines.remembered import remembered
from pipelines.scanning import Scanner

_BREAKS = frozenset("br p div li tr td th table h1 h2 h3 h4 h5 h6 dt dd ul ol center blockquote".split())
# What is raised or lowered is a remark (a footnote sign beside a number), and so is what is struck out.
_REMARKS = frozenset(("sup", "sub", "del", "s", "strike"))
_UNSEEN = frozenset("script style noscript template".split())
_STYLED = re.compile(
    r"line-through|vertical-align\s*:\s*su(?:per|b)\b|mso-text-raise\s*:\s*[1-9]|"
    r"position\s*:\s*relative.*\btop\s*:\s*-\s*\d|\btop\s*:\s*-\s*\d.*position\s*:\s*relative"
)
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all|"
    r"(?:left|text-indent)\s*:\s*-\s*\d{4,}",
    re.IGNORECASE,
)
_NO_SIZE = re.compile(r"font-size\s*:\s*0+(?:\.0+)?\s*(?![\d.])", re.IGNORECASE)
_FOR_EARS = re.compile(r"(?:^|\s)(?:sr-only|visually-?hidden|screen-reader(?:-text|-only)?)(?:\s|$)")
"""Classes of what is there for screen readers alone, in the words of the usual style sheets."""
_MARK = re.compile(r"\s*[\[〔【]?\s*\d{1,2}\s*[\]〕】]?\s*")  # what stands in round brackets is a remark already
# In UTF-8, where a blank of any kind is a byte beyond ASCII; in small letters.
_BLANK = rb"[\s\x80-\xff]*"
_SIGNS = (
    *(b"hidden", b"mso-hide", b"line-through", b"sr-only", b"visuallyhidden", b"screen-reader"),
    *(rb"display\s*:\s*none", rb"visibility\s*:\s*collapse", rb"position\s*:\s*relative"),
    *(rb"vertical-align\s*:\s*su(?:per|b)", rb"mso-text-raise\s*:\s*[1-9]"),
    *(rb"left\s*:\s*-\s*\d{4}", rb"text-indent\s*:\s*-\s*\d{4}", rb"font-size\s*:\s*0+(?:\.0+)?\s*[^\d.]"),
)
"""One of these is on every page that has any element which `is_hidden`, or whose style tells how its text stands."""

_INNER_BLOCKS = tuple(sorted(_BREAKS - {"br", "td", "th", "tr"}))
# What inside a cell makes its text more than the string of its characters.
_WALKED = ("a", "br", *sorted(_REMARKS | _UNSEEN))
_FAR = 4  # elements between one and its cell; fewer are gone through again sooner than remembered
_MARKED: Any = etree.XPath(
    "descendant-or-self::*[@style or @hidden or"
    " contains(@class, 'sr-only') or contains(@class, 'visually') or contains(@class, 'screen-reader')]"
)


class CellTexts:
    """The texts of the cells of one table and of those inside it, each read once; `texts[cell]` is what
    `element_text(cell)` says.

    `hiding` tells whether the page keeps anything from sight: then its elements have to be asked one by one.
    """

    def __init__(self, table: Any, *, hiding: bool) -> None:
        self.table = table
        marked = _MARKED(table) if hiding else []
        self.hidden = {element for element in marked if is_hidden(element)}
        styled = [element for element in marked if _meaning(element) != element.tag]
        around: dict[Any, Any] = {}
        self._walked = {_cell_of(element, around) for element in (*table.iter(*_WALKED), *self.hidden, *styled)}
        self._walked |= set(_with_blocks(table, around))
        self._known: dict[Any, str] = {}

    def __getitem__(self, cell: Any) -> str:
        return self._known[cell] if cell in self._known else self._read(cell)

    def of(self, cells: Iterable[Any]) -> list[str]:
        """The texts of several cells."""
        known, read = self._known, self._read
        return [known[cell] if cell in known else read(cell) for cell in cells]

    def _read(self, cell: Any) -> str:
        if cell in self._walked:
            text = element_text(cell)
        elif len(cell):
            text = _clean(etree.tostring(cell, method="text", encoding="unicode", with_tail=False))
        else:
            inside = cell.text
            text = (inside if inside.isdecimal() else _clean(inside)) if inside else ""
        self._known[cell] = text
        return text


@remembered(most=8192, longest=80)
def _clean(inside: str) -> str:
    text = " ".join(inside.split())
    return text if text.isascii() else mend_characters(text).replace("()", "").strip()


def _cell_of(element: Any, around: dict[Any, Any]) -> Any | None:
    """The cell that an element stands in. `around` keeps what was found: thousands of elements can be as deep as a
    parser lets them, each of them below the same hundreds of others."""
    way = []
    while element is not None and element.tag not in ("td", "th"):
        if element in around:
            element = around[element]
            break
        way.append(element)
        element = element.getparent()
    if len(way) > _FAR:
        around.update(dict.fromkeys(way, element))
    return element


def _with_blocks(table: Any, around: dict[Any, Any]) -> Iterator[Any]:
    """Cells whose text is in blocks, but for those in which one block holds it all."""
    for block in table.iter(*_INNER_BLOCKS):
        parent = block.getparent()
        alone = parent is not None and parent.tag in ("td", "th") and len(parent) == 1
        if not alone or (parent.text or "").strip() or (block.tail or "").strip():
            cell = _cell_of(parent, around)
            if cell is not None:
                yield cell


def hides(html: str) -> bool:
    """Whether a page can have elements that `is_hidden`, or struck out, raised or lowered by their style."""
    seen: list[int] = []

    def note(number: int, start: int, end: int, flags: int, context: object) -> bool:
        seen.append(number)
        return True

    _signs().scan(html.encode("utf-8", "replace").lower(), note)  # ASCII alone, in a third of the time
    return bool(seen)


@cache
def _signs() -> Scanner:
    return Scanner([sign.replace(rb"\s*", _BLANK) for sign in _SIGNS], once=[True] * len(_SIGNS))


def is_hidden(element: Any) -> bool:
    """Whether the element is kept from sight by its own style, class or attribute.

    Letters without size hide what they are set in; around other elements they only take the blanks from between them.
    """
    style, names = element.get("style"), element.get("class")
    if style and (_said_by(style)[0] or (not len(element) and _NO_SIZE.search(style))):
        return True
    return element.get("hidden") is not None or bool(names and _FOR_EARS.search(names))


@remembered(most=1024)
def _said_by(style: str) -> tuple[bool, str]:
    """Whether a style keeps its element from sight, and which tag says what it does to the text, if one does."""
    styled = _STYLED.search(style.lower())
    return bool(_HIDDEN.search(style)), ("s" if styled[0] == "line-through" else "sup") if styled else ""


def element_text(element: Any) -> str:
    """Visible text; breaks and blocks become line ends, runs of other whitespace one space, inline parts join.

    Raised and lowered text is put in brackets, as the remark that it is: `5<sup>1</sup>` is 5 with a footnote, not 51.
    """
    parts = [_inline(element.text)]
    inside = [(iter(element), "")]  # what is open, and what follows it; pages nest deeper than Python recurses
    while inside:
        children, behind = inside[-1]
        part = next(children, None)
        if part is None:
            parts.append(behind)
            inside.pop()
            continue
        before, after = _marks(_meaning(part))
        behind = after + _inline(part.tail)
        if part.tag in _UNSEEN or is_hidden(part):
            parts.append(behind)
            continue
        parts += (before, _inline(part.text))
        if len(part):
            inside.append((iter(part), behind))
        else:
            parts.append(behind)
    # Entities can spell what the repairs of the source text could not see yet.
    return clean_lines(mend_characters("".join(parts)))


def clean_lines(text: str) -> str:
    """The lines that hold something, runs of other whitespace as one space; a remark without text is none."""
    lines = (" ".join(line.split()) for line in text.replace("()", "").split("\n"))
    return "\n".join(filter(None, lines))


def _meaning(part: Any) -> str:
    """The tag of an element, or the one that says what its style does."""
    style = part.get("style")
    if _is_mark(part):
        return "sup"
    return (style and _said_by(style)[1]) or (part.tag if isinstance(part.tag, str) else "")


def _is_mark(part: Any) -> bool:
    """Whether an element is the mark of a footnote, by the link that it is; a raised one is a remark by itself."""
    if part.tag != "a" or len(part) or not (part.get("href") or "").startswith("#"):
        return False
    return _MARK.fullmatch(part.text or "") is not None and _meaning(part.getparent()) not in _REMARKS


def _marks(tag: str) -> tuple[str, str]:
    """What separates an element of this kind from the text before and after it."""
    if tag in _BREAKS:
        return "\n", "\n"
    return ("(", ")") if tag in _REMARKS else ("", "")


def _inline(text: str | None) -> str:
    """A line end in HTML source is only a space, and so is any run of them, which `clean_lines` sees to."""
    return text.replace("\n", " ") if text else ""
