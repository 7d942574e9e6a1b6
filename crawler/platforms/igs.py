"""拓尔思 TRS IGS: lists that are searches, answered in JSON.

Signs: `/igs/front/search` in the page's script. Two services: `/igs/front/search.jhtml?code=<hex32>&siteId=&pageSize=
&pageNumber=…` answers `{"page": {"content": [{"url", "title" (with <em>), "trs_time"}], "total": "123", "totalPages":
7}}` (`total` is a string; without `code` it answers 500), and
`/igs/front/search/publish/data/list.html?index=&type=infomation
(sic)&siteId=3&pageSize=20&pageIndex=1&filter[CHANNELID]=…`. All parameters but the page's number are in the script.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from crawler.platforms import answers
from crawler.platforms.base import Listing, Page, Platform, Step
from crawler.platforms.scripts import literal_pairs
from crawler.platforms.signs import Sign

_SERVICE = Sign(re.compile(r"[\"'`]([^\"'`\s]*/igs/front/search[^\"'`\s]*)[\"'`]"), ("/igs/front/search",))
_PAGE = re.compile(r"^page(?:Number|Index|No|Num)$", re.IGNORECASE)


def recognises(page: Page) -> bool:
    return bool(page.search(_SERVICE))


def read(page: Page) -> Listing:
    if page.step is None or "service" not in page.step.state:
        return Listing(further=_first(page))
    answer = answers.parsed(page.text)
    if answer is None:
        return Listing()
    rows = answers.rows(answer, page.url)
    state = page.step.state
    count, number = answers.pages(answer, int(state["size"])), int(state["number"])
    if not rows or (count is not None and number >= count):
        return Listing(rows)
    return Listing(
        rows, (_step(state["service"], dict(parse_qsl(state["query"], keep_blank_values=True)), number + 1),)
    )


def _first(page: Page) -> tuple[Step, ...]:
    found = page.search(_SERVICE)
    if not found:
        return ()
    service = urlsplit(urljoin(page.url, found[1]))
    query = dict(parse_qsl(service.query, keep_blank_values=True))
    for name, value in literal_pairs(page.text, found.end()):
        query.setdefault(name, value)
    if not any(_PAGE.match(name) for name in query):
        query["pageIndex" if "list.html" in service.path else "pageNumber"] = "1"
    return (_step(service._replace(query="").geturl(), query, 1),)


def _step(service: str, query: dict[str, str], number: int) -> Step:
    query = {name: str(number) if _PAGE.match(name) else value for name, value in query.items()}
    size = next((value for name, value in query.items() if name.lower() == "pagesize" and value.isdigit()), "10")
    state = {"service": service, "query": urlencode(query), "number": str(number), "size": size}
    return Step(f"{service}?{urlencode(query)}", headers={"Accept": "application/json"}, state=state)


PLATFORM = Platform("igs", recognises, read)
