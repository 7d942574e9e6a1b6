"""A platform of annual reports behind shells: pages that only lead on, frames, and tabs that are no links.

As such platforms are: the page of the column is 160 bytes with `location.replace(..)`, or a refresh, or a page around
an `<iframe>`, and these come one behind the other; the years are tabs. Not the product of one vendor. Synthetic: the
markup of the tabs, whose address stands in `onclick="window.open('..')"` or in `data-url`.
"""

from collections.abc import Callable
from html import escape

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

_CHAINS = (
    ("replace", "frame"),
    ("refresh", "frame"),
    ("frame",),
    ("replace",),
    ("frame", "replace"),
    ("refresh",),
)


def build(plan: Plan) -> Built:
    """A host with one of the chains of shells before its years."""
    host = _Frames(plan)
    frame, files, gone = host.frame, PlacedFiles(host.frame, _file_path), gone_page(plan)
    lists = _Lists(frame)
    pages = frame.common_pages() | files.pages()
    for section in frame.tree.walk():
        pages |= lists.column(section)
        pages |= articles(frame, section, lambda _, d: f'<div class="wzcon">\n{files.body(d)}\n</div>', gone)
    return Built(Site(pages | host.shells()), host.entry, "", articles_of(plan, frame), files.alone())


class _Frames:
    """One host: its chain of shells, and where the years stand."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._chain = _CHAINS[(plan.seed + plan.host_number) % len(_CHAINS)]
        self._columns = _columns(plan)
        self._platform = f"/{plan.slug('xxgkpt', 'nbpt', 'zfxxgknbpt', 'gknb_pt')}/"
        self._tab = plan.pick((_opened, _opened_self, _kept))
        self._article = plan.slug("doc", "id")
        self.frame = Frame(plan, self._columns, _column_path, self._article_path, unlisted=self._columns.reports)

    @property
    def entry(self) -> str:
        """The page of the column: the first shell."""
        return self.frame.column(self._columns.reports)

    def shells(self) -> dict[str, Page]:
        """The chain, from the column's page to the years."""
        paths = [self.entry, *(f"{self._platform}{number}.html" for number in range(1, len(self._chain)))]
        paths.append(f"{self._platform}nblist.html")
        pages = {p: self._shell(kind, to) for kind, p, to in zip(self._chain, paths[:-1], paths[1:], strict=True)}
        return {**pages, paths[-1]: self._years()}

    def _shell(self, kind: str, target: str) -> Page:
        if kind == "replace":
            return Page(f'<html><head><script>window.location.replace("{target}");</script></head></html>'.encode())
        if kind == "refresh":
            return Page(f'<html><head><meta http-equiv="refresh" content="0;url={target}"></head></html>'.encode())
        reports = self._columns.reports
        main = f'<iframe src="{target}" width="100%" height="900" frameborder="0" scrolling="no"></iframe>'
        return self.frame.encoded(self.frame.page(f"{reports.name}_{self._plan.name}", main, reports))

    def _years(self) -> Page:
        """The years as tabs, and the newest reports if the page is no frame's."""
        section = self._columns.reports
        tabs = "\n".join(self._tab(child.name, self.frame.link(self.frame.column(child))) for child in section.children)
        main = f'<ul class="nd-tab">\n{tabs}\n</ul>'
        if self._chain[-1] != "frame":
            return self.frame.encoded(self.frame.page(f"{section.name}_{self._plan.name}", main, section))
        html = f'<html><head><meta charset="utf-8"><title>{section.name}</title></head><body>\n{main}\n</body></html>'
        return Page(html.encode())

    def _article_path(self, section: Section, document: Document) -> str:
        if self._article == "doc":
            return f"/doc/{document.published:%Y/%m/%d}/{document.number}.html"
        return f"{section.path}{document.number}.html"


class _Lists(LinkedLists):
    """Lists without surroundings for the years, since they open in a frame."""

    def page(self, section: Section, main: str) -> Page:
        """A page; that of a year is bare."""
        if section.parent is not self.frame.tree.reports:
            return super().page(section, main)
        html = (
            f'<html><head><meta charset="utf-8"><title>{escape(section.name)}</title></head><body>{main}</body></html>'
        )
        return Page(html.encode())


Tab = Callable[[str, str], str]


def _opened(name: str, href: str) -> str:
    return f"<li onclick=\"window.open('{href}')\">{name}</li>"


def _opened_self(name: str, href: str) -> str:
    return f"<li><a href=\"javascript:void(0)\" onclick=\"window.open('{href}','_self')\">{name}</a></li>"


def _kept(name: str, href: str) -> str:
    return f'<li class="tab-item" data-url="{href}">{name}</li>'


def _column_path(section: Section) -> str:
    return f"{section.path}index.html"


def _file_path(section: Section, document: Document, file: Attachment) -> str:
    return f"{section.path}files/{document.number}.{file.kind}"


def _columns(plan: Plan) -> Tree:
    columns = tree(plan, split=False)
    levels.split(plan, columns.reports, levels.year_key(plan), levels.year_names(plan))
    return columns
