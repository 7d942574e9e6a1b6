"""Repairs of decoded text, each one small, provable and recorded by name; what cannot be undone is left and flagged.

`repair` works on the text in the script of the source. Conversion to simplified characters (`script`) is a separate
step, made only for documents that are traditional, and never replaces the original.
"""

from __future__ import annotations

from dataclasses import replace

from pipelines.model import Text
from pipelines.normalize.characters import mend_characters
from pipelines.normalize.pinyin import strip_pinyin
from pipelines.normalize.script import script_of, simplify

__all__ = ["mended", "repair", "script_of", "simplify"]


_STEPS = (("characters", mend_characters), ("pinyin", strip_pinyin))


def repair(decoded: Text) -> Text:
    """The decoded text with every provable damage undone, its script, and the names of the repairs made."""
    text, repairs = decoded.text, list(decoded.repairs)
    for name, step in _STEPS:
        changed = step(text)
        if changed != text:
            repairs.append(name)
            text = changed
    return replace(decoded, text=text, script=script_of(text), repairs=tuple(repairs))


def mended(text: str) -> str:
    """A piece of text of a document (a paragraph, a cell) with every provable damage undone."""
    for _, step in _STEPS:
        text = step(text)
    return text
