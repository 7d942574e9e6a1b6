"""The units of money that pages print, in the heads of columns, behind labels, and anywhere else."""

from __future__ import annotations

import re
from collections.abc import Iterable

USUAL_UNIT = "万元"
"""Of money in the forms."""
CONTRADICTION = "two units"
"""Stands for a unit that nothing can be read in."""

_UNIT = re.compile(r"(^|[^十百千万亿])([十百千万亿]*(?:美|港|欧|日)?元)")
# What stands before a unit; any other character may be what is left of 万.
_BEFORE_UNIT = re.compile(r"[位额币以按计为是费款数量购：:（(【\[/）)]?")
_STATED = re.compile(r"单位[:：为（(][^\d。；]{0,6}?([十百千万亿]*元)(?![\u4e00-\u9fff])")


def units_stated(texts: Iterable[str]) -> frozenset[str]:
    """The units of money that some texts name as such: 单位：元."""
    return frozenset(match[1] for text in texts if "单位" in text for match in _STATED.finditer("".join(text.split())))


def unit_in(text: str) -> str | None:
    """The unit of money that a head or label prints; one that holds for none where a character of it is damaged."""
    match = _UNIT.search(re.sub(r"\s+", "", text))
    if match is None:
        return None
    return match[2] if _BEFORE_UNIT.fullmatch(match[1]) else CONTRADICTION
