"""A text as a whole, as the repairs see it, and the words in it that they may change.

A repair is established on the whole text (three annotated characters prove what one does not) and then made piece by
piece, in the paragraphs and cells of a document or between the tags of a page, never in its addresses and scripts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from pipelines.normalize.hanzi import beyond_ascii, expected_characters

Change = Callable[[str], str]

_PAGE = re.compile(r"<(?:!doctype|html|head|body|div|table|p|meta|span|td)\b", re.IGNORECASE)
_DATA = re.compile(r"\s*(?:[\w$.]+\s*[=(]\s*)?[\[{]\s*[\"'\[{\]}]")
# An end that is missing ends with the text, and a tag with the next tag, so that no search runs twice over one place.
_MARKUP = re.compile(
    r"<(script|style)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)|<[!/?a-z][^<>]*>?", re.IGNORECASE | re.DOTALL
)
_ASKED_FOR = "\0("
"""The characters of ASCII by which a repair is begun."""
_WORDS_OF_A_TAG = re.compile(r"""(\s(?:content|title|alt)\s*=\s*)("[^"]*"|'[^']*')""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mending:
    """What a repair has established: its names, and the change that it makes to any piece of the text."""

    names: tuple[str, ...]
    change: Change
    in_markup: bool = False
    """Whether the change is safe anywhere in the source of a page, in tags and scripts too."""
    in_titles: bool = True
    """Whether it may be made to the words in tags (title, alt and content attributes)."""


class Whole:
    """A text, its characters beyond ASCII (and NUL and the bracket), those of them that Chinese text of today hardly
    holds (U+FFFD is one), and, worked out when asked for, its words without markup."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.used = frozenset(beyond_ascii(text)).union(char for char in _ASKED_FOR if char in text)
        self.odd = self.used - expected_characters()

    @cached_property
    def is_page(self) -> bool:
        """Whether the text is the source of a page."""
        return is_page(self.text)

    @cached_property
    def is_data(self) -> bool:
        """Whether the text is JSON or a script that holds data: written for a program, with escapes of its own."""
        return bool(_DATA.match(self.text))

    @cached_property
    def words(self) -> str:
        """The text without tags, comments and scripts, each piece a line of its own, and then the words in tags."""
        if not self.is_page:
            return self.text
        in_tags = (value[2][1:-1] for value in _WORDS_OF_A_TAG.finditer(self.text))
        return "\n".join((_MARKUP.sub("\n", self.text), *in_tags))

    def changed(self, mending: Mending) -> Whole:
        """The text with a change made to its words, or everywhere if that is safe."""
        if mending.in_markup or not self.is_page:
            return Whole(mending.change(self.text))
        return Whole(_in_words(self.text, mending))


def places(text: str, *words: str) -> Iterator[int]:
    """Where any of these words stand in a text; all of them begin with the same character.

    Python finds one character at once, two in fifty times that, and a pattern in more; so what is rare is looked for
    by its first character.
    """
    at = text.find(words[0][0])
    while at >= 0:
        if text.startswith(words, at):
            yield at
        at = text.find(words[0][0], at + 1)


def holds(text: str, *words: str) -> bool:
    """Whether any of these words, which begin alike, stand in a text; see `places`."""
    return next(places(text, *words), None) is not None


def is_page(text: str) -> bool:
    """Whether a text is the source of an HTML page."""
    return bool(_PAGE.search(text[:20_000]))


def _in_words(page: str, mending: Mending) -> str:
    def in_tag(value: re.Match[str]) -> str:
        return value[1] + value[2][0] + mending.change(value[2][1:-1]) + value[2][-1]

    out, position = [], 0
    for tag in _MARKUP.finditer(page):
        if position < tag.start():
            out.append(mending.change(page[position : tag.start()]))
        words = mending.in_titles and not tag[1] and not tag[0].startswith("<!--")
        out.append(_WORDS_OF_A_TAG.sub(in_tag, tag[0]) if words else tag[0])
        position = tag.end()
    out.append(mending.change(page[position:]))
    return "".join(out)
