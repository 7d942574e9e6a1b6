"""A platform of annual reports, four levels deep: year, departments or towns, agency, report. All are plain links.

As such platforms are: addresses follow no pattern that could be guessed (`2022n`, `gknb2017`, `2024n78`), and on some
hosts the year of a folder is that of publication, not the fiscal year; the page of an agency may be its only report.
Not the product of one vendor. Synthetic: the markup of the lists of links, and the folders of agencies.
"""

from crawler.sample_portal.columns import Section, Tree, tree
from crawler.sample_portal.documents import Document
from crawler.sample_portal.families import levels
from crawler.sample_portal.families.attached import Attachment
from crawler.sample_portal.families.built import Built, articles_of
from crawler.sample_portal.families.linked import PlacedFiles
from crawler.sample_portal.families.linked_lists import LinkedLists
from crawler.sample_portal.families.pages import articles, gone_page
from crawler.sample_portal.frame import Frame
from crawler.sample_portal.invented import Plan
from crawler.sample_portal.site import Page, Site

_OTHER = "综合信息"


def build(plan: Plan) -> Built:
    """A host with a column for each agency of each year."""
    host = _Platform(plan)
    frame, files, gone = host.frame, PlacedFiles(host.frame, file_path), gone_page(plan)
    pages = frame.common_pages() | files.pages()
    for section in frame.tree.walk():
        pages |= host.lists.column(section)
        # After the lists: where an agency's page is its report, this takes the place of the list.
        pages |= articles(frame, section, lambda _, d: f'<div id="zoom">\n{files.body(d)}\n</div>', gone)
    return Built(Site(pages), host.path(frame.tree.reports), "", articles_of(plan, frame), files.alone())


def file_path(section: Section, document: Document, file: Attachment) -> str:
    """Where the file of a document lies."""
    return f"{section.path}files/{document.number}.{file.kind}"


class _Platform:
    """One host: how it writes lists of links, and whether an agency's page is its report."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._single = plan.chance(0.4)
        self._form = plan.slug("content", "digits", "day")
        self.frame = Frame(plan, _columns(plan), self.path, self._article_path)
        self.lists = _Lists(self.frame)

    def path(self, section: Section) -> str:
        """The page of a column."""
        return f"{section.path}index.html"

    def _article_path(self, section: Section, document: Document) -> str:
        if self._single and section.reports and len(section.documents) == 1 and not document.gone:
            return self.path(section)
        if self._form == "content":
            return f"{section.path}content_{document.number}.html"
        if self._form == "day":
            return f"{section.path}{document.published.isoformat()}/{document.number}.html"
        return f"{section.path}{document.number}.html"


class _Lists(LinkedLists):
    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self._style = frame.plan.slug("list", "table", "bars")

    def page(self, section: Section, main: str) -> Page:
        """A page; that of a level above the agencies is a list of links."""
        below_reports = self.frame.tree.reports in section.line
        return super().page(section, self._links(section) if section.children and below_reports else main)

    def _links(self, section: Section) -> str:
        links = [f'<a href="{self.frame.link(self.path(child))}">{child.name}</a>' for child in section.children]
        if self._style == "table":
            rows = "\n".join(f"<tr><td>{'</td><td>'.join(links[n : n + 4])}</td></tr>" for n in range(0, len(links), 4))
            return f'<table class="nbpt" width="100%">\n{rows}\n</table>'
        if self._style == "bars":
            return f'<p class="nbpt">{" | ".join(links)}</p>'
        return f'<ul class="nbpt">\n<li>{"</li><li>".join(links)}</li>\n</ul>'


def _columns(plan: Plan) -> Tree:
    columns = tree(plan, split=False)
    kinds, kind_names = levels.kind_key(plan), levels.kind_names(plan)
    agencies, agency_names = levels.agency_key(plan, _OTHER), levels.agency_names(plan, _OTHER)
    for year in levels.split(plan, columns.reports, levels.year_key(plan), levels.year_names(plan, typo=True)):
        for kind in levels.split(plan, year, kinds, kind_names):
            levels.split(plan, kind, agencies, agency_names)
    return columns
