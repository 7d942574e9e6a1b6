"""The sections of a report as clean text: no navigation, no footer, no tables.

The report's own headings give the sections away. Since 2019 these are the six of the official format, whose numbers are
taken from their matter; older reports have their own, numbered as printed. Where a report has none, trafilatura finds
the main text, which becomes one section without a number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipelines.headings import looks_numbered, numeral_of, section_of
from pipelines.model import Document, Paragraph, Section

# Lines with which portals close an article; what follows them is not the report.
_END = re.compile(
    r"^(?:[【\[(（]?\s*(?:打印|关闭|字体|我要纠错|收藏|返回|分享|上一篇|下一篇|上一条|下一条|相关链接|相关附件|相关稿件|责任编辑|"
    r"扫一扫|网站地图|版权所有|主办[:：单]|承办[:：单]|网站标识码|ICP|附件\d?[:：]?$|文件下载|浏览次数|点击数|来源[:：]))|"
    r"ICP备|公网安备|网站标识码|版权所有"
)
_FEWEST, _FEWEST_LISTED = 2, 3
_LAST_OF_THE_SIX = 6
_SIX_SINCE = 2019
_LARGEST = 1_000_000  # beyond it trafilatura takes many seconds, and no page of a few words is so large


@dataclass(frozen=True, slots=True)
class _Heading:
    """A numbered line: its place among the lines, the number printed, and which of the six it is about, if any."""

    place: int
    printed: int
    matter: int | None


def sections_of(document: Document, year: int | None = None) -> tuple[Section, ...]:
    """The sections in printed order, by their headings; none where these say nothing.

    `year` tells the reports from before the official format, which count their sections in their own way.
    """
    lines = [block.text.strip() for block in document.blocks if isinstance(block, Paragraph)]
    numbered = [
        _Heading(place, printed, section_of(line))
        for place, line in enumerate(lines)
        if (printed := numeral_of(line)) is not None
    ]
    numbered = _behind_contents(numbered)
    six = [heading for heading in numbered if heading.matter is not None]
    old = year is not None and year < _SIX_SINCE
    own = _own_sections(numbered, trailing=old)
    between = any(heading.matter is None for heading in own)
    if old and max(len(own), len(six)) >= _FEWEST:
        chosen = own if len(own) >= len(six) else six
        return _texts(lines, chosen, _counted([heading.printed for heading in chosen]), len(chosen))
    if between and len(own) >= _LAST_OF_THE_SIX:
        return _texts(lines, own, [heading.printed for heading in own], len(own))
    if len(six) >= _FEWEST:
        return _texts(lines, six, [heading.matter or 0 for heading in six], _LAST_OF_THE_SIX)
    return ()


def _counted(printed: list[int]) -> list[int]:
    """The printed numbers, or, where these do not go up, the places of the sections."""
    return printed if all(a < b for a, b in pairwise(printed)) else list(range(1, len(printed) + 1))


def _behind_contents(numbered: Sequence[_Heading]) -> list[_Heading]:
    """The headings without those of a table of contents, which follow each other with nothing in between."""
    for number, heading in enumerate(numbered[1:], 1):
        first = numbered[0]
        anew = heading.matter == 1 or (heading.printed == first.printed == 1 and number >= _FEWEST_LISTED)
        if anew and heading.place - first.place == number:
            return list(numbered[number:])
    return list(numbered)


def _own_sections(numbered: Sequence[_Heading], *, trailing: bool) -> list[_Heading]:
    """The headings that count up from 一, those about none of the six among them.

    Lists inside a section count from 一 again: their lines are no headings. What follows the last heading about one of
    the six is a section only where `trailing` says so.
    """
    chosen: list[_Heading] = []
    inner = 0  # the last number of a list inside the section
    for heading in numbered:
        expected = chosen[-1].printed + 1 if chosen else 1
        seen = {other.matter for other in chosen}
        if heading.matter is not None and heading.matter not in seen and heading.printed >= expected:
            chosen.append(heading)
            inner = 0
        elif heading.printed == inner + 1 and chosen:
            inner = heading.printed
        elif heading.printed == expected:
            chosen.append(heading)
            inner = 0
    if not trailing:
        while chosen and chosen[-1].matter is None:
            chosen.pop()
    return chosen


def _texts(
    lines: Sequence[str], headings: Sequence[_Heading], numbers: Sequence[int], last: int
) -> tuple[Section, ...]:
    """The text under each heading, without what portals put below an article; `last` is the highest number."""
    sections = []
    ends = [*(heading.place for heading in headings[1:]), len(lines)]
    for heading, number, end in zip(headings, numbers, ends, strict=True):
        text: list[str] = []
        over = False
        for line in lines[heading.place + 1 : end]:
            closes = bool(_END.search(line))
            over = (closes and number >= last - 1) or (number == _LAST_OF_THE_SIX == last and looks_numbered(line))
            if over:
                break
            if not closes:
                text.append(line)
        sections.append(Section(number, lines[heading.place], "\n".join(text)))
        if over:
            break
    return tuple(sections)


def main_text(html: str) -> tuple[Section, ...]:
    """The main text of a page without headings, as one section without a number.

    Trafilatura finds it; its tables are ours to read, so they are left out.
    """
    if len(html) > _LARGEST:
        return ()
    import trafilatura  # a quarter of a second to load, for the few pages that need it

    text = trafilatura.extract(html, include_tables=False, include_comments=False, deduplicate=False)
    return (Section(0, "", text.strip()),) if text and text.strip() else ()
