"""The style sheet of a binary Word file: what text has from its styles where it does not say itself.

Source: [MS-DOC] STSH. A file whose style sheet is damaged is read as if it had none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.documents.formats import Unreadable
from pipelines.documents.old_word_file import Sprm, WordFile, u16

_STYLES = 1  # place in FibRgFcLcb
_OF_PARAGRAPHS, _OF_CHARACTERS = 1, 2
_DEEP, _MOST = 20, 4096  # styles may be based on each other in a ring


@dataclass(frozen=True, slots=True)
class Style:
    """One style: what it says of paragraphs and of characters, and the style that it is based on."""

    base: int
    paragraph: tuple[Sprm, ...] = ()
    characters: tuple[Sprm, ...] = ()


class StyleSheet:
    """The styles of one file by number."""

    def __init__(self, file: WordFile) -> None:
        self._styles: dict[int, Style] = {}
        try:
            self._styles.update(_read(file))
        except (Unreadable, IndexError):
            self._styles.clear()

    def chain(self, number: int) -> Iterator[tuple[int, Style]]:
        """A style and those that it is based on, the nearest first."""
        for _ in range(_DEEP):
            style = self._styles.get(number)
            if style is None:
                return
            yield number, style
            number = style.base

    def says(self, number: int, code: int) -> bool:
        """Whether a style turns a switch of characters on."""
        on = False
        for _, style in reversed(list(self.chain(number))):
            for sprm, operand in style.characters:
                if sprm == code:
                    on = switched(operand, on)
        return on


def switched(operand: bytes, before: bool) -> bool:
    """A switch of characters after a modifier: 0 and 1 set it, 0x80 leaves it as in the style, 0x81 turns it over."""
    value = operand[0] if operand else 0x80
    return value == 1 if value < 2 else before ^ (value == 0x81)


def _read(file: WordFile) -> Iterator[tuple[int, Style]]:
    block = file.block(_STYLES)
    if not block:
        return
    count, base_size = u16(block, 2), u16(block, 4)
    place = 2 + u16(block, 0)
    for number in range(min(count, _MOST)):
        size = u16(block, place)
        style = block[place + 2 : place + 2 + size]
        place += 2 + size + (size & 1)
        if len(style) <= base_size + 4:
            continue
        kind, base = u16(style, 2) & 15, u16(style, 2) >> 4
        lists = _modifiers(style, base_size + 4 + 2 * u16(style, base_size))
        paragraph = next(lists, b"") if kind == _OF_PARAGRAPHS else b""
        characters = next(lists, b"") if kind in (_OF_PARAGRAPHS, _OF_CHARACTERS) else b""
        yield number, Style(base, file.sprms(paragraph[2:]), file.sprms(characters))


def _modifiers(style: bytes, place: int) -> Iterator[bytes]:
    """The lists of modifiers behind a style's name, each with its size before it and at an even place."""
    while place + 2 <= len(style):
        size = u16(style, place)
        yield style[place + 2 : place + 2 + size]
        place += 2 + size + (size & 1)
