"""TrueCMS (南通, 连云港): first rows in a hidden list, the others as JSONP from getMessage.do.

As the vendor does it: a column lies at `/<site>/<column>/<column>.html`, an article below it at `content/<uuid>.html`;
`#initData` hides the first rows, of which some have their address only in `onclick="name2('..')"`; the pager's script
names the endpoint and the column's UUID; GET with `startrecord`, `endrecord`, `perpage`, `contentTemplate`, `columnId`
and `callback` gives `callback({"result":"<datastore>.."})`, but 404 without a Referer. On some hosts the endpoint is
gone, and only the hidden rows can be reached (here these are all). Synthetic: what surrounds the rows, the second
argument of `name2`, and the answer to an unknown column.
"""

import json
from html import escape

from crawler.sample_portal.columns import Section, tree
from crawler.sample_portal.documents import Document
from crawler.sample_portal.families.asked import positive
from crawler.sample_portal.families.attached import Attachment
from crawler.sample_portal.families.built import Built, articles_of
from crawler.sample_portal.families.linked import PlacedFiles
from crawler.sample_portal.families.pages import all_pages, digest, uuid_of
from crawler.sample_portal.frame import Frame
from crawler.sample_portal.invented import Plan
from crawler.sample_portal.site import Page, Request, Site, not_found

ENDPOINT = "/truecms/messageController/getMessage.do"
_GROUP = 3


def build(plan: Plan) -> Built:
    """A host with or without its endpoint."""
    host = _TrueCms(plan)
    frame = host.frame
    files = PlacedFiles(frame, host.file)
    pages = all_pages(frame, host.column, lambda _, document: f'<div id="zoom">\n{files.body(document)}\n</div>')
    site = Site(pages | files.pages())
    if host.answers:
        site.services[ENDPOINT] = host.answer
    return Built(site, host.path(frame.tree.reports), "truecms", articles_of(plan, frame), files.alone())


class _TrueCms:
    """One host: its short name in addresses, the keys of its columns, and how its rows hide their links."""

    def __init__(self, plan: Plan) -> None:
        self.answers = plan.chance(0.75)
        self._site = plan.slug("rmzf", "qrmzf", "xrmzf", "zfxxgkpt")
        self._folders: dict[int, str] = {}
        self._by_click = plan.chance(0.6)
        self._per_page = plan.number(3, 5)
        columns = tree(plan)
        taken: set[str] = set()
        for section in columns.walk():
            self._folders[section.number] = (
                f"{section.slug}_{section.number}" if section.slug in taken else section.slug
            )
            taken.add(section.slug)
        self._ids = {section.number: plan.uuid() for section in columns.walk()}
        self._sections = {self._ids[section.number]: section for section in columns.walk()}
        self._template = plan.uuid()
        self.frame = Frame(plan, columns, self.path, self._article_path)

    def path(self, section: Section) -> str:
        """The page of a column."""
        folder = self._folders[section.number]
        return f"/{self._site}/{folder}/{folder}.html"

    def file(self, section: Section, document: Document, file: Attachment) -> str:
        """Where the file of a document lies."""
        return f"/{self._site}/{self._folders[section.number]}/upload/{digest(document)}.{file.kind}"

    def column(self, section: Section) -> dict[str, str]:
        """The page of a column, by its path."""
        main = self._list(section) if section.documents else self.frame.hub(section)
        return {self.path(section): self.frame.page(f"{section.name}-{self.frame.plan.name}", main, section)}

    def answer(self, request: Request) -> Page:
        """Some rows of a column, as a call of the client's function."""
        section = self._sections.get(request.fields.get("columnId", ""))
        if section is None or "referer" not in request.headers:
            return not_found("您访问的页面不存在")
        start = positive(request.fields.get("startrecord", ""), 1)
        end = positive(request.fields.get("endrecord", ""), start + _GROUP * self._per_page - 1)
        shown = section.documents[start - 1 : end]
        records = "".join(f"<record><![CDATA[{self._row(section, document)}]]></record>" for document in shown)
        total = f"<totalrecord>{len(section.documents)}</totalrecord>"
        answer = {"result": f"<datastore>{total}<recordset>{records}</recordset></datastore>"}
        call = f"{request.fields.get('callback', 'callback')}({json.dumps(answer, ensure_ascii=False)})"
        return Page(call.encode(), "text/javascript;charset=UTF-8")

    def _article_path(self, section: Section, document: Document) -> str:
        return f"/{self._site}/{self._folders[section.number]}/content/{uuid_of(document)}.html"

    def _list(self, section: Section) -> str:
        first = section.documents[: _GROUP * self._per_page] if self.answers else section.documents
        rows = "\n".join(self._row(section, document) for document in first)
        number = section.number
        options = (
            f"{{totalRecord:{len(section.documents)},proxyUrl:'{self.frame.link(ENDPOINT)}',"
            f"perPage:{self._per_page},groupSize:{_GROUP},barPosition:'bottom',"
            f"ajaxParam:{{columnId:'{self._ids[number]}',contentTemplate:'{self._template}'}}}}"
        )
        return (
            f'<div id="initData" style="display:none"><ul>\n{rows}\n</ul></div>\n<div id="page_{number}"></div>\n'
            f"<script>$('#page_{number}').jpage({options});</script>"
        )

    def _row(self, section: Section, document: Document) -> str:
        href = self.frame.link(self._article_path(section, document))
        link = self.frame.anchor(section, document, href)
        if self._by_click and document.number % 2:
            title = escape(document.title)
            click = f"name2('{href}','{self._ids[section.number]}')"
            link = f'<a href="javascript:void(0);" onclick="{click}" title="{title}">{title}</a>'
        return f"<li>{link}<span>{self.frame.day(document)}</span></li>"
