"""Signs by which the families of portal software are known in the source of a page.

Every page is searched for the signs of every family, and most bear none. To look for the words of all of them at once
takes a hundredth of the time that their patterns take to find out that they are not there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property
from typing import NamedTuple

from pipelines.scanning import IS_FAST, Scanner


class Word(NamedTuple):
    """A word of a sign."""

    text: bytes
    in_either_case: bool


@dataclass(frozen=True)
class Sign:
    """A pattern, and words of which one is in all that it matches, in lower case where the pattern takes either."""

    pattern: re.Pattern[str]
    words: tuple[str, ...]

    def __post_init__(self) -> None:
        _WORDS.update(dict.fromkeys(self.spelt))

    @cached_property
    def spelt(self) -> tuple[Word, ...]:
        """The words, and whether they may be in either case."""
        in_either_case = bool(self.pattern.flags & re.IGNORECASE)
        return tuple(Word(word.encode(), in_either_case) for word in self.words)


_WORDS: dict[Word, None] = {}
"""Of all signs that there are."""


def words_in(source: bytes) -> frozenset[Word]:
    """The words of all signs that stand in the source of a page, in UTF-8."""
    if not IS_FAST:
        folded = source.lower()
        return frozenset(word for word in _WORDS if word.text in (folded if word.in_either_case else source))
    found: set[Word] = set()
    scanner, words = _scanner(len(_WORDS))

    def note(number: int, start: int, end: int, flags: int, context: object) -> bool:
        found.add(words[number])
        return False

    scanner.scan(source, note)
    return frozenset(found)


@cache
def _scanner(count: int) -> tuple[Scanner, list[Word]]:
    """What looks for so many words, and these."""
    words = list(_WORDS)[:count]
    spelling = [(rb"(?i:%b)" if word.in_either_case else rb"%b") % re.escape(word.text) for word in words]
    return Scanner(spelling, once=[True] * count), words
