"""拓尔思 IGS: the page of a column is a shell, its rows come from the search engine.

As the vendor does it: `/igs/front/search/publish/data/list.html?..&type=infomation&..&filter[CHANNELID]=..` (spelled
so) pages by `pageIndex`; `/igs/front/search.jhtml?code=<hex32>&searchWord=..&position=TITLE` pages by `pageNumber`,
marks the word in titles with `<em>`, answers 500 to an unknown code, and gives the total as a string. Articles are
those of TRS. Synthetic: that columns are made from it at all and the script of their pages; that list.html answers in
the form that was seen of search.jhtml; and that on some hosts the column of annual reports is a search in the titles
of the whole site.
"""

import json
from math import ceil
from urllib.parse import quote

from crawler.sample_portal.columns import Section, tree
from crawler.sample_portal.documents import Document
from crawler.sample_portal.families.asked import positive
from crawler.sample_portal.families.built import Built, articles_of
from crawler.sample_portal.families.trs_doc import Docs, doc_name
from crawler.sample_portal.frame import Frame
from crawler.sample_portal.invented import Plan
from crawler.sample_portal.site import Page, Site

LIST = "/igs/front/search/publish/data/list.html"
SEARCH = "/igs/front/search.jhtml"
_WORD = "政府信息公开"
_Found = tuple[Section, Document]


def build(plan: Plan) -> Built:
    """A host whose columns are filled by the engine."""
    host = _Igs(plan)
    frame, docs = host.frame, Docs(host.frame)
    pages = frame.common_pages() | docs.pages()
    for section in frame.tree.walk():
        pages[f"{section.path}index.html"] = host.column(section)
    site = Site(pages, {LIST: host.list_html, SEARCH: host.search})
    return Built(site, frame.tree.reports.path, "igs", articles_of(plan, frame), docs.files.alone())


class _Igs:
    """One host: its number in the engine and the key of its search."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._index = plan.hex32()
        self._code = plan.hex32()
        self._site = plan.number(2, 60)
        self._searches = plan.chance(0.4)
        extension = plan.slug("html", "shtml")
        self.frame = Frame(plan, tree(plan), lambda s: s.path, lambda s, d: s.path + doc_name(d, extension))
        self._sections = {str(section.number): section for section in self.frame.tree.walk()}

    def column(self, section: Section) -> Page:
        """The page of a column: a shell, or links to the columns below it."""
        title = f"{section.name}_{self._plan.name}"
        if section is self.frame.tree.reports and self._searches and section.documents:
            main = self._shell(self._search_address(), "pageNumber")
        elif section.documents:
            main = self._shell(self._list_address(section), "pageIndex")
        else:
            main = self.frame.hub(section)
        return self.frame.encoded(self.frame.page(title, main, section))

    def list_html(self, fields: dict[str, str]) -> Page:
        """One page of a column."""
        section = self._sections.get(fields.get("filter[CHANNELID]", ""))
        known = section and fields.get("siteId") == str(self._site) and fields.get("type") == "infomation"
        found = [(section, document) for document in section.documents] if section and known else []
        return self._answer(found, fields.get("pageIndex", ""), fields.get("pageSize", ""), "")

    def search(self, fields: dict[str, str]) -> Page:
        """One page of what the site holds with a word in its title."""
        if fields.get("code") != self._code:
            return Page(b"Internal Server Error", "text/plain", status=500)
        word = fields.get("searchWord", "")
        found = [(s, d) for s in self.frame.tree.walk() for d in s.documents if word and word in d.title]
        found.sort(key=lambda pair: pair[1].dated, reverse=True)
        return self._answer(found, fields.get("pageNumber", ""), fields.get("pageSize", ""), word)

    def _list_address(self, section: Section) -> str:
        return (
            f"{LIST}?index={self._index}&type=infomation&siteId={self._site}&pageSize={self._plan.page_size}"
            f"&filter[CHANNELID]={section.number}&orderProperty=DOCRELTIME&orderDirection=desc"
        )

    def _search_address(self) -> str:
        return (
            f"{SEARCH}?code={self._code}&siteId={self._site}&searchWord={quote(_WORD)}"
            f"&pageSize={self._plan.page_size}&position=TITLE&orderby=time&timeOrder=desc"
        )

    def _shell(self, address: str, counter: str) -> str:
        script = (
            f'var listUrl = "{address}";\n'
            f'function loadPage(n){{$.getJSON(listUrl + "&{counter}=" + n, function(res){{'
            'var html = "";$.each(res.page.content, function(i, item){'
            "html += '<li><a href=\"' + item.url + '\">' + item.title + '</a><span>' + item.trs_time + '</span></li>';"
            '});$("#list").html(html);pager(res.page.totalPages);});}\nloadPage(1);'
        )
        return f'<ul id="list" class="gl-list"></ul>\n<div id="pager"></div>\n<script>\n{script}\n</script>'

    def _answer(self, found: list[_Found], page: str, size: str, word: str) -> Page:
        per_page = positive(size, self._plan.page_size)
        start = (positive(page, 1) - 1) * per_page
        content = [self._row(section, document, word) for section, document in found[start : start + per_page]]
        pages = {"content": content, "total": str(len(found)), "totalPages": ceil(len(found) / per_page)}
        return Page(json.dumps({"page": pages}, ensure_ascii=False).encode(), "application/json;charset=UTF-8")

    def _row(self, section: Section, document: Document, word: str) -> dict[str, str]:
        title = document.title.replace(word, f"<em>{word}</em>") if word else document.title
        return {
            "url": self._plan.origin + self.frame.article(section, document),
            "title": title,
            "trs_time": f"{document.dated.isoformat()} 09:30:00",
            "content": f"{document.source}　{document.title}",
        }
