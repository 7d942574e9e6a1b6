"""Repairs of decoded text, each one small, provable and recorded by name; what cannot be undone is left and flagged.

`repair` works on the text in the script of the source. Conversion to simplified characters (`script`) is a separate
step, made only for what is traditional, and never replaces the original.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from pipelines.model import Text
from pipelines.normalize.characters import characters_in
from pipelines.normalize.damage import damage_in
from pipelines.normalize.escapes import escapes_in
from pipelines.normalize.mojibake import mojibake_in, replacements_in
from pipelines.normalize.pinyin import pinyin_in
from pipelines.normalize.script import is_mixed, script_of, simplified_lines, simplified_piece
from pipelines.normalize.simplify import simplify
from pipelines.normalize.untoned import untoned_in
from pipelines.normalize.whole import Mending, Whole, holds, is_page

__all__ = [
    "Mending",
    "Whole",
    "is_page",
    "mend",
    "repair",
    "script_of",
    "simplified_lines",
    "simplified_piece",
    "simplify",
]

# In this order: escapes can hide garbled text, and garbled text is made of characters that would be dropped or folded.
_STEPS = (escapes_in, mojibake_in, replacements_in, characters_in, pinyin_in, untoned_in)
# One repair can uncover another; damage deeper than this has not been seen.
_ROUNDS = 4

Subject = TypeVar("Subject")


def repair(decoded: Text) -> Text:
    """The decoded text with every provable damage undone, its script, and the names of the repairs made."""
    whole, repairs = mend(Whole(decoded.text), lambda whole: whole, Whole.changed)
    return replace(
        decoded,
        text=whole.text,
        script=script_of(whole.used),
        mixed=is_mixed(whole.used) or holds(whole.text, "&#"),
        repairs=(*decoded.repairs, *repairs),
        damaged=(*decoded.damaged, *damage_in(whole, repairs)),
    )


def mend(
    subject: Subject, whole_of: Callable[[Subject], Whole], make: Callable[[Subject, Mending], Subject]
) -> tuple[Subject, list[str]]:
    """A text or document with all that its whole text establishes put right, and the names of the repairs."""
    names: list[str] = []
    whole = whole_of(subject)
    for _ in range(_ROUNDS):
        before = len(names)
        for step in _STEPS:
            mending = step(whole)
            if mending is None:
                continue
            changed = make(subject, mending)
            after = whole_of(changed)
            if after.text != whole.text:
                names += mending.names
                subject, whole = changed, after
        if len(names) == before:
            break
    return subject, list(dict.fromkeys(names))
