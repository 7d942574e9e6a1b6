"""Which script a document, or a piece of one, is written in, and what is therefore converted.

Conversion damages simplified text (乾县 would become 干县), so only what *is* traditional becomes simplified: whole
documents, and in simplified ones the lines and cells that are traditional beyond doubt, such as a title copied in.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Literal

from pipelines.normalize.simplify import simplify
from pipelines.normalize.t2s import pairs

Script = Literal["simplified", "traditional", "none"]
# Characters of one script alone that decide, by their number of different ones: of a document, and of one line in it.
_OF_A_DOCUMENT, _OF_A_LINE = 5, 3


def script_of(characters: Iterable[str]) -> Script:
    """The script of a text (or of the set of its characters): `traditional` only where that clearly prevails.

    Different characters are counted, not occurrences: one variant that a mirror's converter leaves alone (并, 秘)
    must not outweigh a whole page.
    """
    traditional, simplified = _counts(set(characters))
    if traditional >= _OF_A_DOCUMENT and traditional > 2 * simplified:
        return "traditional"
    return "simplified" if simplified or traditional else "none"


def is_mixed(characters: Iterable[str]) -> bool:
    """Whether these are characters enough of the other script for a line of a simplified document to be traditional."""
    return len(traditional_only().intersection(characters)) >= _OF_A_LINE


def simplified_piece(piece: str, script: Script) -> str:
    """A line or cell of a document in `script`, in simplified characters; `piece` itself where it already is."""
    if piece.isascii() or (script != "traditional" and traditional_only().isdisjoint(piece)):
        return piece
    traditional, simplified = _counts(set(piece))
    if script == "traditional":
        return piece if simplified > traditional else simplify(piece)
    return simplify(piece) if traditional >= _OF_A_LINE and traditional > 2 * simplified else piece


def simplified_lines(text: str, script: Script) -> str:
    """A text in `script` with every line in simplified characters; lines that already are stay untouched."""
    if script != "traditional" and len(traditional_only().intersection(text)) < _OF_A_LINE:
        return text
    return "\n".join(simplified_piece(line, script) for line in text.split("\n"))


def _counts(characters: set[str]) -> tuple[int, int]:
    return len(characters & traditional_only()), len(characters & _simplified_only())


@cache
def traditional_only() -> frozenset[str]:
    """Characters that the converter's dictionaries know as traditional and never as simplified."""
    simplified = pairs("STCharacters.txt")
    return frozenset(
        char for char, others in pairs("TSCharacters.txt").items() if char not in others and char not in simplified
    )


@cache
def _simplified_only() -> frozenset[str]:
    traditional = pairs("TSCharacters.txt")
    return frozenset(
        char for char, others in pairs("STCharacters.txt").items() if char not in others and char not in traditional
    )
