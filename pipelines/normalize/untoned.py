"""Readings without tones behind characters, 關(guan) 於(yu) and 和(he)(he): what other mirrors leave in a page.

They annotate characters of both scripts, once or several times, some with a blank behind. Nothing is torn, so that the
readings are simply dropped, where a page is traditional and full of them; toned notes on names (亳(bó)州) stay.
"""

from __future__ import annotations

import re
from collections import Counter

from pipelines.normalize.hanzi import is_han
from pipelines.normalize.readings import is_syllable, may_be_read
from pipelines.normalize.script import traditional_only
from pipelines.normalize.whole import Mending, Whole

_NOTE = re.compile(r"([㐀-鿿])((?:\(([a-z]{1,6})\))(?:\(\3\))*)( ?)")
# Different annotated characters, of either script and traditional ones; how many of the readings must be possible, and
# how many of all characters may carry one: a text for children has one on every character.
_ENOUGH, _ENOUGH_TRADITIONAL, _AGREEING, _MOST = 5, 3, 0.9, 0.7


def untoned_in(whole: Whole) -> Mending | None:
    """The untoned readings of a page, where so many characters carry one that no author can have meant them."""
    if "(" not in whole.used or len(whole.used & traditional_only()) < _ENOUGH_TRADITIONAL:
        return None
    notes = [note for note in _NOTE.finditer(whole.words) if is_syllable(note[3])]
    annotated = Counter(note[1] for note in notes)
    judged = [agrees for agrees in (may_be_read(note[1], note[3]) for note in notes) if agrees is not None]
    if (
        len(annotated) < _ENOUGH
        or len(annotated.keys() & traditional_only()) < _ENOUGH_TRADITIONAL
        or sum(judged) < _AGREEING * len(judged)
        or len(notes) > _MOST * sum(map(is_han, whole.words))
    ):
        return None
    # One tool writes a blank behind every reading, the other never.
    spaced = sum(bool(note[4]) for note in notes) > 0.8 * len(notes)

    def drop(note: re.Match[str]) -> str:
        if not is_syllable(note[3]) or may_be_read(note[1], note[3]) is False:
            return note[0]
        return note[1] if spaced else note[1] + note[4]

    return Mending(("pinyin",), lambda piece: _NOTE.sub(drop, piece))
