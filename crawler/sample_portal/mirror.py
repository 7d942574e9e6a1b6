"""A rogue mirror: somebody else's pages under somebody else's name, with the original paths kept.

As such sites do it: pages are copied whole and their text runs through the software described in `scripts`; the list
page is the mirror's own, in simplified characters apart from the copied titles. It copies the two reports whose facts
name it, and is the only source of one more. Its trust in the table of portals is `mirror`.
"""

from collections.abc import Iterable
from dataclasses import replace
from html import escape

from crawler.sample_portal import trs
from crawler.sample_portal.chrome import Chrome
from crawler.sample_portal.documents import Document, distractors, report
from crawler.sample_portal.facts import Fact
from crawler.sample_portal.scripts import mirrored, mirrored_page
from crawler.sample_portal.site import Page, Site, at, robots

COLUMN = "/zwgk/zfxxgk/zfxxgknb/index.html"
_SECOND = "/zwgk/zfxxgk/zfxxgknb/index_2.html"
_PER_PAGE = 5
_ORPHAN = Chrome("苏州市姑苏区人民政府", "政府信息公开年报", "/gsqrmzf/zfxxgknb/", "姑苏区数据局")


def build(facts: Iterable[Fact]) -> Site:
    """The host; pages are UTF-8."""
    originals = [*(report(f) for f in facts if "mirror" in f.mirrors), *distractors("青禾县", [2023])]
    copies = {trs.article_path("zfxxgknb", d): (d, trs.article_html("zfxxgknb", d)) for d in originals}
    for document in (report(f) for f in facts if f.portal == "mirror"):
        day = document.published
        path = f"/gsqrmzf/zfxxgknb/{day:%Y%m}/t{day:%Y%m%d}_{document.number}.html"
        copies[path] = (document, _ORPHAN.article(document, f'<div class="TRS_Editor">\n{document.body}\n</div>'))
    rows = [_row(path, document) for path, (document, _) in copies.items()]
    home = f'<html><head><title>青禾便民网</title></head><body><a href="{COLUMN}">政府信息公开年报</a></body></html>'
    pages = {
        "/robots.txt": robots(),
        "/index.html": Page(home.encode()),
        COLUMN: _list(rows[:_PER_PAGE], f'<a class="next" href="{_SECOND}">下一页</a>'),
        _SECOND: _list(rows[_PER_PAGE:], f'<a class="prev" href="{COLUMN}">上一页</a>'),
    }
    for path, (document, html) in copies.items():
        pages[path] = Page(mirrored_page(html).encode(), modified=at(document.published))
    return Site(pages)


def copied(facts: Iterable[Fact]) -> list[Fact]:
    """Facts of any portal as the mirror copies them."""
    return [replace(fact, mirrors=("mirror",)) for fact in facts]


def _row(path: str, document: Document) -> str:
    return f'<li><a href="{path}">{escape(mirrored(document.title))}</a> {document.published.isoformat()}</li>'


def _list(rows: list[str], pager: str) -> Page:
    lines = "\n".join(rows)
    html = (
        '<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>政府信息公开年报-青禾便民网</title></head>\n'
        "<body>\n"
        f'<h1>政府信息公开年报</h1>\n<ul>\n{lines}\n</ul>\n<div class="pager">{pager}</div>\n'
        '<p><a href="/">返回首页</a></p>\n</body></html>\n'
    )
    return Page(html.encode())
