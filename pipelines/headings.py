"""The numbered headings of a report, told by their words rather than by their numbers.

Since 2019 every report has the same six sections; agencies misnumber and reword them, but what each is about stays
recognisable. Older reports have sections of their own beside some of the same six. Source of the official wording:
国办公开办函〔2021〕30号 and 〔2019〕60号; of the variants: real pages.
"""

from __future__ import annotations

import re

from pipelines.remembered import remembered

_ABOUT = {
    6: re.compile(r"其[他它]需要?(?:报告|说明)|需要?(?:报告|说明)的|其[他它]事项"),
    5: re.compile(r"(?:问题|不足|困难).{0,8}(?:改进|措施|打算|情况)?$|改进(?:情况|措施)"),
    4: re.compile(r"复议.{0,12}诉讼|提起行政诉讼"),
    3: re.compile(r"(?:收到|受理|办理).{0,6}处?理?.{0,8}申请|依申请公开.{0,20}情况$"),
    2: re.compile(r"主动公开.{0,14}情况"),
    1: re.compile(r"(?:总体|基本|概括)情况|概述|概况|综述"),
}
_NUMBERED = re.compile(r"^([一二三四五六七八九十]{1,2})\s*[、.．，,:：]\s*(\S.*)$")
_ROWS = ("本年新收", "上年结转", "本年度办理结果", "结转下年")
_DIGITS = {char: number for number, char in enumerate("一二三四五六七八九十", 1)}
_LONGEST = 44


@remembered(most=1024, longest=60)
def section_of(line: str) -> int | None:
    """Which of the six sections this line opens; None when it is not a section heading.

    A heading is a short line that opens with a Chinese numeral and speaks of the section's matter. The row labels of
    table 3 (一、本年新收…, 三、本年度办理结果) are not headings.
    """
    short = line.strip()
    match = _NUMBERED.match(short) if len(short) <= _LONGEST else None
    if not match or "。" in line.rstrip("。"):
        return None
    words = "".join(match[2].split())
    if words.startswith(_ROWS):
        return None
    for number, about in _ABOUT.items():
        if about.search(words):
            return number
    return None


def numeral_of(line: str) -> int | None:
    """The number with which a line could be a top-level heading of any Chinese official document: `一、…`, short."""
    short = line.strip()
    match = _NUMBERED.match(short) if len(short) <= _LONGEST else None
    if not match:
        return None
    first, *rest = (_DIGITS[char] for char in match[1])
    return first + sum(rest)  # 十一 is 10 + 1; 二十 is none that a report has


def looks_numbered(line: str) -> bool:
    """Whether a line could be a top-level heading of any Chinese official document."""
    return numeral_of(line) is not None


_INSIDE = re.compile(r"[一二三四五六七八]\s*、(?:[^，。；：\d]{2,30}?(?:情况|事项|措施)|概[述况](?![^\s（(]))")


def apart(line: str) -> list[str]:
    """A line cut around the section headings inside it: pages whose lines ran together have several in one."""
    pieces, position = [], 0
    for match in _INSIDE.finditer(line):
        if section_of(match[0]) is not None and len(match[0]) < len(line.strip()):
            pieces += [line[position : match.start()], match[0]]
            position = match.end()
    return [piece for piece in (*pieces, line[position:]) if piece.strip()] if pieces else [line]
