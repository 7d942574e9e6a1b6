"""拓尔思 TRS, Fujian's 动静结合: a static first page, further ones from a search service by POST.

Signs: `listModel({quickMode:"动静结合"`, `fjdzapp`. The static rows are an ordinary TRS list of ten.
Paging: POST `/fjdzapp/search` with `channelid`, `classsql=chnlid=1813`, `sortfield`, `page` (from 1) and `prepage`
(500 at most), all but the page told by the script. The answer: `{"pageCount": 2, "data": [{"doctitle", "docpuburl",
"chnldocurl", "docreltime", …}]}`; `docpuburl` can be a bare PDF or Word file.
"""

from __future__ import annotations

import re
from urllib.parse import urlencode, urljoin

from crawler.platforms import answers
from crawler.platforms.base import Listing, Page, Platform, Step
from crawler.platforms.signs import Sign

_MODEL = Sign(re.compile(r"listModel\(\s*\{"), ("listModel(",))
_CHANNEL = re.compile(r"channelid\s*:\s*[\"']?(\w[\w.]*)")
_SEARCH = re.compile(r"searchId[\"']?\s*:\s*[\"']?(\d+)")
_CLASS = Sign(re.compile(r"[\"'](chnlid\s*=\s*[^\"']+)[\"']"), ("chnlid",))
_SORT = re.compile(r"sortfield\s*:\s*[\"']([^\"']*)[\"']")
_SERVICE = re.compile(r"[\"']([^\"'\s]*/fjdzapp/search[^\"'\s]*)[\"']")
_SIZE = 100


def recognises(page: Page) -> bool:
    return "动静结合" in page.text or "fjdzapp" in page.text or bool(page.search(_MODEL) and page.search(_CLASS))


def read(page: Page) -> Listing:
    if page.step is None or "query" not in page.step.state:
        return Listing(further=_first(page))
    answer = answers.parsed(page.text)
    rows = answers.rows(answer, page.url)
    number = int(page.step.state["page"])
    count = answers.pages(answer, _SIZE)
    if not rows or (count is not None and number >= count):
        return Listing(rows)
    return Listing(rows, (_step(page.url, page.step.state["query"], page.step.state["column"], number + 1),))


def _first(page: Page) -> tuple[Step, ...]:
    channel, search, kind = _CHANNEL.search(page.text), _SEARCH.search(page.text), page.search(_CLASS)
    identity = channel[1] if channel and channel[1].isdigit() else search[1] if search else ""
    if not identity or not kind:
        return ()
    sort, service = _SORT.search(page.text), _SERVICE.search(page.text)
    query = urlencode({"channelid": identity, "classsql": kind[1], "sortfield": sort[1] if sort else "-docreltime"})
    return (_step(urljoin(page.url, service[1] if service else "/fjdzapp/search"), query, page.url, 1),)


def _step(url: str, query: str, column: str, number: int) -> Step:
    headers = {
        "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        "X-Requested-With": "XMLHttpRequest",
        "Referer": column,
    }
    state = {"query": query, "column": column, "page": str(number)}
    return Step(url, "POST", f"{query}&page={number}&prepage={_SIZE}", headers, state)


PLATFORM = Platform("fujian", recognises, read)
