"""One pass over the bytes of a payload that finds nearly all that cannot be a report, at gigabytes a second.

Hyperscan looks for all words in all spellings and guises at once. It only says no: where it
finds anything that a report must have, or is not there, the payload is judged in full, with the same verdict.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from pipelines.sieve.guises import GARBLED, ODD_IN_GB
from pipelines.sieve.headline import BEFORE, NEAR, REACH, is_elsewhere, is_own, known_elsewhere
from pipelines.sieve.scanning import IS_FAST, Scanner, exactly
from pipelines.sieve.words import ASCII, PARTED, SIGNS, UTF8, VOCABULARIES, Words

# What may stand between the characters of a word: tags and blanks, ideographic blanks in UTF-8 or GBK, a no-break one.
_GAP = rb"(?:[\x00-\x7f]|\xe3\x80\x80|\xc2\xa0|\xa1\xa1)*"
_WINDOWS = (1000, 8000)
"""Bytes behind the topic among which the word for a report is looked for: where tags are dense, among more."""
# Escapes of the first character of the topic word, and the ends of letters that stand for bytes (&Ouml;&ETH;).
_ESCAPED = (
    *(b"#20844;", b"x516c;", b"x516C;", b"X516C;", b"u516c", b"u516C", b"%E5%85%AC", b"%e5%85%ac"),
    *(b"uml;", b"acute;", b"grave;", b"circ;", b"tilde;", b"ring;", b"slash;"),
)
# Invisible characters and stand-ins in UTF-8: radicals, compatibility forms, private codes.
_ODD = (
    rb"\xc2\xad|\xe1\xa0\x8e|\xe2\x80[\x8b-\x8f\xaa-\xae]|\xe2\x81[\xa0-\xaf]|\xef\xbb\xbf",
    rb"\xe2(?:[\xba-\xbe][\x80-\xbf]|\xbf[\x80-\x9f])|\xef[\xa4-\xab][\x80-\xbf]",
    rb"\xee(?:[\x9e\x9f\xa0][\x80-\xbf]|\x9d[\xac-\xbf]|\xa1[\x80-\xa4])",
)


Verdict = Literal["none", "titled", "unknown"]
"""No report; no statutory table, but the title of a report; to be looked at closely."""


def screened(body: bytes) -> tuple[Verdict, Words]:
    """What can be told of a text in one pass, and the vocabulary of its title; unknown where Hyperscan is missing."""
    if not IS_FAST:
        return "unknown", UTF8
    body = body.removeprefix(codecs.BOM_UTF8)
    found = _scanned(body)
    if found is None or (found.has_odd_characters and _is_utf8(body)):
        return "unknown", UTF8
    for number, end in found.topics:
        words = VOCABULARIES[number]
        start = end - len(words.topic)
        if body[start - BEFORE : start + NEAR] in known_elsewhere:
            continue  # asked here, too, since nothing is asked as often
        if not body.startswith(words.topic, max(0, start)):
            return "unknown", words  # something parts the word
        if not is_elsewhere(body, start) and _names_report(body, end, words) and is_own(body, start, words):
            return "titled", words
    return "none", UTF8


@dataclass(slots=True)
class _Found:
    """What a scan has seen: the places of the topic (vocabulary, end), and whether there are bytes of odd characters in
    UTF-8, or anything that is telling by itself."""

    topics: list[tuple[int, int]] = field(default_factory=list)
    has_odd_characters: bool = False
    is_telling: bool = False


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _names_report(body: bytes, end: int, words: Words) -> bool:
    """Whether the word for a report follows the topic that ends there: within so many bytes, however many tags."""
    behind = b""
    for window in _WINDOWS:
        behind = body[end : end + window].translate(None, ASCII)[:REACH]
        if len(behind) == REACH or any(word in behind for word in words.reports):
            break
    return any(word in behind for word in words.reports)


def _scanned(body: bytes) -> _Found | None:
    """All of the topic and the reports; None as soon as there is anything else that has to be looked at."""
    found = _Found()
    topic = found.topics.append
    scanner, odd, telling = _scanner()

    def note(number: int, start: int, end: int, flags: int, context: object) -> bool:
        if number < odd:
            topic((number, end))
        elif number >= telling:
            found.is_telling = True
            return True
        else:
            found.has_odd_characters = True
        return False

    scanner.scan(body, note)
    return None if found.is_telling else found


@cache
def _scanner() -> tuple[Scanner, int, int]:
    """What is looked for (the topic in every vocabulary, odd characters, what is telling); where the last two begin."""
    topics = [_parted(words.topic_characters) for words in VOCABULARIES]
    parted = sorted(exactly(words.raw(PARTED)) + rb"[\x00-\x20<&]" for words in VOCABULARIES)
    expressions = [*topics, *_ODD, *parted, *sorted(set(map(exactly, _telling())))]
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
