"""安徽龙讯: disclosure lists by organ and category, further pages as pieces of HTML.

Signs: `/public/column/7071?type=4&action=list`, `/site/label/8888`, `.xxgk_navli`; articles
`/public/7071/123456.html`, attachments `/group6/M00/…`.
Paging: GET
`/site/label/8888?IsAjax=1&dataType=html&labelName=publicInfoList&siteId=&organId=&catId=&type=4&pageSize=15&
pageIndex=2&action=list&isDate=true&…`; the page's script or links give the parameters, `pageCount:(\\d+)` the end.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from crawler.platforms.base import Listing, Page, Platform, Step
from crawler.platforms.generic import following
from crawler.platforms.links import links, links_in
from crawler.platforms.scripts import literal_pairs, pairs

_SERVICE = re.compile(r"[\"']([^\"'\s]*/site/label/\d+[^\"'\s]*)[\"']")
_PAGES = re.compile(r"pageCount[\"']?\s*[:=]\s*[\"']?(\d+)", re.IGNORECASE)
_NAMES = frozenset(
    "siteId organId catId cId type pageSize labelName file action isDate dateFormat length result".split()
)
_DEFAULTS = {
    "IsAjax": "1",
    "dataType": "html",
    "labelName": "publicInfoList",
    "type": "4",
    "pageSize": "15",
    "action": "list",
}


def recognises(page: Page) -> bool:
    return "/site/label/" in page.text or ("/public/column/" in page.url and "xxgk_navli" in page.text)


def read(page: Page) -> Listing:
    if page.step is not None and "service" in page.step.state:
        return _answer(page)
    rows = tuple(links(page))
    step = following(page, rows)
    return Listing(rows, (step,) if step else _first(page))


def _first(page: Page) -> tuple[Step, ...]:
    """The second page (the first is in the column itself, unless it has no rows of its own: then the first)."""
    service, count = _SERVICE.search(page.text), _PAGES.search(page.text)
    if count and int(count[1]) < 2:
        return ()
    target = urlsplit(urljoin(page.url, service[1] if service else "/site/label/8888"))
    known = dict(parse_qsl(target.query, keep_blank_values=True))
    around = dict(literal_pairs(page.text, service.end())) if service else {}
    around = around or {name: value for name, value in pairs(page.text, page.text) if name in _NAMES}
    query = _DEFAULTS | known | {name: value for name, value in around.items() if name in _NAMES}
    organ = re.search(r"/public/column/(\d+)", page.url)
    if organ:
        query.setdefault("organId", organ[1])
    category = dict(parse_qsl(urlsplit(page.url).query)).get("catId")
    if category:
        query.setdefault("catId", category)
    if "organId" not in query:
        return ()
    start = 2 if count and "xxgk_navli" in page.text else 1
    return (_step(target._replace(query="").geturl(), query, page.url, start, int(count[1]) if count else 0),)


def _answer(page: Page) -> Listing:
    assert page.step is not None
    state = page.step.state
    rows = tuple(links_in(page.text, state["column"])) if page.status == 200 else ()
    told = _PAGES.search(page.text)
    count, number = int(told[1]) if told else int(state["count"]), int(state["number"])
    if not rows or (count and number >= count) or rows[0].url == state["first"]:
        return Listing(rows)
    query = dict(parse_qsl(state["query"], keep_blank_values=True))
    return Listing(rows, (_step(state["service"], query, state["column"], number + 1, count, rows[0].url),))


def _step(service: str, query: dict[str, str], column: str, number: int, count: int, first: str = "") -> Step:
    query = {**query, "pageIndex": str(number)}
    state = {
        "service": service, "query": urlencode(query), "column": column,
        "number": str(number), "count": str(count), "first": first,
    }  # fmt: skip
    return Step(
        f"{service}?{urlencode(query)}", headers={"X-Requested-With": "XMLHttpRequest", "Referer": column}, state=state
    )


PLATFORM = Platform("longxun", recognises, read)
