"""拓尔思 TRS in 福建, 动静结合: the first list page is a file, every further one comes by POST from /fjdzapp/search.

As the vendor does it: the column's page shows ten rows as `<dl><dd>` and calls `listModel` with `channelid`,
`classsql` (`chnlid=1813`), `prepage` and the number of records; POST gives `{"pageCount":2,"data":[..]}` with a title,
two addresses, times and an index number for each row, at most 500 a page; `docpuburl` may be a bare PDF or Word file,
so that the report has no page of its own. Articles are those of TRS, with the extension `.htm`. Synthetic: the answers
to GET and to an unknown channel, and that both addresses of a row are the same.
"""

import json
from html import escape
from math import ceil

from crawler.sample_portal.columns import Section, tree
from crawler.sample_portal.documents import Document, report_blocks
from crawler.sample_portal.families.asked import positive
from crawler.sample_portal.families.attached import CONTENT_TYPES
from crawler.sample_portal.families.built import Built, articles_of, files_of
from crawler.sample_portal.families.trs_doc import Docs, doc_name
from crawler.sample_portal.frame import Frame
from crawler.sample_portal.invented import Plan
from crawler.sample_portal.render_docx import docx
from crawler.sample_portal.render_pdf import pdf
from crawler.sample_portal.site import Page, Request, Site

SEARCH = "/fjdzapp/search"
_MOST = 500


def build(plan: Plan) -> Built:
    """A host whose rows are half static."""
    host = _Fujian(plan)
    frame, docs = host.frame, host.docs
    pages = frame.common_pages() | docs.pages() | host.bare_files()
    for section in frame.tree.walk():
        pages[f"{section.path}index.html"] = host.column(section)
    bare = files_of(plan, {number: path for number, (path, _) in host.bare.items()})
    site = Site(pages, services={SEARCH: host.search})
    return Built(site, frame.tree.reports.path, "fujian", articles_of(plan, frame), docs.files.alone() | bare)


class _Fujian:
    """One host: the numbers of its columns, and the report that is a bare file."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.bare: dict[int, tuple[str, bytes]] = {}
        self._channel = str(plan.number(100_000, 300_000))
        self.frame = Frame(plan, tree(plan), lambda section: section.path, self._article_path)
        self._sections = {f"chnlid={section.number}": section for section in self.frame.tree.walk()}
        self.docs = Docs(self.frame)
        self._choose_bare()

    def column(self, section: Section) -> Page:
        """The first page of a column."""
        title = f"{section.name}_{self._plan.name}"
        main = self._list(section) if section.documents else self.frame.hub(section)
        return self.frame.encoded(self.frame.page(title, main, section))

    def bare_files(self) -> dict[str, Page]:
        """The reports that are files and no pages, by path."""
        return {path: Page(data, CONTENT_TYPES[path.rpartition(".")[2]]) for path, data in self.bare.values()}

    def search(self, request: Request) -> Page:
        """One page of rows as JSON."""
        if request.method != "POST":
            return Page(b"Method Not Allowed", "text/plain", status=405)
        fields = request.fields
        section = self._sections.get(fields.get("classsql", ""))
        documents = section.documents if section and fields.get("channelid") == self._channel else []
        size = min(positive(fields.get("prepage", ""), self._plan.page_size), _MOST)
        page = positive(fields.get("page", ""), 1)
        shown = documents[(page - 1) * size : page * size]
        rows = [self._row(section, document) for document in shown if section]
        answer = {"pageCount": ceil(len(documents) / size), "data": rows}
        return Page(json.dumps(answer, ensure_ascii=False).encode(), "application/json;charset=UTF-8")

    def _choose_bare(self) -> None:
        free = [fact for fact in self._plan.facts if self.docs.files.of(self._plan.report(fact)) is None]
        places = {d.number: s for s in self.frame.tree.walk() if s.reports for d in s.documents}
        for fact in self._plan.rng.sample(free, 1):
            kind = self._plan.slug("pdf", "docx")
            if fact.number not in places:
                continue
            name = f"P0{fact.published:%Y%m%d}{fact.number * 524_287 % 10**12:012d}.{kind}"
            path = f"{places[fact.number].path}{fact.published:%Y%m}/{name}"
            data = (pdf if kind == "pdf" else docx)(report_blocks(fact))
            self.bare[fact.number] = path, data

    def _article_path(self, section: Section, document: Document) -> str:
        if document.number in self.bare:
            return self.bare[document.number][0]
        return section.path + doc_name(document, "htm")

    def _list(self, section: Section) -> str:
        size, total = self._plan.page_size, len(section.documents)
        rows = "\n".join(self._static_row(section, document) for document in section.documents[:size])
        script = (
            f'var SiteInfo = {{ searchId: {self._channel}, defaultPgTemp: "pgBar.html" }};\n'
            'require(["list2.trsapi", "tools"], function(listModel, tools) {\n'
            ' listModel({ quickMode: "动静结合", maxStaticIndex: 1,\n'
            f'  listArgs: {{ channelid: SiteInfo.searchId, classsql: "" || "chnlid={section.number}", '
            'sortfield: "-docorderpri,-docreltime" },\n'
            f"  pagebar: {{ prepage: {size}, recordCount: '{total}', pgTemp: \"pgBar_xxgk.html\", "
            'pgCountMode: "recordCount", displayNum: 2 } });\n});'
        )
        template = '<dl ms-repeat="list"><dd><a ms-attr-href="el.chnldocurl" ms-text="el.doctitle|html"></a></dd></dl>'
        return (
            f"<div>{rows}\n</div>\n"
            f'<div class="rules_tabs_01" ms-visible="!showStatic" style="display: none">{template}</div>\n'
            '<div class="page_base mar_t_base" ms-controller="list_pagebar" ms-include-src="pgTemp"></div>\n'
            f"<script>{script}</script>"
        )

    def _static_row(self, section: Section, document: Document) -> str:
        href = f"./{self._article_path(section, document).removeprefix(section.path)}"
        title = escape(document.title)
        link = f'<a href="{href}" target="_blank" title="{title}">{title}</a>'
        day = document.dated.isoformat()
        return (
            f' <dl><dd class="trt-col-sm-24 slb-trt-col-24 text_align_left">{link}</dd>'
            f'<dd class="trt-col-4 trt-col-sm-24 slb-trt-col-24 text_align_left">\n   {day}\n </dd></dl>'
        )

    def _row(self, section: Section, document: Document) -> dict[str, object]:
        address = self._plan.origin + self._article_path(section, document)
        moment = f"{document.dated.isoformat()} 09:30:00"
        return {
            "doctitle": document.title,
            "docpuburl": address,
            "chnldocurl": address,
            "docreltime": moment,
            "pubdate": moment,
            "fileno": "",
            "docsourcename": document.source,
            "puborg": document.source,
            "idxid": f"PT00100-0400-{document.published.year}-{document.number % 10**5:05d}",
            "chnlid": section.number,
            "doctype": 20,
        }
