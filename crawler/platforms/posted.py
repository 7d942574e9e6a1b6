"""Pagers that set the number of the page in a form and send it (gtapp, Struts and many of their time).

Signs: `<form action="nrglIndex.action?…"><input name="cpage">`, `javascript:gopage(2)`, and a function that sets the
field and submits the form. The field's name is one of a few; all other fields go along as they stand.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode, urljoin

from crawler.platforms.base import Listing, Page, Platform, Step, words_of
from crawler.platforms.generic import following
from crawler.platforms.links import links

_FIELD = re.compile(
    r"^(?:[\w.]*\.)?(?:c?page|pageno|pageindex|pagenum|pagenumber|page_no|currentpage|currpage|curpage|nowpage|pn)$",
    re.IGNORECASE,
)
_TURN = re.compile(r"[A-Za-z_$][\w$.]*\(\s*['\"]?(\d{1,4})['\"]?\s*\)")
_NEXT = re.compile(r"^\W*(?:下一?页|后一?页)\W*$")


def recognises(page: Page) -> bool:
    return ".submit()" in page.text and _form(page) is not None


def read(page: Page) -> Listing:
    rows = tuple(links(page))
    if following(page, rows) is not None:
        return Listing(rows)
    form, number = _form(page), int(page.step.state.get("number", "1")) + 1 if page.step else 2
    if form is None or not _leads_on(page, number):
        return Listing(rows)
    return Listing(rows, (_step(page, form, number),))


def _form(page: Page) -> tuple[Any, str] | None:
    """The form with a field for the page's number, and the name of that field."""
    if page.tree is None:
        return None
    for form in page.tree.iter("form"):
        for element in form.iter("input", "select"):
            if _FIELD.match(element.get("name") or ""):
                return form, element.get("name")
    return None


def _leads_on(page: Page, number: int) -> bool:
    """Whether a link turns to that page."""
    assert page.tree is not None
    for anchor in page.tree.iter("a"):
        found = _TURN.search((anchor.get("href") or "") + (anchor.get("onclick") or ""))
        words = words_of(anchor).strip()
        if found and (int(found[1]) == number and (words == str(number) or _NEXT.match(words))):
            return True
    return False


def _step(page: Page, found: tuple[Any, str], number: int) -> Step:
    form, name = found
    fields = [
        (element.get("name"), str(number) if element.get("name") == name else _value(element))
        for element in form.iter("input", "select")
        if element.get("name") and (element.get("type") or "").lower() not in ("submit", "button", "image", "reset")
    ]
    action = urljoin(page.url, form.get("action") or page.url)
    if (form.get("method") or "get").lower() == "get":
        return Step(f"{action.split('?')[0]}?{urlencode(fields)}", state={"number": str(number)})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Referer": page.url}
    return Step(action, "POST", urlencode(fields), headers, {"number": str(number)})


def _value(element: Any) -> str:
    if element.tag == "input":
        return element.get("value") or ""
    chosen = [option for option in element.iter("option") if option.get("selected") is not None]
    chosen = chosen or list(element.iter("option"))[:1]
    return (chosen[0].get("value") or "") if chosen else ""


PLATFORM = Platform("posted", recognises, read)
