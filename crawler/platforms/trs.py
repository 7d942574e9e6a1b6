"""拓尔思 TRS WCM: static list pages whose pager exists only as inline JavaScript.

Signs: `countPage = 3` or `createPageHTML(3, 0, "index", "html")` in a script; articles
`./202401/t20240126_2748784.html`.
Paging: `index.html`, `index_1.html` … `index_{n-1}.html` in the column's folder (0-based; the script gives the count,
the prefix and the extension). The Jiangsu dialect puts a selector and a total first: `createPageHTML('page_div', total,
current, 'prefix', 'shtml', count)`.
Quirks: rows point into other columns and hosts; a deleted document answers 200 with a refresh to `../`; bodies sit in
`TRS_Editor`, `trs_editor_view` and relatives, in any order of class names.
"""

from __future__ import annotations

import re
from urllib.parse import urljoin

from crawler.platforms.base import Listing, Page, Platform, Step
from crawler.platforms.links import links

_COUNT = re.compile(r"\bcountPage\s*=\s*(\d+)")
_CURRENT = re.compile(r"\bcurrentPage\s*=\s*(\d+)")
_CREATE = re.compile(r"""createPage(?:HTML)?\(\s*(\d+)\s*,\s*(\d+)\s*,\s*["'](\w+)["']\s*,\s*["'](\w+)["']""")
_CREATE_JIANGSU = re.compile(
    r"""createPageHTML\(\s*["'][\w-]+["']\s*,\s*(\d+)\s*,\s*(\d+)\s*,\s*["'](\w+)["']\s*,\s*["'](\w+)["']"""
)
_PREFIX = re.compile(r"""["'](\w+?)["']?\s*\+?\s*["']?_["']?\s*\+\s*nextPage""")
_EXTENSION = re.compile(r"\.(s?html?)(?:$|\?)")


def recognises(page: Page) -> bool:
    return bool(_COUNT.search(page.text) or _CREATE.search(page.text) or _CREATE_JIANGSU.search(page.text))


def read(page: Page) -> Listing:
    return Listing(tuple(links(page.text, page.url)), _next(page))


def _next(page: Page) -> tuple[Step, ...]:
    """The page after this one, while the script's count allows it."""
    found = _CREATE.search(page.text)
    dialect = None if found else _CREATE_JIANGSU.search(page.text)
    first = 1 if dialect else 0
    if found or dialect:
        match = found or dialect
        assert match is not None
        count, current, prefix, extension = int(match[1]), int(match[2]), match[3], match[4]
    else:
        plain = _COUNT.search(page.text)
        if not plain:
            return ()
        here = _CURRENT.search(page.text)
        count, current = int(plain[1]), int(here[1]) if here else 0
        named = _PREFIX.search(page.text)
        prefix = named[1] if named else "index"
        ending = _EXTENSION.search(page.url)
        extension = ending[1] if ending else "html"
    number = current + 1
    if number >= count + first:
        return ()
    return (Step(urljoin(page.url, f"{prefix}_{number}.{extension}")),)


PLATFORM = Platform("trs", recognises, read)
