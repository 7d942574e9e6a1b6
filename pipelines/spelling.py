"""How what a person types is spelt in the archive, whose sections are in simplified characters."""

from __future__ import annotations

from pipelines.normalize import simplify
from pipelines.normalize.script import traditional_only


def spellings(text: str) -> tuple[str, ...]:
    """The text as typed, and in simplified characters where one of its characters is certainly traditional.

    Both, because a line with fewer than three such characters is stored as its source prints it.
    """
    if text.isascii() or traditional_only().isdisjoint(text):
        return (text,)
    return tuple(dict.fromkeys((text, simplify(text))))
