"""安徽龙讯: each organ has its disclosure columns at `/public/column/<organ>`, and a label renders their rows.

As the vendor does it: a column is `/public/column/<organ>?type=4&catId=<category>&action=list`; its rows come from
`/site/label/8888?IsAjax=1&dataType=html&labelName=publicInfoList&organId=..&catId=..&pageIndex=2&..` as a fragment of
HTML with `.xxgk_navli` and `pageCount:<n>`; articles lie at `/public/<organ>/<id>.html`, files below `/group6/M00/`.
On some hosts the annual reports of all organs stand in one column of the government's own office, on others in a
column of each organ. Synthetic: the directory of organs, the columns outside the disclosure branch
(`/content/column/<id>?pageIndex=2`), and on some hosts a first page whose rows are in the column's page already.
"""

from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from math import ceil
from urllib.parse import quote

from crawler.sample_portal.columns import Section, by_agency, tree
from crawler.sample_portal.documents import Document
from crawler.sample_portal.families.attached import Attachment, Files, attachments
from crawler.sample_portal.families.built import Built, articles_of
from crawler.sample_portal.families.pages import articles, gone_page
from crawler.sample_portal.frame import Frame, screens
from crawler.sample_portal.invented import Plan
from crawler.sample_portal.site import Endpoint, Page, Site, not_found, number_in

_LABEL = "/site/label/8888"
_MOST = 100


def build(plan: Plan) -> Built:
    """A host whose reports stand in one column or in one for each organ."""
    columns = tree(plan, split=False)
    organs = dict.fromkeys(columns.walk(), plan.number(1000, 9000))
    if plan.chance(0.5):
        by_agency(plan, columns)
        organs |= {section: 9001 + n for n, section in enumerate(columns.reports.children)}
    host = _Longxun(organs, plan.number(5_000_000, 6_999_999), plan.chance(0.5))
    frame = Frame(plan, columns, host.column_path, host.article_path)
    pages = frame.common_pages()
    gone = gone_page(plan)
    files = Files(attachments(plan), _file_path)
    pages |= files.pages()
    for section in columns.walk():
        pages |= articles(frame, section, partial(_body, files), gone)
    endpoints: dict[str, Endpoint] = {_LABEL: lambda fields: host.label(frame, fields)}
    for path in {host.column_path(section).partition("?")[0] for section in columns.walk()}:
        endpoints[path] = _Column(host, frame, path).answer
    column = host.column_path(columns.reports)
    return Built(Site(pages, endpoints), column, "longxun", articles_of(plan, frame), files.alone(plan))


@dataclass
class _Longxun:
    """One host: the organ of each column, its site id, and whether the first rows stand in the page itself."""

    organs: dict[Section, int]
    site: int
    rendered: bool

    def disclosed(self, section: Section) -> bool:
        """Whether a column belongs to the disclosure branch and thus to an organ."""
        return section.parent is not None

    def column_path(self, section: Section) -> str:
        """The address of a column."""
        if not self.disclosed(section):
            return f"/content/column/{section.number}"
        return f"/public/column/{self.organs[section]}?type=4&catId={section.number}&action=list"

    def article_path(self, section: Section, document: Document) -> str:
        """The address of a document."""
        if not self.disclosed(section):
            return f"/{section.slug}/{document.number}.html"
        return f"/public/{self.organs[section]}/{document.number}.html"

    def column(self, frame: Frame, section: Section, page: int) -> Page:
        """The page of a column."""
        title = f"{section.name}-{frame.plan.name}"
        if not section.documents:
            return frame.encoded(frame.page(title, frame.hub(section), section))
        if not self.disclosed(section):
            return frame.encoded(frame.page(title, _plain_list(frame, section, page), section))
        rows = self.rows(frame, section, 1, frame.plan.page_size) if self.rendered else ""
        main = f'<div id="xxgk_lmcon" class="xxgk_nav_con">{rows}</div>\n{self._script(frame, section)}'
        return frame.encoded(frame.page(title, main, section))

    def label(self, frame: Frame, fields: dict[str, str]) -> Page:
        """One page of a column's rows."""
        wanted = (fields.get("organId", ""), fields.get("catId", ""))
        found = [s for s, organ in self.organs.items() if (str(organ), str(s.number)) == wanted]
        if not found or fields.get("labelName") != "publicInfoList":
            return Page("暂无相关信息".encode())
        size = min(number_in(fields, "pageSize", 15), _MOST)
        return Page(self.rows(frame, found[0], number_in(fields, "pageIndex", 1), size).encode())

    def rows(self, frame: Frame, section: Section, page: int, size: int) -> str:
        """The fragment that the label renders; past the last page there are no rows."""
        shown = section.documents[(page - 1) * size : page * size]
        rows = "\n".join(_row(frame, section, document) for document in shown)
        count = ceil(len(section.documents) / size)
        pager = f"$('#page_public_info').pageNav({{pageIndex:{page},pageCount:{count},pageSize:{size}}});"
        return f'<div class="xxgk_navli">{rows}</div>\n<div id="page_public_info"></div><script>{pager}</script>'

    def _script(self, frame: Frame, section: Section) -> str:
        query = (
            f"?IsAjax=1&dataType=html&labelName=publicInfoList&siteId={self.site}&organId={self.organs[section]}"
            f"&catId={section.number}&type=4&pageSize={frame.plan.page_size}&action=list&isDate=true"
            f"&dateFormat=yyyy-MM-dd&length=80&result={quote('暂无相关信息')}&file=/xxgk/publicInfoList_newest2020"
        )
        return (
            f'<script>var labelUrl = "{_LABEL}{query}";\n'
            f'function load(pageIndex) {{$("#xxgk_lmcon").load(labelUrl + "&pageIndex=" + pageIndex);}}\n'
            f"{'' if self.rendered else 'load(1);'}</script>"
        )


@dataclass
class _Column:
    """The columns that share a path and differ in `catId`."""

    host: _Longxun
    frame: Frame
    path: str

    def answer(self, fields: dict[str, str]) -> Page:
        """The column that `catId` names; without it, the first one."""
        sections = [s for s in self.host.organs if self.host.column_path(s).partition("?")[0] == self.path]
        named = [s for s in sections if str(s.number) == fields.get("catId", str(sections[0].number))]
        if not named:
            return not_found("栏目不存在")
        return self.host.column(self.frame, named[0], number_in(fields, "pageIndex", 1))


def _plain_list(frame: Frame, section: Section, page: int) -> str:
    groups = screens(section.documents, frame.plan.page_size)
    rows = "\n".join(_row(frame, section, d) for d in groups[min(page, len(groups)) - 1])
    base = frame.column(section)
    before = f'<a href="{base}?pageIndex={page - 1}">上一页</a>' if page > 1 else ""
    after = f'<a href="{base}?pageIndex={page + 1}">下一页</a>' if page < len(groups) else ""
    return f'<div class="listnews">{rows}</div><div class="page">{before} {after}</div>'


def _row(frame: Frame, section: Section, document: Document) -> str:
    return f'<ul><li class="mc">{frame.anchor(section, document)}</li><li class="rq">{frame.day(document)}</li></ul>'


def _file_path(file: Attachment) -> str:
    digits = sha256(file.name.encode()).hexdigest().upper()
    return f"/group6/M00/{digits[:2]}/{digits[2:4]}/wKg{digits[4:32]}.{file.kind}"


def _body(files: Files, _: Section, document: Document) -> str:
    return f'<div class="gk_content"><div class="j-fontContent" id="zoom">\n{files.body(document)}\n</div></div>'
