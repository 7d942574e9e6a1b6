"""One pass over the bytes of a payload that finds nearly all that cannot be a report, at gigabytes a second.

Hyperscan looks for all words in all spellings and guises at once. It only says no: where it
finds anything that a report must have, or is not there, the payload is judged in full, with the same verdict.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from functools import cache

from pipelines.scanning import IS_FAST, Scanner, exactly
from pipelines.sieve.guises import GARBLED, ODD_IN_GB
from pipelines.sieve.headline import BEFORE, MOST_PLACES, NEAR, REACH, is_elsewhere, is_new, is_shown, known_elsewhere
from pipelines.sieve.words import ASCII, OPEN, PARTED, SIGNS, VOCABULARIES, Words

# What may stand between the characters of a word: tags and blanks, ideographic blanks in UTF-8 or GBK, a no-break one.
_GAP = rb"(?:[\x00-\x7f]|\xe3\x80\x80|\xc2\xa0|\xa1\xa1)*"
_WINDOWS = (1000, 8000)
"""Bytes behind the topic among which the word for a report is looked for: where tags are dense, among more."""
# Escapes of the first character of the topic word, and the ends of letters that stand for bytes (&Ouml;&ETH;).
_ESCAPED = (
    *(b"20844;", b"516c;", b"516C;", b"#20844&", b"x516c&", b"x516C&", b"X516C&"),
    *(b"u516c", b"u516C", b"%E5%85%AC", b"%e5%85%ac"),
    *(b"uml;", b"acute;", b"grave;", b"circ;", b"tilde;", b"ring;", b"slash;"),
)
# Invisible characters and stand-ins in UTF-8: radicals, compatibility forms, private codes.
_ODD = (
    rb"\xc2\xad|\xe1\xa0\x8e|\xe2\x80[\x8b-\x8f\xaa-\xae]|\xe2\x81[\xa0-\xaf]|\xef\xbb\xbf",
    rb"\xe2(?:[\xba-\xbe][\x80-\xbf]|\xbf[\x80-\x9f])|\xef[\xa4-\xab][\x80-\xbf]",
    rb"\xee(?:[\x9e\x9f\xa0][\x80-\xbf]|\x9d[\xac-\xbf]|\xa1[\x80-\xa4])",
)


def screened(body: bytes) -> list[Words] | None:
    """The vocabularies in which a text that has no statutory table shows the title of a report, mostly none; None for
    what is to be looked at closely, and where Hyperscan is missing."""
    if not IS_FAST:
        return None
    body = body.removeprefix(codecs.BOM_UTF8)
    scanner, odd, telling = _scanner()
    seen: list[tuple[int, int]] = []
    note = seen.append
    scanner.scan(body, lambda number, start, end, flags, context: note((number, end)))
    # Menus are known: this is all that most pages are asked.
    left = [found for found in seen if body[found[1] - BEFORE : found[1] + NEAR] not in known_elsewhere]
    if not left:
        return []
    most, _ = max(left)
    if most >= telling or (most >= odd and _is_utf8(body)):
        return None
    return _titled(body, [found for found in left if found[0] < odd])


def _titled(body: bytes, topics: list[tuple[int, int]]) -> list[Words] | None:
    """The vocabularies in which one of the topics, given by vocabulary and end, is the title of a report."""
    titled: list[int] = []
    named = 0
    for number, end in topics:
        words = VOCABULARIES[number]
        start = end - len(words.topic)
        if not body.startswith(words.topic, max(0, start)):
            return None  # something parts the word
        if number in titled or not _is_named_here(body, end, words):
            continue
        named += 1
        if named > MOST_PLACES or is_shown(body, start, words):
            titled.append(number)
    return [VOCABULARIES[number] for number in titled]


def _is_named_here(body: bytes, end: int, words: Words) -> bool:
    """Whether the topic that ends there goes on to name a report, and is not plainly elsewhere: of what is new, the
    first is asked first, since most texts name none."""
    if is_new(body[end - BEFORE : end + NEAR]):
        return _names_report(body, end, words) and not is_elsewhere(body, end)
    return not is_elsewhere(body, end) and _names_report(body, end, words)


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _names_report(body: bytes, end: int, words: Words) -> bool:
    """Whether the word for a report follows the topic that ends there: within so many bytes, however many tags."""
    for window in _WINDOWS:
        behind = body[end : end + window].translate(None, ASCII)[:REACH]
        for word in words.reports:
            if word in behind:
                return True
        if len(behind) == REACH:
            break
    return False


@cache
def _scanner() -> tuple[Scanner, int, int]:
    """What is looked for (the topic in every vocabulary, odd characters, what is telling); where the last two begin."""
    topics = [_parted(words.topic_characters) for words in VOCABULARIES]
    parted = sorted(exactly(words.raw(PARTED)) + rb"[\x00-\x20<&]" for words in VOCABULARIES)
    readings = sorted(exactly(words.raw(OPEN)) + rb"\(k" for words in VOCABULARIES if words.is_traditional)  # 公開(kāi)
    # Their order and their length are what Hyperscan is quickest with: shorter ones cost a sixth of all its time.
    expressions = [*topics, *_ODD, *readings, *parted, *sorted(set(map(exactly, _telling())))]
    once = [number >= len(topics) for number in range(len(expressions))]
    return Scanner(expressions, once=once), len(topics), len(topics) + len(_ODD)


def _telling() -> Iterator[bytes]:
    """What makes a payload worth a closer look."""
    yield from _ESCAPED
    yield from ODD_IN_GB
    for word in GARBLED:
        yield word.encode("utf-8", "surrogatepass")
    for words in VOCABULARIES:
        yield from map(words.raw, SIGNS)


def _parted(characters: tuple[bytes, ...]) -> bytes:
    return _GAP.join(exactly(character) for character in characters)
