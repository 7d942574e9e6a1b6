"""陕西集约化: the pages of a column are `1.html`, `2.html`, ..; a column with one document shows it instead of a list.

As the platform does it: articles lie beside the pages of their column, named by an ObjectId of 24 hexadecimal digits or
by a number of 19 digits; the annual reports stand in one column, or in columns by year and unit, where the page of a
unit (`.../2023/bm03/1.html`) renders its only report. The year in such an address is often that of publication, not
that of the figures. Synthetic: the classes of lists and pager, the slugs of units, and
where files lie.
"""

from dataclasses import dataclass
from functools import partial

from crawler.sample_portal.columns import Section, by_year, tree
from crawler.sample_portal.documents import Document
from crawler.sample_portal.families.attached import Files, attachments
from crawler.sample_portal.families.built import Built, articles_of
from crawler.sample_portal.families.pages import articles, digest, gone_page
from crawler.sample_portal.frame import Frame, screens
from crawler.sample_portal.invented import Plan
from crawler.sample_portal.site import Page, Site


def build(plan: Plan) -> Built:
    """A host with one column of reports, or with columns by year and unit."""
    nested = plan.chance(0.6)
    columns = tree(plan, split=False if nested else None)
    if nested:
        by_year(plan, columns, published=plan.chance(0.6))
    host = _Shaanxi(plan.chance(0.5))
    frame = Frame(plan, columns, _column_path, host.article_path)
    pages = frame.common_pages()
    gone = gone_page(plan)
    files = Files(attachments(plan), lambda file: f"/upload/{file.key}.{file.kind}")
    pages |= files.pages()
    for section in columns.walk():
        pages |= _column(frame, section)
        pages |= articles(frame, section, partial(_body, files), gone)
    return Built(Site(pages), _column_path(columns.reports), "", articles_of(plan, frame), files.alone(plan))


@dataclass(frozen=True, slots=True)
class _Shaanxi:
    """One host: whether its articles are named by ObjectIds."""

    object_ids: bool

    def article_path(self, section: Section, document: Document) -> str:
        """The address of a document; the only one of a unit has that of its column."""
        if _alone(section):
            return _column_path(section)
        name = digest(document, 24) if self.object_ids else str(10**18 + int(digest(document, 14), 16))
        return f"{section.path}{name}.html"


def _alone(section: Section) -> bool:
    """Whether a column is that of a unit with one document."""
    return section.reports and len(section.documents) == 1


def _column_path(section: Section) -> str:
    return f"{section.path}1.html"


def _column(frame: Frame, section: Section) -> dict[str, Page]:
    if _alone(section):
        return {}
    title = f"{section.name}-{frame.plan.name}"
    if not section.documents:
        return {_column_path(section): frame.encoded(frame.page(title, frame.hub(section), section))}
    groups = screens(section.documents, frame.plan.page_size)
    pages = {}
    for number, group in enumerate(groups, 1):
        rows = "\n".join(f"<li>{frame.anchor(section, d)}<span>{frame.day(d)}</span></li>" for d in group)
        main = f'<ul class="gl-list">\n{rows}\n</ul>\n{_pager(number, len(groups))}'
        pages[f"{section.path}{number}.html"] = frame.encoded(frame.page(title, main, section))
    return pages


def _pager(number: int, count: int) -> str:
    targets = [("首页", 1), ("上一页", number - 1), ("下一页", number + 1), ("尾页", count)]
    links = (
        f'<a href="{target}.html">{label}</a>' if 1 <= target <= count and target != number else f"<span>{label}</span>"
        for label, target in targets
    )
    return f'<div class="page">{" ".join(links)}</div>'


def _body(files: Files, _: Section, document: Document) -> str:
    return f'<div class="article-box" id="zoom">\n{files.body(document)}\n</div>'
