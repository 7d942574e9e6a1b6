"""NFCMS, by the vendor of gkmlpt: static lists `index.html, index_1.html`, articles below each column.

As the vendor does it: `<column>/content/post_<id>.html`, often with a twin `mpost_<id>.html` for phones, which some
lists show beside it; pages name `NFCMS_SITE_ID` in a script and `ColumnId` in a meta tag; columns of annual reports go
down by year and by departments and towns, in either order, with slugs that do not always follow a pattern
(`bm/2023n/`, but `bm/mb2021/`). Synthetic: the markup of the pager, which on some hosts has numbers only.
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

_BODIES = ("news_cont_d_wrap", "article-content", "articleBox")
_SHAPES = ("flat", "kind_year", "year_kind", "year")


def build(plan: Plan) -> Built:
    """A host whose annual reports lie in one of four shapes of columns."""
    frame = Frame(plan, _columns(plan), list_path, post_path)
    lists, files = NfcmsLists(frame), PlacedFiles(frame, attachment_path)
    body_class = plan.slug(*_BODIES)
    pages, gone = frame.common_pages() | files.pages(), gone_page(plan)
    for section in frame.tree.walk():
        pages |= lists.column(section)
        pages |= articles(frame, section, lambda _, d: body(files, body_class, d), gone)
        pages |= {twin(path): pages[path] for path in lists.twinned(section)}
    column = list_path(frame.tree.reports)
    return Built(Site(pages), column, "nfcms", articles_of(plan, frame), files.alone())


def list_path(section: Section) -> str:
    """The first page of a column."""
    return f"{section.path}index.html"


def post_path(section: Section, document: Document) -> str:
    """Where a document lies."""
    return f"{section.path}content/post_{document.number}.html"


def twin(path: str) -> str:
    """The page of a document for phones."""
    return path.replace("/post_", "/mpost_")


def attachment_path(_: Section, document: Document, file: Attachment) -> str:
    """Where the file of a document lies."""
    number = document.number + 1
    return f"/attachment/{number // 10**6}/{number // 10**3}/{number}/{document.published:%Y%m%d}.{file.kind}"


def body(files: PlacedFiles, body_class: str, document: Document) -> str:
    """The inner part of an article."""
    return f'<div class="{body_class}">\n{files.body(document, "nfw-cms-attachment")}\n</div>'


class NfcmsLists(LinkedLists):
    """The lists of one host, and which documents they show twice."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        plan = frame.plan
        self._site = plan.number(100_000, 799_999)
        numbers = [fact.number for fact in plan.facts]
        self._twins = set(plan.rng.sample(numbers, plan.rng.choice((0, 1, 3))))

    def twinned(self, section: Section) -> list[str]:
        """The paths of the documents of a column that have a twin."""
        return [self.frame.article(section, d) for d in section.documents if d.number in self._twins]

    def rows(self, section: Section, document: Document) -> list[str]:
        """The row of a document and that of its twin."""
        paths = [self.frame.article(section, document)]
        paths += [twin(paths[0])] if document.number in self._twins else []
        links = [self.frame.anchor(section, document, self.frame.link(path)) for path in paths]
        return [f"<li>{link}<span>{self.frame.day(document)}</span></li>" for link in links]

    def page(self, section: Section, main: str) -> Page:
        """A page of the column, with the marks of the software."""
        script = f"<script>var NFCMS_SITE_ID = '{self._site}';</script>"
        meta = f'<meta name="ColumnName" content="{section.name}">\n<meta name="ColumnId" content="{section.number}">'
        title = f"{section.name} - {self.frame.plan.name}"
        return self.frame.encoded(self.frame.page(title, f"{main}\n{script}", section, meta))


def _columns(plan: Plan) -> Tree:
    columns = tree(plan, split=False)
    shape = _SHAPES[(plan.seed + plan.host_number) % len(_SHAPES)]
    years, kinds = levels.year_key(plan), levels.kind_key(plan)
    year_names, kind_names = levels.year_names(plan, typo=True), levels.kind_names(plan)
    if shape == "year_kind":
        for year in levels.split(plan, columns.reports, years, year_names):
            levels.split(plan, year, kinds, kind_names)
    elif shape == "kind_year":
        for kind in levels.split(plan, columns.reports, kinds, kind_names):
            levels.split(plan, kind, years, year_names)
    elif shape == "year":
        levels.split(plan, columns.reports, years, year_names)
    return columns
