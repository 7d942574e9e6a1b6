"""大汉 Hanweb xxgk module: annual reports rendered in place, one address for each body and year, without a list.

Signs: `/module/xxgk/`. A report: `/module/xxgk/xxgkAnnualReport.jsp?area=<code of the body>&fbtime=<year>` in either
order; `area` is the body's 18-character social credit code or an older organisation code, `fbtime` the year reported
on.
Bodies come from a tree (`tree.jsp?area=`), years from a drop-down; the markup of both was not seen, so every code
that stands beside a name on a page of the module is taken for a body.
Other columns: POST `/module/xxgk/search.jsp?…&currpage=2…` with `infotypeId`, `jdid`, `area`, `divid` in the body
answers an HTML fragment whose rows are `.tr_main_value_odd` and `_even`, with `共N页` below; it is not restricted to
the column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from crawler.platforms.base import Listing, Page, Platform, Row, Step
from crawler.platforms.links import links, links_in
from crawler.platforms.scripts import pairs

_REPORT = re.compile(r"xxgkAnnualReport\.jsp")
_CODE = r"(?:\d{15}[0-9A-Z]{3}|\d{15}|\d{9}|\d{8}[\dX])"
# A node of a tree, by script or by JSON, and a link or option with a code for an address.
_NODES = (
    re.compile(
        rf"""["']?(?:id|area|code|vc_code|orgcode|iid)["']?\s*[:=]\s*["']({_CODE})["'][^<>{{}}]*?["']?(?:name|title|text)["']?\s*[:=]\s*["']([^"']+)["']"""
    ),
    re.compile(rf"""<(?:a|option|li|span|div)\b[^<>]*["'(=/]({_CODE})["')&#/][^<>]*>\s*([^<>]{{2,40}}?)\s*<"""),
)
_YEARS = re.compile(r"""fbtime["'=:\s]+(20\d\d)|<option\b[^<>]*\bvalue=["'](20\d\d)["']""")
_SEARCH = re.compile(r"[\"']([^\"'\s]*/module/xxgk/search\.jsp[^\"'\s]*)[\"']")
_BODY = re.compile(r"[\"']([^\"']*infotypeId=[^\"']*)[\"']")
_COUNT = re.compile(r"共\s*(?:&nbsp;|\s)*(\d+)\s*(?:&nbsp;|\s)*页")
_PARAMETERS = ("infotypeId", "jdid", "area", "divid")


def recognises(page: Page) -> bool:
    return "/module/xxgk/" in page.url or "/module/xxgk/" in page.text


def read(page: Page) -> Listing:
    if page.step is not None and "body" in page.step.state:
        return _answer(page)
    rows = tuple(links(page)) + tuple(_bodies(page))
    return Listing(rows, _search(page))


def _bodies(page: Page) -> Iterator[Row]:
    """The reports of the bodies whose codes the page names, for the years that it names."""
    if not _REPORT.search(page.url) and not _REPORT.search(page.text) and "tree.jsp" not in page.url:
        return
    query = dict(parse_qsl(urlsplit(page.url).query))
    told = {one or other for one, other in _YEARS.findall(page.text)}
    years = sorted({*told, query.get("fbtime", "")} - {""}, reverse=True)
    seen: set[str] = set()
    for pattern in _NODES:
        for code, name in pattern.findall(page.text):
            if code in seen:
                continue
            seen.add(code)
            for year in years or [""]:
                asked = {"area": code, **({"fbtime": year} if year else {})}
                url = urljoin(page.url, f"/module/xxgk/xxgkAnnualReport.jsp?{urlencode(asked)}")
                yield Row(url, name.strip(), by="option")


def _search(page: Page) -> tuple[Step, ...]:
    service = _SEARCH.search(page.text)
    if not service:
        return ()
    body = _BODY.search(page.text)
    known = dict(parse_qsl(body[1], keep_blank_values=True)) if body else {}
    known = known or {name: value for name, value in pairs(page.text, page.text) if name in _PARAMETERS}
    if "infotypeId" not in known:
        return ()
    return (_step(urljoin(page.url, service[1]), urlencode(known), page.url, 1),)


def _step(service: str, body: str, column: str, number: int) -> Step:
    parts = urlsplit(service)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    query["currpage"] = str(number)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Requested-With": "XMLHttpRequest",
        "Referer": column,
    }
    state = {"service": service, "body": body, "column": column, "number": str(number)}
    return Step(parts._replace(query=urlencode(query)).geturl(), "POST", body, headers, state)


def _answer(page: Page) -> Listing:
    assert page.step is not None
    state = page.step.state
    rows = tuple(links_in(page.text, state["column"])) if page.status == 200 else ()
    count, number = _COUNT.search(page.text), int(state["number"])
    if not rows or not count or number >= int(count[1]):
        return Listing(rows)
    return Listing(rows, (_step(state["service"], state["body"], state["column"], number + 1),))


PLATFORM = Platform("xxgk", recognises, read)
