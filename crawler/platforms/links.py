"""Links of an HTML page as rows of a listing: full titles, absolute URLs, the date beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urldefrag, urljoin

import lxml.html
from lxml import etree

from crawler.platforms.base import Row

_DATE = re.compile(r"(20\d{2})[-年/.](\d{1,2})[-月/.](\d{1,2})")
_NOT_FOLLOWED = ("javascript:", "mailto:", "data:", "file:", "ftp:", "tel:", "#")
_CUT = re.compile(r"(?:\.{2,}|…+)$")


def parse(text: str) -> Any | None:
    """The tree of an HTML text; None when there is nothing in it."""
    try:
        return lxml.html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def links(text: str, url: str) -> Iterator[Row]:
    """Every link of a page in order, each URL once; fragments dropped, scripts and mail left out."""
    root = parse(text)
    if root is None:
        return
    base = root.find(".//base[@href]")
    home = urljoin(url, base.get("href")) if base is not None else url
    seen = set()
    for anchor in root.iter("a"):
        row = _row(anchor, home)
        if row is not None and row.url not in seen:
            seen.add(row.url)
            yield row


def _row(anchor: Any, home: str) -> Row | None:
    href = (anchor.get("href") or "").strip()
    if not href or href.lower().startswith(_NOT_FOLLOWED):
        return None
    try:
        target = urldefrag(urljoin(home, href)).url
    except ValueError:
        return None
    shown = re.sub(r"\s+", " ", anchor.text_content()).strip()
    whole = re.sub(r"\s+", " ", anchor.get("title") or "").strip()
    title = whole if whole and (_CUT.search(shown) or len(whole) > len(shown)) else shown
    return Row(target, title, _date_beside(anchor))


def _date_beside(anchor: Any) -> str:
    """The date in the row around a link: in its list item or table row, not further out."""
    for element in (anchor, *anchor.iterancestors("li", "tr", "dd", "dl", "p")):
        match = _DATE.search(element.text_content())
        if match:
            return f"{match[1]}-{int(match[2]):02d}-{int(match[3]):02d}"
        if element.tag in ("li", "tr", "dd"):
            break
    return ""
