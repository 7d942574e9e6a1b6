"""Articles of 拓尔思 TRS WCM: where they lie, the classes around their bodies, and their files in the same folder.

As the vendor does it: `<column>/YYYYMM/tYYYYMMDD_<id>.html`; the body's div has several classes in any order; files
are called `P0` and a long number; on some hosts the links to files stand only in a script, as `file_appendix`, beside
`SourceName` and `pubdata`. A deleted document answers 200 with a refresh to the folder above.
"""

from posixpath import dirname, relpath

from crawler.sample_portal.columns import Section
from crawler.sample_portal.documents import Document
from crawler.sample_portal.families.attached import Attachment
from crawler.sample_portal.families.linked import PlacedFiles
from crawler.sample_portal.families.pages import articles
from crawler.sample_portal.frame import Frame
from crawler.sample_portal.site import Page
from crawler.sample_portal.trs import BODY_CLASSES

GONE = Page(b'<meta http-equiv="refresh" content="0;URL=../" />')


def doc_name(document: Document, extension: str) -> str:
    """The address of a document within its column."""
    return f"{document.published:%Y%m}/t{document.published:%Y%m%d}_{document.number}.{extension}"


class Docs:
    """The articles and files of one host."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._scripted = frame.plan.chance(0.3)
        self.files = PlacedFiles(frame, self._file)

    def pages(self) -> dict[str, Page]:
        """All articles and files by path."""
        pages = self.files.pages()
        for section in self._frame.tree.walk():
            pages = pages | articles(self._frame, section, self.body, GONE)
        return pages

    def body(self, section: Section, document: Document) -> str:
        """The inner part of an article."""
        tokens = BODY_CLASSES[document.number % len(BODY_CLASSES)]
        file = self.files.of(document)
        if file and self._scripted:
            shown = "" if file.alone else document.body
            folder = dirname(self._frame.article(section, document))
            appendix = f"<a href=./{relpath(self.files.address(document), folder)}>{file.name}</a>"
        else:
            shown, appendix = self.files.body(document), ""
        variables = (
            f"var SourceName='{document.source}';\nvar pubdata='{document.dated:%Y年%m月%d日}';\n"
            f"var file_appendix='{appendix}';"
        )
        return f'<div id="zoom"><div class="{tokens}">\n{shown}\n</div></div>\n<script>{variables}</script>'

    def _file(self, section: Section, document: Document, file: Attachment) -> str:
        serial = document.number * 131_071 % 10**12
        name = f"P0{document.published:%Y%m%d}{serial:012d}.{file.kind}"
        return f"{dirname(self._frame.article(section, document))}/{name}"
