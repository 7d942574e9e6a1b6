"""Whether a payload may be a report: the cheapest questions first, and no page is decoded that they can judge."""

from __future__ import annotations

from pipelines.sieve.content import has_content
from pipelines.sieve.guises import (
    GB_ODD,
    has_odd_characters,
    is_escaped,
    is_garbled,
    unescaped,
    wide_text,
    without_odd_characters,
    without_readings,
)
from pipelines.sieve.headline import shows_title
from pipelines.sieve.opaque import is_opaque
from pipelines.sieve.screen import screened
from pipelines.sieve.words import (
    ASCII,
    BIG5,
    GB18030,
    GB18030_TRADITIONAL,
    UTF8,
    UTF8_TRADITIONAL,
    VOCABULARIES,
    Words,
)

_IN_UTF8 = (UTF8, UTF8_TRADITIONAL)
# A page that is not all UTF-8 can have parts in any of them.
_IN_OTHERS = (GB18030, BIG5, GB18030_TRADITIONAL, UTF8, UTF8_TRADITIONAL)
_ENOUGH_WORDS = 2
_BLANK = "\u3000".encode()
_BLANK_OF = {"gb18030": "\u3000".encode("gb18030")}  # that of Big5 is half ASCII
_LONGEST = 8 * 1024 * 1024
"""Bytes of what is looked at this closely: of more, the reader is to say what it is, which has limits on memory."""
# The share of a page beyond ASCII below which it has hardly any words as they are.
_HARDLY_ANY = 1 / 40


def may_be_report(body: bytes) -> bool:
    """Whether `pipelines.extract` could find a report in a payload (transfer and content encoding undone).

    Pure. False for what cannot be read as a report; True means that it has to be read. Formats with a reader of their
    own (PDF, office files, pictures) are not looked into: all of them pass.

    One kind of page passes `extract` and not this: one without the title of a report whose table has a row called as
    one of a report is (行政许可 in a list of powers). It is none.
    """
    if not body or body.isspace():
        return False
    opaque = is_opaque(body)
    if opaque is not None:
        return opaque
    text = wide_text(body)
    if text is None and not body.isascii():
        titled = screened(body)
        if titled is not None:
            return any(has_content(body, words) for words in titled)
        if any(_has_tables(body, words) for words in VOCABULARIES):
            return True
    return _judged_in_full(body if text is None else text.encode("utf-8", "replace"))


def _judged_in_full(body: bytes) -> bool:
    """The verdict on a payload of text in an encoding of seven or eight bits."""
    high = body.translate(None, ASCII)
    is_chinese = len(high) > _HARDLY_ANY * len(body)
    if len(body) > _LONGEST:
        return bool(high) or is_escaped(body, is_chinese=is_chinese)
    text = unescaped(body, is_chinese=is_chinese)
    if text is not None:
        body = text.encode("utf-8", "replace")
        high = body.translate(None, ASCII)
    return bool(high) and _judged(body, high)


def _judged(body: bytes, high: bytes) -> bool:
    """The verdict on bytes in an encoding of eight bits whose escapes are undone; `high` are those beyond ASCII."""
    vocabularies: tuple[Words, ...] = _IN_OTHERS
    try:
        text = high.decode("utf-8")
    except UnicodeDecodeError:
        if is_garbled(high.decode("gb18030", "replace"), of_text=False):
            return True
        if GB_ODD.search(body):
            text = without_odd_characters(body.decode("gb18030", "replace"))
            if _judged_in_full(text.encode("utf-8", "replace")):
                return True
    else:
        vocabularies = _IN_UTF8
        if has_odd_characters(text):
            if is_garbled(text):
                return True
            body = without_odd_characters(body.decode("utf-8", "replace")).encode("utf-8", "replace")
            high = body.translate(None, ASCII)
    for words in vocabularies:
        told = high.replace(_BLANK_OF.get(words.codec, _BLANK), b"")
        if words.open not in told:
            continue
        if _speaks_of_reports(body, told, words):
            return True
        if words.is_traditional and (plain := without_readings(body)) is not None:
            return _judged(plain, plain.translate(None, ASCII))
    return False


def _speaks_of_reports(body: bytes, high: bytes, words: Words) -> bool:
    """Whether a page shows the words of the tables, or the title of a report over something that may be one."""
    found = _table_words(high, words)
    return found == _ENOUGH_WORDS or (shows_title(body, high, words) and (found > 0 or has_content(body, words)))


def _has_tables(body: bytes, words: Words) -> bool:
    """Whether a page shows the words of the tables as they are: most reports do, and need no closer look."""
    return words.topic in body and _table_words(body, words) == _ENOUGH_WORDS


def _table_words(text: bytes, words: Words) -> int:
    """How many words of the tables there are beside one of the signs; enough is as good as many."""
    found = 0
    if any(sign in text for sign in words.signs):
        for word in words.table_words:
            found += word in text
            if found == _ENOUGH_WORDS:
                break
    return found
