"""大汉 Hanweb JPaaS: a column's rows come as HTML inside JSON, from one endpoint for all components of all pages.

As the vendor does it: `unitbuild.js` carries the endpoint in `url` and the component's keys as single-quoted
pseudo-JSON in `queryData` (`bulidstatic` is the vendor's spelling); GET with these keys and `paramJson`, which holds
`pageNo` and `pageSize`, gives `{"success":true,"data":{"html":".."}}`. Some deployments want bare `pageNo` and `rows`
instead; some ignore both and always give the first page (here that page holds every report). The pager is
`div.pagination` with `rows` and `count`; a page past the end is empty; `title` attributes may hold a newline; a column
mixes articles at `/art/Y/M/D/art_C_N.html` with newer ones at `<column>/art/Y/art_<hex32>.html`, on some hosts below a
folder that is named for a year and goes on being used. Synthetic: whether the first rows also stand in the page, and
the answer to unknown keys.
"""

import json
from dataclasses import replace
from functools import partial
from math import ceil

from crawler.sample_portal.columns import Section, tree
from crawler.sample_portal.documents import Document
from crawler.sample_portal.families.asked import positive
from crawler.sample_portal.families.built import Built, articles_of
from crawler.sample_portal.families.hanweb_art import DOWNLOAD, Arts, art_path
from crawler.sample_portal.families.pages import all_pages, digest
from crawler.sample_portal.frame import Frame
from crawler.sample_portal.invented import Plan
from crawler.sample_portal.site import Page, Site

UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit"
_PAGING = ("paramJson", "bare", "ignored")


def build(plan: Plan) -> Built:
    """A host that pages in one of the three ways."""
    moved = plan.pick(plan.years)
    folder = plan.slug("", "", f"{plan.years[0]}n/", "xznb/")
    frame = Frame(plan, tree(plan), _column_path, partial(_article_path, moved, folder))
    lists, arts = _Units(frame), Arts(frame)
    pages = all_pages(frame, lists.column, arts.body)
    site = Site(pages, {UNIT: lists.answer, DOWNLOAD: arts.download})
    return Built(site, _column_path(frame.tree.reports), "jpaas", articles_of(plan, frame), arts.files.alone())


def _column_path(section: Section) -> str:
    return f"{section.path}index.html"


def _article_path(moved: int, folder: str, section: Section, document: Document) -> str:
    """At the old address until the year in which the site moved to the new software."""
    year = document.published.year
    if year <= moved:
        return art_path(section, document)
    return f"{section.path}{folder}art/{year}/art_{digest(document)}.html"


class _Units:
    """The list components of one host."""

    def __init__(self, frame: Frame) -> None:
        plan = frame.plan
        self._frame = frame
        self._paging = _PAGING[(plan.seed + plan.host_number) % len(_PAGING)]
        self._static = plan.chance(0.5)
        self._common = {"webId": plan.hex32(), "tplSetId": plan.hex32()}
        self._tag = plan.pick(("当前栏目列表", "列表分页", "信息列表"))
        self._pages = {plan.hex32(): section for section in frame.tree.walk()}

    def column(self, section: Section) -> dict[str, str]:
        """The page of a column: a script that knows where the rows come from."""
        main = self._component(section) if section.documents else self._frame.hub(section)
        return {_column_path(section): self._frame.page(f"{section.name}_{self._frame.plan.name}", main, section)}

    def answer(self, fields: dict[str, str]) -> Page:
        """One page of rows."""
        section = self._pages.get(fields.get("pageId", ""))
        if section is None or fields.get("webId") != self._common["webId"]:
            return _json({"success": False, "message": "页面不存在"})
        size = self._rows(section)
        number = 1
        if self._paging == "bare":
            number, size = positive(fields.get("pageNo"), 1), positive(fields.get("rows"), size)
        elif self._paging == "paramJson":
            asked = _object(fields.get("paramJson", ""))
            number, size = positive(asked.get("pageNo"), 1), positive(asked.get("pageSize"), size)
        return _json({"success": True, "data": {"html": self._html(section, number, size)}})

    def _component(self, section: Section) -> str:
        page = next(key for key, known in self._pages.items() if known is section)
        keys = {**self._common, "pageId": page, "tagId": self._tag, "pageType": "column"}
        keys |= {"parseType": "bulidstatic", "editType": "null"}
        query = json.dumps(keys, ensure_ascii=False, separators=(",", ":")).replace('"', "'")
        first = self._html(section, 1, self._rows(section)) if self._static else ""
        return (
            f'<div id="list_{section.number}">{first}</div>\n'
            f'<script src="/jpaas-res/AuthorizedRead/unitbuild.js" url="{UNIT}" queryData="{query}"></script>'
        )

    def _rows(self, section: Section) -> int:
        """Rows of a page; where paging is ignored, enough for every report of the column."""
        size = self._frame.plan.page_size
        if self._paging != "ignored":
            return size
        reports = {fact.number for fact in self._frame.plan.facts}
        last = max((n for n, d in enumerate(section.documents, 1) if d.number in reports), default=1)
        return max(size, last)

    def _html(self, section: Section, number: int, size: int) -> str:
        documents = section.documents[(number - 1) * size : number * size]
        rows = "\n".join(self._row(section, document) for document in documents)
        total = len(section.documents)
        pager = f'<div class="pagination" rows="{size}" count="{total}" pages="{ceil(total / size)}"></div>'
        return f'<div class="page-content"><ul>\n{rows}\n</ul></div>\n{pager}'

    def _row(self, section: Section, document: Document) -> str:
        href = self._frame.link(self._frame.article(section, document))
        broken = document
        if document.title.startswith(document.source) and document.number % 3 == 0:
            title = f"{document.source}\n{document.title.removeprefix(document.source)}"
            broken = replace(document, title=title)
        return f"<li>{self._frame.anchor(section, broken, href)}<span>{self._frame.day(document)}</span></li>"


def _json(answer: object) -> Page:
    return Page(json.dumps(answer, ensure_ascii=False).encode(), "application/json;charset=UTF-8")


def _object(text: str) -> dict[str, object]:
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
