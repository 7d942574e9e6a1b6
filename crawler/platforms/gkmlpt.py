"""广东 gkmlpt (政府信息公开目录平台): a shell page with the tree of columns in a script, listings from a JSON API.

Signs: `/gkmlpt/index`, `window._CONFIG` with `SID` and `TREE`. The column's id is the fragment of its URL
(`/gkmlpt/index#21023`); without one it is the node of the tree that is named 政府信息公开年报, with the nodes below
it.
Paging: GET `/gkmlpt/api/all/<column>?page=N&sid=SID` (page 0 equals page 1), until a page has no articles or answers
404. Some deployments answer 404 from page 2 on, and `post_count` can exceed what is listed: nothing else tells the
end.
Rows: `articles[].url`, `title`, `publisher`, `date` (epoch seconds of midnight in Beijing). A node's `jump_url` leads
to a page elsewhere. Articles: `/gkmlpt/content/3/3255/post_3255421.html`, the body escaped in `_CONFIG.DETAIL` or in
`.article-content`, attachments `a.nfw-cms-attachment`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

from crawler.platforms import answers
from crawler.platforms.base import Listing, Page, Platform, Row, Step

_SID = re.compile(r"""["']?SID["']?\s*:\s*["']?(\w+)""")
_TREE = re.compile(r"""["']?TREE["']?\s*:\s*(?=\[)""")
_NAME = re.compile(r"年报|年度报告")
_OTHER = re.compile(r"网站|报表|法治|统计|企业|财政|解读")


def recognises(page: Page) -> bool:
    return "/gkmlpt/" in page.url and "_CONFIG" in page.text and _SID.search(page.text) is not None


def read(page: Page) -> Listing:
    if page.step is None or "api" not in page.step.state:
        return _shell(page)
    if page.status != 200:
        return Listing()
    answer = answers.parsed(page.text)
    rows = answers.rows(answer, page.url)
    state = page.step.state
    have = int(state["have"]) + len(rows)
    classify = answer.get("classify") if isinstance(answer, dict) else None
    count = classify.get("post_count") if isinstance(classify, dict) else None
    if not rows or (isinstance(count, int) and have >= count > 0):
        return Listing(rows)
    return Listing(rows, (_step(state["home"], state["node"], state["sid"], int(state["page"]) + 1, have),))


def _shell(page: Page) -> Listing:
    """The first API page of each annual-report column that the shell leads to."""
    sid = _SID.search(page.text)
    if not sid or "/gkmlpt/" not in page.url:
        return Listing()
    home = page.url.split("/gkmlpt/")[0]
    tree = _tree(page.text)
    nodes = list(_nodes(tree))
    named = [str(node["id"]) for node in nodes]
    fragment = urlsplit(page.url).fragment.strip("/")
    # A fragment of another column (the disclosure section at large) says nothing about where the reports are.
    asked = fragment.isdigit() and (fragment in named or not named or not _has(tree, fragment))
    columns = [fragment] if asked else named
    jumps = tuple(
        Row(urljoin(page.url, str(node["jump_url"])), str(node.get("name", "")))
        for node in nodes
        if node.get("jump_url")
    )
    return Listing(jumps, columns=tuple(_step(home, column, sid[1], 1, 0) for column in dict.fromkeys(columns)))


def _step(home: str, node: str, sid: str, number: int, have: int) -> Step:
    state = {"api": "all", "home": home, "node": node, "sid": sid, "page": str(number), "have": str(have)}
    url = f"{home}/gkmlpt/api/all/{node}?page={number}&sid={sid}"
    return Step(url, headers={"Accept": "application/json"}, state=state, alias=f"{home}/gkmlpt/index#{node}")


def _has(tree: list[Any], identity: str) -> bool:
    stack = list(tree)
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            if str(node.get("id")) == identity:
                return True
            children = node.get("children")
            stack += children if isinstance(children, list) else []
    return False


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
    """Nodes named like an annual-report column, and all nodes (years, departments) below one."""
    stack = [(node, False) for node in reversed(tree)]
    while stack:
        node, inside = stack.pop()
        if not isinstance(node, dict) or "id" not in node:
            continue
        name = str(node.get("name", ""))
        inside = inside or bool(_NAME.search(name) and not _OTHER.search(name))
        if inside:
            yield node
        children = node.get("children")
        stack += [(child, inside) for child in reversed(children)] if isinstance(children, list) else []


PLATFORM = Platform("gkmlpt", recognises, read)
