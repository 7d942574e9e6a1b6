"""大汉 TrueCMS (南通, 连云港): the first rows in the page, further ones as JSONP from `getMessage.do`.

Signs: `#initData` (up to 60 rows in a hidden list), `getMessage.do`; articles `/content/<uuid>.html`, whose address
sometimes stands only in `onclick="name2('…')"`.
Paging:
`$('#…').jpage({proxyUrl:'…/truecms/messageController/getMessage.do',perPage:10,groupSize:3,ajaxParam:{columnId:
'<uuid>'}})`: GET with `startrecord`, `endrecord`, `perpage`, `contentTemplate`, `columnId` and `callback`; the answer
is `cb({"result":"<datastore>…"})` with records as in jpage. Without a Referer some answer 404; where the service is
gone, only the first rows can be had.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlencode, urljoin

from lxml import etree

from crawler.platforms import answers
from crawler.platforms.base import Listing, Page, Platform, Row, Step
from crawler.platforms.hanweb import records
from crawler.platforms.links import links_in
from crawler.platforms.scripts import closing, pairs

_PROXY = re.compile(r"[\"']([^\"'\s]*getMessage\.do[^\"'\s]*)[\"']")
_JPAGE = re.compile(r"\.jpage\(\s*(?=\{)")
_TOTAL = re.compile(r"<totalrecord>\s*(\d+)|totalRecord[\"']?\s*[:=]\s*[\"']?(\d+)", re.IGNORECASE)


def recognises(page: Page) -> bool:
    return "getMessage.do" in page.text


def read(page: Page) -> Listing:
    if page.step is None or "proxy" not in page.step.state:
        return _column(page)
    state = page.step.state
    answer = answers.parsed(page.text)
    inside = next((text for text in _texts(answer) if "<" in text), page.text)
    rows = records(inside, state["column"]) or tuple(links_in(inside, state["column"]))
    if page.status != 200 or not rows or rows[0].url == state["first"]:
        return Listing(rows)
    have = int(state["have"]) + len(rows)
    total = _TOTAL.search(inside)
    count = int(total[1] or total[2]) if total else int(state["total"])
    if (count and have >= count) or (not count and len(rows) < int(state["per_page"])):
        return Listing(rows)
    return Listing(rows, (_step({**state, "have": str(have), "total": str(count)}),))


def _texts(answer: object) -> list[str]:
    return [value for value in answer.values() if isinstance(value, str)] if isinstance(answer, dict) else []


def _column(page: Page) -> Listing:
    proxy, config = _PROXY.search(page.text), _JPAGE.search(page.text)
    script = page.text[config.end() : closing(page.text, config.end())] if config else page.text
    known = dict(pairs(script, page.text))
    rows = _initial(page)
    if not proxy or "columnId" not in known:
        return Listing(rows)
    total = int(known["totalRecord"]) if known.get("totalRecord", "").isdigit() else 0
    if total and len(rows) >= total:
        return Listing(rows)
    size = known.get("perPage", "10") if known.get("perPage", "10").isdigit() else "10"
    group = known.get("groupSize", "3") if known.get("groupSize", "3").isdigit() else "3"
    others = {
        name: value
        for name, value in known.items()
        if name not in ("proxyUrl", "perPage", "groupSize", "totalRecord", "barPosition")
    }
    state = {
        "proxy": urljoin(page.url, proxy[1]), "column": page.url, "per_page": size, "group": group,
        "have": str(len(rows)), "total": str(total), "first": rows[0].url if rows else "", "query": urlencode(others),
    }  # fmt: skip
    return Listing(rows, (_step(state),))


def _initial(page: Page) -> tuple[Row, ...]:
    """The rows of the hidden list."""
    holders = page.tree.xpath("//*[@id='initData']") if page.tree is not None else []
    return tuple(row for holder in holders for row in links_in(etree.tostring(holder, encoding="unicode"), page.url))


def _step(state: Mapping[str, str]) -> Step:
    start = int(state["have"]) + 1
    end = start + int(state["per_page"]) * int(state["group"]) - 1
    paging = {"startrecord": start, "endrecord": end, "perpage": state["per_page"], "callback": "callback"}
    url = f"{state['proxy']}?{urlencode(paging)}" + (f"&{state['query']}" if state["query"] else "")
    return Step(url, headers={"Referer": state["column"]}, state=dict(state))


PLATFORM = Platform("truecms", recognises, read)
