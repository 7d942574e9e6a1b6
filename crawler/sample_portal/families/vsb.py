"""博达 VSB: columns are `.htm` files, and the pages after the first are numbered downwards.

As the vendor does it: the column lies at `/zwgk/nb.htm`, its second page at `/zwgk/nb/<n-1>.htm` and its last page at
`/zwgk/nb/1.htm`, so a page keeps its address while newer ones are put before it; links climb by `../`, one step more
on the later pages. Some hosts page by `list.jsp?totalpage=..&PAGENUM=2&urltype=tree.TreeTempUrl&wbtreeid=..` instead,
with numbers that rise. Rows have ids such as `line_u13_3`, and their text may differ from their title attribute;
articles lie at `/info/<column>/<id>.htm`, their bodies in `#vsb_content .v_news_content`. A report may be a PDF in
`showVsbpdfIframe(..)` with an address whose extension stands in the query (`virtual_attach_file.vsb?..&e=.pdf`), or a
file behind `/system/_content/download.jsp`. Synthetic: the classes of the pager, and that files come as
application/octet-stream.
"""

from html import escape
from posixpath import dirname, relpath
from urllib.parse import quote

from crawler.sample_portal.columns import Section, tree
from crawler.sample_portal.documents import Document
from crawler.sample_portal.families.attached import Attachment, attachments
from crawler.sample_portal.families.built import Articles, Built, articles_of, files_of
from crawler.sample_portal.families.pages import gone_page
from crawler.sample_portal.frame import Frame, screens
from crawler.sample_portal.invented import Plan
from crawler.sample_portal.site import Endpoint, Page, Site, not_found

_EMBEDDED = "/virtual_attach_file.vsb"
_DOWNLOAD = "/system/_content/download.jsp"


def build(plan: Plan) -> Built:
    """A host whose columns page by files or by list.jsp."""
    frame = Frame(plan, tree(plan), _column_path, _article_path)
    host = _Vsb(frame, plan.pick(("files", "files", "PAGENUM", "a3p")), plan.number(3, 40))
    pages = frame.common_pages()
    for section in frame.tree.walk():
        pages |= host.column(section)
        pages |= {_article_path(section, d): host.article(section, d) for d in section.documents}
    endpoints: dict[str, Endpoint] = {_EMBEDDED: host.embedded, _DOWNLOAD: host.download}
    if host.paging != "files":
        endpoints["/list.jsp"] = host.list_jsp
    column = _column_path(frame.tree.reports)
    return Built(Site(pages, endpoints), column, "vsb", articles_of(plan, frame), host.files())


def _column_path(section: Section) -> str:
    return f"{section.path.rstrip('/')}.htm"


def _article_path(section: Section, document: Document) -> str:
    return f"/info/{section.number}/{document.number}.htm"


class _Vsb:
    """One host: how it pages, and the number of its list component."""

    def __init__(self, frame: Frame, paging: str, component: int) -> None:
        self.frame = frame
        self.paging = paging
        self._component = component
        self._renames = frame.plan.chance(0.4)
        self._gone = gone_page(frame.plan)
        self._owner = frame.plan.number(1_000_000_000, 1_999_999_999)
        self._code = frame.plan.hex32().upper()
        self._attachments = attachments(frame.plan)
        self._sections = {str(section.number): section for section in frame.tree.walk()}

    def column(self, section: Section) -> dict[str, Page]:
        """The first page of a column, and its other pages where they are files."""
        groups = screens(section.documents, self.frame.plan.page_size)
        last = len(groups) if self.paging == "files" else 1
        paths = [self._file(section, number, len(groups)) for number in range(1, last + 1)]
        return {path: self._page(section, groups, number, path) for number, path in enumerate(paths, 1)}

    def article(self, section: Section, document: Document) -> Page:
        """The page of a document."""
        if document.gone:
            return self._gone
        file = self._attachments.get(document.number)
        shown = "" if file and file.alone else document.body
        shown += self._iframe(section, file) if file and file.alone and file.kind == "pdf" else ""
        links = f'<ul style="list-style-type:none;">{self._attached(section, file)}</ul>' if file else ""
        body = (
            f'<div id="vsb_content_{self._component}"><div class="v_news_content">\n{shown}\n</div></div>'
            f'<div id="div_vote_id"></div>\n<p>{links}</p>\n<p>上一条：无</p>'
        )
        return self.frame.encoded(self.frame.article_page(section, document, body), document)

    def list_jsp(self, fields: dict[str, str]) -> Page:
        """A later page of a column, by number."""
        section = self._sections.get(fields.get("wbtreeid", ""))
        asked = fields.get("PAGENUM" if self.paging == "PAGENUM" else "a3p", "1")
        if section is None or not asked.isdecimal():
            return not_found("栏目不存在")
        groups = screens(section.documents, self.frame.plan.page_size)
        return self._page(section, groups, min(max(int(asked), 1), len(groups)), "/list.jsp")

    def embedded(self, fields: dict[str, str]) -> Page:
        """A file that an article shows in a frame."""
        return self._served(fields.get("nid", ""))

    def download(self, fields: dict[str, str]) -> Page:
        """A file that an article links to."""
        return self._served(fields.get("wbfileid", ""))

    def files(self) -> Articles:
        """Where the reports lie that are published as files only."""
        section = {d.number: s for s in self.frame.tree.walk() for d in s.documents}
        alone = [file for file in self._attachments.values() if file.alone]
        return files_of(self.frame.plan, {file.key: self._href(section[file.key], file) for file in alone})

    def _served(self, key: str) -> Page:
        file = self._attachments.get(int(key)) if key.isdecimal() else None
        if file is None:
            return not_found("附件不存在")
        name = (("Content-Disposition", f"attachment; filename*=UTF-8''{quote(file.name)}"),)
        return Page(file.data, "application/octet-stream", headers=name)

    def _href(self, section: Section, file: Attachment) -> str:
        if file.kind == "pdf":
            query = f"afc={self._code}&oid={self._owner}&tid={section.number}&nid={file.key}&e=.pdf"
            return f"{_EMBEDDED}?{query}"
        return f"{_DOWNLOAD}?urltype=news.DownloadAttachUrl&owner={self._owner}&wbfileid={file.key}"

    def _iframe(self, section: Section, file: Attachment) -> str:
        href = self._href(section, file)
        return f'<p><script>showVsbpdfIframe("{href}","100%","600","0","border",[]);</script></p>'

    def _attached(self, section: Section, file: Attachment) -> str:
        href = escape(self._href(section, file))
        counter = f'<span id="nattach{file.key}"><script>getClickTimes({file.key},{self._owner},"wbnewsfile","attach")'
        link = f'<a href="{href}" target="_blank">{escape(file.name)}</a>'
        return f"<li>附件【{link}】已下载{counter}</script></span></li>"

    def _file(self, section: Section, number: int, count: int) -> str:
        first = _column_path(section)
        return first if number == 1 else f"{first.removesuffix('.htm')}/{count - number + 1}.htm"

    def _page(self, section: Section, groups: list[list[Document]], number: int, path: str) -> Page:
        rows = "\n".join(self._row(section, d, path, n) for n, d in enumerate(groups[number - 1]))
        main = f'<ul class="gg-list">\n{rows}\n</ul>\n{self._pager(section, number, len(groups), path)}'
        if not section.documents:
            main = self.frame.hub(section)
        return self.frame.encoded(self.frame.page(f"{section.name}-{self.frame.plan.name}", main, section))

    def _row(self, section: Section, document: Document, path: str, number: int) -> str:
        href = relpath(_article_path(section, document), dirname(path))
        link = self.frame.anchor(section, document, href)
        if self._renames and document.number % 4 == 0:
            shown = document.title.replace(self.frame.plan.place, "").replace("政府信息公开工作", "")
            link = f'<a href="{href}" title="{escape(document.title)}">{escape(shown)}</a>'
        return f'<li id="line_u{self._component}_{number}"><span>{self.frame.day(document)}</span>{link}</li>'

    def _pager(self, section: Section, number: int, count: int, path: str) -> str:
        total = f'<span class="p_t">共{len(section.documents)}条　{number}/{count}</span>'
        parts = [("首页", 1), ("上页", number - 1), ("下页", number + 1), ("尾页", count)]
        links = [self._pager_link(section, label, n, number, count, path) for label, n in parts]
        return f'<div class="pb_sys_common"><span class="p_pages">{total}{"".join(links)}</span></div>'

    def _pager_link(self, section: Section, label: str, target: int, number: int, count: int, path: str) -> str:
        if target == number or not 1 <= target <= count:
            return f'<span class="p_fun_d">{label}</span>'
        href = relpath(self._file(section, target, count), dirname(path))
        if self.paging != "files":
            href = relpath("/list.jsp", dirname(path)) + escape(self._query(section, target, count))
        return f'<span class="p_fun"><a href="{href}">{label}</a></span>'

    def _query(self, section: Section, target: int, count: int) -> str:
        tail = f"urltype=tree.TreeTempUrl&wbtreeid={section.number}"
        if self.paging == "PAGENUM":
            return f"?totalpage={count}&PAGENUM={target}&{tail}"
        return f"?a3t={count}&a3p={target}&a3c={self.frame.plan.page_size}&{tail}"
