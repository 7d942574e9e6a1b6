"""The bytes of a document: what it declares, what it is, traditional script, broken bytes, misread text."""

import random
from dataclasses import dataclass
from functools import cache

import opencc

from tests.generate.deviations.damage import BROKEN, MISREADINGS, misread
from tests.generate.writers.pinyin import add_pinyin


@dataclass(frozen=True, slots=True)
class Encoding:
    """What a page declares, the codec of its bytes, and what is done to the text before.

    `script` is traditional, taiwan or pinyin; `change` one of the changes of `damage`; `misread` one of its chains, for
    the whole page or (`partly`) for some lines; `broken` where a byte is broken: prose, label, figure, end.
    """

    declared: str | None = "utf-8"
    codec: str = "utf-8"
    script: str = ""
    bom: bytes = b""
    broken: str = ""
    misread: str = ""
    partly: bool = False
    change: str = ""


def _misreadings(*names: str) -> dict[str, Encoding]:
    """Pages misread as a whole; those that were Big5 are in traditional script."""
    return {name: Encoding(misread=name, script="traditional" if "big5_as" in name else "") for name in names}


_PARTLY = ("utf-8_as_gbk", "utf-8_as_gb18030", "gbk_as_latin-1", "gbk_as_cp1252", "utf-8_as_cp1252", "utf-8_as_latin-1")
# The columns of the matrix and what is in them.
ENCODINGS: dict[str, dict[str, Encoding]] = {
    "utf-8, any label": {
        "utf-8_bom": Encoding(bom=b"\xef\xbb\xbf"),
        "utf-8_undeclared": Encoding(None),
        "utf-8_as_gb2312": Encoding("gb2312"),
        "utf-8_as_big5": Encoding("big5"),
    },
    "gb, right label": {
        "gb18030_as_gb2312": Encoding("gb2312", "gb18030"),
        "gb18030_as_gbk": Encoding("gbk", "gb18030"),
        "gb18030_as_gb18030": Encoding("gb18030", "gb18030"),
    },
    "gb, wrong label": {
        "gb18030_as_utf-8": Encoding("utf-8", "gb18030"),
        "gb18030_as_big5": Encoding("big5", "gb18030"),
        "gb18030_as_latin-1": Encoding("iso-8859-1", "gb18030"),
    },
    "gb, no label": {"gb18030_undeclared": Encoding(None, "gb18030")},
    "big5": {
        "big5": Encoding("big5", "big5hkscs", "traditional"),
        "big5_as_gb2312": Encoding("gb2312", "big5hkscs", "traditional"),
        "big5_undeclared": Encoding(None, "big5hkscs", "traditional"),
    },
    "utf-16 with BOM": {
        "utf-16": Encoding(None, "utf-16-le", bom=b"\xff\xfe"),
        "utf-16_be": Encoding(None, "utf-16-be", bom=b"\xfe\xff"),
    },
    "utf-16, no BOM": {"utf-16_bare": Encoding(None, "utf-16-le"), "utf-16_be_bare": Encoding(None, "utf-16-be")},
    "broken byte": {
        "utf-8_broken": Encoding(broken="prose"),
        "gb18030_broken": Encoding("gb2312", "gb18030", broken="prose"),
        "utf-8_broken_label": Encoding(broken="label"),
        "gb18030_broken_label": Encoding("gb2312", "gb18030", broken="label"),
        "utf-8_broken_figure": Encoding(broken="figure"),
        "utf-8_cut": Encoding(broken="end"),
    },
    "utf-8 read as gbk": _misreadings("utf-8_as_gb18030", "utf-8_as_gbk", "utf-8_as_gbk_?"),
    "… twice": _misreadings("utf-8_as_gbk_twice"),
    "gbk read as latin": _misreadings("gbk_as_latin-1", "gbk_as_cp1252"),
    "utf-8 read as latin": _misreadings("utf-8_as_latin-1", "utf-8_as_cp1252"),
    "… latin twice": _misreadings("utf-8_as_latin-1_twice", "utf-8_as_cp1252_twice"),
    "big5 and gbk": _misreadings("big5_as_gbk", "gbk_as_big5"),
    "some lines misread": {f"some_{name}": Encoding(misread=name, partly=True) for name in _PARTLY},
    "prose hurt": {name: Encoding(change=name) for name in ("bytes_shifted", "question_marks")},
    "escaped twice": {"escaped": Encoding(change="escaped")},
    "radicals": {name: Encoding(change=name) for name in ("kangxi", "compatibility", "radicals")},
    "invisible": {"zero_width": Encoding(change="zero_width"), "bullets": Encoding(change="bullets")},
    "traditional": {
        "traditional": Encoding(script="traditional"),
        "taiwan": Encoding(script="taiwan"),
        "traditional_gbk": Encoding("gbk", "gbk", "traditional"),
    },
    "pinyin": {"pinyin": Encoding(script="pinyin")},
}
ALL = {name: how for variants in ENCODINGS.values() for name, how in variants.items()} | {"utf-8": Encoding()}
# Words that encyclopedias of Taiwan put for those of the mainland.
_WORDS = {"文件": "檔案", "宏觀": "巨觀", "優化": "最佳化", "咨詢": "諮詢", "門戶網站": "入口網站"}


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("s2t")


@cache
def to_traditional(text: str) -> str:
    """The text in traditional script, character by character."""
    return str(_converter().convert(text))


def to_script(text: str, script: str) -> str:
    """`text` in the script of an encoding; pinyin comes later, into the finished page."""
    if not script:
        return text
    text = to_traditional(text)
    if script == "taiwan":
        for mainland, taiwan in _WORDS.items():
            text = text.replace(mainland, taiwan)
    return text


def _break_prose(data: bytes, codec: str) -> bytes:
    """One byte of the prose after heading five replaced by one that cannot stand there."""
    at = data.find("存在的主要问题".encode(codec))
    at = at + 40 if 0 <= at < len(data) - 60 else len(data) - 3
    while at < len(data) - 1 and data[at] < 0xC0:
        at += 1
    return data[:at] + b"\xff" + data[at + 1 :]


def encode(text: str, name: str, rng: random.Random, *, markup: bool) -> bytes:
    """A finished page or text as bytes in one of ALL; characters that a charset lacks become references in markup.

    Raises UnicodeEncodeError where plain text cannot be written in that charset.
    """
    how = ALL[name]
    text = to_script(text, how.script)
    if how.script == "pinyin":
        text = add_pinyin(text, rng)
    if how.misread and not how.partly:
        text = misread(text, MISREADINGS[how.misread])
    data = text.encode(how.codec, "xmlcharrefreplace" if markup else "strict")
    if how.broken in ("label", "figure"):
        data = data.replace(BROKEN.encode(how.codec), b"\xff")
    if how.broken == "prose":
        data = _break_prose(data, how.codec)
    if how.broken == "end":
        data = data.rstrip()[:-1] + b"\xe4\xb8"
    return how.bom + data
