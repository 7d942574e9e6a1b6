"""大汉 Hanweb JPaaS (2021 and later): lists are units of a page, filled by a gateway.

Signs: `<script src="…/unitbuild.js" url="/api-gateway/jpaas-publish-server/front/page/build/unit"
queryData="{'webId':'…','pageId':'…','tagId':'…','pageType':'column','parseType':'bulidstatic',…}">`: single quotes,
and the vendor's own spelling. Articles `/art/2024/art_<hex32>.html`, in one column with the old
`/art/Y/M/D/art_C_N.html`.
Paging: GET the gateway with the pairs of `queryData` and `paramJson={"pageNo":2,"pageSize":15}`; the answer is
`{"success":true,"data":{"html":"<ul>…</ul>"}}`, an empty list at the end. The pager `div.pagination[rows][count]`
tells the sizes. Some deployments want bare `pageNo` and `rows`, some ignore the page and always answer the first.
Quirk: titles may hold a line break.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from urllib.parse import urlencode, urljoin

from crawler.platforms import answers
from crawler.platforms.base import Listing, Page, Platform, Row, Step
from crawler.platforms.links import links, links_in
from crawler.platforms.scripts import pairs
from crawler.platforms.signs import Sign

_UNIT = Sign(
    re.compile(
        r"<script\b[^>]*\bquerydata\s*=\s*\"([^\"]*)\"[^>]*>|<script\b[^>]*\bquerydata\s*=\s*'([^']*)'[^>]*>",
        re.IGNORECASE,
    ),
    ("querydata",),
)
_URL = re.compile(r"\burl\s*=\s*[\"']([^\"']*build/unit[^\"']*)[\"']", re.IGNORECASE)
_ROWS = re.compile(r"\brows=[\"']?(\d+)")
_COUNT = re.compile(r"\bcount=[\"']?(\d+)")
_MOST_UNITS = 3


def recognises(page: Page) -> bool:
    return bool(page.search(_UNIT)) and "build/unit" in page.text


def read(page: Page) -> Listing:
    if page.step is None or "unit" not in page.step.state:
        return Listing(further=_first(page))
    state = page.step.state
    html = answers.html_in(answers.parsed(page.text)) or (page.text if page.text.lstrip().startswith("<") else "")
    rows = tuple(links_in(html, state["column"])) if page.status == 200 else ()
    return Listing(rows, _next(state, rows, html))


def _first(page: Page) -> tuple[Step, ...]:
    """The first page of each list unit: lists of columns before anything else that the page is put together from."""
    found = []
    for match in page.every(_UNIT):
        query = dict(pairs(match[1] or match[2]))
        address = _URL.search(match[0])
        if query and address and query.get("pageType", "column") in ("column", "list"):
            found.append((query, urljoin(page.url, address[1])))
    size, static = _ROWS.search(page.text), next((row.url for row in links(page) if row.date), "")
    return tuple(
        _step(
            {
                "unit": unit,
                "query": json.dumps(query),
                "column": page.url,
                "size": size[1] if size else "15",
                # Where the page shows its first rows itself, the second page is next.
                "number": "2" if size and static else "1",
                "mode": "json",
                "first": static,
            }
        )
        for query, unit in found[:_MOST_UNITS]
    )


def _next(state: Mapping[str, str], rows: tuple[Row, ...], html: str) -> tuple[Step, ...]:
    number = int(state["number"])
    if not rows:
        return ()
    if rows[0].url == state["first"]:
        return (_step({**state, "mode": "bare"}),) if state["mode"] == "json" and number == 2 else ()
    size, count = _ROWS.search(html), _COUNT.search(html)
    if size and count and number * int(size[1]) >= int(count[1]):
        return ()
    if not count and len(rows) < int(state["size"]):
        return ()
    first = state["first"] or rows[0].url
    return (_step({**state, "number": str(number + 1), "first": first, "size": size[1] if size else state["size"]}),)


def _step(state: Mapping[str, str]) -> Step:
    query = dict(json.loads(state["query"]))
    if state["mode"] == "json":
        query["paramJson"] = json.dumps(
            {"pageNo": int(state["number"]), "pageSize": int(state["size"])}, separators=(",", ":")
        )
    else:
        query |= {"pageNo": state["number"], "rows": state["size"]}
    return Step(f"{state['unit']}?{urlencode(query)}", headers={"Referer": state["column"]}, state=dict(state))


PLATFORM = Platform("jpaas", recognises, read)
