"""A platform of annual reports where one chooses the agency, then the year, in drop-down lists.

As such platforms are: `<select onchange="location.href=this.value">` with addresses as values, departments and towns
behind tabs, the page of an agency with a choice of its years. Not the product of one vendor. Synthetic: all of the
markup; that the page of an agency shows its newest report on some hosts and only asks for a year on others.
"""

from html import escape

from crawler.sample_portal.columns import Section, Tree, tree
from crawler.sample_portal.documents import Document
from crawler.sample_portal.facts import Fact
from crawler.sample_portal.families import levels
from crawler.sample_portal.families.attached import Attachment
from crawler.sample_portal.families.built import Built, articles_of
from crawler.sample_portal.families.linked import PlacedFiles
from crawler.sample_portal.families.linked_lists import LinkedLists
from crawler.sample_portal.families.pages import articles, gone_page
from crawler.sample_portal.frame import Frame
from crawler.sample_portal.invented import Plan, town_of
from crawler.sample_portal.site import Page, Site

_HANDLERS = (
    "location.href=this.value",
    "window.location=this.value",
    "window.open(this.value)",
    "if(this.value!='')window.open(this.value)",
    "MM_jumpMenu('parent',this,0)",
)


def build(plan: Plan) -> Built:
    """A host whose reports stand behind two choices."""
    host = _Selects(plan)
    frame, files, gone = host.frame, PlacedFiles(host.frame, host.file), gone_page(plan)
    lists = LinkedLists(frame)
    pages = frame.common_pages() | files.pages()
    for section in frame.tree.walk():
        pages |= lists.column(section)
        pages |= articles(frame, section, lambda _, d: host.body(files, d), gone)
    reports = frame.tree.reports
    pages[lists.path(reports)] = lists.page(reports, host.platform())
    pages |= {host.agency_path(agency): host.agency_page(files, agency) for agency in host.agencies}
    return Built(Site(pages), lists.path(reports), "", articles_of(plan, frame), files.alone())


class _Selects:
    """One host: the folders of its agencies, and how its choices are written."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        columns = _columns(plan)
        self._facts = {fact.number: fact for fact in plan.facts}
        self.agencies: dict[str, dict[int, Fact]] = {}
        for fact in sorted(plan.facts, key=lambda f: -f.year):
            self.agencies.setdefault(fact.agency, {})[fact.year] = fact
        named = levels.agency_names(plan, "")
        self._folders = {agency: f"{columns.reports.path}{named(agency)[1]}/" for agency in self.agencies}
        self._names = {agency: named(agency)[0] for agency in self.agencies}
        self._handler = plan.slug(*_HANDLERS)
        self._year_file = plan.slug("{}.html", "{}n/index.html", "nb{}.html")
        self._shows_newest = plan.chance(0.5)
        self._tabs = plan.chance(0.6)
        self._relative = plan.chance(0.4)
        self.frame = Frame(plan, columns, lambda section: f"{section.path}index.html", self._article_path)

    def agency_path(self, agency: str) -> str:
        """The page where one chooses the year of an agency."""
        return f"{self._folders[agency]}index.html"

    def file(self, _: Section, document: Document, file: Attachment) -> str:
        """Where the file of a report lies."""
        fact = self._facts[document.number]
        return f"{self._folders[fact.agency]}{fact.year}.{file.kind}"

    def platform(self) -> str:
        """The choice of agencies, departments and towns apart on hosts with tabs."""
        groups = {"政府及部门": [a for a in self.agencies if not town_of(a)]}
        groups["乡镇街道"] = [a for a in self.agencies if town_of(a)]
        if not self._tabs or not groups["乡镇街道"]:
            groups = {"单位": list(self.agencies)}
        base = self.frame.tree.reports.path
        panes, heads = [], []
        for number, (name, agencies) in enumerate(groups.items(), 1):
            choices = {self._names[agency]: self._value(base, self.agency_path(agency)) for agency in agencies}
            select = _select(f"请选择{name}", choices, self._handler, "")
            hidden = ' style="display:none"' if number > 1 else ""
            panes.append(f'<div class="tab-pane" id="tab{number}"{hidden}>{select}</div>')
            heads.append(f'<li data-target="#tab{number}"{"" if hidden else " class=on"}>{name}</li>')
        return f'<ul class="tab-nav">{"".join(heads)}</ul>\n{chr(10).join(panes)}'

    def agency_page(self, files: PlacedFiles, agency: str) -> Page:
        """The choice of years of an agency."""
        newest = next(iter(self.agencies[agency].values()))
        shown = ""
        if self._shows_newest:
            document = self._plan.report(newest)
            shown = f"<h1>{escape(document.title)}</h1>\n{self._text(files, document)}"
        main = f'<div class="dwmc">{agency}</div>\n{self._years(agency, newest.year if shown else 0)}\n{shown}'
        title = f"{agency}_政府信息公开年报_{self._plan.name}"
        return self.frame.encoded(self.frame.page(title, main, self.frame.tree.reports))

    def body(self, files: PlacedFiles, document: Document) -> str:
        """The inner part of an article; a report has the choice of its agency's years above it."""
        fact = self._facts.get(document.number)
        years = self._years(fact.agency, fact.year) if fact else ""
        return f"{years}\n{self._text(files, document)}"

    def _article_path(self, section: Section, document: Document) -> str:
        fact = self._facts.get(document.number)
        if fact is None:
            return f"{section.path}{document.published:%Y%m}/{document.number}.html"
        return self._folders[fact.agency] + self._year_file.format(fact.year)

    def _text(self, files: PlacedFiles, document: Document) -> str:
        return f'<div class="con_text">\n{files.body(document)}\n</div>'

    def _years(self, agency: str, chosen: int) -> str:
        section = self.frame.tree.reports
        # Years stand on pages of different depth, so their addresses are never relative.
        choices = {
            f"{year}年": self.frame.link(self._article_path(section, self._plan.report(fact)))
            for year, fact in self.agencies[agency].items()
        }
        return _select("请选择年份", choices, self._handler, f"{chosen}年")

    def _value(self, base: str, path: str) -> str:
        return path.removeprefix(base) if self._relative else self.frame.link(path)


def _select(prompt: str, choices: dict[str, str], handler: str, chosen: str) -> str:
    options = "\n".join(
        f'<option value="{escape(value)}"{" selected" if name == chosen else ""}>{name}</option>'
        for name, value in choices.items()
    )
    return f'<select class="nbxz" onchange="{handler}">\n<option value="">{prompt}</option>\n{options}\n</select>'


def _columns(plan: Plan) -> Tree:
    """The columns; what is no report stands in a column of its own, beside the choices."""
    columns = tree(plan, split=False)
    reports = columns.reports
    numbers = {fact.number for fact in plan.facts}
    others = [document for document in reports.documents if document.number not in numbers]
    reports.documents = [document for document in reports.documents if document.number in numbers]
    reports.children.append(Section("相关文件", plan.slug("xgwj", "gzdt", "zcjd"), plan.serial(), reports, others))
    return columns
