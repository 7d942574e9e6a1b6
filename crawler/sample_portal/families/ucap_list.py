"""开普 UCAP with static lists: `xxgk_list.shtml`, then `xxgk_list_2.shtml`.

As the vendor does it: a column's page is called list, xxgk_list, common_list or nav_list; its further pages carry the
number, from 2; articles lie at `<column>/YYYYMM/<hex32>.shtml`, `<site>/C116872/YYYYMM/<hex32>.shtml`,
`<site>/c111239/YYYYMM/c01_868731.shtml` or `<site>/c100028/c7661513/content.shtml`; title, time and body stand in tags
that HTML does not know, such as UCAPCONTENT. The pager is links, or only the call `createPageHTML('page_div', ..)`.
Synthetic: the classes of lists and pager, and where files lie.
"""

from functools import partial
from hashlib import sha256

from crawler.sample_portal.columns import Section, tree
from crawler.sample_portal.documents import Document
from crawler.sample_portal.families.attached import Attachment, Files, attachments
from crawler.sample_portal.families.built import Built, articles_of
from crawler.sample_portal.families.pages import all_pages, digest
from crawler.sample_portal.frame import Frame, screens
from crawler.sample_portal.invented import Plan
from crawler.sample_portal.site import Site

_LIST_NAMES = ("xxgk_list", "list", "common_list", "nav_list")


def build(plan: Plan) -> Built:
    """A host with one name for lists and one form of article addresses."""
    name, form = plan.slug(*_LIST_NAMES), plan.slug("hex", "upper", "c01", "content")
    site = plan.slug("zwgk", "szf", "xrmzf")
    frame = Frame(plan, tree(plan), partial(list_path, name), partial(article_path, site, form))
    scripted = plan.chance(0.4)
    files = Files(attachments(plan), ucap_file)
    pages = all_pages(frame, partial(static_lists, frame, name, scripted), partial(ucap_body, files)) | files.pages()
    column = list_path(name, frame.tree.reports)
    return Built(Site(pages), column, "ucap", articles_of(plan, frame), files.alone(plan))


def list_path(name: str, section: Section) -> str:
    """The first page of a column."""
    return f"{section.path}{name}.shtml"


def article_path(site: str, form: str, section: Section, document: Document) -> str:
    """The address of a document in one of the vendor's forms."""
    month = f"{document.published:%Y%m}"
    if form == "hex":
        return f"{section.path}{month}/{digest(document)}.shtml"
    if form == "upper":
        return f"/{site}/C{section.number}/{month}/{digest(document)}.shtml"
    if form == "c01":
        return f"/{site}/c{section.number}/{month}/c01_{document.number}.shtml"
    return f"/{site}/c{section.number}/c{document.number}/content.shtml"


def ucap_file(file: Attachment) -> str:
    """Where a file lies."""
    return f"/files/{sha256(file.name.encode()).hexdigest()[:32]}.{file.kind}"


def ucap_body(files: Files, _: Section, document: Document) -> str:
    """The body of an article, in the vendor's own tags."""
    published = f"<PUBLISHTIME>{document.dated.isoformat()} 09:30</PUBLISHTIME>"
    return (
        f'<div style="display:none"><UCAPTITLE>{document.title}</UCAPTITLE>{published}</div>\n'
        f'<div id="zoomcon" class="article-content"><UCAPCONTENT>\n{files.body(document)}\n</UCAPCONTENT></div>'
    )


def static_lists(frame: Frame, name: str, scripted: bool, section: Section) -> dict[str, str]:
    """The pages of a column by path; `scripted` pagers have no links."""
    title = f"{section.name}_{frame.plan.name}"
    if not section.documents:
        return {list_path(name, section): frame.page(title, frame.hub(section), section)}
    groups = screens(section.documents, frame.plan.page_size)
    pager = partial(_script if scripted else _links, name, len(section.documents), len(groups))
    return {
        section.path + _file(name, number): frame.page(title, _rows(frame, section, group) + pager(number), section)
        for number, group in enumerate(groups, 1)
    }


def _rows(frame: Frame, section: Section, group: list[Document]) -> str:
    rows = "\n".join(f"<li>{frame.anchor(section, d)}<span>{frame.day(d)}</span></li>" for d in group)
    return f'<ul class="newsList">\n{rows}\n</ul>\n'


def _file(name: str, number: int) -> str:
    return f"{name}_{number}.shtml" if number > 1 else f"{name}.shtml"


def _links(name: str, _: int, count: int, number: int) -> str:
    before = f'<a href="{_file(name, number - 1)}">上一页</a>' if number > 1 else "<span>上一页</span>"
    after = f'<a href="{_file(name, number + 1)}">下一页</a>' if number < count else "<span>下一页</span>"
    return f'<div class="pagination">{before} <em>{number}/{count}</em> {after}</div>'


def _script(name: str, total: int, count: int, number: int) -> str:
    call = f"createPageHTML('page_div',{count}, {number},'{name}','shtml',{total});"
    return f'<div id="page_div"></div><script>{call}</script>'
