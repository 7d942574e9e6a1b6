"""Whether a page under the title of a report holds anything that makes it one: sections, a file, pictures, a list."""

from __future__ import annotations

import re
from functools import cache

from pipelines.scanning import Scanner, exactly
from pipelines.sieve.words import Words

_FEWEST_SECTIONS = 3
_FEW_WORDS = 2000  # bytes, twice as many as the reader calls few: what is a link is told more roughly here
_NUMERALS, _MARKS = "一二三四五六七八九十", "、．，："
_HEADS = ("指标", "项目", "事项", "内容", "类别", "名称", "单位")
# Blanks that a page writes as such, whatever its encoding, and what else may part a numeral from its mark.
# References of any length: to count their letters would take Hyperscan half as long again to compile.
_WRITTEN = rb"[\x00-\x20]|&#?[0-9a-zA-Z]+;?|\xc2\xa0|<[^<>]*>"
_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_ESCAPED_MARK = rb"(?i:&#(?:12289|65294|65292|65306|46|x3001|xff0e|xff0c|xff1a);)"
_FILE = (
    rb"""(?i:\.(?:pdf|docx?|xlsx?|wps|et|ofd|rtf|zip|rar|7z)(?:[?#&"'\s<>\\]|\xe3\x80\x80|\xc2\xa0|\xa1[\xa1\x40]))|(?i:downfile|virtual_attach)|"""
    rb"""(?i:download(?:file|attach)?\.)|(?i:<(?:iframe|embed|object)[\s>])"""
)
_CELL, _PICTURE = rb"(?i:<t[dh][\s>])", rb"(?i:<img[\s/>])"
_NO_WORDS = re.compile(
    rb"<(script|style|a|select|noscript|template|textarea|button|svg|object|iframe)\b.*?</\1\s*>|<!--.*?-->|<[^<>]*>|"
    rb"&nbsp;?|&#\w+;|\xe3\x80\x80|\s+",
    re.IGNORECASE | re.DOTALL,
)
_IS_FILE, _IS_CELL, _IS_LIST, _IS_PICTURE, _IS_HEAD, _IS_SECTION = range(6)


def has_content(body: bytes, words: Words) -> bool:
    """Whether the page may have what `pipelines.refuse.not_a_report` asks of one that has no statutory table."""
    seen: set[int] = set()
    sections = 0

    def note(number: int, start: int, end: int, flags: int, context: object) -> bool:
        nonlocal sections
        seen.add(number)
        sections += number == _IS_SECTION
        return number == _IS_FILE or sections == _FEWEST_SECTIONS

    _scanner(words).scan(body, note)
    if _IS_FILE in seen or sections == _FEWEST_SECTIONS:
        return True
    if _IS_LIST in seen or (_IS_HEAD in seen and _IS_CELL in seen):
        return True
    return _IS_PICTURE in seen and _has_few_words(body)


def _has_few_words(body: bytes) -> bool:
    """Whether all that a page says outside of links is a line or two."""
    count = place = 0
    for gap in _NO_WORDS.finditer(body):
        count += gap.start() - place
        place = gap.end()
        if count > _FEW_WORDS:
            return False
    return count + len(body) - place <= _FEW_WORDS


@cache
def _scanner(words: Words) -> Scanner:
    numerals, marks = (b"|".join(exactly(char.encode(words.codec)) for char in chars) for chars in (_NUMERALS, _MARKS))
    heads = b"|".join(exactly(words.raw(head)) for head in _HEADS)
    # A heading begins a line, wherever the reader finds that lines ran together: what stands before tells nothing.
    spaces = b"|".join(map(exactly, filter(None, (char.encode(words.codec, "ignore") for char in _SPACES))))
    blank = b"(?:%b|%b)" % (_WRITTEN, spaces)
    # As in `pipelines.forms.indicators`: without cells a list has one of these words, the second on its own.
    indicator, unit = ((blank + b"*").join(exactly(words.raw(char)) for char in word) for word in ("指标", "单位"))
    kinds = b"|".join(exactly(words.raw(kind)) for kind in ("计量", "统计", "计数", "计算", "数量"))
    behind = exactly(words.raw("（"))
    running = b"%b|(?:[>|]|%b|%b)%b(?:[<|(]|%b|%b)" % (indicator, kinds, blank, unit, blank, behind)
    section = b"(?:%b)(?:%b|%b)*(?:%b|%b|[.,:])" % (numerals, _WRITTEN, spaces, marks, _ESCAPED_MARK)
    expressions = (_FILE, _CELL, running, _PICTURE, heads, section)
    return Scanner(expressions, once=[number != _IS_SECTION for number in range(len(expressions))])
