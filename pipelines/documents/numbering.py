"""The numbers that a word processor prints before paragraphs (一、 （一） 1.) without keeping them in the text.

Section headings and row labels are recognised by their numbers, so these are counted as Word counts them: each list
has nine levels, a paragraph counts its own level up and starts the deeper ones anew.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

_DEEPEST = 9
_HAN = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
          (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_MOST = 9999
# Formats of the same look; names are those of ST_NumberFormat (ISO/IEC 29500-1, 17.18.59).
_COUNTING = frozenset(
    "chineseCounting chineseCountingThousand japaneseCounting taiwaneseCounting taiwaneseCountingThousand".split()
)
_DIGITWISE = frozenset(("ideographDigital", "taiwaneseDigital", "japaneseDigitalTenThousand"))
_LEGALLY = frozenset(("chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"))
_ENCLOSED = {
    "decimalEnclosedCircle": "①", "decimalEnclosedCircleChinese": "①",
    "decimalEnclosedParen": "⑴", "decimalEnclosedFullstop": "⒈", "ideographEnclosedCircle": "㊀",
}  # fmt: skip
_UNPRINTED = frozenset(("none", "bullet"))


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: how its number looks, what stands around it (`%1、`: level one, a mark), where it starts."""

    format: str = "decimal"
    text: str = ""
    start: int = 1
    legal: bool = False
    """All numbers in it are decimal, whatever their levels say."""


@dataclass(slots=True)
class Numbering:
    """Counts the numbered paragraphs of one document in order."""

    lists: Mapping[Hashable, Sequence[Level]]
    _counts: dict[Hashable, list[int | None]] = field(default_factory=dict)

    def label(self, name: Hashable, depth: int, restart: Mapping[int, int] | None = None) -> str:
        """The number of the next paragraph of a list at a level (0 is the highest); '' where none is printed.

        `restart` are levels that begin anew at a value before this paragraph.
        """
        levels = self.lists.get(name, ())
        if not 0 <= depth < min(len(levels), _DEEPEST):
            return ""
        counts = self._counts.setdefault(name, [None] * _DEEPEST)
        for level, value in (restart or {}).items():
            if 0 <= level <= depth:
                counts[level] = value - (level == depth)
        before = counts[depth]
        counts[depth] = levels[depth].start if before is None else before + 1
        counts[depth + 1 :] = [None] * (_DEEPEST - depth - 1)
        if levels[depth].format in _UNPRINTED:
            return ""
        numbers = [self._number(levels, counts, depth, level) for level in range(_DEEPEST)]
        return re.sub(r"%([1-9])", lambda match: numbers[int(match[1]) - 1], levels[depth].text)

    @staticmethod
    def _number(levels: Sequence[Level], counts: Sequence[int | None], depth: int, level: int) -> str:
        if level > depth or level >= len(levels):
            return ""
        count = counts[level]
        shown = levels[level].start if count is None else count
        return printed(shown, "decimal" if levels[depth].legal else levels[level].format)


def printed(number: int, look: str) -> str:
    """A number in a format of Word's; in plain digits where the format has none for it."""
    if look == "decimalZero":
        return f"{number:02}"
    if not 0 < number <= _MOST:
        return str(number)
    if look in _COUNTING:
        return _counted(number)
    if look in _DIGITWISE:
        return "".join(_HAN[int(digit)] for digit in str(number))
    if look in _LEGALLY:
        return _counted(number, _LEGAL, "拾佰仟", whole_tens=True)
    if look in _ENCLOSED and number <= (10 if look.startswith("ideograph") else 20):
        return chr(ord(_ENCLOSED[look]) + number - 1)
    return _other(number, look)


def _other(number: int, look: str) -> str:
    if look.startswith("decimalFullWidth"):
        return "".join(chr(ord("０") + int(digit)) for digit in str(number))
    if look in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, 9)
        return letter if look == "lowerLetter" else letter.upper()
    if look in ("lowerRoman", "upperRoman"):
        roman = _roman(number)
        return roman if look == "lowerRoman" else roman.upper()
    if look == "ideographTraditional" and number <= len(_STEMS):
        return _STEMS[number - 1]
    if look == "ideographZodiac" and number <= len(_BRANCHES):
        return _BRANCHES[number - 1]
    return str(number)


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        text += letters * (number // value)
        number %= value
    return text


def _counted(number: int, digits: str = _HAN, units: str = "十百千", *, whole_tens: bool = False) -> str:
    """二十三, 一百零五; ten to nineteen are 十, 十一 … unless tens are always told whole (壹拾)."""
    text, gap = "", False
    for place in range(len(str(number)) - 1, -1, -1):
        digit = number // 10**place % 10
        if not digit:
            gap = bool(text)
            continue
        text += ("零" if gap else "") + digits[digit] + (units[place - 1] if place else "")
        gap = False
    return text if whole_tens or not 10 <= number <= 19 else text[1:]
