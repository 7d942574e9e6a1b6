"""What the narrative says of the numbers in the tables: the agency's own contradiction, if there is one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from pipelines.model import Issue, Section

_RECEIVED = re.compile(
    r"(?:收到|受理|接收到?|接到|新收|收件)(?:了|的|各类|区|市|县|人民|本级|来自公民|公众)*"
    r"(?:依申请公开)?(?:的|政府)*(?:信息)?(?:公开)?(?:工作)?(?:的)?申请(?:信息|事项|公开|总数|数量)*[^，。；,;\d]{0,4}?(\d[\d,]*)\s*(?:件|条|份|宗|例|个)"
)
_NOT_THE_TOTAL = re.compile(
    r"(?:上年|去年|上一年|累计.{0,4}年来|\d{4}年以来|同比|其中|网上|当面|信函|邮寄|在线|复议)[^。；，,]{0,12}$"
)
_YEAR_NAMED = re.compile(r"(20[0-4]\d)年")
_TOTAL, _CARRIED = "applications.new_received.total", "applications.carried_in.total"


def contradictions(
    sections: Iterable[Section], figures: Mapping[str, Decimal | None], year: int | None
) -> tuple[Issue, ...]:
    """An issue when the first section names a number of received requests that table 3 does not have.

    Equal to the new requests, or to these with the carried-over ones, agrees. Only sentences that plainly speak of all
    requests are weighed.
    """
    total = figures.get(_TOTAL)
    if total is None:
        return ()
    agreed = {total, total + (figures.get(_CARRIED) or Decimal(0))}
    said = []
    for section in sections:
        if section.number != 1:
            continue
        for match in _RECEIVED.finditer(section.text):
            before = section.text[: match.start()]
            other_year = [int(named) for named in _YEAR_NAMED.findall(before[-14:]) if int(named) != year]
            if not other_year and not _NOT_THE_TOTAL.search(before):
                said.append((Decimal(match[1].replace(",", "")), match[0]))
    if not said or any(number in agreed for number, _ in said):
        return ()
    number, words = said[0]
    message = f"the text says {number} ({words}), the table {total}"
    return (Issue("prose_contradicts_table", "warning", message, _TOTAL, (_TOTAL,)),)
