"""拓尔思 TRS WCM: static list pages whose pager exists only as inline JavaScript.

Signs: `countPage = 3` or `createPageHTML(3, 0, "index", "html")` in a script; articles
`./202401/t20240126_2748784.html`.
Paging: `index.html`, `index_1.html` … `index_{n-1}.html` in the column's folder (0-based; the script gives the count,
the prefix and the extension). The Jiangsu dialect puts a selector and a total first: `createPageHTML('page_div',
total, current, 'prefix', 'shtml', count)`, and counts from 1. A page may be missing inside the known count: the next
one is asked for all the same.
Quirks: rows point into other columns and hosts, and to twins `…_wap.html`; a deleted document answers 200 with a
refresh to `../`; bodies sit in `TRS_Editor`, `trs_editor_view` and relatives, in any order of class names;
attachments `./P0202….docx` lie beside the article.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urljoin, urlsplit

from crawler.platforms.base import Listing, Page, Platform, Step
from crawler.platforms.links import links
from crawler.platforms.signs import Sign

_COUNT = Sign(re.compile(r"\bcountPage\s*=\s*(\d+)"), ("countPage",))
_CURRENT = re.compile(r"\bcurrentPage\s*=\s*(\d+)")
_CREATE = Sign(
    re.compile(r"""createPage(?:HTML)?\(\s*(\d+)\s*,\s*(\d+)\s*,\s*["']([\w-]+)["']\s*,\s*["'](\w+)["']"""),
    ("createPage",),
)
_CREATE_JIANGSU = Sign(
    re.compile(
        r"""createPageHTML\(\s*["'][\w-]+["']\s*,\s*(\d+)\s*,\s*(\d+)\s*,\s*["']([\w-]+)["']\s*,\s*["'](\w+)["']"""
    ),
    ("createPageHTML(",),
)
_PREFIX = re.compile(r"""["'](\w+?)["']?\s*\+?\s*["']?_["']?\s*\+\s*nextPage""")
_EXTENSION = re.compile(r"\.(s?html?)$")
_MOST = 1000


def recognises(page: Page) -> bool:
    return any(page.search(sign) for sign in (_COUNT, _CREATE, _CREATE_JIANGSU))


def read(page: Page) -> Listing:
    if page.status != 200:
        return Listing(further=_after(page.step.state) if page.step else ())
    return Listing(tuple(links(page)), _next(page))


def _next(page: Page) -> tuple[Step, ...]:
    """The page after this one, while the script's count allows it."""
    found = page.search(_CREATE)
    dialect = None if found else page.search(_CREATE_JIANGSU)
    if found or dialect:
        match = found or dialect
        assert match is not None
        count, current, prefix, extension = int(match[1]), int(match[2]), match[3], match[4]
    else:
        plain = page.search(_COUNT)
        if not plain:
            return ()
        here = _CURRENT.search(page.text)
        count, current = int(plain[1]), int(here[1]) if here else 0
        named = _PREFIX.search(page.text)
        prefix = named[1] if named else "index"
        ending = _EXTENSION.search(urlsplit(page.url).path)
        extension = ending[1] if ending else "html"
    if dialect:
        current = max(current, 1)  # some say 0 for the first page, and still call the second one `_2`
    last = min(count, _MOST) if dialect else min(count, _MOST) - 1
    folder = urljoin(page.url, ".")
    return _after(
        {"folder": folder, "prefix": prefix, "extension": extension, "number": str(current), "last": str(last)}
    )


def _after(state: Mapping[str, str]) -> tuple[Step, ...]:
    """The page behind the one that `state` stands for."""
    known = dict(state)
    if "last" not in known or int(known["number"]) >= int(known["last"]):
        return ()
    number = int(known["number"]) + 1
    url = f"{known['folder']}{known['prefix']}_{number}.{known['extension']}"
    return (Step(url, state={**known, "number": str(number)}, promised=True),)


PLATFORM = Platform("trs", recognises, read)
