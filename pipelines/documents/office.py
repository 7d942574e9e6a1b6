"""What a zip package or an OLE compound file is: a Word document, a workbook, or something that we do not read."""

from __future__ import annotations

from pipelines.documents.formats import Unreadable
from pipelines.documents.package import Package
from pipelines.documents.word import read_docx
from pipelines.documents.word_lists import name_of
from pipelines.model import Document

# A part that only this format has -> the name of the format.
_NO_READER = (("ofd.xml", "OFD"), ("xl/workbook.bin", "binary workbook (.xlsb)"), ("content.xml", "OpenDocument"))


def read_package(body: bytes) -> Document:
    """The document of a .docx or .xlsx file, told by its main part."""
    package = Package(body)
    for name, kind in _NO_READER:
        if name in package.names:
            raise Unreadable(f"no reader for this format: {kind}")
    main = package.of_kind("", "officeDocument")
    if main is None:
        listed = ", ".join(sorted(package.names)[:2])
        raise Unreadable(f"a zip archive of {len(package.names)} files ({listed}, …), not a document: unpack it first")
    root = package.xml(main)
    kind = name_of(root)
    if kind == "document":
        return read_docx(package, main)
    if kind == "workbook":
        from pipelines.documents.sheet import read_xlsx

        return read_xlsx(package, main)
    raise Unreadable(f"no reader for this format: an office package of a {kind}")
