"""大汉 Hanweb jpage: rows inside a `<script type="text/xml">`, further ones from `dataproxy.jsp`.

Signs: `/col/col123/index.html`, `<datastore>` in a script, `.jpage({`; articles `/art/2024/1/26/art_123_456.html`.
Rows: `<record><![CDATA[<li><a …>…</a><span>2024-01-26</span></li>]]></record>`; the XML around them is not
well-formed (stray `<ul>`, doubled parameters, quoted values): records are cut out as text. Link texts are cut with
`...`; the `title` attribute, where there is one, is whole. Rows may lead to another host of the same city.
Paging: the page holds the first group of three pages; the next come from the proxy URL by `startrecord`, `endrecord`
(a group is three times `perPage`) and `perpage`, with the parameters that the page itself gives (`ajaxParam`, else
the query of `<nextgroup>`, else `var param_N={…}`). Some servers want the column page as Referer; some ignore
`startrecord` and give the first group again: then pages are asked for by `page` alone; some answer with the XML
inside a script.
Articles: `meta ArticleTitle`, body between `<!--ZJEG_RSS.content.begin-->` and its end, attachments
`/module/download/downfile.jsp?filename=….pdf`. A column page can itself be the article.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from crawler.platforms.base import Listing, Page, Platform, Row, Step
from crawler.platforms.links import links_in
from crawler.platforms.scripts import closing, pairs
from crawler.platforms.signs import Sign

_RECORD = re.compile(r"<record>\s*<!\[CDATA\[(.*?)\]\]>\s*</record>", re.DOTALL)
_JPAGE = Sign(re.compile(r"\.jpage\(\s*(?=\{)"), (".jpage(",))
_TOTAL = re.compile(r"totalRecord[\"']?\s*:\s*[\"']?(\d+)|<totalrecord>\s*(\d+)", re.IGNORECASE)
_PAGES = re.compile(r"<totalpage>\s*(\d+)", re.IGNORECASE)
_PER_PAGE = re.compile(r"perPage[\"']?\s*:\s*[\"']?(\d+)", re.IGNORECASE)
_PROXY = re.compile(r"proxyUrl[\"']?\s*:\s*[\"']([^\"']+)[\"']")
_PARAMS = re.compile(r"ajaxParam[\"']?\s*:\s*(?=\{)")
_VARIABLE = re.compile(r"\bparam_\w+\s*=\s*(?=\{)")
_NEXT_GROUP = re.compile(r"<nextgroup>\s*<!\[CDATA\[.*?href=[\"'](.+?)[\"']\s*>.*?\]\]>", re.DOTALL | re.IGNORECASE)
_ESCAPES = (
    (r"\"", '"'),
    (r"\'", "'"),
    (r"\/", "/"),
    (r"\n", "\n"),
    (r"\r", ""),
    (r"\t", " "),
    ("\\u003c", "<"),
    ("\\u003e", ">"),
)
_GROUP = 3
_PAGING = frozenset("page startrecord endrecord perpage".split())


def recognises(page: Page) -> bool:
    return "getMessage.do" not in page.text and ("<datastore>" in page.text or bool(page.search(_JPAGE)))


def read(page: Page) -> Listing:
    if page.step is None or "proxy" not in page.step.state:
        rows = records(page.text, page.url)
        return Listing(rows, _first(page, rows))
    state = page.step.state
    rows = records(page.text, state["column"]) if page.status == 200 else ()
    pages = _PAGES.search(page.text)
    return Listing(rows, _next(state, rows, int(pages[1]) if pages else 0))


def records(text: str, url: str) -> tuple[Row, ...]:
    """The rows of all records in a page or an answer, each address once."""
    if "<record" not in text.replace("<recordset", "") or "\\u003c" in text or r"\"" in text:
        for escaped, plain in _ESCAPES:
            text = text.replace(escaped, plain)
    found: dict[str, Row] = {}
    for record in _RECORD.findall(text):
        for row in links_in(record, url):
            found.setdefault(row.url, row)
    return tuple(found.values())


def _first(page: Page, rows: tuple[Row, ...]) -> tuple[Step, ...]:
    """The group behind those of the page, by what the page says of its own paging."""
    config = page.search(_JPAGE)
    script = page.text[config.end() : closing(page.text, config.end())] if config else page.text
    total, per_page = _TOTAL.search(script) or _TOTAL.search(page.text), _PER_PAGE.search(script)
    proxy, group = _PROXY.search(script), _NEXT_GROUP.search(page.text)
    if not (proxy or group):
        return ()
    count = int(total[1] or total[2]) if total else 0
    size = int(per_page[1]) if per_page else max(len(rows) // _GROUP, 1)
    if count and len(rows) >= count:
        return ()
    state = {
        "column": page.url,
        "proxy": urljoin(page.url, proxy[1].split("?")[0] if proxy else urlsplit(group[1]).path if group else ""),
        "params": json.dumps(list(_parameters(script, page.text, group[1] if group else "").items())),
        "total": str(count),
        "per_page": str(size),
        "have": str(len(rows)),
        "first": rows[0].url if rows else "",
        "mode": "record",
        "page": "1",
    }
    return (_step(state),)


def _parameters(script: str, text: str, group: str) -> dict[str, str]:
    given = _PARAMS.search(script)
    if given:
        known = dict(pairs(script[given.end() : closing(script, given.end())], text))
    else:
        known = dict(parse_qsl(urlsplit(group).query, keep_blank_values=True))
        variable = None if group else _VARIABLE.search(text)
        if variable:
            known = dict(pairs(text[variable.end() : closing(text, variable.end())], text))
    return {name: value.strip("'") for name, value in known.items() if name not in _PAGING}


def _next(state: Mapping[str, str], rows: tuple[Row, ...], pages: int) -> tuple[Step, ...]:
    """What to ask for behind an answer; in another way when the answer was the first group again, or nothing."""
    number, total = int(state["page"]) + 1, int(state["total"])
    again = not rows or rows[0].url in (state["first"], state.get("previous"))
    if again:
        other = _OTHER_WAYS.get(state["mode"]) if number == 2 + (state["mode"] == "page") and total else None
        return (_step({**state, "mode": other, "page": "2" if other == "page" else "1"}),) if other else ()
    if state["mode"] == "page":
        if pages and number > pages:
            return ()
        return (_step({**state, "page": str(number), "previous": rows[0].url}),)
    have = int(state["have"]) + len(rows)
    return () if total and have >= total else (_step({**state, "have": str(have), "page": str(number)}),)


_OTHER_WAYS = {"record": "page", "page": "posted"}
"""How to ask next when a way of asking does not work: by records, by pages, by records in a form."""


def _step(state: Mapping[str, str]) -> Step:
    start, total, size = int(state["have"]) + 1, int(state["total"]), int(state["per_page"])
    end = start + _GROUP * size - 1
    if state["mode"] == "page":
        paging = {"page": int(state["page"]), "perpage": size}
    else:
        paging = {"startrecord": start, "endrecord": min(end, total) if total else end, "perpage": size}
    headers = {"Referer": state["column"]}
    if state["mode"] == "posted":
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        body = urlencode(dict(json.loads(state["params"])))
        return Step(f"{state['proxy']}?{urlencode(paging)}", "POST", body, headers, dict(state))
    query = urlencode([*paging.items(), *json.loads(state["params"])])
    return Step(f"{state['proxy']}?{query}", headers=headers, state=dict(state))


PLATFORM = Platform("hanweb", recognises, read)
