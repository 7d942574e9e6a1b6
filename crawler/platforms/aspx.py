"""ASP.NET portals: lists by GET, or by posting the page's form back to itself.

Signs: `*.aspx`, `__VIEWSTATE`, `__doPostBack('AspNetPager1','2')`.
Paging by GET: `InfoPublic.aspx?cid=1019&pid=971&page=1&kw=`, the last page linked from the pager. By postback: POST
the form with its hidden fields (`__VIEWSTATE`, `__VIEWSTATEGENERATOR`, `__EVENTVALIDATION`, fresh from each page),
`__EVENTTARGET=AspNetPager1` and `__EVENTARGUMENT=2`; the pager says 第1/2页. The text of no government page of this
kind was seen: the component's own documentation is the source.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode, urljoin

from crawler.platforms.base import Listing, Page, Platform, Step, words_of
from crawler.platforms.generic import following
from crawler.platforms.links import links

_POSTBACK = re.compile(
    r"__doPostBack\(\s*(?:'|&#39;|\")([^'\"&]*)(?:'|&#39;|\")\s*,\s*(?:'|&#39;|\")([^'\"&]*)(?:'|&#39;|\")"
)
_NEXT = re.compile(r"^\W*(?:下一?页|后一?页|next)\W*$", re.IGNORECASE)


def recognises(page: Page) -> bool:
    return "__VIEWSTATE" in page.text or "__doPostBack" in page.text


def read(page: Page) -> Listing:
    rows = tuple(links(page))
    step = following(page, rows) or _posted(page)
    return Listing(rows, (step,) if step else ())


def _posted(page: Page) -> Step | None:
    """The next page by postback: what the link 下一页 posts, else the number after the present one."""
    if page.tree is None:
        return None
    number = int(page.step.state.get("number", "1")) + 1 if page.step else 2
    by_word = by_number = None
    for anchor in page.tree.iter("a"):
        found = _POSTBACK.search(anchor.get("href") or "") or _POSTBACK.search(anchor.get("onclick") or "")
        if not found or anchor.get("disabled") is not None:
            continue
        words = words_of(anchor).strip()
        if _NEXT.match(words):
            by_word = by_word or (found[1], found[2])
        elif found[2] == str(number) or words == str(number):
            by_number = by_number or (found[1], found[2])
    target = by_word or by_number
    return _form(page, *target, number) if target else None


def _form(page: Page, target: str, argument: str, number: int) -> Step | None:
    form = next((form for form in page.tree.iter("form") if _field(form, "__VIEWSTATE") is not None), None)  # type: ignore[union-attr]
    if form is None:
        return None
    fields = [
        (element.get("name"), element.get("value") or "")
        for element in form.iter("input")
        if element.get("name")
        and (element.get("type") or "text").lower() in ("hidden", "text")
        and element.get("name") not in ("__EVENTTARGET", "__EVENTARGUMENT")
    ]
    body = urlencode([("__EVENTTARGET", target), ("__EVENTARGUMENT", argument), *fields])
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Referer": page.url}
    action = urljoin(page.url, form.get("action") or page.url)
    return Step(action, "POST", body, headers, {"number": str(number)})


def _field(form: Any, name: str) -> Any | None:
    return next((element for element in form.iter("input") if element.get("name") == name), None)


PLATFORM = Platform("aspx", recognises, read)
