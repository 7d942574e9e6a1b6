"""The artefact of mirror software: traditional text with readings after some characters, `據(jù)規(guī)`.

The software replaces bytes of GBK text, so it also hits the second byte of one character with the first of the next;
its decoder then loses bytes. Both are done here as it does them.
"""

import random
import re

# Readings of the characters that mirror software annotates: a fixed table, replaced byte by byte in GBK.
_SMALL = "發fā 區qū 規guī 監jiān 據jù 網wǎng 數shù 現xiàn 鎮zhèn 鄉xiāng 態tài 優yōu 統tǒng 習xí 創chuàng 業yè"
_LARGE = _SMALL + (
    " 關guān 務wù 設shè 實shí 權quán 轉zhuǎn 機jī 經jīng 濟jì 導dǎo 領lǐng 點diǎn 進jìn 協xié 費fèi 請qǐng 報bào"
    " 項xiàng 構gòu 結jié 應yīng 學xué 會huì 個gè 時shí 內nèi 質zhì 動dòng 計jì 嚴yán 長zhǎng 環huán 護hù 對duì 復fù"
    " 問wèn 達dá 過guò 國guó 農nóng 無wú 執zhí 調diào 開kāi 見jiàn 詢xún 類lèi"
)


def _decode(data: bytes) -> str:
    """What the software's decoder makes of bytes: a pair that is no character is one question mark."""
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


def annotate(run: str, table: list[tuple[bytes, bytes]]) -> str:
    """A run of text as the mirror software leaves it."""
    data = run.encode("gbk", "xmlcharrefreplace")
    for before, after in table:
        data = data.replace(before, after)
    return _decode(data)


def add_pinyin(text: str, rng: random.Random) -> str:
    """Every run between tags or lines annotated with one of the two tables."""
    pairs = re.findall(r"(\w)([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]+)", rng.choice([_SMALL, _LARGE]))
    table = [(c.encode("gbk"), f"{c}({p})".encode("gbk")) for c, p in pairs]
    return "".join(p if p.startswith("<") else annotate(p, table) for p in re.split(r"(<[^>]*>|\n)", text))
