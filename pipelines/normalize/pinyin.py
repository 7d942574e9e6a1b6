"""The artefact of rogue mirrors: traditional characters followed by their reading, 據(jù), undone in byte space.

The mirrors convert a page to traditional characters, encode it as GBK and replace a fixed set of characters byte by
byte, `X` by `X(reading)`. Hits that straddle two characters tear both: 面向對象 becomes 面向?qū)ο. Working on the same
bytes puts every piece back. Genuine annotations (亳(bó)州, 很(hěn)多(duō)) are left alone: their characters are the
same in both scripts, or every character of the run carries one.
"""

from __future__ import annotations

import re
from collections import defaultdict

from pipelines.normalize.hanzi import expected_characters
from pipelines.normalize.readings import TONED, is_syllable, may_be_read
from pipelines.normalize.t2s import simplified_spellings
from pipelines.normalize.whole import Mending, Whole

Readings = dict[str, set[str]]

_READING = rf"[a-zɑɡ{TONED}]{{0,6}}[{TONED}][a-zɑɡ{TONED}]{{0,3}}"
_ALIGNED = re.compile(rf"([㐀-鿿])\(({_READING})\)")
_TOKEN = re.compile(rf"([?？�(])({_READING})\)")
# A run ends at ASCII that is no part of a token and never the second byte of a character: nothing is torn across it.
_RUN = re.compile(r"[^\x00-'*->]+")
# Bytes of ， and ！ in the middle of two characters: there the tool tore the text too, and the first byte is gone.
_TORN = re.compile(r"[?？�](?=[，！])")
_WIDE_LETTER = re.compile("[０-９Ａ-Ｚａ-ｚ]")
_LETTER_BETWEEN = re.compile("[㐀-鿿，！。][A-Za-z](?=[㐀-鿿(])")
_LEFT_TORN = re.compile(rf"[?？�]{_READING}\)|[?？][，！](?=[㐀-鿿A-Z])")
_ENOUGH, _AGREEING = 3, 0.8
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


def pinyin_in(whole: Whole) -> Mending | None:
    """The annotations of a mirror, where the artefact is established.

    Established means: at least three different traditional characters carry a toned reading that can be theirs. A run
    that cannot be restored exactly keeps what could not be explained.
    """
    readings = _established(whole)
    if readings is None:
        return None
    return Mending(("pinyin",), lambda piece: _RUN.sub(lambda run: _restore(run[0], readings), piece))


def _established(whole: Whole) -> Readings | None:
    """Reading -> the characters that carry it here, and those known to be torn; None when it is no artefact."""
    if "(" not in whole.used or whole.used.isdisjoint(TONED):
        return None
    hits = {hit for hit in _ALIGNED.findall(whole.words) if hit[0] in simplified_spellings() and is_syllable(hit[1])}
    judged = [agrees for agrees in (may_be_read(char, reading) for char, reading in hits) if agrees is not None]
    if len({char for char, _ in hits}) < _ENOUGH or sum(judged) < _AGREEING * len(judged):
        return None
    readings: Readings = defaultdict(set)
    for char, reading in hits:
        readings[reading].add(char)
    for pair in _OBSERVED:
        readings[pair[1:]].add(pair[0])
    return dict(readings)


def _restore(run: str, readings: Readings) -> str:
    if "(" not in run and ")" not in run and not _TORN.search(run):
        return run
    try:
        restored = _in_bytes(run, readings)
    except UnicodeError:
        restored = ""
    if restored and _odd(restored) <= _odd(run):
        return restored
    # Something in the run was never GBK, or a tear cannot be explained: undo only what stands on whole characters.
    return _ALIGNED.sub(lambda hit: hit[1] if hit[1] in readings.get(hit[2], ()) else hit[0], run)


def _in_bytes(run: str, readings: Readings) -> str:
    """Raises UnicodeError when the bytes put together are no GBK text."""
    out, position = bytearray(), 0
    for token in _TOKEN.finditer(run):
        out += _encoded(run[position : token.start()])
        position = token.end()
        chars = [_encoded(char) for char in readings.get(token[2], ())]
        if token[1] == "(":
            if bytes(out[-2:]) not in chars:
                out += _encoded(token[0])
            continue
        torn = [char for char in chars if out[-1:] == char[:1]]
        out += torn[0][1:] if len(torn) == 1 else _encoded(token[0])
    out += _encoded(run[position:])
    return _untorn(out.decode("gb18030"))


def _encoded(text: str) -> bytes:
    """Text in GBK with its private-use characters. Raises UnicodeError for characters of four bytes."""
    raw = text.encode("gb18030")
    if any(byte in raw for byte in b"0123456789"):
        raise UnicodeError("not in GBK")
    return raw


def _untorn(text: str) -> str:
    """A run put right behind the first bytes that are lost: what follows them is shifted by one byte.

    The character that lost its first byte stays U+FFFD: its second byte alone does not tell which it was.
    """
    torn = _TORN.search(text)
    if not torn:
        return text
    try:
        shifted = _encoded(text[torn.end() :])[1:].decode("gb18030")
    except UnicodeError:
        return text
    if _odd(shifted) or _odd(text[torn.end() :]) == 0 or not shifted:
        return text
    return text[: torn.start()] + "�" + _untorn(shifted)


def _odd(text: str) -> int:
    """How many characters of a text show that it is torn: rare ones, full-width letters, letters between characters."""
    rare = sum(char not in expected_characters() for char in text)
    return rare + len(_WIDE_LETTER.findall(text)) + len(_LETTER_BETWEEN.findall(text))


def torn_in(words: str) -> int:
    """How many places of a text that held the artefact could not be put back."""
    return len(_LEFT_TORN.findall(words))
