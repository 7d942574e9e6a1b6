"""开普 UCAP and its relatives: static lists `list.shtml`, `list_2.shtml`, or rows from a JSON service.

Signs: `<UCAPTITLE>`, `<UCAPCONTENT>`, `meta[name=channelid]` of 32 hex digits, `/searchList/`, `/common/search/`;
articles `/201903/<hex32>.shtml`, `/c111239/202301/c01_868731.shtml`, `/csrc/c100028/c7661513/content.shtml`.
Paging: a link to `…_2.shtml`; or GET
`/searchList/<channelid>?_isAgg=true&_isJson=true&_pageSize=18&_template=index&page=1` or
`/common/search/<channelid>?page=1&_pageSize=15&_isAgg=false`, answered by `{"data":{"rows":18,"total":3197,"results":
[{"title","url","publishedTimeStr","publishedTime"}]}}`: addresses without a scheme, times in milliseconds.
Articles: `<UCAPTITLE>`, `<PUBLISHTIME>`, body `<UCAPCONTENT>`, `#zoomcon`, `.article-content`.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from crawler.platforms import answers
from crawler.platforms.base import Listing, Page, Platform, Step
from crawler.platforms.generic import following
from crawler.platforms.links import links
from crawler.platforms.scripts import literal_pairs
from crawler.platforms.signs import Sign

_TAGS = Sign(re.compile(r"<ucap(?:title|content)\b", re.IGNORECASE), ("<ucap",))
_SERVICE = Sign(
    re.compile(r"[\"'`]([^\"'`\s]*/(?:searchList|common/search)/[^\"'`\s]*)[\"'`]"), ("/searchList/", "/common/search/")
)
_SERVICES = (
    ("/common/search/", {"_pageSize": "15", "_isAgg": "false"}),
    ("/searchList/", {"_isAgg": "true", "_isJson": "true", "_pageSize": "18", "_template": "index"}),
)
# Some have it in a variable of the script, or in an attribute of the list.
_NAMED = Sign(re.compile(r"""chan\w*[-_]?(?:id)?["']?\s*[:=]\s*["']([0-9a-f]{32})["']""", re.IGNORECASE), ("chan",))
_META = Sign(re.compile("channelid", re.IGNORECASE), ("channelid",))
_CHANNEL = re.compile(r"^[0-9a-f]{32}$", re.IGNORECASE)


def recognises(page: Page) -> bool:
    return bool(page.search(_TAGS) or page.search(_SERVICE) or _channel(page))


def read(page: Page) -> Listing:
    if page.step is not None and "service" in page.step.state:
        return _answer(page)
    rows = tuple(links(page))
    step = following(page, rows)
    return Listing(rows, (step,) if step else _first(page))


def _channel(page: Page) -> str:
    for meta in page.tree.iter("meta") if page.may_bear(_META) and page.tree is not None else ():
        content = (meta.get("content") or "").strip()
        if (meta.get("name") or "").lower() == "channelid" and _CHANNEL.match(content):
            return content
    named = page.search(_NAMED)
    return named[1] if named else ""


def _first(page: Page) -> tuple[Step, ...]:
    """The first page of the service, where the page's script names one; its own rows may be the same again."""
    named, channel = page.search(_SERVICE), _channel(page)
    if not named:
        if not channel or any(row.date for row in links(page)):
            return ()
        # An empty list whose script is elsewhere: one of the two services has its rows.
        return tuple(_step(urljoin(page.url, path + channel), dict(query), page.url, 1) for path, query in _SERVICES)
    service = urlsplit(urljoin(page.url, named[1]))
    query = dict(parse_qsl(service.query, keep_blank_values=True)) | dict(literal_pairs(page.text, named.end()))
    path = service.path
    if path.endswith(("/searchList/", "/common/search/")):
        if not channel:
            return ()
        path += channel
    usual = next((known for start, known in _SERVICES if start in path), {})
    query = usual | query
    return (_step(service._replace(path=path, query="").geturl(), query, page.url, 1),)


def _answer(page: Page) -> Listing:
    assert page.step is not None
    state, answer = page.step.state, answers.parsed(page.text)
    rows, number = answers.rows(answer, page.url), int(state["number"])
    query = dict(parse_qsl(state["query"], keep_blank_values=True))
    size = int(query["_pageSize"]) if query.get("_pageSize", "").isdigit() else len(rows)
    count = answers.pages(answer, size)
    if not rows or (count is not None and number >= count):
        return Listing(rows)
    return Listing(rows, (_step(state["service"], query, state["column"], number + 1),))


def _step(service: str, query: dict[str, str], column: str, number: int) -> Step:
    query = {**query, "page": str(number)}
    state = {"service": service, "query": urlencode(query), "column": column, "number": str(number)}
    return Step(f"{service}?{urlencode(query)}", headers={"Accept": "application/json", "Referer": column}, state=state)


PLATFORM = Platform("ucap", recognises, read)
