"""大汉 Hanweb xxgk: a page renders the report of one agency and one year in place; no report has an article of its
own.

As the vendor does it: `/module/xxgk/xxgkAnnualReport.jsp?area=<organisation code of 18 characters>&fbtime=<year>` is
the report; agencies come from a tree (`tree.jsp?area=`), years from a choice on the page; the other disclosure columns
get their rows by POST from `/module/xxgk/search.jsp`, in pages of which the fragment says how many there are, and
whose rows are not only those of the column. Synthetic: the markup of the tree and of the choice of years (plain links,
a choice whose values are addresses, or one whose values are bare years that a script puts into the address); that the
page without a year shows the newest report; what an agency without a report in that year shows; the columns of news,
which are made like those of the family hanweb_jpage.
"""

import json
from html import escape

from crawler.sample_portal.columns import Section, tree
from crawler.sample_portal.documents import Document
from crawler.sample_portal.facts import Fact
from crawler.sample_portal.families.built import Built, articles_of
from crawler.sample_portal.families.hanweb_art import DOWNLOAD, Arts, art_path
from crawler.sample_portal.families.hanweb_jpage import Jpage, column_path
from crawler.sample_portal.families.pages import articles, gone_page
from crawler.sample_portal.frame import Frame, screens
from crawler.sample_portal.invented import Plan, town_of
from crawler.sample_portal.site import Page, Site

REPORT = "/module/xxgk/xxgkAnnualReport.jsp"
TREE = "/module/xxgk/tree.jsp"
SEARCH = "/module/xxgk/search.jsp"
_CHOICES = ("links", "addresses", "years")


def build(plan: Plan) -> Built:
    """A host whose reports are all behind one address."""
    host = _Xxgk(plan)
    frame, lists, arts = host.frame, Jpage(host.frame), Arts(host.frame)
    pages = frame.common_pages()
    gone = gone_page(plan)
    for section in frame.tree.walk():
        if section.reports:
            pages[column_path(section)] = host.platform(section)
        elif section.parent and section.documents:
            pages[column_path(section)] = host.searched(section)
        else:
            pages[column_path(section)] = lists.column(section)
        pages |= {path: page for path, page in articles(frame, section, arts.body, gone).items() if "?" not in path}
    endpoints = {
        REPORT: host.report,
        TREE: host.tree_page,
        SEARCH: host.search,
        lists.endpoint: lists.answer,
        DOWNLOAD: arts.download,
    }
    return Built(Site(pages, endpoints), column_path(frame.tree.reports), "hanweb", articles_of(plan, frame))


class _Xxgk:
    """One host: the codes of its agencies, the way to them, and the way to the years."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._facts = {fact.number: fact for fact in plan.facts}
        self._areas = _areas(plan)
        self._by_area: dict[str, dict[int, Fact]] = {}
        for fact in plan.facts:
            self._by_area.setdefault(self._areas[fact.agency], {})[fact.year] = fact
        self._choice = _CHOICES[(plan.seed + plan.host_number) % len(_CHOICES)]
        # A script that is given a bare year can only put it last.
        self._year_first = self._choice != "years" and plan.chance(0.4)
        self._all_years = plan.chance(0.5)
        self._way = plan.pick(("links", "iframe", "script"))
        self._root = next(iter(self._areas.values()))
        self._webid = plan.number(2, 150)
        self.frame = Frame(plan, tree(plan, split=False), column_path, self._article_path)
        self._sections = {f"div{section.number}": section for section in self.frame.tree.walk()}

    def platform(self, section: Section) -> Page:
        """The column of annual reports: the agencies, and beside them what else was put into the column."""
        if self._way == "links":
            agencies = f'<div class="xxgk_tree">{self._tree()}</div>'
        elif self._way == "iframe":
            agencies = f'<iframe id="treeframe" src="{TREE}?area={self._root}" width="240" height="600"></iframe>'
        else:
            load = f'$("#xxgk_tree").load("{TREE}?area={self._root}");'
            agencies = f'<div id="xxgk_tree"></div>\n<script>{load}</script>'
        others = [d for d in section.documents if d.number not in self._facts]
        rows = "\n".join(f"<li>{self.frame.anchor(section, d)}<span>{self.frame.day(d)}</span></li>" for d in others)
        main = f'{agencies}\n<div class="xgxx"><h3>相关信息</h3><ul>\n{rows}\n</ul></div>'
        return self._page(section.name, main, section)

    def report(self, fields: dict[str, str]) -> Page:
        """The report of an agency and a year, or of its newest year."""
        area = fields.get("area", "")
        reports = self._by_area.get(area, {})
        year = fields.get("fbtime", "")
        fact = reports.get(int(year)) if year.isdecimal() else reports[max(reports)] if reports else None
        title, content = "政府信息公开年报", '<div class="nodata">暂无相关信息</div>'
        if fact:
            document = self.plan.report(fact)
            title = document.title
            content = (
                f'<div class="title">{escape(title)}</div>\n<div class="info">发布时间:{document.dated} 09:30:44 '
                f'<a href="javascript:void(0)" onclick="speak()">点击收听年报语音朗读</a></div>\n'
                f'<div id="zoom" class="nbcontent">\n{document.body}\n</div>'
            )
        agency = next((a for a, code in self._areas.items() if code == area), "")
        crumb = f'<div class="jgmc">{agency}</div>'
        main = f"{crumb}\n{self._years(area, fact.year if fact else 0)}\n{content}"
        return self._page(title, main, self.frame.tree.reports)

    def tree_page(self, _: dict[str, str]) -> Page:
        """The agencies as links, for a frame or a script."""
        html = f'<html><head><meta charset="utf-8"></head><body>{self._tree()}</body></html>'
        return Page(html.encode())

    def searched(self, section: Section) -> Page:
        """A column whose rows a script asks for."""
        query = (
            "standardXxgk=0&isAllList=1&texttype=0&fbtime=-1&vc_all=&vc_filenumber=&vc_title=&vc_number="
            '&currpage="+page+"&sortfield=,compaltedate:0'
        )
        body = {"infotypeId": f"A{section.number % 90 + 10}", "jdid": self._webid, "area": self._root}
        body["divid"] = f"div{section.number}"
        script = (
            f'function toPage(page){{$.post("{SEARCH}?{query}",{json.dumps(body)},'
            f'function(data){{$("#div{section.number}").html(data);}});}}\ntoPage(1);'
        )
        main = f'<div id="div{section.number}"></div>\n<script>{script}</script>'
        return self._page(section.name, main, section)

    def search(self, fields: dict[str, str]) -> Page:
        """One page of a column's rows, after one row of another column."""
        section = self._sections.get(fields.get("divid", ""))
        documents = [(section, d) for d in section.documents] if section else []
        news = self.frame.tree.top[0]
        groups = screens([document for _, document in documents], self.plan.page_size)
        page = int(fields.get("currpage", "1")) if fields.get("currpage", "1").isdecimal() else 1
        shown = groups[page - 1] if section and 0 < page <= len(groups) else []
        rows = [self._row(section, document, number) for number, document in enumerate(shown) if section]
        rows += [self._row(news, document, len(shown)) for document in news.documents[:1]]
        pager = f"&nbsp;&nbsp;共{len(groups)}页&nbsp;第{page}页"
        return Page(f'<table class="tr_main">\n{"".join(rows)}\n</table><div class="page">{pager}</div>'.encode())

    def _article_path(self, section: Section, document: Document) -> str:
        fact = self._facts.get(document.number)
        return art_path(section, document) if fact is None else self._address(self._areas[fact.agency], fact.year)

    def _address(self, area: str, year: int) -> str:
        if self._year_first:
            return f"{REPORT}?fbtime={year}&area={area}"
        return f"{REPORT}?area={area}&fbtime={year}"

    def _tree(self) -> str:
        groups = {"政府及部门": [a for a in self._areas if not town_of(a)]}
        groups["乡镇街道"] = [a for a in self._areas if town_of(a)]
        parts = []
        for name, agencies in groups.items():
            links = (f'<a href="{REPORT}?area={self._areas[a]}" target="_parent">{a}</a>' for a in agencies)
            parts.append(f"<li><span>{name}</span><ul><li>{'</li><li>'.join(links)}</li></ul></li>")
        return f'<ul class="filetree">\n{"".join(parts)}\n</ul>'

    def _years(self, area: str, chosen: int) -> str:
        """The choice of years: all of the platform, or only those in which the agency has a report."""
        years = self.plan.years if self._all_years else sorted(self._by_area.get(area, {}))
        years = sorted(years, reverse=True)
        if self._choice == "links":
            links = (f'<li><a href="{escape(self._address(area, year))}">{year}年</a></li>' for year in years)
            return f'<ul class="ndnb">\n{"".join(links)}</ul>'
        values = {y: escape(self._address(area, y)) if self._choice == "addresses" else str(y) for y in years}
        options = "".join(
            f'<option value="{value}"{" selected" if year == chosen else ""}>{year}年</option>'
            for year, value in values.items()
        )
        if self._choice == "addresses":
            return f'<select class="nd" onchange="location.href=this.value">{options}</select>'
        change = f"function changeYear(y){{window.location.href='{REPORT}?area={area}&fbtime='+y;}}"
        return f'<select id="fbtime" onchange="changeYear(this.value)">{options}</select>\n<script>{change}</script>'

    def _row(self, section: Section, document: Document, number: int) -> str:
        kind = "even" if number % 2 else "odd"
        link = self.frame.anchor(section, document).replace("<a ", '<a class="bt_link" ', 1)
        day = document.dated.isoformat()
        return f'<tr class="tr_main_value_{kind}"><td>{number + 1}</td><td>{link}</td><td>{day}</td></tr>'

    def _page(self, title: str, main: str, section: Section) -> Page:
        return self.frame.encoded(self.frame.page(f"{title}-{self.plan.name}", main, section))


def _areas(plan: Plan) -> dict[str, str]:
    """A code of 18 characters for each agency."""
    division = plan.number(110_000, 659_000)
    return {
        agency: f"11{division}{plan.number(100_000_000, 999_999_999)}{plan.pick('0123456789X')}"
        for agency in dict.fromkeys(fact.agency for fact in plan.facts)
    }
