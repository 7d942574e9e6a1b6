"""苏州 szinf: disclosure lists of 苏州 (on UCAP), answered in JSON to a POST.

Signs: `interfacesWebZcwj/loadData` in the page's script. Paging: POST
`/szinf/xxgk/interfacesWebZcwj/loadData?pageSize=15` with `pageIndex=1&channel_id=…`; the answer is
`{"code":"0","data":{"allRow":5005,"totalPage":334,"list":[{"TITLE","URL", "PUBLISHED_TIME_FORMAT",…}]}}`.
"""

from __future__ import annotations

import re
from urllib.parse import urlencode, urljoin

from crawler.platforms import answers
from crawler.platforms.base import Listing, Page, Platform, Step
from crawler.platforms.scripts import literal_pairs, variable_value
from crawler.platforms.signs import Sign

_SERVICE = Sign(re.compile(r"[\"']([^\"'\s]*interfacesWeb\w*/loadData[^\"'\s]*)[\"']"), ("interfacesWeb",))
_SIZE = re.compile(r"pageSize=(\d+)")


def recognises(page: Page) -> bool:
    return bool(page.search(_SERVICE))


def read(page: Page) -> Listing:
    if page.step is None or "service" not in page.step.state:
        return Listing(further=_first(page))
    state, answer = page.step.state, answers.parsed(page.text)
    rows, number = answers.rows(answer, page.url), int(page.step.state["number"])
    size = _SIZE.search(state["service"])
    count = answers.pages(answer, int(size[1]) if size else 15)
    if not rows or (count is not None and number >= count):
        return Listing(rows)
    return Listing(rows, (_step(state["service"], state["channel"], state["column"], number + 1),))


def _first(page: Page) -> tuple[Step, ...]:
    service = page.search(_SERVICE)
    if not service:
        return ()
    given = dict(literal_pairs(page.text, service.end()))
    channel = (
        given.get("channel_id") or variable_value("channel_id", page.text) or variable_value("channelId", page.text)
    )
    if not channel and page.tree is not None:
        metas = {(meta.get("name") or "").lower(): meta.get("content") or "" for meta in page.tree.iter("meta")}
        channel = metas.get("channelid")
    url = urljoin(page.url, service[1])
    if "pageSize" not in url:
        url += ("&" if "?" in url else "?") + "pageSize=15"
    return (_step(url, channel, page.url, 1),) if channel else ()


def _step(service: str, channel: str, column: str, number: int) -> Step:
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Requested-With": "XMLHttpRequest",
        "Referer": column,
    }
    state = {"service": service, "channel": channel, "column": column, "number": str(number)}
    return Step(service, "POST", urlencode({"pageIndex": number, "channel_id": channel}), headers, state)


PLATFORM = Platform("szinf", recognises, read)
