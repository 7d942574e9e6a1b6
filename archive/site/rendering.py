"""How a value looks in Datasette's tables: links to our own pages and to http(s) addresses, numbers to the right.

Everything else is text, whatever it looks like: only what is made here is markup, and it is put together by escaping.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup

_PAGES = {"report_id": "report", "agency_id": "agency"}
_SHOWN = 48
"""Characters of an address that are shown; the whole is in the link and in its title."""


def cell(value: object, column: str, row: Mapping[str, Any]) -> Markup | None:
    """The markup of a cell; None leaves it to Datasette."""
    if value is None:
        return Markup('<span class="null">null</span>')
    if isinstance(value, dict):
        return None  # a foreign key with its label, which Datasette links
    if isinstance(value, bool | int | float):
        page = _PAGES.get(column)
        if page and isinstance(value, int):
            return Markup('<a class="number" href="/{}/{}">{}</a>').format(page, value, value)
        return Markup('<span class="number">{}</span>').format(value)
    if not isinstance(value, str):
        return None
    if column == "agency":
        for name, page in (("agency_id", "agency"), ("report_id", "report")):
            if isinstance(number := _get(row, name), int):
                return Markup('<a href="/{}/{}">{}</a>').format(page, number, value)
    return link(value) if value[:8].lower().startswith(("http://", "https://")) else None


def link(url: str) -> Markup:
    """A link to an address of the web, or its text where it is none that a browser should follow."""
    shown = url.strip()
    try:
        parts = urlsplit(shown)
    except ValueError:
        return Markup("{}").format(url)
    if parts.scheme not in ("http", "https") or not parts.netloc or any(c.isspace() for c in shown):
        return Markup("{}").format(url)
    short = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
    return Markup('<a class="outside" href="{}" title="{}" rel="noopener noreferrer nofollow">{}</a>').format(
        shown, shown, short
    )


def _get(row: Mapping[str, Any], name: str) -> object:
    try:
        return row[name]
    except (KeyError, IndexError):
        return None
