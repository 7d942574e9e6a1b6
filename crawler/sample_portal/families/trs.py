"""拓尔思 TRS WCM: static list pages; how many there are, and what they are called, only a script says.

As the vendor does it: `index.html, index_1.html, ..` counted from 0, with the count in `countPage` or in
`createPageHTML(count, current, "index", "html")`; in 江苏
`createPageHTML('page_div',count,current,'list','shtml',rows)` with `list.shtml, list_2.shtml, ..`. Rows are a table, a
list, or a table with 索引号 and 发布机构; links begin with `./`, and some lead into another column; the same report
may be listed once more as `.._wap.html` or with `?isMobile=false`. Synthetic: that a list page in the middle is
missing (it would hold no report), and what stands there.
"""

from collections.abc import Callable
from dataclasses import replace
from html import escape
from posixpath import dirname, relpath, splitext

from crawler.sample_portal.columns import Section, Tree, tree
from crawler.sample_portal.documents import Document
from crawler.sample_portal.families.built import Built, articles_of
from crawler.sample_portal.families.trs_doc import Docs, doc_name
from crawler.sample_portal.frame import Frame, screens
from crawler.sample_portal.invented import Plan
from crawler.sample_portal.site import Page, Site
from crawler.sample_portal.trs import called_pager, inline_pager

_DIALECTS = ("inline", "called", "jiangsu")


def build(plan: Plan) -> Built:
    """A host in one of the three dialects."""
    host = _Trs(plan)
    frame, docs = host.frame, Docs(host.frame)
    pages = frame.common_pages() | docs.pages()
    for section in frame.tree.walk():
        pages |= host.column(section)
        pages |= {host.twin(path): pages[path] for path in host.twinned(section) if host.wap}
    return Built(Site(pages), frame.column(frame.tree.reports), "trs", articles_of(plan, frame), docs.files.alone())


class _Trs:
    """One host: its dialect, which reports are listed twice or lie elsewhere, and which list page is missing."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._dialect = _DIALECTS[(plan.seed + plan.host_number) % len(_DIALECTS)]
        jiangsu = self._dialect == "jiangsu"
        self._name = plan.slug("list", "xxgk_list", "index") if jiangsu else "index"
        self._extension = "shtml" if jiangsu else "html"
        self._article_extension = plan.slug("html", "htm", "shtml")
        self._rows = plan.pick((_table, _list, _register))
        columns = tree(plan)
        self._missing = _choose_missing(plan, columns) if plan.chance(0.5) else {}
        numbers = [fact.number for fact in plan.facts]
        self._elsewhere = set(plan.rng.sample(numbers, plan.rng.choice((0, 1, 2))))
        self._other_folder = f"/gszbm/auto{plan.number(10_000, 30_000)}/"
        self._twins = set(plan.rng.sample(numbers, plan.rng.choice((0, 1, 2))))
        self.wap = plan.chance(0.6)
        self._folders = plan.chance(0.5)
        self.frame = Frame(plan, columns, self._linked, self._article_path)
        _add_missing(plan, columns, self._missing)

    def path(self, section: Section) -> str:
        """The first page of a column."""
        return f"{section.path}{self._name}.{self._extension}"

    def column(self, section: Section) -> dict[str, Page]:
        """The pages of a column by path, without the missing one; its folder stands for the first."""
        pages = self._lists(section)
        return {f"{section.path}index.html": pages[self.path(section)], **pages}

    def twinned(self, section: Section) -> list[str]:
        """The paths of the documents of a column that have a twin."""
        return [self._article_path(section, d) for d in section.documents if d.number in self._twins]

    def twin(self, path: str) -> str:
        """The other address of a document."""
        stem, extension = splitext(path)
        return f"{stem}_wap{extension}" if self.wap else f"{path}?isMobile=false"

    def _lists(self, section: Section) -> dict[str, Page]:
        if not section.documents:
            return {self.path(section): self._page(section, self.frame.hub(section))}
        groups = screens(section.documents, self._plan.page_size)
        pages = {}
        for number, group in enumerate(groups):
            if number != self._missing.get(section.number):
                rows = self._rows([row for document in group for row in self._listed(section, document)])
                main = f'{rows}\n<div class="page">{self._pager(number, len(groups), len(section.documents))}</div>'
                pages[section.path + self._file(number)] = self._page(section, main)
        return pages

    def _linked(self, section: Section) -> str:
        """A column as links name it: by its folder on some hosts."""
        return section.path if self._folders else self.path(section)

    def _article_path(self, section: Section, document: Document) -> str:
        folder = self._other_folder if document.number in self._elsewhere else section.path
        return folder + doc_name(document, self._article_extension)

    def _file(self, number: int) -> str:
        if number == 0:
            return f"{self._name}.{self._extension}"
        return f"{self._name}_{number + (self._dialect == 'jiangsu')}.{self._extension}"

    def _pager(self, number: int, count: int, total: int) -> str:
        if self._dialect == "inline":
            return inline_pager(number, count)
        if self._dialect == "called":
            return called_pager(number, count)
        call = f"createPageHTML('page_div',{count},{number + 1},'{self._name}','{self._extension}',{total});"
        return f'<div id="page_div"></div>\n<script>{call}</script>'

    def _listed(self, section: Section, document: Document) -> list[tuple[str, Document, str]]:
        """The row of a document and that of its twin: link, document, date."""
        path = self._article_path(section, document)
        href = f"./{relpath(path, dirname(self.path(section)))}"
        if document.number in self._elsewhere:
            href = self._plan.origin + path
        hrefs = [href, self.twin(href)] if document.number in self._twins else [href]
        day = self.frame.day(document)
        return [(self.frame.anchor(section, document, where), document, day) for where in hrefs]

    def _page(self, section: Section, main: str) -> Page:
        return self.frame.encoded(self.frame.page(f"{section.name}_{self._plan.name}", main, section))


Row = tuple[str, Document, str]
Rows = Callable[[list[Row]], str]


def _table(rows: list[Row]) -> str:
    lines = "\n".join(
        f'<tr valign="top"><td width="25"><img src="/images/ico2.jpg"></td>\n<td width="550">\n{link}\n</td>\n'
        f"<td>\n{day}\n</td></tr>"
        for link, _, day in rows
    )
    return f'<table class="gl_list" width="682" border="0"><tbody>\n{lines}\n</tbody></table>'


def _list(rows: list[Row]) -> str:
    lines = "\n".join(f"<li>{link}<span>{day}</span></li>" for link, _, day in rows)
    return f'<ul class="list">\n{lines}\n</ul>'


def _register(rows: list[Row]) -> str:
    heads = "".join(f'<th height="35">{name}</th>' for name in ("名称", "索引号", "发布机构", "发布日期"))
    lines = "\n".join(
        f'<tr><td height="35">{link}</td><td>000014348/{document.published.year}-{document.number % 10**5:05d}</td>'
        f"<td>{escape(document.source)}</td><td>{document.dated.isoformat()}</td></tr>"
        for link, document, _ in rows
    )
    return f"<table><tbody><tr>{heads}</tr>\n{lines}\n</tbody></table>"


def _choose_missing(plan: Plan, columns: Tree) -> dict[int, int]:
    """For each column of reports that has several pages, the number of the page that will be missing."""
    size = plan.page_size
    return {
        section.number: plan.number(1, pages - 1)
        for section in columns.walk()
        if section.reports
        and (pages := len(screens(section.documents, size))) > 1
        and len(_filler(plan, columns)) == size
    }


def _add_missing(plan: Plan, columns: Tree, missing: dict[int, int]) -> None:
    """A screen of news into the middle of each of these columns."""
    size = plan.page_size
    news = _filler(plan, columns)
    for section in columns.walk():
        number = missing.get(section.number)
        if number is not None and number < len(screens(section.documents, size)):
            day = section.documents[number * size].published
            filler = [replace(d, number=d.number + section.number, published=day) for d in news]
            section.documents[number * size : number * size] = filler


def _filler(plan: Plan, columns: Tree) -> list[Document]:
    return [d for section in columns.top for d in section.documents][: plan.page_size]
