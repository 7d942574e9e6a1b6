"""UTF-16 and UTF-32 without a byte order mark, told by what stands in every second or fourth byte."""

from __future__ import annotations

_SAMPLE = 4096
# High bytes of what Chinese pages hold: ASCII, general punctuation and symbols, ideographs, full-width forms.
_HIGH = bytes((0x00, 0x20, *range(0x21, 0x27), 0x30, *range(0x4E, 0xA0), 0xFF))
_SHARE = 0.97


def utf16_without_mark(body: bytes) -> str | None:
    """`utf-16-le` or `utf-16-be` where the bytes of one parity can only be high bytes, None otherwise."""
    sample = body[:_SAMPLE]
    even, odd = sample[::2], sample[1::2]
    if len(odd) < 4:
        return None
    shares = {"utf-16-le": _share(odd), "utf-16-be": _share(even)}
    encoding = max(shares, key=lambda name: shares[name])
    high, low = (odd, even) if encoding == "utf-16-le" else (even, odd)
    # ASCII letters are high bytes too, so words in plain ASCII pass in both parities; zeros never stand in other text.
    if shares[encoding] < _SHARE or (0 not in high and (sample.isascii() or min(shares.values()) > 0.8)):
        return None
    # High bytes repeat (a page has few blocks), low bytes do not.
    return encoding if high.count(0) > 4 * low.count(0) or len(set(high)) < len(set(low)) else None


def utf32_without_mark(body: bytes) -> str | None:
    """`utf-32-le` or `utf-32-be` where two of every four bytes are zero, None otherwise."""
    sample = body[:_SAMPLE]
    if len(sample) < 8 or 0 not in sample:
        return None
    for encoding, zeros in (("utf-32-le", sample[3::4] + sample[2::4]), ("utf-32-be", sample[::4] + sample[1::4])):
        if not any(zeros):
            return encoding
    return None


def _share(high: bytes) -> float:
    return 1 - len(high.translate(None, _HIGH)) / len(high)
