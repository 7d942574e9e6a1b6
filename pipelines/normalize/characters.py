"""Code points that stand for another character: radicals, compatibility forms, invisible marks."""

from __future__ import annotations

import re
import unicodedata

# Zero-width and direction marks, soft hyphen, byte order mark in mid-text: invisible, and they split words.
_INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u0000]")
# Kangxi radicals and compatibility ideographs, which PDF and OCR text uses for ordinary characters.
_COMPATIBILITY = re.compile("[\u2f00-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f]")
# CJK Radicals Supplement: Unicode maps two of them only, so those that fonts substitute in running text stand here.
_RADICALS = str.maketrans(
    "⺟⺠⻁⻅⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻥⻦⻧⻨⻩⻬⻮⻰⻳", "母民虎见贝车长门青韦页风飞食马骨鱼鸟卤麦黄齐齿龙龟"
)


def mend_characters(text: str) -> str:
    """Drop invisible marks and fold radicals and compatibility ideographs; full-width punctuation stays as printed."""
    text = _INVISIBLE.sub("", text)
    text = _COMPATIBILITY.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    return text.translate(_RADICALS)
