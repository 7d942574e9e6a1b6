"""Sites of no known software: made by hand, in gb2312, gbk or UTF-8, some of them long ago.

As such sites are: pages declare gb2312 and hold characters of GB18030, some servers send no charset; lists go on by
下一页, by bare numbers, or by a script that knows `totalPage: N` (上海: `index_2.html` is the second page); articles
lie at one of the addresses that are not typical of any vendor. Tags are in upper case and the column of annual reports
is a frameset on old ones. Synthetic: the look of the pages, and which of these habits go together.
"""

import re
from dataclasses import replace

from crawler.sample_portal.columns import Section, tree
from crawler.sample_portal.documents import Document
from crawler.sample_portal.families.attached import Attachment
from crawler.sample_portal.families.built import Built, articles_of
from crawler.sample_portal.families.linked import PlacedFiles
from crawler.sample_portal.families.linked_lists import LinkedLists
from crawler.sample_portal.families.pages import articles, digest, gone_page
from crawler.sample_portal.frame import Frame
from crawler.sample_portal.invented import Plan
from crawler.sample_portal.site import Page, Site, not_found

_PAGERS = ("next", "numbers", "script")
_CHARSETS = ("gb2312", "gb2312", "gbk", "utf-8")
_SHOW = "/show.php"
_FORMS = ("content", "day", "id", "show")


def build(plan: Plan) -> Built:
    """A host with one kind of pager, one charset and one form of addresses."""
    host = _Plain(plan)
    frame, files, gone = host.frame, PlacedFiles(host.frame, _file_path), gone_page(plan)
    pages = frame.common_pages()
    for section in frame.tree.walk():
        pages |= host.lists.column(section)
        pages |= articles(frame, section, lambda _, d: f"<div class=wenzhang>\n{files.body(d)}\n</div>", gone)
    if host.framed:
        pages |= host.frameset(pages)
    pages = {path: host.finished(page) for path, page in pages.items()} | files.pages()
    shown = {path: page for path, page in pages.items() if path.startswith(_SHOW)}

    def show(fields: dict[str, str]) -> Page:
        return shown.get(f"{_SHOW}?id={fields.get('id', '')}") or not_found("信息不存在")

    column = host.lists.path(frame.tree.reports)
    return Built(Site(pages, {_SHOW: show}), column, "", articles_of(plan, frame), files.alone())


class _Plain:
    """One host: its habits."""

    def __init__(self, plan: Plan) -> None:
        self._pager = _PAGERS[(plan.seed + plan.host_number) % len(_PAGERS)]
        self._form = "shanghai" if self._pager == "script" else plan.slug(*_FORMS)
        self._extension = plan.slug("html", "htm")
        self._upper = self._pager != "script" and plan.chance(0.5)
        self._header_charset = plan.chance(0.5)
        self.framed = self._pager != "script" and plan.chance(0.5)
        charset = plan.slug(*_CHARSETS)
        self.frame = Frame(plan, tree(plan), self._column_path, self._article_path, charset=charset)
        self.lists = _Lists(self.frame, self._extension, self._pager)

    def frameset(self, pages: dict[str, Page]) -> dict[str, Page]:
        """The column of annual reports as two frames: a menu, and the page that it was."""
        reports = self.frame.tree.reports
        path = self.lists.path(reports)
        inner, menu = f"{reports.path}main.{self._extension}", f"{reports.path}left.{self._extension}"
        links = "".join(
            f'<p><a href="{inner if s is reports else self.lists.path(s)}" target="mainFrame">{s.name}</a></p>'
            for s in reports.children or [reports]
        )
        head = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={self.frame.charset}">'
        title = f"<title>{reports.name}</title></head>"
        frames = (
            f'<frameset cols="180,*"><frame src="left.{self._extension}" name="leftFrame">'
            f'<frame src="main.{self._extension}" name="mainFrame"></frameset></html>'
        )
        return {
            path: self.frame.encoded(f"{head}{title}{frames}"),
            menu: self.frame.encoded(f"{head}</head><body>{links}</body></html>"),
            inner: pages[path],
        }

    def finished(self, page: Page) -> Page:
        """A page as the server sends it: tags in upper case, the charset not in the header."""
        if page.status != 200 or not page.content_type.startswith("text/html"):
            return page
        body = _upper_case(page.body) if self._upper else page.body
        content_type = page.content_type if self._header_charset else "text/html"
        return replace(page, body=body, content_type=content_type)

    def _column_path(self, section: Section) -> str:
        return f"{section.path}index.{self._extension}"

    def _article_path(self, section: Section, document: Document) -> str:
        day, number = document.published, document.number
        if self._form == "shanghai":
            return f"/nw{section.number}/{day:%Y%m%d}/{digest(document)}.html"
        if self._form == "content":
            return f"{section.path}content/{day:%Y-%m}/{day:%d}/content_{number}.{self._extension}"
        if self._form == "day":
            return f"{section.path}{day.isoformat()}/{number}.{self._extension}"
        if self._form == "show":
            return f"{_SHOW}?id={number}"
        return f"{section.path}{number}.{self._extension}"


class _Lists(LinkedLists):
    """Lists by hand: a table, and one of three pagers."""

    def __init__(self, frame: Frame, extension: str, pager: str) -> None:
        super().__init__(frame, extension)
        self._pager = pager
        self.second = 2 if pager == "script" else frame.plan.pick((1, 2))
        self._total = frame.plan.slug("totalPage: {}", "totalPage:{}")

    def screen(self, section: Section, group: list[Document], number: int, count: int) -> str:
        """The rows of a page and the way to the others."""
        rows = "\n".join(
            f"<tr><td>·{self.frame.anchor(section, document)}</td><td width=90>{self.frame.day(document)}</td></tr>"
            for document in group
        )
        return f"<table width=700 border=0>\n{rows}\n</table>\n{self.pager(number, count)}"

    def pager(self, number: int, count: int) -> str:
        """By script, by 下一页, or 上一页 and 下一页 as mere words around numbers."""
        if self._pager == "script":
            options = f"{self._total.format(count)}, pageNo: {number + 1}, url: 'index', suffix: '{self._extension}'"
            return f'<div id="pager"></div>\n<script>new Pagination("#pager", {{ {options} }});</script>'
        if self._pager == "next":
            following = f'<a href="{self.file(number + 1)}">下一页</a>' if number + 1 < count else "下一页"
            return f"<p align=center>第{number + 1}页 {following}</p>"
        numbers = (f"<b>{n + 1}</b>" if n == number else f'<a href="{self.file(n)}">{n + 1}</a>' for n in range(count))
        return f"<p align=center>上一页 {' '.join(numbers)} 下一页</p>"


def _file_path(section: Section, document: Document, file: Attachment) -> str:
    return f"{section.path}fujian/{document.number}.{file.kind}"


def _upper_case(html: bytes) -> bytes:
    """Names of tags and of the most usual attributes in upper case; `<` and blanks are in no character of GB18030."""
    html = re.sub(rb"</?[a-z][a-z0-9]*", lambda match: match[0].upper(), html)
    return re.sub(rb' (href|src|target|class|width|border|align)=(?="|\w)', lambda match: match[0].upper(), html)
