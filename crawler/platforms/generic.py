"""What every page is read by, whatever software made it: all that it points to, and a pager of some common kind.

Pagers, the surest first: a link 下一页; links with the numbers of pages, of which the one after the present page is
taken; a script that only tells how many pages there are (`totalPage: 4`), beside pages called `index_2.html`
(Shanghai, from 2) or `index_1.html` (from 1), tried in that order. A pager that only runs a script is out of reach.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from crawler.platforms.base import Listing, Page, Platform, Row, Step
from crawler.platforms.links import forward, links
from crawler.platforms.signs import Sign

_NEXT = re.compile(
    r"^[\s<\[【(（]*(?:下一?[页頁]|后一[页頁]|翻[后下][页頁]|next(?:\s*page)?|&gt;|[>›»]{1,2})[\s>›»\]】)）]*$",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"^\W*(?:第\s*)?(\d{1,4})(?:\s*页)?\W*$")
_TOTAL = Sign(
    re.compile(
        r"""\b(?:totalPages?|pageCount|countPage|page_?count|total_?page|pagetotal|allPage)["']?\s*[:=]\s*["']?(\d{1,4})\b""",
        re.IGNORECASE,
    ),
    ("totalpage", "total_page", "pagecount", "page_count", "countpage", "pagetotal", "allpage"),
)
_COUNTED = re.compile(r"(?:共|总共|共有|总计)\s*(\d{1,4})\s*页|第?\s*1\s*/\s*(\d{1,4})\s*页")
_NUMBERED = re.compile(r"^(.*?)(?:_(\d{1,4}))?(\.s?html?|\.jhtml)$", re.IGNORECASE)
_LAYPAGE = Sign(re.compile(r"laypage(?:\.render)?\s*\(\s*\{[^{}]*"), ("laypage",))
_CURRENT = Sign(re.compile(r"[\"']([^\"'\s]*[?&_/=-])[\"']\s*\+\s*obj\.curr"), ("obj.curr",))
_MOST = 500
"""Pages that a script may announce and be believed."""


def read(page: Page) -> Listing:
    if page.status != 200:
        return Listing(further=tuple(_other_numbering(page)))
    ahead = forward(page)
    found = tuple(links(page))
    rows = (ahead, *found) if ahead else found
    return Listing(rows, tuple(_further(page, found))[:1])


def following(page: Page, rows: tuple[Row, ...]) -> Step | None:
    """The page after this one by its links alone: 下一页, or the next number."""
    for row in rows:
        if _NEXT.match(row.title) and row.by == "link" and row.url != page.url:
            return Step(row.url, state={"number": str(_present(page) + 1)})
    number = _present(page) + 1
    for row in rows:
        match = _NUMBER.match(row.title)
        if match and int(match[1]) == number and row.by in ("link", "option") and _alike(row.url, page.url):
            return Step(row.url, state={"number": str(number)})
    return None


def _further(page: Page, rows: tuple[Row, ...]) -> Iterator[Step]:
    step = following(page, rows)
    if step is not None:
        yield step
        return
    yield from _announced(page)


def _present(page: Page) -> int:
    """The number of the page, from 1."""
    return int(page.step.state.get("number", "1")) if page.step else 1


def _alike(one: str, other: str) -> bool:
    """Whether two addresses can be pages of one list: one host, and one folder or one program."""
    first, second = urlsplit(one), urlsplit(other)
    if first.netloc != second.netloc or one == other:
        return False
    return (
        first.path == second.path
        or urljoin(first.path, ".").startswith(urljoin(second.path, "."))
        or urljoin(second.path, ".").startswith(urljoin(first.path, "."))
    )


def _announced(page: Page) -> Iterator[Step]:
    """Pages that are not linked, only counted by a script."""
    drawn = page.search(_LAYPAGE)
    if drawn and (turn := page.search(_CURRENT)):
        yield from _drawn(page, drawn[0], turn[1])
        return
    if page.step and "count" in page.step.state:
        count, number, first = (int(page.step.state[name]) for name in ("count", "number", "first"))
    else:
        told = page.search(_TOTAL)
        if not told:
            return
        count, number, first = int(told[1]), 1, 2
    if not number < count <= _MOST:
        return
    yield _numbered(
        page.step.state["stem"] if page.step and "stem" in page.step.state else page.url, count, number + 1, first
    )


def _drawn(page: Page, options: str, address: str) -> Iterator[Step]:
    """The next page of a pager that laypage draws from the number of rows and the rows of a page."""
    told = {name: int(value) for name, value in re.findall(r"(count|limit)\s*:\s*[\"']?(\d+)", options)}
    number = _present(page) + 1
    if told.get("limit") and number <= -(-told.get("count", 0) // told["limit"]):
        yield Step(urljoin(page.url, f"{address}{number}"), state={"number": str(number)})


def _numbered(stem: str, count: int, number: int, first: int) -> Step:
    """Page `number` of `count`; the second one is called `_first`."""
    parts = urlsplit(stem)
    name = parts.path.rsplit("/", 1)[1]
    match = _NUMBERED.match(name)
    prefix, ending = (match[1], match[3]) if match else ("index", ".html")
    url = urljoin(stem, f"{prefix}_{number - 2 + first}{ending}")
    state = {"count": str(count), "number": str(number), "first": str(first), "stem": stem}
    return Step(url, state=state)


def _other_numbering(page: Page) -> Iterator[Step]:
    """A counted page that is not there: the other way of numbering for the second page, else the page after it."""
    if page.step is None or "count" not in page.step.state:
        return
    state = page.step.state
    count, number, first = (int(state[name]) for name in ("count", "number", "first"))
    if number == 2 and first == 2:
        yield _numbered(state["stem"], count, 2, 1)
    elif number < count:
        yield _numbered(state["stem"], count, number + 1, first)


PLATFORM = Platform("generic", lambda page: True, read)
