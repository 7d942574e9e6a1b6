"""The bytes of a document: declared and true charset, traditional script, the pinyin artefact, one broken byte."""

import random
import re
from dataclasses import dataclass
from functools import cache

import opencc

# Readings of the characters that mirror software annotates: a fixed table, replaced byte by byte in GBK.
_SMALL = "發fā 區qū 規guī 監jiān 據jù 網wǎng 數shù 現xiàn 鎮zhèn 鄉xiāng 態tài 優yōu 統tǒng 習xí 創chuàng 業yè"
_LARGE = _SMALL + (
    " 關guān 務wù 設shè 實shí 權quán 轉zhuǎn 機jī 經jīng 濟jì 導dǎo 領lǐng 點diǎn 進jìn 協xié 費fèi 請qǐng 報bào"
    " 項xiàng 構gòu 結jié 應yīng 學xué 會huì 個gè 時shí 內nèi 質zhì 動dòng 計jì 嚴yán 長zhǎng 環huán 護hù 對duì 復fù"
    " 問wèn 達dá 過guò 國guó 農nóng 無wú 執zhí 調diào 開kāi 見jiàn 詢xún 類lèi"
)


@dataclass(frozen=True, slots=True)
class Encoding:
    """What a page declares, the codec of its bytes, and what is done to the text before."""

    declared: str | None
    codec: str
    script: str = "simplified"
    bom: bytes = b""
    broken: bool = False


ENCODINGS: dict[str, Encoding] = {
    "utf-8": Encoding("utf-8", "utf-8"),
    "utf-8_bom": Encoding("utf-8", "utf-8", bom=b"\xef\xbb\xbf"),
    "utf-8_undeclared": Encoding(None, "utf-8"),
    "utf-8_as_gb2312": Encoding("gb2312", "utf-8"),
    "gb18030_as_gb2312": Encoding("gb2312", "gb18030"),
    "gb18030_as_gbk": Encoding("gbk", "gb18030"),
    "gb18030_undeclared": Encoding(None, "gb18030"),
    "gb18030_as_utf-8": Encoding("utf-8", "gb18030"),
    "utf-8_broken": Encoding("utf-8", "utf-8", broken=True),
    "gb18030_broken": Encoding("gb2312", "gb18030", broken=True),
    "big5": Encoding("big5", "big5hkscs", "traditional"),
    "big5_as_gb2312": Encoding("gb2312", "big5hkscs", "traditional"),
    "utf-16": Encoding(None, "utf-16-le", bom=b"\xff\xfe"),
    "utf-16_be": Encoding(None, "utf-16-be", bom=b"\xfe\xff"),
    "traditional": Encoding("utf-8", "utf-8", "traditional"),
    "traditional_gbk": Encoding("gbk", "gbk", "traditional"),
    "pinyin": Encoding("utf-8", "utf-8", "pinyin"),
}


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("s2t")


def to_traditional(text: str) -> str:
    """The text in traditional script, character by character."""
    return str(_converter().convert(text))


def _annotate(run: str, table: list[tuple[bytes, bytes]]) -> str:
    """A run of text as the mirror software leaves it: bytes replaced, then read by a decoder that loses odd ones."""
    data = run.encode("gbk", "xmlcharrefreplace")
    for before, after in table:
        data = data.replace(before, after)
    out, i = [], 0
    while i < len(data):
        if data[i] < 0x80:
            out.append(chr(data[i]))
            i += 1
            continue
        try:
            out.append(data[i : i + 2].decode("gbk"))
        except UnicodeDecodeError:
            out.append("?")
        i += 2
    return "".join(out)


def add_pinyin(text: str, rng: random.Random) -> str:
    """`據(jù)規(guī)`: every run between tags or lines annotated with one of the two tables."""
    pairs = re.findall(r"(\w)([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]+)", rng.choice([_SMALL, _LARGE]))
    table = [(c.encode("gbk"), f"{c}({p})".encode("gbk")) for c, p in pairs]
    return "".join(p if p.startswith("<") else _annotate(p, table) for p in re.split(r"(<[^>]*>|\n)", text))


def _break_byte(data: bytes, codec: str) -> bytes:
    """One byte of the prose after heading five replaced by one that cannot stand there."""
    at = data.find("存在的主要问题".encode(codec))
    at = at + 40 if 0 <= at < len(data) - 60 else len(data) - 3
    while at < len(data) - 1 and data[at] < 0xC0:
        at += 1
    return data[:at] + b"\xff" + data[at + 1 :]


def encode(text: str, name: str, rng: random.Random, *, markup: bool) -> bytes:
    """`text` as bytes in one of ENCODINGS; characters that a charset lacks become references in markup.

    Raises UnicodeEncodeError where plain text cannot be written in that charset.
    """
    how = ENCODINGS[name]
    if how.script != "simplified":
        text = to_traditional(text)
    if how.script == "pinyin":
        text = add_pinyin(text, rng)
    data = text.encode(how.codec, "xmlcharrefreplace" if markup else "strict")
    return how.bom + (_break_byte(data, how.codec) if how.broken else data)
