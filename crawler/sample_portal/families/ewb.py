"""新点 EWB: the rows of a column come from a POST of JSON to `/EWB-FRONT/rest/lightfrontaction/getgovinfolist`.

As the vendor does it: one list page for all columns, told apart by `categorynum=` in its address (001, 001003, ..); the
script sends `{deptcode, categorynum, pageIndex, pageSize, siteGuid}`, older hosts send `{"token": "", "params": {..}}`
and count pages from 0; `siteGuid` stands in `/js/webBuilderCommon.js`; the answer is `custom.data` with `infourl`,
`realtitle` and a `title` that may be cut, and `custom.total`. Articles lie at `<column>/YYYYMMDD/<uuid>.html`.
Synthetic: `infodate` in the rows, the words of the scripts, that newer hosts count from 1 and take 0 as the first page,
that a wrong siteGuid finds nothing, and that on some hosts the columns have addresses of their own.
"""

import json
from dataclasses import dataclass

from crawler.sample_portal.columns import Section, tree
from crawler.sample_portal.documents import Document
from crawler.sample_portal.families.built import Built, articles_of
from crawler.sample_portal.families.pages import all_pages, uuid_of
from crawler.sample_portal.frame import Frame
from crawler.sample_portal.invented import Plan
from crawler.sample_portal.site import Page, Request, Site

_ENDPOINT = "/EWB-FRONT/rest/lightfrontaction/getgovinfolist"
_COMMON = "/js/webBuilderCommon.js"
_MOST = 100


def build(plan: Plan) -> Built:
    """A host in the newer or the older dialect, with one list page for all columns or one for each."""
    columns = tree(plan)
    host = _Ewb(_numbers(columns.top), plan.chance(0.5), plan.chance(0.5), plan.uuid(), plan.page_size)
    frame = Frame(plan, columns, host.column_path, _article_path)
    pages = all_pages(frame, lambda section: {host.column_path(section): host.column(frame, section)}, _body)
    pages[_COMMON] = Page(f'var siteInfo = {{"siteGuid": "{host.guid}"}};\n'.encode(), "application/javascript")
    services = {_ENDPOINT: lambda request: host.answer(frame, request)}
    if host.shared:
        hubs = {number: pages[host.column_path(section)] for section, number in host.numbers.items()}
        pages = {path: page for path, page in pages.items() if "?" not in path}
        services[_SHARED] = lambda request: hubs.get(request.fields.get("categorynum", ""), _EMPTY)
    site = Site(pages, services=services)
    return Built(site, host.column_path(columns.reports), "ewb", articles_of(plan, frame))


_SHARED = "/zwgk/govlist.html"
_EMPTY = Page(b"<html><head><title></title></head><body></body></html>")


@dataclass
class _Ewb:
    """One host: the numbers of its columns, its dialect, and its id."""

    numbers: dict[Section, str]
    older: bool
    shared: bool
    guid: str
    size: int

    def column_path(self, section: Section) -> str:
        """The address of a column."""
        if self.shared:
            return f"{_SHARED}?categorynum={self.numbers[section]}"
        return f"{section.path}secondPage.html"

    def column(self, frame: Frame, section: Section) -> str:
        """A column's page, which holds no rows."""
        title = f"{section.name}-{frame.plan.name}"
        if not section.documents:
            return frame.page(title, frame.hub(section), section)
        main = f'<div class="ewb-list"><ul id="infolist"></ul></div><div id="page"></div>\n{self._script(section)}'
        return frame.page(title, main, section)

    def answer(self, frame: Frame, request: Request) -> Page:
        """The rows of one page."""
        wanted = self._wanted(request)
        section = next((s for s, number in self.numbers.items() if number == str(wanted.get("categorynum"))), None)
        known = section is not None and str(wanted.get("siteGuid", "")).lower() == self.guid
        documents = section.documents if section and known else []
        size = min(max(_int(wanted.get("pageSize"), self.size), 1), _MOST)
        index = _int(wanted.get("pageIndex"), 0)
        first = (index if self.older else max(index - 1, 0)) * size
        rows = [_row(frame, section, d) for d in documents[first : first + size]] if section else []
        custom = {"total": len(documents), "data": rows}
        text = json.dumps({"status": {"code": 200, "text": ""}, "custom": custom}, ensure_ascii=False)
        return Page(text.encode(), "application/json;charset=UTF-8")

    def _wanted(self, request: Request) -> dict[str, object]:
        """What was asked for; nothing if the body is not JSON, or not in this host's dialect."""
        try:
            sent = json.loads(request.body or b"{}")
        except ValueError:
            return {}
        wanted = sent.get("params") if self.older and isinstance(sent, dict) else sent
        return wanted if request.method == "POST" and isinstance(wanted, dict) else {}

    def _script(self, section: Section) -> str:
        number = f'"{self.numbers[section]}"'
        if self.shared:
            number = 'getUrlParam("categorynum")'
        params = (
            f'{{"deptcode": "", "categorynum": categorynum, "pageIndex": {"page - 1" if self.older else "page"}, '
            f'"pageSize": {self.size}, "siteGuid": siteInfo.siteGuid}}'
        )
        sent = f'{{"token": "", "params": {params}}}' if self.older else params
        return (
            f'<script src="{_COMMON}"></script>\n<script>var categorynum = {number};\nfunction load(page) {{'
            f'$.ajax({{url: "{_ENDPOINT}", type: "POST", contentType: "application/json;charset=utf-8", '
            f"data: JSON.stringify({sent}), success: function (result) {{"
            f'draw(result.custom.data); $("#page").pagination({{total: result.custom.total}});}}}});}}\n'
            f"load(1);</script>"
        )


def _numbers(top: list[Section]) -> dict[Section, str]:
    """Three digits a level: 003, 003006, 003006001."""
    numbers: dict[Section, str] = {}
    for position, section in enumerate(top, 1):
        numbers[section] = f"{position:03}"
        numbers |= {child: f"{position:03}{number}" for child, number in _numbers(section.children).items()}
    return numbers


def _article_path(section: Section, document: Document) -> str:
    return f"{section.path}{document.published:%Y%m%d}/{uuid_of(document)}.html"


def _body(_: Section, document: Document) -> str:
    return f'<div class="ewb-article-content"><div id="zoom">\n{document.body}\n</div></div>'


def _row(frame: Frame, section: Section, document: Document) -> dict[str, str]:
    title = document.title
    return {
        "infourl": frame.article(section, document),
        "realtitle": title,
        "title": f"{title[:20]}..." if len(title) > 20 else title,
        "infodate": document.dated.isoformat(),
    }


def _int(value: object, default: int) -> int:
    text = str(value)
    return int(text) if text.isdecimal() else default
