"""ASP.NET pages whose lists page by the query: `InfoPublic.aspx?cid=1019&pid=971&page=1&kw=`.

As seen: rows are `div.info-list > p > a` with a `span` for the date; the last link of `div.pages` is the last page;
an article has its title in `div.rightnav h1`, its date in `p.sub-title` and its body in `div.news-info`. Columns differ
only in the query. Synthetic: the address of an article (`InfoShow.aspx?id=..`), the words of the pager, where files
lie, and that a page
behind the last one shows the last one.
"""

from dataclasses import dataclass
from html import escape

from crawler.sample_portal.columns import Section, tree
from crawler.sample_portal.documents import Document
from crawler.sample_portal.families.attached import Attachment, Files, attachments
from crawler.sample_portal.families.built import Built, articles_of
from crawler.sample_portal.families.pages import gone_page
from crawler.sample_portal.frame import Frame, screens
from crawler.sample_portal.invented import Plan
from crawler.sample_portal.site import Page, Site, not_found


def build(plan: Plan) -> Built:
    """A host with one page for lists and one for articles."""
    lists = plan.slug("InfoPublic.aspx", "NewsList.aspx", "infolist.aspx", "ArticleList.aspx")
    shows = plan.slug("InfoShow.aspx", "NewsShow.aspx", "show.aspx", "ArticleInfo.aspx")
    host = AspxPages(f"/{lists}", f"/{shows}", Files(attachments(plan), upload_path))
    charset = plan.pick(("utf-8", "gb2312"))
    frame = Frame(plan, tree(plan), host.column_path, host.article_path, charset)
    gone = gone_page(plan)
    endpoints = {
        host.lists: lambda fields: _column(host, frame, fields),
        host.shows: lambda fields: host.article(frame, fields, gone),
    }
    site = Site(frame.common_pages() | host.files.pages(), endpoints)
    column = host.column_path(frame.tree.reports)
    return Built(site, column, "aspx", articles_of(plan, frame), host.files.alone(plan))


def upload_path(file: Attachment) -> str:
    """Where a file lies."""
    return f"/UploadFiles/{file.key}.{file.kind}"


@dataclass(frozen=True, slots=True)
class AspxPages:
    """Where a host has its lists, its articles and its files."""

    lists: str
    shows: str
    files: Files

    def column_path(self, section: Section) -> str:
        """A column, by its number and that of the column above it."""
        parent = section.parent.number if section.parent else 0
        return f"{self.lists}?cid={section.number}&pid={parent}"

    def article_path(self, section: Section, document: Document) -> str:
        """An article, by number."""
        return f"{self.shows}?id={document.number}&cid={section.number}"

    def section(self, frame: Frame, fields: dict[str, str]) -> Section | None:
        """The column that `cid` names."""
        return next((s for s in frame.tree.walk() if str(s.number) == fields.get("cid")), None)

    def article(self, frame: Frame, fields: dict[str, str], gone: Page) -> Page:
        """The document that `id` names."""
        found = [(s, d) for s in frame.tree.walk() for d in s.documents if str(d.number) == fields.get("id")]
        if not found:
            return not_found("信息不存在")
        section, document = found[0]
        if document.gone:
            return gone
        main = (
            f'<div class="rightnav"><h1>{escape(document.title)}</h1>\n<p class="sub-title">'
            f"发布日期：{document.dated.isoformat()}　来源：{escape(frame.source(document))}</p>\n"
            f'<div class="news-info">\n{self.files.body(document)}\n</div></div>'
        )
        html = frame.page(f"{document.title}-{frame.plan.name}", main, section)
        return frame.encoded(html, document)

    def rows(self, frame: Frame, section: Section, group: list[Document]) -> str:
        """The rows of a list."""
        rows = "\n".join(f"<p>{frame.anchor(section, d, self._href(section, d))}{_day(frame, d)}</p>" for d in group)
        return f'<div class="info-list">\n{rows}\n</div>'

    def _href(self, section: Section, document: Document) -> str:
        return escape(self.article_path(section, document).rpartition("/")[2])


def _day(frame: Frame, document: Document) -> str:
    return f"<span>{frame.day(document)}</span>"


def _column(host: AspxPages, frame: Frame, fields: dict[str, str]) -> Page:
    section = host.section(frame, fields)
    if section is None:
        return not_found("栏目不存在")
    title = f"{section.name}-{frame.plan.name}"
    if not section.documents:
        return frame.encoded(frame.page(title, frame.hub(section), section))
    groups = screens(section.documents, frame.plan.page_size)
    asked = fields.get("page", "1")
    page = min(max(int(asked) if asked.isdecimal() else 1, 1), len(groups))
    main = f"{host.rows(frame, section, groups[page - 1])}\n{_pager(host, section, page, len(groups))}"
    return frame.encoded(frame.page(title, main, section))


def _pager(host: AspxPages, section: Section, page: int, count: int) -> str:
    base = escape(f"{host.column_path(section).rpartition('/')[2]}&kw=&page=")
    targets = [("首页", 1), ("上一页", max(page - 1, 1)), ("下一页", min(page + 1, count)), ("尾页", count)]
    links = " ".join(f'<a href="{base}{target}">{label}</a>' for label, target in targets)
    return f'<div class="pages">第{page}/{count}页 {links}</div>'
