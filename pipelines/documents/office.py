"""What a zip package or an OLE compound file is: a Word document, a workbook, or something that we do not read."""

from __future__ import annotations

import struct
from io import BytesIO

import olefile

from pipelines.documents.excel_xml import read_flat_workbook
from pipelines.documents.formats import Unreadable
from pipelines.documents.office_xml import name_of, parse_xml
from pipelines.documents.old_word import read_old_word
from pipelines.documents.old_word_file import WordFile
from pipelines.documents.package import Package
from pipelines.documents.word import read_docx, read_flat_word
from pipelines.documents.xls import read_xls
from pipelines.documents.xlsx import read_xlsx
from pipelines.model import Document

_NO_READER_IN_COMPOUND = (("powerpoint document", "PowerPoint"), ("contents", "Works"), ("fileheader", "Hangul"))
_FAULTS = (
    OSError,
    ValueError,
    IndexError,
    KeyError,
    TypeError,
    AttributeError,
    struct.error,
    RecursionError,
    MemoryError,
)
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
        return read_xlsx(package, main)
    raise Unreadable(f"no reader for this format: an office package of a {kind}")


def read_flat(body: bytes) -> Document:
    """The document of an office file that is one XML file, told by its root."""
    root = parse_xml(body, "the file")
    return read_flat_workbook(root) if name_of(root) == "Workbook" else read_flat_word(root)


def read_compound(body: bytes) -> Document:
    """The document of a binary .doc or .xls file (.wps and .et are the same), told by its streams."""
    try:
        with olefile.OleFileIO(BytesIO(body)) as compound:
            streams = {"/".join(path).lower() for path in compound.listdir()}
            _refuse(streams)
            file = _word_file(compound) if "worddocument" in streams else None
    except Unreadable:
        raise
    except _FAULTS as fault:
        raise Unreadable("the file is cut off or damaged: its directory of streams cannot be read") from fault
    return read_old_word(file) if file else read_xls(body)


def _refuse(streams: set[str]) -> None:
    """Raise Unreadable for what is neither a document nor a workbook."""
    if "encryptedpackage" in streams:
        raise Unreadable("the file is encrypted")
    if streams & {"worddocument", "workbook", "book"}:
        return
    for name, kind in _NO_READER_IN_COMPOUND:
        if name in streams:
            raise Unreadable(f"no reader for this format: {kind}")
    raise Unreadable("a compound file without a document or workbook in it")


def _word_file(compound: olefile.OleFileIO) -> WordFile:
    tables = {number: _stream(compound, name) for number, name in ((False, "0Table"), (True, "1Table"))}
    return WordFile(_stream(compound, "WordDocument"), tables, _stream(compound, "Data"))


def _stream(compound: olefile.OleFileIO, name: str) -> bytes:
    return bytes(compound.openstream(name).read()) if compound.exists(name) else b""
