"""新点 Epoint EWB (webBuilder): rows by POST from `getgovinfolist`, in JSON.

Signs: `categorynum=`, `webBuilderCommon.js`, `/EWB-FRONT/`; articles `/20240115/<uuid>.html` below the column.
Paging: POST JSON `/EWB-FRONT/rest/lightfrontaction/getgovinfolist` with `{deptcode, categorynum, pageIndex, pageSize,
siteGuid}`; the older dialect wraps them in `{"token": "", "params": {…}}` and counts pages from 0. `siteGuid` stands
in `/js/webBuilderCommon.js`, which is therefore read first. The answer: `custom.data[{infourl, realtitle, title}]`,
`custom.total`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from urllib.parse import urljoin

from crawler.addresses import parameters
from crawler.platforms import answers
from crawler.platforms.base import Listing, Page, Platform, Step
from crawler.platforms.signs import Sign

_COMMON = Sign(
    re.compile(r"[\"']([^\"'\s]*webBuilderCommon\.js[^\"'\s]*)[\"']", re.IGNORECASE), ("webbuildercommon.js",)
)
_SERVICE = Sign(
    re.compile(r"[\"']([^\"'\s]*/rest/lightfrontaction/getgovinfolist[^\"'\s]*)[\"']", re.IGNORECASE),
    ("/rest/lightfrontaction/getgovinfolist",),
)
_GUID = re.compile(r"siteGuid[\"']?\s*[:=]\s*[\"']([0-9A-Za-z-]{8,40})[\"']", re.IGNORECASE)
_CATEGORY = re.compile(r"categorynum[\"']?\s*[:=]\s*[\"'](\d{3,30})[\"']", re.IGNORECASE)
_DEPARTMENT = re.compile(r"(?:\bvar\s+deptcode\s*=|deptcode[\"']?\s*:)\s*[\"']([^\"']*)[\"']", re.IGNORECASE)
_SIZE = re.compile(r"pageSize[\"']?\s*[:=]\s*[\"']?(\d{1,3})", re.IGNORECASE)
_OLD = re.compile(r"[\"']?token[\"']?\s*:|[\"']?params[\"']?\s*:\s*(?:\{|JSON)")
_PATH = "/EWB-FRONT/rest/lightfrontaction/getgovinfolist"


def recognises(page: Page) -> bool:
    return bool(page.search(_COMMON) or page.search(_SERVICE) or "EWB-FRONT" in page.text)


def read(page: Page) -> Listing:
    if page.step is None or "category" not in page.step.state:
        return Listing(further=_first(page))
    state = page.step.state
    if state["guid"] == "?":
        guid = _GUID.search(page.text) if page.status == 200 else None
        return Listing(further=(_ask({**state, "guid": guid[1] if guid else ""}),))
    answer = answers.parsed(page.text)
    rows = answers.rows(answer, state["column"])
    number = int(state["number"])
    if not rows and number == 1 and state["dialect"] == "new":
        # The older dialect answers the newer question with nothing.
        return Listing(further=(_ask({**state, "dialect": "old", "number": "0"}),))
    have, total = int(state["have"]) + len(rows), answers.pages(answer, 1)
    if number and rows and (total is None or have < total):
        return Listing(rows, (_ask({**state, "number": str(number + 1), "have": str(have)}),))
    if not number and state["dialect"] == "old" and rows and (total is None or have < total):
        return Listing(rows, (_ask({**state, "number": "1", "have": str(have)}),))
    if state["dialect"] == "new" and number > 1 and total is not None and have < total:
        # Some newer servers count from 0, too: the first page is still to come.
        return Listing(rows, (_ask({**state, "number": "0", "have": str(have)}),))
    return Listing(rows)


def _first(page: Page) -> tuple[Step, ...]:
    """The site's id first, where the page itself does not have it."""
    category = _CATEGORY.search(page.text)
    number = parameters(page.url).get("categorynum") or (category and category[1])
    if not number:
        return ()
    guid, common, service = _GUID.search(page.text), page.search(_COMMON), page.search(_SERVICE)
    department, size = _DEPARTMENT.search(page.text), _SIZE.search(page.text)
    old = bool(_OLD.search(page.text))
    state = {
        "column": page.url,
        "service": urljoin(page.url, service[1] if service else _PATH),
        "category": number,
        "department": department[1] if department else "",
        "size": size[1] if size and int(size[1]) else "15",
        "dialect": "old" if old else "new",
        "number": "0" if old else "1",
        "have": "0",
        "guid": guid[1] if guid else "?" if common else "",
    }
    if state["guid"] == "?" and common:
        return (Step(urljoin(page.url, common[1]), headers={"Referer": page.url}, state=state),)
    return (_ask(state),)


def _ask(state: Mapping[str, str]) -> Step:
    asked = {
        "deptcode": state["department"],
        "categorynum": state["category"],
        "pageIndex": int(state["number"]),
        "pageSize": int(state["size"]),
        "siteGuid": state["guid"],
    }
    body = {"token": "", "params": asked} if state["dialect"] == "old" else asked
    headers = {
        "Content-Type": "application/json; charset=UTF-8",
        "Accept": "application/json",
        "Referer": state["column"],
    }
    return Step(state["service"], "POST", json.dumps(body), headers, dict(state))


PLATFORM = Platform("ewb", recognises, read)
