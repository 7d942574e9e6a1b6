"""ASP.NET lists that page by postback: the pager's links are `javascript:__doPostBack('AspNetPager1','2')`.

As its users document it: the page is one form with `__VIEWSTATE`, `__VIEWSTATEGENERATOR` and `__EVENTVALIDATION`; a
page is asked for by POST of these with `__EVENTTARGET` and `__EVENTARGUMENT`. Synthetic: all of the markup, since no
page of a government site with such a pager has been seen, and what the server does: it answers the first page unless
the hidden fields belong together, are those of this column, and come from a page that links to the page asked for.
The links around the current page are shown, at most four of them, besides 上一页 and 下一页.
"""

from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256

from crawler.sample_portal.columns import Section, tree
from crawler.sample_portal.families.aspx_get import AspxPages, upload_path
from crawler.sample_portal.families.attached import Files, attachments
from crawler.sample_portal.families.built import Built, articles_of
from crawler.sample_portal.families.pages import gone_page
from crawler.sample_portal.frame import Frame, screens
from crawler.sample_portal.invented import Plan
from crawler.sample_portal.site import Page, Request, Site, not_found

_SCRIPT = """<script type="text/javascript">
var theForm = document.forms['form1'];
function __doPostBack(eventTarget, eventArgument) {
 if (!theForm.onsubmit || (theForm.onsubmit() != false)) {
  theForm.__EVENTTARGET.value = eventTarget; theForm.__EVENTARGUMENT.value = eventArgument; theForm.submit();
 }
}
</script>"""


def build(plan: Plan) -> Built:
    """A host whose lists are forms."""
    directory = plan.slug("", "/zwgk", "/web", "/Portal")
    lists = plan.slug("List.aspx", "list.aspx", "InfoList.aspx")
    files = Files(attachments(plan), upload_path)
    pages = AspxPages(f"{directory}/{lists}", f"{directory}/Detail.aspx", files)
    frame = Frame(plan, tree(plan), pages.column_path, pages.article_path)
    control = plan.slug("AspNetPager1", "ctl00$ContentPlaceHolder1$AspNetPager1", "Pager1")
    host = _Forms(frame, pages, control, f"{plan.number(0, 2**32 - 1):08X}")
    gone = gone_page(plan)
    site = Site(frame.common_pages() | files.pages(), {pages.shows: lambda fields: pages.article(frame, fields, gone)})
    site.services[pages.lists] = host.answer
    return Built(site, pages.column_path(frame.tree.reports), "aspx", articles_of(plan, frame), files.alone(plan))


@dataclass(frozen=True, slots=True)
class _Forms:
    """One host: the name of its pager control, and the generator that its forms carry."""

    frame: Frame
    pages: AspxPages
    control: str
    generator: str

    def answer(self, request: Request) -> Page:
        """A column's page: the first by GET, any other by a postback in order."""
        section = self.pages.section(self.frame, request.fields)
        if section is None:
            return not_found("栏目不存在")
        title = f"{section.name}-{self.frame.plan.name}"
        if not section.documents:
            return self.frame.encoded(self.frame.page(title, self.frame.hub(section), section))
        count = len(screens(section.documents, self.frame.plan.page_size))
        page = self._asked(section, count, request.fields) if request.method == "POST" else 1
        return self.frame.encoded(self.frame.page(title, self._form(section, page, count), section))

    def _asked(self, section: Section, count: int, fields: dict[str, str]) -> int:
        """The page that the fields ask for, or the first if they are not fresh from a page that links to it."""
        argument = fields.get("__EVENTARGUMENT", "")
        if fields.get("__EVENTTARGET") != self.control or not argument.isdecimal():
            return 1
        sent = {name: fields.get(name) for name in ("__VIEWSTATE", "__VIEWSTATEGENERATOR", "__EVENTVALIDATION")}
        shown = [page for page in range(1, count + 1) if sent == self._hidden(section, page)]
        return int(argument) if shown and int(argument) in _window(shown[0], count) else 1

    def _hidden(self, section: Section, page: int) -> dict[str, str]:
        state = b64encode(f"{self.generator}/{section.number}/{page}".encode() * 8).decode()
        validation = b64encode(sha256(state.encode()).digest()).decode()
        return {"__VIEWSTATE": state, "__VIEWSTATEGENERATOR": self.generator, "__EVENTVALIDATION": validation}

    def _form(self, section: Section, page: int, count: int) -> str:
        hidden = {"__EVENTTARGET": "", "__EVENTARGUMENT": "", **self._hidden(section, page)}
        inputs = "\n".join(f'<input type="hidden" name="{n}" id="{n}" value="{v}" />' for n, v in hidden.items())
        action = self.pages.column_path(section).rpartition("/")[2].replace("&", "&amp;")
        group = screens(section.documents, self.frame.plan.page_size)[page - 1]
        return (
            f'<form name="form1" method="post" action="./{action}" id="form1">\n{inputs}\n{_SCRIPT}\n'
            f"{self.pages.rows(self.frame, section, group)}\n{self._pager(section, page, count)}\n"
            '<input type="text" name="txtKey" /><input type="submit" name="btnSearch" value="搜索" />\n</form>'
        )

    def _pager(self, section: Section, page: int, count: int) -> str:
        links = [("上一页", page - 1), *((str(n), n) for n in _window(page, count)), ("下一页", page + 1)]
        parts = [
            f"<a href=\"javascript:__doPostBack('{self.control}','{target}')\">{label}</a>"
            if target != page and 1 <= target <= count
            else f"<span>{label}</span>"
            for label, target in links
        ]
        options = "".join(f'<option value="{n}">{n}</option>' for n in range(1, count + 1))
        total = f"共 {len(section.documents)} 行/每页{self.frame.plan.page_size}行 第{page}/{count}页"
        select = f'<select name="{self.control}_input">{options}</select>'
        return f'<div id="{self.control}" class="paginator">{total} {" ".join(parts)} {select}</div>'


def _window(page: int, count: int) -> range:
    """The pages that are linked by number: the current one with two on either side."""
    return range(max(1, page - 2), min(count, page + 2) + 1)
