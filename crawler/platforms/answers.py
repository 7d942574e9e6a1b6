"""Answers of list services in JSON: every vendor names the same few things in other words.

Titles, addresses and dates are found by the names that such answers use, at whatever depth the list lies; so one
reader serves all of them, and a vendor's next version, too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from urllib.parse import urljoin

from crawler.platforms.base import Row

_BEIJING = timezone(timedelta(hours=8))
_URLS = (
    "chnldocurl",
    "docpuburl",
    "docurl",
    "url",
    "infourl",
    "link",
    "linkurl",
    "href",
    "path",
    "visiturl",
    "htmlurl",
    "puburl",
    "pageurl",
    "filepath",
)
_TITLES = ("realtitle", "doctitle", "title", "showtitle", "infotitle", "name", "subject", "bt")
_PUBLISHERS = (
    "publisher",
    "docsourcename",
    "puborg",
    "orgname",
    "deptname",
    "organname",
    "source",
    "contentsource",
    "fbjg",
)
_DATES = (
    "publishedtimestr",
    "published_time_format",
    "docreltime",
    "releasetime",
    "pubdate",
    "publishedtime",
    "publishdate",
    "infodate",
    "trs_time",
    "date",
    "fbrq",
    "time",
    "createtime",
    "showdate",
)
_DAY = re.compile(r"(20\d{2})[-年/.](\d{1,2})[-月/.](\d{1,2})")
_TAG = re.compile(r"<[^>]+>")
_PAGES = ("totalpages", "totalpage", "pagecount", "pages", "totalpagenum")
_TOTALS = (
    "total",
    "totalcount",
    "allrow",
    "totalrecord",
    "recordcount",
    "totalelements",
    "count",
    "rowcount",
    "totalnum",
    "num",
)


def parsed(text: str) -> Any | None:
    """The value of a JSON answer, whether bare, with a byte order mark, or wrapped in a callback (JSONP); else None."""
    text = text.strip().lstrip("\ufeff")
    wrapped = re.match(r"^[\w$.]+\s*\(\s*(.*?)\s*\)\s*;?\s*$", text, re.DOTALL)
    try:
        value = json.loads(wrapped[1] if wrapped else text)
        return json.loads(value) if isinstance(value, str) and value[:1] in "{[" else value
    except (ValueError, RecursionError):
        return None


def rows(answer: Any, url: str) -> tuple[Row, ...]:
    """The rows of the first list in an answer whose entries have an address and a title."""
    for entries in _lists(answer):
        found = tuple(row for entry in entries if isinstance(entry, dict) and (row := _row(entry, url)) is not None)
        if found:
            return found
    return ()


def pages(answer: Any, size: int) -> int | None:
    """How many pages of that size the list has, by what the answer says itself; None when it does not."""
    for mapping in _mappings(answer):
        known = {str(name).lower(): value for name, value in mapping.items()}
        for name in _PAGES:
            if (number := _number(known.get(name))) is not None:
                return number
        for name in _TOTALS:
            if (number := _number(known.get(name))) is not None and size > 0:
                return -(-number // size)
    return None


def html_in(answer: Any) -> str:
    """A piece of HTML that an answer carries as a string; '' when there is none."""
    for value in _strings(answer):
        if "<a" in value or "<record" in value or "<li" in value:
            return value
    return ""


def _row(entry: Mapping[str, Any], url: str) -> Row | None:
    known = {str(name).lower(): value for name, value in entry.items()}
    target = _first(known, _URLS)
    title = _TAG.sub("", _first(known, _TITLES))
    if not target or not title or ("/" not in target and "." not in target):
        return None
    try:
        absolute = urljoin(url, target)
    except ValueError:
        return None
    return Row(absolute, re.sub(r"\s+", " ", title).strip(), _date(known), _first(known, _PUBLISHERS))


def _first(known: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next(
        (str(known[name]).strip() for name in names if isinstance(known.get(name), str) and known[name].strip()), ""
    )


def _date(known: Mapping[str, Any]) -> str:
    for name in _DATES:
        value = known.get(name)
        if isinstance(value, str):
            day = _DAY.search(value)
            if day:
                return f"{day[1]}-{int(day[2]):02d}-{int(day[3]):02d}"
            value = int(value) if value.isdigit() and len(value) in (10, 13) else None
        if isinstance(value, int) and not isinstance(value, bool):
            seconds = value / 1000 if value > 10**11 else value  # epoch milliseconds or seconds
            if 10**9 < seconds < 10**10:
                return datetime.fromtimestamp(seconds, UTC).astimezone(_BEIJING).date().isoformat()
    return ""


def _number(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else None


def _lists(value: Any, depth: int = 0) -> Iterator[list[Any]]:
    """Lists from the outside in."""
    if depth > 6:
        return
    if isinstance(value, list):
        yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for item in list(inner)[:200]:
        if isinstance(item, (dict, list)):
            yield from _lists(item, depth + 1)
        elif isinstance(item, str) and item[:1] in "{[" and len(item) > 20:
            yield from _lists(parsed(item), depth + 1)


def _mappings(value: Any, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, dict) and depth <= 3:
        yield value
        for item in value.values():
            if isinstance(item, str) and item[:1] == "{":
                item = parsed(item)
            yield from _mappings(item, depth + 1)


def _strings(value: Any, depth: int = 0) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif depth <= 6:
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        for item in list(inner)[:50]:
            yield from _strings(item, depth + 1)
