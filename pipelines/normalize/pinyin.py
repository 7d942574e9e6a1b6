"""The artefact of rogue mirrors: traditional characters followed by their reading, 據(jù), undone in byte space.

The mirrors convert a page to traditional characters, encode it as GBK and replace a fixed set of characters byte by
byte, `X` by `X(reading)`. Hits that straddle two characters tear both: 面向對象 becomes 面向?qū)ο. Working on the same
bytes puts every piece back. Genuine annotations (亳(bó)州, 很(hěn)多(duō)) are left alone: their characters are the
same in both scripts, or every character of the run carries one.
"""

from __future__ import annotations

import re
from collections import defaultdict

from pipelines.normalize.script import simplify

_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü"
_READING = rf"[a-z{_TONED}]{{0,6}}[{_TONED}][a-z{_TONED}]{{0,3}}"
_ALIGNED = re.compile(rf"([㐀-鿿])\(({_READING})\)")
_TOKEN = re.compile(rf"([?？�(])({_READING})\)")
_RUN = re.compile(r"[^<>\r\n]+")
_ENOUGH = 3
# The tool's table as far as it was observed on mirrors; pages add to it what they annotate themselves. A character may
# occur on a page only torn, as part of two others.
_OBSERVED = (
    "發fā 關guān 強qiáng 務wù 設shè 實shí 區qū 現xiàn 認rèn 權quán 優yōu 轉zhuǎn 監jiān 機jī 隊duì 風fēng "
    "經jīng 濟jì 據jù 導dǎo 習xí 堅jiān 領lǐng 點diǎn 進jìn 產chǎn 業yè 數shù 協xié 繼jì 費fèi 請qǐng "
    "報bào 簡jiǎn 項xiàng 標biāo 構gòu 結jié 戰zhàn 術shù 準zhǔn 險xiǎn 應yīng 統tǒng 養yǎng 聯lián "
    "網wǎng 學xué 驗yàn 當dāng 會huì 個gè 臺tái 時shí 規guī 內nèi 質zhì 動dòng 計jì 嚴yán 長zhǎng 長cháng "
    "遠yuǎn 環huán 護hù 對duì 復fù 獎jiǎng 勵lì 場chǎng 態tài 贊zàn 問wèn 達dá 過guò 來lái 語yǔ 際jì 萬wàn "
    "戶hù 號hào 線xiàn 樹shù 預yù 國guó 農nóng 訓xùn 無wú 鎮zhèn 鄉xiāng 創chuàng 執zhí 調diào 調tiáo "
    "測cè 儀yí 開kāi 則zé 頁yè 沒méi 說shuō 勢shì 覺jué 價jià 見jiàn 詢xún 類lèi 驅qū 謹jǐn 冊cè 積jī "
).split()


def strip_pinyin(text: str) -> str:
    """The text as it was before the mirror annotated it; unchanged where the artefact is not established.

    Established means: at least three different traditional characters carry a toned reading, each always the same
    few readings. A run that cannot be restored exactly keeps what could not be explained.
    """
    readings = _established(text)
    if not readings:
        return text
    return _RUN.sub(lambda run: _restore(run[0], readings), text)


def _established(text: str) -> dict[str, set[str]] | None:
    """Reading -> the characters that carry it here, and those known to be torn; None when it is no artefact."""
    hits = [(char, reading) for char, reading in _ALIGNED.findall(text) if simplify(char) != char]
    if len({char for char, _ in hits}) < _ENOUGH:
        return None
    readings: dict[str, set[str]] = defaultdict(set)
    for char, reading in hits:
        readings[reading].add(char)
    for pair in _OBSERVED:
        readings[pair[1:]].add(pair[0])
    return readings


def _restore(run: str, readings: dict[str, set[str]]) -> str:
    if not _TOKEN.search(run):
        return run
    try:
        return _in_bytes(run, readings)
    except UnicodeError:
        # Something in the run was never GBK, or a tear cannot be explained: undo only what stands on whole characters.
        return _ALIGNED.sub(lambda hit: hit[1] if hit[1] in readings.get(hit[2], ()) else hit[0], run)


def _in_bytes(run: str, readings: dict[str, set[str]]) -> str:
    """Raises UnicodeError when the bytes put together are no GBK text."""
    out, position = bytearray(), 0
    for token in _TOKEN.finditer(run):
        out += run[position : token.start()].encode("gbk")
        position = token.end()
        chars = [char.encode("gbk") for char in readings.get(token[2], ())]
        if token[1] == "(":
            if bytes(out[-2:]) not in chars:
                out += token[0].encode("gbk")
            continue
        torn = [char for char in chars if out[-1:] == char[:1]]
        if len(torn) == 1:
            out += torn[0][1:]
        else:
            out += token[0].encode("gbk")
    out += run[position:].encode("gbk")
    return out.decode("gbk")
