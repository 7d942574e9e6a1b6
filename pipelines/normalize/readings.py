"""What a reading in Latin letters says: whether it is a syllable of Mandarin, and whether a character can have it.

Level 1 of GB 2312 is sorted by reading, so the code of a character tells the letter that its reading begins with.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache

from pipelines.normalize.t2s import simplified_spellings

TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü"
_PLAIN = str.maketrans(TONED + "ɑɡ", "aaaaeeeeiiiioooouuuuvvvvvag")
_SYLLABLE = re.compile(
    "(?:[bpm]?(?:a|ai|an|ang|ao|ei|en|eng|i|ian|iao|ie|in|ing|iu|o|ou|u)|f(?:a|an|ang|ei|en|eng|iao|o|ou|u)"
    "|[dtnl](?:a|ai|an|ang|ao|e|ei|en|eng|i|ia|ian|iang|iao|ie|in|ing|iu|o|ong|ou|u|uan|ui|un|uo|v|ve|ue)"
    "|[gkh](?:a|ai|an|ang|ao|e|ei|en|eng|ong|ou|u|ua|uai|uan|uang|ui|un|uo)"
    "|[jqx](?:i|ia|ian|iang|iao|ie|in|ing|iong|iu|u|uan|ue|un|v|van|ve|vn)"
    "|(?:[zcs]h?|r)(?:a|ai|an|ang|ao|e|ei|en|eng|i|ong|ou|u|ua|uai|uan|uang|ui|un|uo)"
    "|y(?:a|an|ang|ao|e|i|in|ing|o|ong|ou|u|uan|ue|un)|w(?:a|ai|an|ang|ei|en|eng|o|u)|a|ai|an|ang|ao|e|ei|en|er|o|ou)"
)
_LETTERS = "abcdefghjklmnopqrstwxyz"
# The first character of each letter in GB 2312 level 1, and the end of the level.
_FIRSTS = [char.encode("gb2312") for char in "啊芭擦搭蛾发噶哈击喀垃妈拿哦啪期然撒塌挖昔压匝"] + [b"\xd7\xfa"]
# Characters of which another common reading begins with another letter than the one that they are sorted under.
_MORE_READINGS = (
    "长z重c调t行h会k还h校j降x系j参s解x乐y省x单s藏z传z曾z朝z厦x查z种c区o万m车j和h角j红g给j合g的d地d大d仇q秘b说y着z"
)


def plain_reading(reading: str) -> str:
    """A reading without its tone."""
    return reading.translate(_PLAIN)


def is_syllable(reading: str) -> bool:
    """Whether a reading, toned or not, is a syllable of Mandarin."""
    return bool(_SYLLABLE.fullmatch(plain_reading(reading)))


def may_be_read(char: str, reading: str) -> bool | None:
    """Whether a character (of either script) can have a reading; None where its code does not tell."""
    letters = _letters(simplified_spellings().get(char, char))
    return plain_reading(reading)[0] in letters if letters else None


@cache
def _letters(char: str) -> str:
    try:
        code = char.encode("gb2312")
    except UnicodeEncodeError:
        return ""
    place = bisect_right(_FIRSTS, code)
    if not 0 < place < len(_FIRSTS):
        return ""
    other = _MORE_READINGS.find(char)
    return _LETTERS[place - 1] + (_MORE_READINGS[other + 1] if other >= 0 else "")
