"""Which script a document is written in, and the way from traditional to simplified characters.

Conversion damages simplified text (乾县 would become 干县), so only documents that *are* traditional are converted, and
names that a converter gets wrong are kept out of its hands.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Literal

import opencc

# Place names in which the converter would take a character for another; in both spellings.
_PROTECTED = ("乾县", "乾安", "乾务", "乾潭", "乾州", "乾元", "乾陵", "於潜", "於陵", "濛阳", "濛江", "瀍河", "尖塚",
              "乾縣", "乾務", "於潛", "濛陽")  # fmt: skip
_SIMPLE_SPELLING = str.maketrans("縣務潛陽", "县务潜阳")
_PROTECTED_RE = re.compile("|".join(_PROTECTED))
# Words of Taiwan usage that a character converter leaves alone; they matter in labels.
_WORDS = {"规范性档案": "规范性文件", "主动公开档案": "主动公开文件", "谘询": "咨询"}


def script_of(text: str) -> Literal["simplified", "traditional", "none"]:
    """`traditional` only where traditional-only characters clearly outnumber simplified-only ones.

    Different characters are counted, not occurrences: one variant that a mirror's converter leaves alone (并, 秘)
    must not outweigh a whole page.
    """
    traditional_only, simplified_only = _one_script_only()
    used = set(text)
    traditional, simplified = len(used & traditional_only), len(used & simplified_only)
    if traditional >= 5 and traditional > 2 * simplified:
        return "traditional"
    return "simplified" if simplified or traditional else "none"


def simplify(text: str) -> str:
    """Traditional text in simplified characters. Give it only text that is traditional."""
    kept: list[str] = []

    def shelter(match: re.Match[str]) -> str:
        kept.append(match[0].translate(_SIMPLE_SPELLING))
        return chr(0xF0000 + len(kept) - 1)

    converted: str = _converter().convert(_PROTECTED_RE.sub(shelter, text))
    for index, name in enumerate(kept):
        converted = converted.replace(chr(0xF0000 + index), name)
    for word, usual in _WORDS.items():
        converted = converted.replace(word, usual)
    return converted


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@cache
def _one_script_only() -> tuple[frozenset[str], frozenset[str]]:
    """Characters that occur in one script alone, from the converter's own dictionaries."""
    folder = Path(opencc.__file__).parent / "dictionary"
    to_simplified, to_traditional = (_pairs(folder / name) for name in ("TSCharacters.txt", "STCharacters.txt"))
    traditional = {char for char, others in to_simplified.items() if char not in others and char not in to_traditional}
    simplified = {char for char, others in to_traditional.items() if char not in others and char not in to_simplified}
    return frozenset(traditional), frozenset(simplified)


def _pairs(path: Path) -> dict[str, list[str]]:
    lines = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if "\t" in line)
    return {char: others.split() for char, others in lines}
