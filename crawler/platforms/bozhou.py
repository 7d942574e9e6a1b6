"""亳州 Xxgk: a list and a report page of its own for annual reports, by organ.

Signs: `/XxgkContent/showList/<organ>/0/page_1.html`, reports `/XxgkAnnualReport/show/6477.html` with the body in a
breadcrumb (“谯城区芦庙镇 > 政府信息公开年报”) and `发布时间:2026-01-19 09:52 来源:…`.
Paging: `page_1.html`, `page_2.html` … in the list's folder, by links or by a count in words or script.
"""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from crawler.platforms.base import Listing, Page, Platform, Step
from crawler.platforms.generic import following
from crawler.platforms.links import links

_PAGE = re.compile(r"page_(\d+)\.html$")
_COUNT = re.compile(r"共\s*(\d+)\s*页|(?:totalPages?|pageCount)[\"']?\s*[:=]\s*[\"']?(\d+)", re.IGNORECASE)


def recognises(page: Page) -> bool:
    return "/XxgkContent/" in page.url or "/XxgkAnnualReport/" in page.url or "/XxgkAnnualReport/show/" in page.text


def read(page: Page) -> Listing:
    rows = tuple(links(page))
    step = following(page, rows)
    return Listing(rows, (step,) if step else _counted(page))


def _counted(page: Page) -> tuple[Step, ...]:
    here, count = _PAGE.search(urlsplit(page.url).path), _COUNT.search(page.text)
    if not here or not count or int(here[1]) >= int(count[1] or count[2]):
        return ()
    number = int(here[1]) + 1
    return (Step(urljoin(page.url, f"page_{number}.html"), state={"number": str(number)}),)


PLATFORM = Platform("bozhou", recognises, read)
