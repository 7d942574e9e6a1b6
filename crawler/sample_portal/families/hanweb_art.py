"""Articles of 大汉 Hanweb: where they lie, the comments around their bodies, and their files behind downfile.jsp.

As the vendor does it: `/art/2024/1/9/art_<column>_<id>.html` with month and day unpadded; the body stands between two
comments; files come from `/module/download/downfile.jsp?filename=<hex>.pdf&classid=0`, and a report that is a PDF only
is shown by a script in `#pdfshow`. Synthetic: the attachment line, and that a file's name is unknown until one asks.
"""

from crawler.sample_portal.columns import Section
from crawler.sample_portal.documents import Document
from crawler.sample_portal.families.attached import Attachment
from crawler.sample_portal.families.linked import PlacedFiles
from crawler.sample_portal.families.pages import digest
from crawler.sample_portal.frame import Frame
from crawler.sample_portal.site import Page, not_found

DOWNLOAD = "/module/download/downfile.jsp"


def art_path(section: Section, document: Document) -> str:
    """Where a document lies: by year, month and day without leading zeros, column and id."""
    day = document.published
    return f"/art/{day.year}/{day.month}/{day.day}/art_{section.number}_{document.number}.html"


class Arts:
    """The articles and files of one host."""

    def __init__(self, frame: Frame) -> None:
        self.files = PlacedFiles(frame, self._file)

    def body(self, section: Section, document: Document) -> str:
        """The inner part of an article."""
        file = self.files.of(document)
        shown = ""
        if file and file.alone and file.kind == "pdf":
            shown = f'<div id="pdfshow" data-value="{self.files.address(document)}"></div>'
        return (
            '<meta name="ContentStart">\n<div id="zoom">\n<!--ZJEG_RSS.content.begin-->\n'
            f"{self.files.body(document, shown=shown)}\n"
            '<!--ZJEG_RSS.content.end-->\n</div>\n<meta name="ContentEnd">\n'
            f"<script>var i_columnid='{section.number}';var i_articleid='{document.number}';</script>"
        )

    def download(self, fields: dict[str, str]) -> Page:
        """A file, by the name in the query."""
        page = self.files.pages().get(f"{DOWNLOAD}?filename={fields.get('filename', '')}&classid=0")
        return page or not_found("文件不存在")

    def _file(self, _: Section, document: Document, file: Attachment) -> str:
        return f"{DOWNLOAD}?filename={digest(document)}.{file.kind}&classid=0"
