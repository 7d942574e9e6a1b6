"""亳州 Xxgk: lists by organ and category in `page_N.html`, annual reports in an address space of their own.

As the software does it: `/XxgkContent/showList/<organ>/<category>/page_1.html`, where category 0 is everything that an
organ publishes; reports lie at `/XxgkAnnualReport/show/<id>.html`, with a breadcrumb of organ and 政府信息公开年报 and
a line 发布时间 / 来源 / 字体; some bodies have lost the 年 and 月 of their period (自202511日起至20251231日止). On some
hosts the reports of all organs stand in one category, on others each organ has its list. Synthetic: the directory of
organs, the addresses of other documents (`/XxgkContent/show/<id>.html`) and of columns outside the disclosure branch.
"""

import re
from dataclasses import dataclass
from html import escape

from crawler.sample_portal.columns import Section, by_agency, tree
from crawler.sample_portal.documents import Document
from crawler.sample_portal.families.built import Built, articles_of
from crawler.sample_portal.families.pages import gone_page
from crawler.sample_portal.frame import Frame, screens
from crawler.sample_portal.invented import Plan
from crawler.sample_portal.site import Page, Site

_SIZES = "字体：[<a href='javascript:;'>大</a> <a href='javascript:;'>中</a> <a href='javascript:;'>小</a>]"


def build(plan: Plan) -> Built:
    """A host with one list for all organs, or one for each."""
    columns = tree(plan, split=False)
    organs = dict.fromkeys(columns.walk(), 1)
    if plan.chance(0.5):
        by_agency(plan, columns)
        organs |= {section: n for n, section in enumerate(columns.reports.children, 2)}
    host = _Bozhou(organs, {fact.number for fact in plan.facts}, plan.chance(0.4))
    frame = Frame(plan, columns, host.column_path, host.article_path)
    pages = frame.common_pages()
    gone = gone_page(plan)
    for section in columns.walk():
        pages |= host.column(frame, section)
        for document in section.documents:
            path = host.article_path(section, document)
            pages[path] = gone if document.gone else host.article(frame, section, document)
    return Built(Site(pages), host.column_path(columns.reports), "bozhou", articles_of(plan, frame))


@dataclass
class _Bozhou:
    """One host: the organ of each column, the numbers of the reports, and whether some bodies lost 年 and 月."""

    organs: dict[Section, int]
    reports: set[int]
    broken: bool

    def column_path(self, section: Section) -> str:
        """The first page of a column."""
        return self._file(section, 1)

    def article_path(self, section: Section, document: Document) -> str:
        """Reports have a path of their own, wherever they are listed."""
        kind = "XxgkAnnualReport" if document.number in self.reports or document.gone else "XxgkContent"
        return f"/{kind}/show/{document.number}.html"

    def column(self, frame: Frame, section: Section) -> dict[str, Page]:
        """All pages of a column."""
        title = f"{section.name}-{frame.plan.name}"
        if not section.documents:
            return {self._file(section, 1): frame.encoded(frame.page(title, frame.hub(section), section))}
        groups = screens(section.documents, frame.plan.page_size)
        return {
            self._file(section, number): frame.encoded(
                frame.page(title, _rows(frame, section, group) + self._pager(section, number, len(groups)), section)
            )
            for number, group in enumerate(groups, 1)
        }

    def article(self, frame: Frame, section: Section, document: Document) -> Page:
        """The page of a document."""
        body = document.body
        if self.broken and document.number % 3 == 0:
            body = re.sub(r"自(\d{4})年1月1日起至\d{4}年12月31日止", r"自\g<1>11日起至\g<1>1231日止", body)
        organ = document.source.removesuffix("人民政府")
        crumbs = f'<div class="xxgk_crumb">{escape(organ)} &gt; {section.name}</div>'
        info = f"发布时间:{document.dated.isoformat()} 09:52 来源:{escape(frame.source(document))} {_SIZES}"
        inner = f'{crumbs}<div class="detail_content" id="zoom">\n{body}\n</div>'
        return frame.encoded(frame.article_page(section, document, inner, info), document)

    def _file(self, section: Section, page: int) -> str:
        if section.parent is None and not section.children:
            return f"/News/showList/{section.number}/page_{page}.html"
        category = 0 if self.organs[section] > 1 else section.number
        return f"/XxgkContent/showList/{self.organs[section]}/{category}/page_{page}.html"

    def _pager(self, section: Section, page: int, count: int) -> str:
        numbers = "".join(
            f'<span class="current">{n}</span>' if n == page else f'<a href="{self._file(section, n)}">{n}</a>'
            for n in range(1, count + 1)
        )
        after = f'<a href="{self._file(section, page + 1)}">下一页</a>' if page < count else ""
        return f'<div class="pages">{numbers}{after}</div>'


def _rows(frame: Frame, section: Section, group: list[Document]) -> str:
    rows = "\n".join(f"<li>{frame.anchor(section, d)}<span>{frame.day(d)}</span></li>" for d in group)
    return f'<ul class="xxgk_list">\n{rows}\n</ul>\n'
