"""UTF-8 that was read two bytes at a time as GBK or GB 18030: 鏀垮簻 for 政府.

Two characters of three bytes take three pairs, of which one begins with a lead byte of UTF-8: such pairs, and what can
follow them, are the alphabet of this damage. An odd byte at the end meets ASCII and is lost (锛?2023 for （2023).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from pipelines.normalize.whole import places

# Lead bytes of the three-byte characters of Chinese text, and of the few of two bytes in it (·, ×, no-break space).
_LEADS, _SHORT_LEADS = (*range(0xE2, 0xEA), 0xEF), (0xC2, 0xC3)
_TRAILS = range(0x80, 0xC0)
_LOST = "\ufffd"
# A byte that the decoder gave up: never part of UTF-8.
_GONE = 0xFF
_WHOLE = rb"[\x00-\x3e@-\x7f]|\?(?![\x80-\xbf])|[\xc2\xc3][\x80-\xbf]|[\xe2-\xe9\xef][\x80-\xbf]{2}"
_STUMP = rb"[\xe2-\xe9\xef][\x80-\xbf]?[\xff?]{0,2}[\x80-\xbf]?|[\xff?]?[\x80-\xbf]{1,2}|[\xc2\xc3]\xff?|."
_UNIT = re.compile(rb"(" + _WHOLE + rb")|" + _STUMP, re.DOTALL)
# A lone 80 is shown as the euro sign or as itself; other single bytes as U+FFFD, or as a question mark.
_BYTE_80 = "€\x80"
# The euro sign is also a pair of its own.
_EURO = "€".encode("gb18030")


def _characters(firsts: Iterable[int], seconds: Iterable[int]) -> str:
    pairs = (bytes((first, second)).decode("gb18030", "ignore") for first in firsts for second in seconds)
    return "".join(sorted(char for char in pairs if len(char) == 1))


_BEGIN, _BEGIN_SHORT = _characters(_LEADS, _TRAILS), _characters(_SHORT_LEADS, _TRAILS)
_GO_ON = _characters(range(0x81, 0xC0), (*range(0x40, 0x7F), *_TRAILS, *_LEADS, *_SHORT_LEADS))
_LOST_OR_80 = _LOST + _BYTE_80
_UNITS_TO_LEAD = f"[{_BEGIN}{_LOST_OR_80}][{_GO_ON}]{{0,2}}"
# Pairs that begin characters, and lost bytes, with what can follow them up to the next. Others are taken in between
# only: the pair of · is the character 路 too.
_PAIRED_RUN = (
    f"{_UNITS_TO_LEAD}(?:{_UNITS_TO_LEAD}|(?:[{_BEGIN_SHORT}][{_GO_ON}]{{0,2}}|[?][{_GO_ON}]{{0,2}})"
    f"(?=[{_BEGIN}{_LOST_OR_80}]))*[?]?"
)
# The least that is damaged beyond doubt: two characters of three bytes, or one and what is left of another.
_SHORTEST_PAIRED = f"[{_BEGIN}](?:[{_GO_ON}]{{2}}|[{_GO_ON}]?[{_LOST_OR_80}?])"
_BEFORE_A_PAIR = f"{_LOST}(?=[{_BEGIN}{_GO_ON}])"


# Characters that begin most of this damage and are rare otherwise.
PAIR_LEADS = frozenset(_BEGIN)


def has_pairs(text: str, used: frozenset[str]) -> bool:
    """Whether a text of these characters holds the least that is damaged beyond doubt."""
    leads = used & PAIR_LEADS
    return any(_compiled(_SHORTEST_PAIRED).match(text, at) for lead in leads for at in places(text, lead))


def paired_run() -> re.Pattern[str]:
    """The runs of a text that can be such pairs."""
    return _compiled(_PAIRED_RUN)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compiled when it is needed, for that takes a twentieth of a second: as long as to read ten pages."""
    return re.compile(pattern)


def from_pairs(run: str) -> Iterator[str]:
    """What a run of pairs says in UTF-8: all of it, or without the last characters, which may be undamaged."""
    for euro in (b"\x80", _EURO) if "€" in run else (b"\x80",):
        for kept in range(len(run), max(len(run) - 3, 1), -1):
            yield from_utf8(_bytes(run[:kept], euro)) + run[kept:]
            if run[kept - 1] in _BEGIN or run[kept - 1] in _LOST_OR_80:
                break


def _bytes(run: str, euro: bytes) -> bytes:
    out = bytearray()
    for char in run:
        if char == _LOST:
            out.append(_GONE)
        elif char in _BYTE_80:
            out += euro if char == "€" else b"\x80"
        else:
            out += char.encode("gb18030")
    return bytes(out)


def lone_bytes_shown(text: str) -> str:
    """A text in which the bytes 80 that GB 18030 gave up are there again.

    It gives up a byte before another pair only if that is 80: with every other it makes a pair. GBK proper gives up
    more, and then this cannot be told; but it has no private-use characters.
    """
    return _compiled(_BEFORE_A_PAIR).sub("\x80", text)


def from_utf8(raw: bytes) -> str:
    """The text of UTF-8 in which some bytes are gone: each character that is not whole is one U+FFFD."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return "".join(unit[1].decode("utf-8") if unit[1] else _LOST for unit in _UNIT.finditer(raw))
