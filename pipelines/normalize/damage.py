"""What is wrong with a text and cannot be undone: counted and said, so that nobody takes the rest for whole."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.normalize.hanzi import common_characters, is_han
from pipelines.normalize.pinyin import torn_in
from pipelines.normalize.whole import Whole, holds

# Uninitialised memory (CC and CD) read as GBK; people write 烫烫 at most.
_MEMORY = re.compile(r"烫{3,}|屯{3,}")
# Characters that an encoding lacked, written as question marks.
_QUESTIONS = re.compile(r"\?{4,}|(?<=[㐀-鿿])\?{2,3}(?=[㐀-鿿])")
_PRIVATE = re.compile("[\ue000-\uefff\uf100-\uf8ff\U000f0000-\U0010ffff]")
_FEWEST_ODD, _SHORTEST = 8, 8


def damage_in(whole: Whole, repairs: Sequence[str]) -> tuple[str, ...]:
    """The kinds of damage left in a text after `repairs`, each with how much of it there is; U+FFFD is not counted."""
    found = (
        (_private(whole), "private-use characters, which only the source's own font can show"),
        (_garbled(whole), "lines that no known mistake of decoding explains"),
        (torn_in(whole.words) if "pinyin" in repairs else 0, "places torn by annotations that could not be put back"),
        (len(_MEMORY.findall(whole.words)) if {"烫", "屯"} & whole.used else 0, "runs of 烫 or 屯 in place of text"),
        (_questions(whole), "runs of question marks in place of text"),
    )
    return tuple(f"{count} {what}" for count, what in found if count)


def _questions(whole: Whole) -> int:
    return len(_QUESTIONS.findall(whole.words)) if holds(whole.text, "??") else 0


def _private(whole: Whole) -> int:
    """Private-use characters but for those of symbol fonts (bullets, ticks), which Word keeps at F000."""
    private = [
        char
        for char in whole.odd
        if "\ue000" <= char <= "\uefff" or "\uf100" <= char <= "\uf8ff" or char >= "\U000f0000"
    ]
    return sum(whole.words.count(char) for char in private)


def _garbled(whole: Whole) -> int:
    """Lines of eight characters or more of which most are ideographs that hardly any text holds."""
    rare = {char for char in whole.odd if is_han(char)}
    if len(rare) < _FEWEST_ODD:
        return 0
    count = 0
    for line in whole.words.split("\n"):
        if not rare.isdisjoint(line):
            han = [char for char in line if is_han(char)]
            count += len(han) >= _SHORTEST and 5 * sum(char in common_characters() for char in han) < 2 * len(han)
    return count
