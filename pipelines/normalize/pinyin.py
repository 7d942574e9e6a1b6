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
# Characters that were seen torn although they may not occur whole on the page (the tool's table, by observation).
_TORN = {
    "qū": "驅區", "duì": "對隊", "jǐn": "謹", "cè": "冊測", "jī": "積機", "nèi": "內", "shè": "設", "qǐng": "請",
    "jì": "計際濟繼", "lián": "聯", "shí": "實時", "fù": "復", "xiàng": "項",
}  # fmt: skip


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
    for reading, chars in _TORN.items():
        readings[reading].update(chars)
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
