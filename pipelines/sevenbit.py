"""Chinese in seven bits: HZ and UTF-7, which are ASCII to look at and are read only where they prove what they are."""

from __future__ import annotations

import re

from pipelines.model import Text
from pipelines.normalize.hanzi import is_han, plausibility

_HZ = re.compile(rb"~\{[!-~]{2,}?~\}")
_UTF7 = re.compile(rb"\+[A-Za-z0-9+/]{5,}-?")
_FEWEST, _PLAUSIBLE = 4, 0.6


def seven_bit(body: bytes, declared: str) -> Text | None:
    """The text of HZ or UTF-7, None for ASCII that is nothing else."""
    for encoding, sign, names in (("hz", _HZ, ("hz-gb-2312", "hz")), ("utf-7", _UTF7, ("utf-7", "unicode-1-1-utf-7"))):
        if not sign.search(body):
            continue
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        fewest = 1 if declared in names else _FEWEST
        if sum(map(is_han, text)) >= fewest and plausibility(text) >= _PLAUSIBLE:
            return Text(text, encoding, f"declared {declared}" if declared in names else f"{encoding} by its escapes")
    return None
