"""A list of indicators whose labels, units and numbers ran together: …收到申请数件31.当面申请数件2…

The labels are known, so what stands between two of them is the unit and the number of the first and the numbering of
the second. Digits that run into that numbering are told apart only where the form says what the numbering must be.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from pipelines.forms.definitions import Block
from pipelines.forms.heads import heads_in
from pipelines.forms.labels import label_key
from pipelines.forms.list_labels import is_unit, labels_of
from pipelines.forms.pieces import Piece, piece
from pipelines.forms.values import looks_like_value

_SHORTEST_WORDING, _LONGEST_NUMBER = 4, 30
_UNIT = r"人次|万元|[条件次篇个人元]"
_HAN = r"[一二三四五六七八九十]{1,2}"
_NUMBERING = rf"其中\s*[:：]?|[（(]{_HAN}[)）]|{_HAN}\s*[、.．]|[（(]\d{{1,2}}[)）]|[①-⑩]|\s"
_BETWEEN = re.compile(
    rf"\s*(?:[（(]\s*(?:单位\s*[:：]\s*)?)?(?P<unit>{_UNIT}|[—－-]{{1,6}})?\s*[)）]?\s*[:：]?\s*"
    rf"(?P<value>[+-]?\d[\d,，]*(?:\.\d+)?(?:{_UNIT}|万)?|[/／—-]|无)?\s*(?:{_NUMBERING})*"
)
_NUMBERED = re.compile(r"(\d+)\s*[.．、]\s*$")
_MAY_STAND_BEFORE = re.compile(r"[\d一二三四五六七八九十、.．:：)）\s条件次篇个人元—－/无中①-⑩-]$")
_LOOSE = {"（": "[（(]", "）": "[)）]", "，": "[，,]", "、": "[、,，]?", "《": "[《<〈]?", "》": "[》>〉]?"}


def cut_at_labels(text: str, block: Block) -> Iterator[Piece]:
    """A text without blanks, cut around the labels of the form and into units and values between them."""
    labels = labels_of(block)
    if heads := heads_in(text):
        yield from (piece(head, begin) for begin, head in heads)
        return
    hits = [] if labels.named(text) or is_unit(text) or looks_like_value(text) else _labels_in(text, block)
    if not hits:
        yield piece(text, 0)
        return
    if hits[0].start():
        yield piece(text[: hits[0].start()], 0)
    for number, hit in enumerate(hits):
        yield piece(hit[0], hit.start())
        following = hits[number + 1] if number + 1 < len(hits) else None
        end = following.start() if following else len(text)
        expected = _numbers(block)[labels.named(following[0])[0].id] if following else None
        yield from _behind(text[hit.end() : end], hit.end(), expected)


def _labels_in(text: str, block: Block) -> list[re.Match[str]]:
    """The labels in a text; a wording that is the end of a longer word is none."""
    found = _wordings(block).finditer(text)
    return [hit for hit in found if hit.start() == 0 or _MAY_STAND_BEFORE.search(text[: hit.start()])]


@cache
def _numbers(block: Block) -> dict[str, str]:
    """The digits that each row is numbered with: those of the form, or its place among its likes (其中：1.…, 2.…)."""
    numbers: dict[str, str] = {}
    for row in block.rows:
        likes = [other.id for other in block.rows if other.parent == row.parent and other.number == row.number]
        printed = re.search(r"\d+$", row.number)
        numbers[row.id] = printed[0] if printed else str(likes.index(row.id) + 1)
    return numbers


def _behind(stretch: str, begin: int, expected: str | None) -> Iterator[Piece]:
    """What stands behind a label, up to the next one, which is numbered `expected` if at all; None behind the last."""
    if expected is not None and (numbered := _NUMBERED.search(stretch, max(0, len(stretch) - _LONGEST_NUMBER))):
        if not unicodedata.normalize("NFKC", numbered[1]).endswith(expected):
            yield piece(stretch, begin, is_odd=True)
            return
        stretch = stretch[: numbered.end(1) - len(expected)]
    match = _BETWEEN.match(stretch)
    rest = stretch[match.end() :] if match else stretch
    if match is None or (rest and (expected is not None or re.match(r"[\d.,，]", rest))):
        yield piece(stretch, begin, is_odd=True)
        return
    for name in ("unit", "value"):
        if match[name]:
            yield piece(match[name], begin + match.start(name), is_glued=True)
    if rest:
        yield piece(rest, begin + match.end())


@cache
def _wordings(block: Block) -> re.Pattern[str]:
    """Every wording of the form's labels in one pattern, the longest first, with a remark behind it."""
    wordings = {short for row in block.rows for word in row.wordings for short in (word, re.sub(r"（.*", "", word))}
    parts = [
        "".join(_LOOSE.get(char, re.escape(char)) for char in wording)
        for wording in sorted(wordings, key=lambda wording: (-len(label_key(wording)), wording))
        if len(wording) >= _SHORTEST_WORDING
    ]
    no_remark = rf"(?:单位\s*[:：]\s*)?(?:{_UNIT})[)）]|{_HAN}[)）]"
    return re.compile(rf"(?:{'|'.join(parts)})(?:[（(](?!{no_remark})[^（）()]{{0,60}}[)）])?")
