"""All that an HTML page points to, as rows: links, image maps, frames, click handlers, and the choices of its
selects.

Portals hide addresses in `onclick`, `data-url` and `<option>`; whatever would take a visitor somewhere is a row here.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from lxml import etree

from crawler.platforms.base import By, Page, Row, words_of
from crawler.platforms.calls import address_of
from crawler.platforms.selects import choices
from crawler.platforms.signs import Sign

_DATE = re.compile(r"(20\d{2})[-年/.](\d{1,2})[-月/.](\d{1,2})")
_MOMENT = re.compile(_DATE.pattern + r"日?(?:\s+(\d{1,2}:\d{2}(?::\d{2})?))?")
_NOT_FOLLOWED = ("mailto:", "data:", "file:", "ftp:", "tel:", "about:", "blob:", "#")
_CUT = re.compile(r"(?:\.{2,}|…+)$")
_QUOTED = re.compile(r"""["']([^"'<>\s]{2,500})["']""")
_PATH = re.compile(
    r"^(?:https?:)?//[^/]|^\.{0,2}/[\w.%~-]|^[\w%~.-]+/[\w%~./?=&-]*$|^\?\w+=|\.(?:s?html?|jsp|aspx?|php|do|action)(?:\?|$)",
    re.IGNORECASE,
)
_DATA = ("data-url", "data-href", "data-link", "data-src")
_SAYS_NOTHING = re.compile(
    r"^\W*(?:点击)?(?:查看|下载|浏览|阅读|详情|详细|打开|进入|预览|正文|全文|附件)(?:全文|详情|更多|附件|报告|年报)?\W*$"
    r"|^\W*20\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?\W*$"
)
_WIDEST = 120
"""Characters of a row that still tell what its link is; more is a paragraph, or the page."""

_FORWARDS = re.compile(
    r"""(?:(?:window|self|top|parent|document)\.)?location(?:\.href)?\s*=\s*["']([^"'<>]+)["']"""
    r"""|location\.(?:replace|assign)\s*\(\s*["']([^"'<>]+)["']""",
)
# A piece of a page that a script puts in: $("#tree").load("/module/xxgk/tree.jsp?area=…").
_LOADS = re.compile(r"""\.load\(\s*["']([^"'\s<>]+)["']""")
_LITERAL = re.compile(r"""\"(?:[^"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'""")
_MENU_FILE = re.compile(r"(?:^|[/_-])(?:\w*(?:menu|nav|tree|left|head|top|daohang))\w*\.js(?:\?|$)", re.IGNORECASE)
# A node of a menu or tree in a script: {id: 11, pId: 1, name: "财政局", url: "/xxgk/dept0/index.html"}.
_NODE = re.compile(r"\{[^{}]{10,600}\}")
# The same as one string (MzTreeView), and a row of a list as an array: ['/zwgk/nb/1.html', 'title', '2024-01-15'].
_TREE_TEXT = re.compile(r"text:([^;\"']{2,60});[^\"']{0,200}?url:([^;\"']+)")
_ENTRY = re.compile(
    r"""\[\s*["']([^"'\s]{2,300}\.\w{2,5})["']\s*,\s*["']([^"']{4,120})["']\s*(?:,\s*["'](20\d\d[-/]\d\d[-/]\d\d)["'])?"""
)
_NODE_NAME = re.compile(r"""(?:name|title|text|label)["']?\s*:\s*["']([^"'<>]{2,60})["']""")
_NODE_URL = re.compile(r"""(?:url|href|link)["']?\s*:\s*["']([^"'<>\s]+)["']""")
# 云南: the pager is a string in base64 that a script decodes.
_ENCODED = re.compile(r"[A-Za-z0-9+/]{40,}={0,2}")
_REFRESH = re.compile(r"""^\s*[\d.]*\s*[;,]\s*url\s*=\s*["']?\s*([^"'>]+)""", re.IGNORECASE)
_POINTING = ("a", "area", "input", "button", "iframe", "frame", "select")
_HANDLES = ("onclick", *_DATA)
_HANDLED = Sign(re.compile("|".join(_HANDLES), re.IGNORECASE), _HANDLES)
_POINTING_OR_HANDLED: Any = etree.XPath(
    "|".join(f"//{tag}" for tag in _POINTING) + "".join(f"|//@{name}/.." for name in _HANDLES)
)
_FEW_WORDS = 200
"""Characters of visible text below which a page that forwards or frames another stands only for that one."""


def links(page: Page) -> Iterator[Row]:
    """What the page points to, in order, each address once; fragments dropped, mail and bare scripts left out."""
    root = page.tree
    if root is None and urlsplit(page.url).path.endswith(".js"):
        # A menu in a file of its own.
        root = Page(page.url, f"<html><script>{page.text}</script></html>").tree
    if root is None:
        return
    home = _home(root, page.url)
    seen = set()
    for row in _all(root, home, page):
        if row.url not in seen:
            seen.add(row.url)
            yield row


def links_in(fragment: str, url: str) -> Iterator[Row]:
    """The same for a piece of HTML that came inside something else."""
    return links(Page(url, f"<html><body>{fragment}</body></html>"))


def forward(page: Page) -> Row | None:
    """Where a page sends its visitors instead of saying anything itself; None when it speaks."""
    root = page.tree
    if root is None or _says_something(root):
        return None
    home = _home(root, page.url)
    targets = [match[1] for meta in root.iter("meta") if (match := _refreshes(meta))]
    targets += [
        one or other for script in root.iter("script") for one, other in _FORWARDS.findall(_at_once(script.text or ""))
    ]
    targets += [one or other for one, other in _FORWARDS.findall(root.get("onload") or "")]
    body = root.find(".//body")
    if body is not None:
        targets += [one or other for one, other in _FORWARDS.findall(body.get("onload") or "")]
    for target in targets:
        url = _absolute(home, target)
        if url:
            return Row(url, "", by="forward")
    return None


def _all(root: Any, home: str, page: Page) -> Iterator[Row]:
    if "atob" in page.text:
        for encoded in _ENCODED.findall(page.text):
            yield from _decoded(encoded, page.url)
    for script in root.iter("script"):
        yield from _scripted(script.text or "", home)
        if _MENU_FILE.search(script.get("src") or ""):
            yield from _row(script, script.get("src"), home, "frame")
    for element in _pointing(root, page):
        tag = element.tag
        if tag in ("a", "area"):
            for target in _targets(element, page.text):
                yield from _row(element, target, home)
        elif tag in ("input", "button") and not element.get("onclick"):
            yield from _row(element, _action(element), home)
        elif tag in ("iframe", "frame"):
            for name in ("src", "data-src"):
                yield from _row(element, element.get(name) or "", home, "frame")
        elif tag == "select":
            for title, target in choices(element, page.url, page.text):
                url = _absolute(home, target)
                if url:
                    yield Row(url, title, by="option")
        elif element.get("onclick") or any(element.get(name) for name in _DATA):
            for target in _hidden(element, page.text):
                yield from _row(element, target, home)


def _pointing(root: Any, page: Page) -> Iterable[Any]:
    """All elements that may lead somewhere, in order: a few among the thousand cells of a report."""
    found: Iterable[Any] = _POINTING_OR_HANDLED(root) if page.may_bear(_HANDLED) else root.iter(*_POINTING)
    return found


def _scripted(script: str, home: str) -> Iterator[Row]:
    """What a script puts into the page: pieces that it loads, links that it prints, nodes of a tree with names."""
    for target in _LOADS.findall(script):
        url = _absolute(home, target)
        if url:
            yield Row(url, "", by="frame")
    if "</a>" in script:
        for literal in _LITERAL.findall(script):
            if "<a" in literal and "</a>" in literal:
                yield from links_in(re.sub(r"\\(.)", r"\1", literal[1:-1]), home)
    for one, other in _TREE_TEXT.findall(script):
        url = _absolute(home, other)
        if url:
            yield Row(url, _plain(one))
    for target, title, day in _ENTRY.findall(script):
        url = _absolute(home, target)
        if url:
            yield Row(url, _plain(title), day.replace("/", "-"))
    for node in _NODE.findall(script):
        name, target = _NODE_NAME.search(node), _NODE_URL.search(node)
        url = _absolute(home, _unescaped(target[1])) if name and target and _PATH.search(target[1]) else None
        if name and url:
            yield Row(url, _plain(_unescaped(name[1])))


def _action(button: Any) -> str:
    """Where a form without fields leads, whose button is nothing but a link; '' for other forms."""
    form = next(button.iterancestors("form"), None)
    submits = (button.get("type") or ("submit" if button.tag == "button" else "text")).lower() == "submit"
    if form is None or not submits or (form.get("method") or "get").lower() != "get":
        return ""
    fields = [field for field in form.iter("input", "select", "textarea") if (field.get("type") or "text") != "submit"]
    return "" if fields else (form.get("action") or "")


def _unescaped(text: str) -> str:
    """A string of a script with its escapes undone."""
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)), text).replace("\\/", "/")


def _decoded(encoded: str, url: str) -> Iterator[Row]:
    """The links in a piece of HTML that the page holds in base64."""
    try:
        html = base64.b64decode(encoded, validate=True).decode("utf-8")
    except ValueError:
        return
    if "<a" in html:
        yield from links_in(html, url)


def _targets(anchor: Any, text: str) -> Iterator[str]:
    """The address of a link: its own, or, where that is a script or nothing, the one that its click leads to."""
    href = (anchor.get("href") or "").strip()
    if href and not href.lower().startswith(("javascript:", "#")):
        yield href
        return
    yield from _hidden(anchor, text)
    if href.lower().startswith("javascript:"):
        yield from _clicked(href, text)


def _hidden(element: Any, text: str) -> Iterator[str]:
    for name in _DATA:
        value = (element.get(name) or "").strip()
        if value and _PATH.search(value):
            yield value
    yield from _clicked((element.get("onclick") or "").replace("this.id", f"'{element.get('id')}'"), text)


def _clicked(code: str, text: str) -> Iterator[str]:
    """Addresses in a handler: written out, or put together by the function that it calls."""
    written = [target for target in _QUOTED.findall(code) if _PATH.search(target) and not target.endswith("=")]
    yield from written
    if not written and "(" in code and "doPostBack" not in code:
        address = address_of(code, text)
        if address:
            yield address


def _row(element: Any, target: str, home: str, by: By = "link") -> Iterator[Row]:
    url = _absolute(home, target)
    if url:
        yield Row(url, "", by=by) if by == "frame" else Row(url, _title(element), _date_beside(element), by=by)


def _absolute(home: str, target: str) -> str | None:
    target = re.sub(r"[\t\r\n]", "", target).strip()
    if not target or target.lower().startswith((*_NOT_FOLLOWED, "javascript:")):
        return None
    try:
        url = urljoin(home, target.replace("\\", "/"))
        # gkmlpt and others name their column in the fragment; elsewhere it is a place on the page.
        return url if re.search(r"#/?\d+$", url) and "/gkmlpt/" in url else urldefrag(url).url
    except ValueError:
        return None


def _title(element: Any) -> str:
    shown = _words(element)
    if not shown:
        shown = _plain(element.get("alt") or element.get("value")) or " ".join(
            filter(None, (_plain(image.get("alt") or image.get("title")) for image in element.iter("img")))
        )
    whole = _plain(element.get("title"))
    title = whole if whole and (_CUT.search(shown) or len(whole) > len(shown)) else shown
    if not title or _SAYS_NOTHING.match(title):
        return _row_words(element) or title
    return title


def _row_words(element: Any) -> str:
    """The words of the row in which a link stands that itself says only 查看 or 下载."""
    for row in element.iterancestors("li", "tr", "dd", "dl", "p"):
        words = _words(row)
        if len(words) <= _WIDEST and not _SAYS_NOTHING.match(words):
            return _DATE.sub("", words.replace(_words(element), "")).strip() if words else ""
        break
    return ""


def _words(element: Any) -> str:
    return _plain(words_of(element))


def _plain(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "").strip()


def _date_beside(element: Any) -> str:
    """The date, and the time if any, in the row around a link: in its list item or table row, not further out."""
    for around in (element, *element.iterancestors("li", "tr", "dd", "dl", "p")):
        match = _MOMENT.search(words_of(around))
        if match:
            return f"{match[1]}-{int(match[2]):02d}-{int(match[3]):02d} {match[4] or ''}".rstrip()
        if around.tag in ("li", "tr"):
            break
    return ""


def _home(root: Any, url: str) -> str:
    base = root.find(".//base[@href]")
    try:
        return urljoin(url, base.get("href").strip()) if base is not None else url
    except ValueError:
        return url


def _says_something(root: Any) -> bool:
    body = root.find(".//body")
    if body is None:
        return False
    total = 0
    for element in body.iter():
        if isinstance(element.tag, str) and element.tag not in ("script", "style", "noscript", "title"):
            total += len((element.text or "").strip())
        total += len((element.tail or "").strip()) if element is not body else 0
        if total > _FEW_WORDS:
            return True
    return False


def _at_once(script: str) -> str:
    """A script without the functions that somebody has to call."""
    return re.sub(r"\bfunction\s+\w+\s*\([^)]*\)\s*\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}", "", script)


def _refreshes(meta: Any) -> re.Match[str] | None:
    if (meta.get("http-equiv") or "").strip().lower() != "refresh":
        return None
    return _REFRESH.match(meta.get("content") or "")
