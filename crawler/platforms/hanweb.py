"""大汉 Hanweb jpage: rows inside a `<script type="text/xml">`, further ones from `dataproxy.jsp`.

Signs: `/col/col123/index.html`, `<datastore>` in a script, `.jpage({`; articles `/art/2024/1/26/art_123_456.html`.
Rows: `<record><![CDATA[<li><a …>…</a><span>2024-01-26</span></li>]]></record>`; the XML around them is not well-formed
(stray `<ul>`, doubled parameters): records are cut out as text. Link texts are cut with `...`; the `title` attribute,
where there is one, is whole.
Paging: the page holds the first group of three pages; the next come from the proxy URL by `startrecord`, `endrecord`
(a group is three times `perPage`) and `perpage`, with the parameters that the page itself gives (`ajaxParam`, else the
query of `<nextgroup>`). Some servers want the column page as Referer.
"""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from crawler.platforms.base import Listing, Page, Platform, Row, Step
from crawler.platforms.links import links

_RECORD = re.compile(r"<record>\s*<!\[CDATA\[(.*?)\]\]>\s*</record>", re.DOTALL)
_JPAGE = re.compile(r"\.jpage\(\s*\{(.*?)\}\s*\)\s*;?", re.DOTALL)
_TOTAL = re.compile(r"totalRecord[\"']?\s*:\s*[\"']?(\d+)|<totalrecord>\s*(\d+)", re.IGNORECASE)
_PER_PAGE = re.compile(r"perPage[\"']?\s*:\s*[\"']?(\d+)", re.IGNORECASE)
_PROXY = re.compile(r"proxyUrl[\"']?\s*:\s*[\"']([^\"']+)[\"']")
_PARAMS = re.compile(r"ajaxParam[\"']?\s*:\s*\{(.*?)\}", re.DOTALL)
_PAIR = re.compile(r"""["']?(\w+)["']?\s*:\s*(?:"([^"]*)"|'([^']*)'|([\w.%-]+))""")
_NEXT_GROUP = re.compile(r"<nextgroup>\s*<!\[CDATA\[.*?href=[\"']([^\"']+)[\"'].*?\]\]>", re.DOTALL | re.IGNORECASE)
_GROUP = 3


def recognises(page: Page) -> bool:
    return "<datastore>" in page.text or ".jpage(" in page.text


def read(page: Page) -> Listing:
    column = page.step.state["column"] if page.step else page.url
    rows = _rows(page.text, column)
    return Listing(rows, _next(page, column, len(rows)))


def _rows(text: str, column: str) -> tuple[Row, ...]:
    found: dict[str, Row] = {}
    for record in _RECORD.findall(text):
        for row in links(record, column):
            found.setdefault(row.url, row)
    return tuple(found.values())


def _next(page: Page, column: str, rows: int) -> tuple[Step, ...]:
    """The group of records behind this one; the first page tells how to ask, `state` carries it on."""
    state = dict(page.step.state) if page.step else _instructions(page)
    if not state or not rows:
        return ()
    start = int(state["next"])
    total = int(state["total"] or 0)
    if total and start > total:
        return ()
    size = _GROUP * int(state["per_page"])
    query = [
        ("startrecord", str(start)),
        ("endrecord", str(min(start + size - 1, total) if total else start + size - 1)),
        ("perpage", state["per_page"]),
        *(
            (name, value)
            for name, value in json.loads(state["params"])
            if name not in ("page", "startrecord", "endrecord")
        ),
    ]
    url = f"{state['proxy']}?{urlencode(query)}"
    return (Step(url, headers={"Referer": column}, state={**state, "next": str(start + size)}),)


def _instructions(page: Page) -> dict[str, str]:
    """What the column page says of its own paging; empty when it has no further group."""
    config = _JPAGE.search(page.text)
    script = config[1] if config else page.text
    total, per_page = _TOTAL.search(script) or _TOTAL.search(page.text), _PER_PAGE.search(script)
    proxy, group = _PROXY.search(script), _NEXT_GROUP.search(page.text)
    if not (proxy or group):
        return {}
    target = proxy[1] if proxy else urlsplit(group[1]).path if group else ""
    params = _PARAMS.search(script)
    if params:
        pairs = [(name, one or two or bare) for name, one, two, bare in _PAIR.findall(params[1])]
    else:
        pairs = parse_qsl(urlsplit(group[1]).query, keep_blank_values=True) if group else []
    first = len(_rows(page.text, page.url))
    size = int(per_page[1]) if per_page else max(first // _GROUP, 1)
    return {
        "column": page.url,
        "proxy": urljoin(page.url, target),
        "params": json.dumps(list(dict(pairs).items())),
        "total": (total[1] or total[2]) if total else "",
        "per_page": str(size),
        "next": str(first + 1),
    }


PLATFORM = Platform("hanweb", recognises, read)
