"""Code points that stand for another character: radicals, compatibility forms, old private codes, invisible marks.

PDF and OCR software writes ordinary characters with the code points of radicals, old GBK software with private ones.
Full-width forms and punctuation are characters of their own and stay as printed.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from pipelines.normalize.whole import Mending, Whole

# Zero-width and direction marks, soft hyphen, byte order mark in mid-text, NUL: nobody sees them, and they split words.
_INVISIBLE_CODES = (
    *(0x0000, 0x00AD, 0x180E, 0xFEFF),
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2065),
    *range(0x2066, 0x206A),
)
INVISIBLE_CHARACTERS = frozenset(map(chr, _INVISIBLE_CODES))
_INVISIBLE_RUN = re.compile(f"[{''.join(sorted(INVISIBLE_CHARACTERS))}]+")
# CJK Radicals Supplement and the strokes that are characters. NFKC knows two of them; this follows Unicode's table of
# equivalent ideographs, with the everyday character where that names one outside the basic plane.
_RADICALS = (
    "⺁⺂⺃⺄⺅⺆⺇⺈⺉⺊⺋⺌⺍⺎⺏⺐⺑⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺟⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲⺳⺴⺵⺶⺷⺸⺹⺺⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈"
    "⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳㇏㇐㇑㇒㇓㇔㇖㇚㇝㇟㇠",
    "厂乛乚乙亻冂几刀刂卜㔾小小兀尣尢尣巳幺彑彐忄心扌攵旡日月歺母民氵氺灬爫爫丬牛犭王疋目示礻竹糹纟罓罒网冗网羊羊羋耂肀聿肉臼艹艹艹虎衤覀西见角角讠"
    "贝足车辶辶辶邑钅長镸长门阜阝雨青韦页风飞食食飠饣首马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟乀一丨丿丿丶乛亅乀乚乙",
)
# Where NFKC gives a Kangxi radical a form that documents of today do not use.
_TODAY = {0x2F3E: "户", 0x2FAD: "青", 0x2FC8: "黄"}
_SURROGATES = frozenset(map(chr, range(0xD800, 0xE000)))


def characters_in(whole: Whole) -> Mending | None:
    """Invisible marks to drop, and stand-ins to write as the characters that they stand for."""
    if not whole.used.isdisjoint(INVISIBLE_CHARACTERS):
        return Mending(("characters",), _without_invisible, in_markup=True)
    if not whole.used.isdisjoint(_SURROGATES):
        return Mending(("surrogates",), join_surrogates, in_markup=True)
    if whole.used.isdisjoint(_stand_in_characters()):
        return None
    return Mending(("characters",), _without_stand_ins)


def mend_characters(text: str) -> str:
    """A piece of text without invisible marks and stand-ins."""
    if text.isascii() or _mended_characters().isdisjoint(text):
        return text
    return _without_stand_ins(_without_invisible(text))


def _without_invisible(text: str) -> str:
    return _INVISIBLE_RUN.sub("", text)


def _without_stand_ins(text: str) -> str:
    return text.translate(stand_ins())


def join_surrogates(text: str) -> str:
    """Text in which pairs of surrogates are the one character that they encode, and lone ones are lost characters."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


@cache
def _mended_characters() -> frozenset[str]:
    return INVISIBLE_CHARACTERS | _stand_in_characters()


@cache
def _stand_in_characters() -> frozenset[str]:
    return frozenset(map(chr, stand_ins()))


def _radicals() -> dict[int, str]:
    return {ord(radical): char for radical, char in zip(*_RADICALS, strict=True)}


@cache
def stand_ins() -> dict[int, str]:
    """Every code point that stands for another character, and that character."""
    compatible = (*range(0x2F00, 0x2FD6), *range(0xF900, 0xFB00), *range(0x2F800, 0x2FA20))
    normal = {code: unicodedata.normalize("NFKC", chr(code)) for code in compatible if unicodedata.name(chr(code), "")}
    table: dict[int, str] = normal | _radicals() | _TODAY | private_codes()
    return {code: char for code, char in table.items() if char != chr(code)}


@cache
def private_codes() -> dict[int, str]:
    """The private-use code points of GBK and GB 18030-2000, whose characters Unicode has got since."""
    later = {
        0xE816: "\U00020087", 0xE817: "\U00020089", 0xE818: "\U000200cc", 0xE81E: "龴", 0xE826: "龵", 0xE82B: "龶",
        0xE82C: "龷", 0xE831: "\U000215d7", 0xE832: "龸", 0xE83B: "\U0002298f", 0xE843: "龹", 0xE854: "龺",
        0xE855: "\U000241fe", 0xE864: "龻", 0xE7C7: "ḿ", 0xE7C8: "ǹ", 0xE76C: "€",
    }  # fmt: skip
    # GBK put the 80 characters of FE50-FEA0 into one private row; GB 18030 names most of them by their own code points.
    trails = (*range(0x50, 0x7F), *range(0x80, 0xA1))
    row = {0xE815 + n: bytes((0xFE, trail)).decode("gb18030") for n, trail in enumerate(trails)}
    # Vertical punctuation (A6D9 on) and the description characters (A989 on).
    vertical = dict(zip(range(0xE78D, 0xE797), "︐︒︑︓︔︕︖︗︘︙", strict=True))
    described = {0xE7E7: "〾"} | {0xE7E8 + n: chr(0x2FF0 + n) for n in range(12)}
    return row | later | vertical | described
