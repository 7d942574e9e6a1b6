"""Changes of the bytes: flipped, lost, added, zeroed, cut short; a wrong charset declared; two documents in one.

They know nothing of the format, and serve every one.
"""

import random
import re
from collections.abc import Callable

Change = Callable[[bytes, random.Random], bytes]
_CHARSETS = (b"utf-8", b"gb2312", b"big5", b"utf-16", b"utf-7", b"iso-2022-cn", b"shift_jis", b"x-unknown", b"ascii")


def _some(data: bytes, rng: random.Random) -> list[int]:
    return [rng.randrange(len(data)) for _ in range(rng.choice([1, 1, 2, 5, 30]))] if data else []


def flip(data: bytes, rng: random.Random) -> bytes:
    """Some bits are others."""
    changed = bytearray(data)
    for at in _some(data, rng):
        changed[at] ^= 1 << rng.randrange(8)
    return bytes(changed)


def replace(data: bytes, rng: random.Random) -> bytes:
    """Some bytes are others."""
    changed = bytearray(data)
    for at in _some(data, rng):
        changed[at] = rng.randrange(256)
    return bytes(changed)


def lose(data: bytes, rng: random.Random) -> bytes:
    """Some bytes are gone."""
    for at in _some(data, rng):
        data = data[:at] + data[at + 1 :]
    return data


def add(data: bytes, rng: random.Random) -> bytes:
    """Some bytes are more."""
    for at in _some(data, rng):
        data = data[:at] + rng.randbytes(rng.choice([1, 1, 2, 16])) + data[at:]
    return data


def zeros(data: bytes, rng: random.Random) -> bytes:
    """A stretch is zero, or zeros stand between."""
    at = rng.randint(0, len(data))
    length = int(10 ** rng.uniform(0, 3))
    return data[:at] + bytes(length) + data[at + rng.choice([0, length]) :]


def cut_short(data: bytes, rng: random.Random) -> bytes:
    """The transfer ended early."""
    return data[: rng.randint(0, len(data))]


def other_charset(data: bytes, rng: random.Random) -> bytes:
    """The page declares another charset than it has."""
    name = rng.choice(_CHARSETS)
    return re.sub(rb"(?i)(charset\s*=\s*[\"']?)[\w-]+", lambda match: match[1] + name, data, count=1)


CHANGES: tuple[Change, ...] = (flip, flip, replace, lose, add, zeros, cut_short, other_charset)
