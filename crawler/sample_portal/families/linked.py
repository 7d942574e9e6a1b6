"""PlacedFiles that an article links to: beside the report that it holds, or instead of it."""

from collections.abc import Callable, Sequence
from html import escape

from crawler.sample_portal.columns import Section
from crawler.sample_portal.documents import Document
from crawler.sample_portal.families.attached import CONTENT_TYPES, Attachment, attachments
from crawler.sample_portal.families.built import Articles, files_of
from crawler.sample_portal.frame import Frame
from crawler.sample_portal.site import Page

Address = Callable[[Section, Document, Attachment], str]


class PlacedFiles:
    """The files of one host. `address` says where the file of a document lies."""

    def __init__(self, frame: Frame, address: Address, kinds: Sequence[str] = ("pdf", "docx")) -> None:
        self._frame = frame
        self._files = attachments(frame.plan, kinds)
        # A report may be listed among the news too: its file lies where its own column has it.
        self._addresses = {
            document.number: address(section, document, self._files[document.number])
            for section in sorted(frame.tree.walk(), key=lambda section: section.reports)
            for document in section.documents
            if document.number in self._files
        }
        self._pages = {where: self._page(self._files[number]) for number, where in self._addresses.items()}

    def of(self, document: Document) -> Attachment | None:
        """The file of a document, if it has one."""
        return self._files.get(document.number)

    def address(self, document: Document) -> str:
        """Where the file of a document lies."""
        return self._addresses[document.number]

    def body(self, document: Document, link_class: str = "", shown: str = "") -> str:
        """What an article holds: its text, if that is not the file's alone, and a link to the file.

        `shown` stands in place of the text of a document that is a file alone.
        """
        file = self.of(document)
        if file is None:
            return document.body
        attribute = f' class="{link_class}"' if link_class else ""
        href = escape(self.address(document))
        link = f'<p>附件：<a{attribute} href="{href}" target="_blank">{escape(file.name)}</a></p>'
        return f"{shown if file.alone else document.body}\n{link}"

    def pages(self) -> dict[str, Page]:
        """The files by path."""
        return self._pages

    def alone(self) -> Articles:
        """Where the reports lie that are published as files only."""
        alone = {number for number, file in self._files.items() if file.alone}
        return files_of(self._frame.plan, {n: path for n, path in self._addresses.items() if n in alone})

    def _page(self, file: Attachment) -> Page:
        return Page(file.data, CONTENT_TYPES[file.kind])
