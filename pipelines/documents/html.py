"""HTML to paragraphs and grids, in reading order, with what the page says about itself.

The grid is expanded by the HTML table algorithm on lxml's tree, so that a merged cell (it starts elsewhere) and an
empty cell (it starts here and holds nothing) stay different. Whatever surrounds the article is told apart by
structure: the article is the smallest element that holds all numbered headings and tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any
from urllib.parse import urljoin

from lxml import etree

from pipelines.documents.limits import LONGEST_LINE, MOST_BLOCKS, MOST_TAGS, document_cut
from pipelines.documents.tables import is_data_table, rows_of, table_rows
from pipelines.documents.words import CellTexts, element_text, hides, is_hidden
from pipelines.forms.values import looks_like_value
from pipelines.headings import looks_numbered
from pipelines.model import Attachment, Document, Grid, Issue, Paragraph
from pipelines.normalize.characters import mend_characters

BLOCKS = frozenset(
    "address article aside blockquote body br caption center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6"
    " header hr li main nav ol option p pre section table tbody td tfoot th thead tr ul ucapcontent ucaptitle".split()
)
"""Elements that begin and end a line."""
SKIPPED = frozenset("script style noscript template head select textarea button svg object embed iframe title".split())
"""Elements whose words are none of the page's text."""
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_FILE = re.compile(r"\.(pdf|docx?|xlsx?|wps|et|ofd|rtf|zip|rar|7z)(?:$|[?#&])", re.IGNORECASE)
# 博达 shows a report that is only a PDF by a script: showVsbpdfIframe("/virtual_attach_file.vsb?…&e=.pdf", …).
_VIEWER = re.compile(r"""show\w*(?:pdf|doc)\w*\(\s*["']([^"']+)["']""", re.IGNORECASE)
# 拓尔思 has the files of some articles only in a script: file_appendix='<a href=./P0202….docx>附件.docx</a>'.
_WRITTEN = re.compile(
    r"""<a\b[^<>]*\bhref=\\?["']?([^"'\s<>\\]+\.(?:pdf|docx?|xlsx?|wps|et|ofd|rtf|zip|rar))\\?["']?[^<>]*>([^<>]*)</a>""",
    re.IGNORECASE,
)
# Addresses that hand out files without an ending of their own.
_DOWNLOAD = re.compile(r"downfile|download(?:file|attach)?\.(?:jsp|do|aspx|action)|virtual_attach", re.IGNORECASE)
_ICON = re.compile(r"icon|logo|ico\d|/images?/(?:fj|pdf|doc)|qrcode|blank\.gif", re.IGNORECASE)
_DEEPEST = 2000
# What such a field has in it is seen: not what is hidden, a button, or to be ticked.
_FIELDS: Any = etree.XPath(
    "//*[self::td or self::th]//input[@value and (not(@type) or @type = 'text' or @type = 'number' or @type = '')]"
)


@dataclass(slots=True)
class _Found:
    """A block and the element that it came from."""

    block: Paragraph | Grid
    element: Any


@dataclass(frozen=True, slots=True)
class Parsed:
    """The elements of a page, None of what has none, and what was left out of them."""

    root: Any | None
    issues: tuple[Issue, ...] = ()


def read_html(text: str, url: str = "", parsed: Parsed | None = None) -> Document:
    """The document of one HTML page; an empty document for input without any markup or text.

    `parsed` are its elements, for who has them; they stay as they are.
    """
    parsed = parsed or parse_html(text)
    root, issues = parsed.root, list(parsed.issues)
    if root is None:
        return Document((), "html", issues=tuple(issues))
    body = root.find("body")
    found = _limited(_blocks(body if body is not None else root, issues, hiding=hides(text)), issues)
    article = _article(found)
    inside = [item.block for item in found if article is None or _within(item.element, article)]
    lead = [item.block for item in _before(found, article) if isinstance(item.block, Paragraph)]
    scope = article if article is not None else root
    return Document(
        blocks=tuple(inside),
        kind="html",
        title=_title(root),
        metas=_metas(root),
        lead=tuple(lead),
        attachments=tuple(_attachments(root, scope, url)),
        images=sum(not _ICON.search(image.get("src") or "") for image in scope.iter("img")),
        issues=tuple(issues),
    )


def parse_html(text: str) -> Parsed:
    """The elements of a page, without comments and instructions."""
    text, is_cut = _within_tags(text)
    issues = [document_cut()] if is_cut else []
    parser = etree.HTMLParser(huge_tree=True, remove_pis=True, remove_comments=True)
    try:
        root = etree.fromstring(_XML_DECLARATION.sub("", text), parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return Parsed(None)
    if root is None:
        return Parsed(None)
    cut = any("depth" in entry.message.lower() for entry in parser.error_log)
    if cut:
        message = f"elements nested deeper than {_DEEPEST} were dropped by the parser"
        issues.append(Issue("parse_truncated", "warning", message))
    if "<input" in text or "<INPUT" in text:
        _show_fields(root)
    return Parsed(root, tuple(issues))


def _show_fields(root: Any) -> None:
    """Fields of cells that show a value have it as their text: a table that came out of the form it was filled in."""
    for field in _FIELDS(root):
        value = field.get("value").strip()
        if looks_like_value(value):
            field.tag, field.text = "span", value


def _within_tags(text: str) -> tuple[str, bool]:
    """A page up to where it has more tags than are parsed, and whether that is not all of it."""
    if text.count("<") <= MOST_TAGS:
        return text, False
    last = next(islice(re.finditer("<", text), MOST_TAGS, None))
    return text[: last.start()], True


def _limited(found: Iterator[_Found], issues: list[Issue]) -> list[_Found]:
    """The blocks of a page up to where it has more than is read."""
    kept: list[_Found] = []
    for item in found:
        too_long = isinstance(item.block, Paragraph) and len(item.block.text) > LONGEST_LINE
        if not too_long and len(kept) < MOST_BLOCKS:
            kept.append(item)
            continue
        if document_cut() not in issues:
            issues.append(document_cut())
        if len(kept) >= MOST_BLOCKS:
            break
    return kept


def _blocks(body: Any, issues: list[Issue], *, hiding: bool) -> Iterator[_Found]:
    """Paragraphs and grids in document order; iterative, because pages nest deeper than Python likes to recurse."""
    words: list[tuple[str, bool]] = []  # text, and whether it is part of a link
    owner = body
    grids = anchors = 0
    numbers: dict[Any, int] = {}
    texts: CellTexts | None = None  # of the outermost table that is open

    def flush() -> Iterator[_Found]:
        line = " ".join(mend_characters("".join([text for text, _ in words])).split())
        linked = bool(line) and all(link for text, link in words if not text.isspace())
        words.clear()
        if line:
            yield _Found(Paragraph(line, numbers.setdefault(owner, len(numbers)), linked), owner)

    walk = etree.iterwalk(body, events=("start", "end"))
    for event, element in walk:
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if tag in SKIPPED or (hiding and is_hidden(element)):
                walk.skip_subtree()
                continue
            if tag in BLOCKS:
                if words:
                    yield from flush()
                owner = element
            anchors += tag == "a"
            own = rows_of(element, hiding=hiding) if tag == "table" else []
            if own and texts is None:
                texts = CellTexts(element, hiding=hiding)
            if own and texts is not None and is_data_table(element, own, texts):
                grids += 1
                rows, cut = table_rows(element, own, texts)
                if cut:
                    issues.append(Issue("table_cut", "warning", f"table {grids} has more cells than are read"))
                yield _Found(Grid(grids, rows), element)
                walk.skip_subtree()
                texts = None if texts.table is element else texts
            elif element.text:
                words.append((element.text, anchors > 0))
        else:
            if texts is not None and texts.table is element:
                texts = None
            if tag in BLOCKS:
                if words:
                    yield from flush()
                parent = element.getparent()
                owner = parent if parent is not None else body
            anchors -= tag == "a"
            if element is not body and element.tail:
                words.append((element.tail, anchors > 0))
    yield from flush()


def _article(found: list[_Found]) -> Any | None:
    """The smallest element that holds every landmark (numbered heading, real table); None without landmarks."""
    marks = [
        item.element
        for item in found
        if (isinstance(item.block, Grid) and len(item.block.rows) >= 3)
        or (isinstance(item.block, Paragraph) and looks_numbered(item.block.text))
    ]
    if len(marks) < 2:
        return None
    above = [marks[0], *marks[0].iterancestors()]
    place = {element: number for number, element in enumerate(above)}
    lowest = 0
    for mark in marks[1:]:
        around = chain((mark,), mark.iterancestors())
        lowest = max(lowest, next(place[element] for element in around if element in place))
    return above[lowest]


def _within(element: Any, article: Any) -> bool:
    return element is article or any(ancestor is article for ancestor in element.iterancestors())


def _before(found: list[_Found], article: Any | None) -> list[_Found]:
    if article is None:
        return []
    before = []
    for item in found:
        if _within(item.element, article):
            break
        before.append(item)
    return before


def _title(root: Any) -> str:
    title = next(root.iter("title"), None)
    return element_text(title).replace("\n", " ") if title is not None else ""


def _metas(root: Any) -> dict[str, str]:
    """Meta tags by lower-case name; placeholders that portals leave in count as missing."""
    metas: dict[str, str] = {}
    for meta in root.iter("meta"):
        name, content = (meta.get("name") or "").strip().lower(), (meta.get("content") or "").strip()
        if name and content and content.lower() != "null" and content != "网站名称":
            metas.setdefault(name, content)
    return metas


def _attachments(root: Any, scope: Any, url: str) -> Iterator[Attachment]:
    """Files that the article links to, and those that it shows in a frame or by a viewer's script."""
    base = next(root.iter("base"), None)
    home = urljoin(url, base.get("href") or "") if base is not None else url
    seen = set()
    for href, label in (*_links(scope), *_shown(root)):
        if href.lower().startswith(("javascript:", "mailto:", "#", "data:")):
            continue
        if _FILE.search(href) or _FILE.search(label) or _DOWNLOAD.search(href):
            try:
                target = urljoin(home, href)
            except ValueError:
                continue
            if target not in seen:
                seen.add(target)
                yield Attachment(target, label)


def _links(scope: Any) -> Iterator[tuple[str, str]]:
    for link in scope.iter("a"):
        if link.get("href"):
            yield link.get("href").strip(), element_text(link).replace("\n", " ")


def _shown(root: Any) -> Iterator[tuple[str, str]]:
    for frame in root.iter("iframe", "embed", "object"):
        target = frame.get("src") or frame.get("data")
        if target:
            yield target.strip(), ""
    for script in root.iter("script"):
        for match in _VIEWER.finditer(script.text or ""):
            yield match[1], ""
        for match in _WRITTEN.finditer(script.text or ""):
            yield match[1], match[2].strip()
