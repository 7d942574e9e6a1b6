"""The reader for portals that nothing else recognises: links, a 下一页 link, and columns named like annual reports.

It needs no signs and therefore promises least: pagers made by scripts are out of its reach.
"""

from __future__ import annotations

import re

from crawler.platforms.base import Listing, Page, Platform, Row, Step
from crawler.platforms.links import links

_NEXT = re.compile(
    r"^[\s<\[【(（]*(?:下一页|下页|后一页|下一頁|下頁)[\s>»\]】)）]*$|^\s*(?:>|›|»|next)\s*$", re.IGNORECASE
)
_COLUMN = re.compile(
    r"^(?:法定主动公开内容|政府信息公开(?:专栏|平台)?|信息公开(?:专栏)?|政务公开|(?:政府)?信息公开(?:工作)?年(?:度)?报(?:告)?|"
    r"(?:工作)?年(?:度)?报(?:告)?|20\d\d年?(?:度)?(?:年报|报告)?)$"
)


def read(page: Page) -> Listing:
    found = list(links(page.text, page.url))
    further = tuple(Step(row.url) for row in found if _NEXT.match(row.title))[:1]
    columns = tuple(row for row in found if _COLUMN.match(re.sub(r"\s+", "", row.title)))
    rows = tuple(row for row in found if not _NEXT.match(row.title))
    return Listing(rows, further, columns)


def year_or_report_column(row: Row) -> bool:
    """Whether a column's name speaks of annual reports or of one year rather than of disclosure at large."""
    return bool(re.search(r"年报|年度报告|20\d\d", row.title))


PLATFORM = Platform("generic", lambda page: True, read)
