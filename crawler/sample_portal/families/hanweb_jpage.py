"""大汉 Hanweb jpage: the rows of a column stand inside a script, further ones come from dataproxy.jsp.

As the vendor does it: the page of a column holds the first three screens of rows as CDATA in a `<script
type="text/xml">` that is no well-formed XML; what the endpoint wants to know stands in `ajaxParam`, or only in the
link of `<nextgroup>`, with `appid` twice and `webname` encoded twice. The endpoint takes GET and POST. Deployments
differ: some count by `startrecord` and `endrecord`; some ignore these and honour only `page`, so that a second request
by records gives the first rows again; some answer to deep requests with an empty store of 54 bytes (here every report
stands before that); some wrap the store into a line of JavaScript; those of 2017 have another path, rows of tables and
quoted values. Synthetic: that a page asked for by number holds one screen on some hosts and three on others, the words
around the store in JavaScript, and what a request past the end gets.
"""

from functools import partial
from math import ceil
from urllib.parse import quote

from crawler.sample_portal.columns import Section, Tree, tree
from crawler.sample_portal.documents import Document, distractors
from crawler.sample_portal.families.asked import positive
from crawler.sample_portal.families.built import Built, articles_of
from crawler.sample_portal.families.hanweb_art import DOWNLOAD, Arts, art_path
from crawler.sample_portal.families.pages import articles, gone_page
from crawler.sample_portal.frame import Frame
from crawler.sample_portal.invented import Plan
from crawler.sample_portal.site import Page, Site

QUIRKS = ("records", "page_only", "deep_empty", "js_text", "legacy")
_EMPTY = "<datastore>\r\n<recordset>\r\n</recordset>\r\n</datastore>\r\n"
_XML, _SCRIPT = "text/xml; charset=UTF-8", "text/javascript; charset=UTF-8"
_ROW_STYLES = {"legacy": "table", "js_text": "b"}
# The store begins after this many characters of a JavaScript answer.
_LEAD = 69


def build(plan: Plan) -> Built:
    """A host with one of the quirks, in turn, so that a catalogue has them all."""
    frame = Frame(plan, tree(plan), column_path, art_path)
    quirk = QUIRKS[(plan.seed + plan.host_number) % len(QUIRKS)]
    if quirk == "deep_empty":
        _add_older(plan, frame.tree)
    lists, arts = Jpage(frame, quirk), Arts(frame)
    pages = frame.common_pages()
    gone = gone_page(plan)
    for section in frame.tree.walk():
        pages[column_path(section)] = lists.column(section)
        pages |= articles(frame, section, arts.body, gone)
    site = Site(pages, {lists.endpoint: lists.answer, DOWNLOAD: arts.download})
    return Built(site, column_path(frame.tree.reports), "hanweb", articles_of(plan, frame), arts.files.alone())


def column_path(section: Section) -> str:
    """The page of a column, by its number."""
    return f"/col/col{section.number}/index.html"


class Jpage:
    """The lists of one host: first rows in the page, the others by the endpoint, with one quirk."""

    def __init__(self, frame: Frame, quirk: str = "records") -> None:
        plan = frame.plan
        self._frame = frame
        self._quirk = quirk
        self._sections = {str(section.number): section for section in frame.tree.walk()}
        self._units = {section.number: plan.number(10_000, 999_999) for section in frame.tree.walk()}
        self._webid = plan.number(2, 150)
        self._per_page = plan.number(3, 5)
        self._screens_of_page = plan.pick((1, 3))
        self._row_style = _ROW_STYLES.get(quirk) or plan.pick(("b", "single_quotes", "pull_right", "brackets"))
        self._parameters = plan.pick(("ajaxParam", "nextgroup", "both"))
        folder = "/module/jslib/jquery/jpage" if quirk == "legacy" else plan.slug("/module/web/jpage", "/module/jpage")
        self.endpoint = f"{folder}/dataproxy.jsp"

    def column(self, section: Section) -> Page:
        """The page of a column: its rows, or links to the columns below it."""
        frame = self._frame
        main = self._list(section) if section.documents else frame.hub(section)
        return frame.encoded(frame.page(f"{frame.plan.name} {section.name}", main, section))

    def answer(self, fields: dict[str, str]) -> Page:
        """The store that a request gets."""
        section = self._sections.get(fields.get("columnid", ""))
        if section is None or fields.get("unitid") != str(self._units[section.number]):
            return Page(_EMPTY.encode(), _XML)
        start, end = self._window(section, fields)
        shown = section.documents[start:end]
        if not shown or (self._quirk == "deep_empty" and start >= 3 * self._screen(section)):
            return Page(_EMPTY.encode(), _XML)
        total = len(section.documents)
        pages = ceil(total / self._screen(section))
        counts = f"<totalrecord>{total}</totalrecord><totalpage>{pages}</totalpage>"
        store = f"<datastore>\n{counts}\n{self._records(section, shown)}\n</datastore>"
        if self._quirk == "js_text":
            lead = f"/* jpage */ var jpage_datastore_{fields['unitid']} ".ljust(_LEAD - 3) + "= '"
            return Page((lead + store.replace("\n", "") + "'").encode(), _SCRIPT)
        return Page(store.encode(), _XML)

    def _window(self, section: Section, fields: dict[str, str]) -> tuple[int, int]:
        """First record, from 0, and the one after the last."""
        size = positive(fields.get("perpage"), self._screen(section))
        if self._quirk == "page_only" or "startrecord" not in fields:
            size *= self._screens_of_page
            start = (positive(fields.get("page"), 1) - 1) * size
            return start, start + size
        start = positive(fields.get("startrecord"), 1) - 1
        return start, max(start, positive(fields.get("endrecord"), start + 3 * size))

    def _screen(self, section: Section) -> int:
        """Rows of a screen; where deep requests are refused, three screens hold every report."""
        if self._quirk != "deep_empty" or not section.reports:
            return self._per_page
        reports = {fact.number for fact in self._frame.plan.facts}
        last = max((n for n, d in enumerate(section.documents, 1) if d.number in reports), default=1)
        return max(self._per_page, ceil(last / 3))

    def _list(self, section: Section) -> str:
        unit, screen = self._units[section.number], self._screen(section)
        records = self._records(section, section.documents[: 3 * screen])
        following = "" if self._parameters == "ajaxParam" else f"\n{self._next_group(section)}"
        store = f"<datastore>{following}\n{records}</datastore>"
        options = f"totalRecord:{len(section.documents)},perPage:{screen}"
        if self._parameters != "nextgroup":
            options += f",barPosition:'bottom',proxyUrl:'{self.endpoint}',ajaxParam:{self._ajax(section)}"
        return (
            f'<div id="{unit}" class="default_pgContainer"><script type="text/xml">{store}</script></div>\n'
            f"<script>var param_{unit}={{columnid:{section.number},unitid:'{unit}'}};\n"
            f"$('#{unit}').jpage({{{options}}});</script>"
        )

    def _ajax(self, section: Section) -> str:
        return (
            f"{{col:1,appid:1,webid:{self._webid},path:'/',columnid:{section.number},sourceContentType:1,"
            f"unitid:'{self._units[section.number]}',webname:'{self._frame.plan.name}',permissiontype:0}}"
        )

    def _next_group(self, section: Section) -> str:
        quoted = "'" if self._quirk == "legacy" else ""
        webname = self._frame.plan.name if quoted else quote(quote(self._frame.plan.name))
        query = (
            f"page=1&appid=1&appid=1&webid={self._webid}&path={quoted}/{quoted}&columnid={section.number}"
            f"&unitid={self._units[section.number]}&webname={quoted}{webname}{quoted}&permissiontype=0"
        )
        return f'<nextgroup><![CDATA[<a href="{self.endpoint}?{query}"></a>]]></nextgroup>'

    def _records(self, section: Section, documents: list[Document]) -> str:
        stray = "<table border='0' width='95%'></table>" if self._row_style == "table" else "<ul class='list'></ul>"
        rows = "\n".join(f"<record><![CDATA[\n{self._row(section, document)}]]></record>" for document in documents)
        return f"<recordset>{stray}\n{rows}\n</recordset>"

    def _row(self, section: Section, document: Document) -> str:
        link, day = self._frame.anchor(section, document), self._frame.day(document)
        if self._row_style == "table":
            bullet = '<td width=15 valign="middle"><IMG src="/picture/0/dot.gif" align=absMiddle></td>'
            return f"<tr>{bullet}<td style='border-bottom:1px dashed #999999'>{link}</td><td>{day}</td></tr>"
        if self._row_style == "brackets":
            return f"<li>{link}[{document.dated.isoformat()}]</li>"
        if self._row_style == "pull_right":
            return f'<li><s></s>{link}<span class="pull-right">{day}</span></li>'
        row = f'<li class="clearfix">    {link}    <b>{day}</b></li>'
        return row.replace('"', "'") if self._row_style == "single_quotes" else row


def _add_older(plan: Plan, columns: Tree) -> None:
    """What stands below the last report, so that there is something deep to ask for."""
    older = partial(distractors, years=range(plan.years[0] - 4, plan.years[0] - 1))
    for section in columns.walk():
        if section.reports:
            section.documents += [d for d in older(plan.place)[1:] if d.published < section.documents[-1].published]
