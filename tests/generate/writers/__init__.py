"""How it is written down: a module for every file format, and one for the bytes of text.

`WRITERS` holds the formats that are more than text: each takes articles, a style and a source of chance.
"""

import random
from collections.abc import Callable

from tests.generate.layout.article import Article
from tests.generate.writers import doc, docx, pdf, picture, rtf, sheets
from tests.generate.writers.html import HANDS
from tests.generate.writers.text import STYLES as TEXT_STYLES

Writer = Callable[[list[Article], str, random.Random], bytes]
WRITERS: dict[str, Writer] = {
    "pdf": pdf.write,
    "docx": docx.write,
    "doc": doc.write,
    "rtf": rtf.write,
    "xls": sheets.write_xls,
    "xlsx": sheets.write_xlsx,
    "png": picture.write_png,
    "jpg": picture.write_jpg,
    "scan": picture.write_scan,
}
STYLES: dict[str, tuple[str, ...]] = {
    "html": tuple(HANDS),
    "text": tuple(TEXT_STYLES),
    "pdf": tuple(pdf.PRODUCERS),
    "docx": docx.STYLES,
    "doc": doc.STYLES,
    "rtf": rtf.STYLES,
    "xls": sheets.XLS_STYLES,
    "xlsx": sheets.XLSX_STYLES,
    "png": tuple(picture.STYLES),
    "jpg": tuple(picture.STYLES),
    "scan": tuple(picture.STYLES),
}
SUFFIXES = {
    "html": ".html",
    "text": ".txt",
    "pdf": ".pdf",
    "docx": ".docx",
    "doc": ".doc",
    "rtf": ".rtf",
    "xls": ".xls",
    "xlsx": ".xlsx",
    "png": ".png",
    "jpg": ".jpg",
    "scan": ".pdf",
}
