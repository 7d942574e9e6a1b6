"""The pages of a replica whose columns are files: common pages, lists, articles and what is left of deleted ones."""

from collections.abc import Callable
from hashlib import sha256

from crawler.sample_portal.columns import Section
from crawler.sample_portal.documents import Document
from crawler.sample_portal.frame import Frame
from crawler.sample_portal.invented import Plan
from crawler.sample_portal.site import Page, not_found

Lists = Callable[[Section], dict[str, str]]
Body = Callable[[Section, Document], str]


def all_pages(frame: Frame, lists: Lists, body: Body) -> dict[str, Page]:
    """Everything: `lists` gives a column's pages as HTML by path, `body` the inner part of an article."""
    pages = frame.common_pages()
    gone = gone_page(frame.plan)
    for section in frame.tree.walk():
        pages |= {path: frame.encoded(html) for path, html in lists(section).items()}
        pages |= articles(frame, section, body, gone)
    return pages


def articles(frame: Frame, section: Section, body: Body, gone: Page) -> dict[str, Page]:
    """The pages of a column's documents by path."""
    pages = {}
    for document in section.documents:
        html = "" if document.gone else frame.article_page(section, document, body(section, document))
        pages[frame.article(section, document)] = gone if document.gone else frame.encoded(html, document)
    return pages


def gone_page(plan: Plan) -> Page:
    """How this host answers for a deleted document: 404, a sentence with 200, or a refresh to somewhere else."""
    sentence = "<html><head><meta charset='utf-8'></head><body><p>该信息已删除或不存在！</p></body></html>"
    refresh = '<meta http-equiv="refresh" content="0;URL=../" />'
    return plan.pick((not_found("您访问的页面不存在"), Page(sentence.encode()), Page(refresh.encode())))


def digest(document: Document, length: int = 32) -> str:
    """Hexadecimal digits that name a document in its address."""
    return sha256(f"{document.title}/{document.number}".encode()).hexdigest()[:length]


def uuid_of(document: Document) -> str:
    """A UUID that names a document in its address."""
    digits = digest(document)
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
