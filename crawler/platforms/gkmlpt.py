"""广东 gkmlpt (政府信息公开目录平台): a shell page with the tree of columns in a script, listings from a JSON API.

Signs: `/gkmlpt/index`, `window._CONFIG` with `SID` and `TREE`. The column's id is the fragment of its URL
(`/gkmlpt/index#21023`); without one it is the node of the tree that is named 政府信息公开年报.
Paging: GET `/gkmlpt/api/all/<column>?page=N&sid=SID` (page 0 equals page 1), until a page has no articles or answers
404. Some deployments answer 404 from page 2 on, and `post_count` can exceed what is listed: nothing else tells the end.
Rows: `articles[].url`, `title`, `publisher`, `date` (epoch seconds of midnight in Beijing).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from urllib.parse import urljoin, urlsplit

from crawler.platforms.base import Listing, Page, Platform, Row, Step

_BEIJING = timezone(timedelta(hours=8))
_SID = re.compile(r"""["']?SID["']?\s*:\s*["']?(\w+)""")
_TREE = re.compile(r"""["']?TREE["']?\s*:\s*(?=\[)""")
_NAME = re.compile(r"年报|年度报告")


def recognises(page: Page) -> bool:
    return "/gkmlpt/" in page.url and ("_CONFIG" in page.text or '"articles"' in page.text)


def read(page: Page) -> Listing:
    if page.step is None:
        return Listing(further=_first(page))
    if page.status != 200:
        return Listing()
    try:
        answer = json.loads(page.text.lstrip("﻿"))
    except ValueError:
        return Listing()
    articles = answer.get("articles") if isinstance(answer, dict) else None
    rows = tuple(_rows(articles if isinstance(articles, list) else [], page.url))
    if not rows:
        return Listing()
    number = int(page.step.state["page"]) + 1
    return Listing(rows, (_step(page.step.state["api"], page.step.state["sid"], number),))


def _first(page: Page) -> tuple[Step, ...]:
    """The first API page of each annual-report column that the shell leads to."""
    sid = _SID.search(page.text)
    if not sid:
        return ()
    home = page.url.split("/gkmlpt/")[0]
    fragment = urlsplit(page.url).fragment.strip("/")
    columns = [fragment] if fragment.isdigit() else [str(node["id"]) for node in _nodes(_tree(page.text))]
    return tuple(_step(f"{home}/gkmlpt/api/all/{column}", sid[1], 1) for column in dict.fromkeys(columns))


def _step(api: str, sid: str, number: int) -> Step:
    state = {"api": api, "sid": sid, "page": str(number)}
    return Step(f"{api}?page={number}&sid={sid}", headers={"Accept": "application/json"}, state=state)


def _tree(text: str) -> list[Any]:
    match = _TREE.search(text)
    if not match:
        return []
    try:
        tree, _ = json.JSONDecoder().raw_decode(text, match.end())
    except ValueError:
        return []
    return tree if isinstance(tree, list) else []


def _nodes(tree: list[Any]) -> Iterator[dict[str, Any]]:
    """Nodes named like an annual-report column; children of such a node (years, departments) belong to it."""
    stack = list(reversed(tree))
    while stack:
        node = stack.pop()
        if not isinstance(node, dict) or "id" not in node:
            continue
        children = node.get("children")
        if _NAME.search(str(node.get("name", ""))):
            yield node
        stack += reversed(children) if isinstance(children, list) else []


def _rows(articles: list[Any], url: str) -> Iterator[Row]:
    for article in articles:
        if not isinstance(article, dict) or not article.get("url"):
            continue
        date = article.get("date")
        day = datetime.fromtimestamp(date, UTC).astimezone(_BEIJING).date().isoformat() if isinstance(date, int) else ""
        title, publisher = str(article.get("title") or ""), str(article.get("publisher") or "")
        yield Row(urljoin(url, str(article["url"])), title, day, publisher)


PLATFORM = Platform("gkmlpt", recognises, read)
