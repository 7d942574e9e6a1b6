"""Tables whose cells an extractor has run together: 一、本年新收政府信息公开申请数量 713000074二、上年结转…

The known words of the forms are found in the running text and set apart; what stands between them are the figures, with
or without spaces. Splitting glued digits into cells is the matter of `split`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from pipelines.forms.definitions import load_forms
from pipelines.forms.stream import Line
from pipelines.model import Cell

_FEWEST_WORDS = 8
_CAPTION = r"第\s*二\s*十\s*条\s*第?\s*[（(]\s*[一二三四五六七八九]\s*[)）]\s*项"
# The number of a page that stands behind the last figure: its dashes have spaces inside, those of blank cells do not.
_PAGE = re.compile(r"第\s*\d{1,3}\s*页\s*$|(?<=\d)[-—–]\s+\d{1,3}\s+[-—–]\s*$")
_REMARK = re.compile(r"\s*[（(][^（）()\d]*[)）](?=[\s\d])")
_LOOSE = {"（": "[（(]", "）": "[)）]", "“": '[“"〝]', "”": '[”"〞]', "，": "[，,]", "、": "[、,，]", ".": r"[.．、]"}


def glued_lines(paragraphs: Iterable[str]) -> list[Line]:
    """One unruled line for each paragraph that is a table run together; nothing for prose."""
    lines = []
    for number, text in enumerate(paragraphs):
        pieces = list(_pieces(text))
        words = sum(known for _, known in pieces)
        if words >= _FEWEST_WORDS or _is_review(text):
            cells = tuple(Cell(piece, number, column) for column, (piece, _) in enumerate(pieces))
            lines.append(Line(number + 1, False, cells, glued=True))
    return lines


def _is_review(text: str) -> bool:
    """Table 4 has few words of its own; they all repeat."""
    return (
        bool(re.search(r"复议\s*后\s*起\s*诉|复议\s*后\s*诉\s*讼", text))
        and len(re.findall(r"尚\s*未\s*审\s*结", text)) >= 2
    )


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """(piece, whether it is a word of the forms): the words whole, everything between split at spaces."""
    position = 0
    for match in _words().finditer(text):
        yield from ((piece, False) for piece in _figures(text[position : match.start()]))
        yield re.sub(r"\s+", "", match[0]), True
        position = match.end()
    yield from ((piece, False) for piece in _figures(text[position:]))


def _figures(stretch: str) -> list[str]:
    """What stands behind a word of the forms, without a remark in brackets on that word and the number of a page."""
    return _PAGE.sub("", _REMARK.sub(" ", stretch) if _REMARK.match(stretch) else stretch).split()


@cache
def _words() -> re.Pattern[str]:
    """Every label, head and caption of the forms in one pattern, the longest first."""
    wordings: set[str] = set()
    for form in load_forms().values():
        for block in (block for block in form.blocks if not block.is_list):
            for label in (*block.rows, *block.columns):
                wordings.update(label.wordings)
    wordings |= {"信息内容", "申请人情况", "法人或其他组织", "行政复议", "行政诉讼", "未经复议直接起诉", "复议后起诉"}
    parts = [_loose(wording) for wording in sorted(wordings, key=len, reverse=True)]
    unit = r"\s*(?:[（(]\s*单\s*位\s*[:：]?\s*(?:万\s*)?元\s*[)）])?"
    return re.compile("|".join([_CAPTION, *(f"{part}{unit}" if "金额" in part else part for part in parts)]))


def _loose(wording: str) -> str:
    """A wording with any spaces between its characters and any style of brackets and quotes."""
    return r"\s*".join(_LOOSE.get(char, re.escape(char)) for char in wording)
