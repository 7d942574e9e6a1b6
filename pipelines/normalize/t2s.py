"""OpenCC's conversion from traditional to simplified characters, fast: its own dictionaries, compiled once.

`opencc-python-reimplemented` walks a text with one look-up for every position and length, 0.4 million characters a
second. This module takes the same dictionaries and the same rule (the longest phrase first, from left to right, then
single characters) and looks only where a phrase can begin; a test holds the two against each other.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import opencc

_FOLDER = Path(opencc.__file__).parent


def convert(text: str) -> str:
    """What `opencc.OpenCC("t2s").convert(text)` returns, and always as long as `text`."""
    phrases, lengths, begins, characters = _compiled()
    found = [
        (-length, start, start + length)
        for start in (match.start() for match in begins.finditer(text))
        for length in lengths.get(text[start : start + 2], ())
        if text[start : start + length] in phrases
    ]
    if not found:
        return text.translate(characters)
    out: list[str] = []
    position = 0
    for start, end in _chosen(found, len(text)):
        out += text[position:start].translate(characters), phrases[text[start:end]]
        position = end
    return "".join(out) + text[position:].translate(characters)


def _chosen(found: list[tuple[int, int, int]], size: int) -> list[tuple[int, int]]:
    """The phrases that count, in order: longer before shorter, earlier before later, none overlapping."""
    covered, taken = bytearray(size), []
    for negative_length, start, end in sorted(found):
        if not any(covered[start:end]):
            covered[start:end] = b"\x01" * -negative_length
            taken.append((start, end))
    return sorted(taken)


@cache
def _compiled() -> tuple[dict[str, str], dict[str, set[int]], re.Pattern[str], dict[int, str]]:
    """The phrases, their lengths by first two characters, what they can begin with, and the table of characters."""
    config = json.loads((_FOLDER / "config" / "t2s.json").read_text(encoding="utf-8"))
    (step,) = config["conversion_chain"]
    phrases, characters = (_first(pairs(item["file"])) for item in step["dict"]["dicts"])
    lengths: dict[str, set[int]] = defaultdict(set)
    for phrase in phrases:
        lengths[phrase[:2]].add(len(phrase))
    begins = re.compile("[" + "".join(sorted({phrase[0] for phrase in phrases})) + "]")
    return phrases, dict(lengths), begins, {ord(char): plain for char, plain in characters.items()}


def _first(entries: dict[str, list[str]]) -> dict[str, str]:
    return {key: conversions[0] for key, conversions in entries.items()}


@cache
def pairs(name: str) -> dict[str, list[str]]:
    """A dictionary of the package: each entry with its conversions, the usual one first."""
    lines = (_FOLDER / "dictionary" / name).read_text(encoding="utf-8").splitlines()
    return {key: others.split() for key, others in (line.split("\t") for line in lines if "\t" in line)}


@cache
def traditional_spellings() -> dict[str, str]:
    """Simplified character -> all its traditional spellings that are other characters."""
    return {
        char: "".join(other for other in others if other != char) for char, others in pairs("STCharacters.txt").items()
    }


@cache
def simplified_spellings() -> dict[str, str]:
    """Traditional character -> the simplified one that it usually becomes, where that is another."""
    return {char: others[0] for char, others in pairs("TSCharacters.txt").items() if others[0] != char}
