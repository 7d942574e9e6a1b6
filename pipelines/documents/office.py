"""What a zip package or an OLE compound file is: a Word document, a workbook, or something that we do not read."""

from __future__ import annotations

import struct
from io import BytesIO

import olefile

from pipelines.documents.formats import Unreadable
from pipelines.documents.old_word import read_old_word
from pipelines.documents.old_word_file import WordFile
from pipelines.documents.office_xml import name_of
from pipelines.documents.package import Package
from pipelines.documents.word import read_docx
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
        from pipelines.documents.sheet import read_xlsx

        return read_xlsx(package, main)
    raise Unreadable(f"no reader for this format: an office package of a {kind}")


def read_compound(body: bytes) -> Document:
    """The document of a binary .doc or .xls file (.wps and .et are the same), told by its streams."""
    try:
        with olefile.OleFileIO(BytesIO(body)) as compound:
            streams = {"/".join(path).lower() for path in compound.listdir()}
            if "encryptedpackage" in streams:
                raise Unreadable("the file is encrypted")
            if "worddocument" in streams:
                return read_old_word(_word_file(compound), _title(compound))
            for name, kind in _NO_READER_IN_COMPOUND:
                if name in streams:
                    raise Unreadable(f"no reader for this format: {kind}")
            if not streams & {"workbook", "book"}:
                raise Unreadable("a compound file without a document or workbook in it")
    except Unreadable:
        raise
    except _FAULTS as fault:
        raise Unreadable("the file is cut off or damaged: its directory of streams cannot be read") from fault
    from pipelines.documents.sheet import read_xls

    return read_xls(body)


def _word_file(compound: olefile.OleFileIO) -> WordFile:
    tables = {number: _stream(compound, name) for number, name in ((False, "0Table"), (True, "1Table"))}
    return WordFile(_stream(compound, "WordDocument"), tables, _stream(compound, "Data"))


def _stream(compound: olefile.OleFileIO, name: str) -> bytes:
    return bytes(compound.openstream(name).read()) if compound.exists(name) else b""


def _title(compound: olefile.OleFileIO) -> str:
    """The title among the file's properties; '' where they cannot be read."""
    try:
        properties = compound.get_metadata()
        raw = properties.title or b""
        return (
            raw.decode("utf-8" if properties.codepage == 65001 else "gb18030", "replace")
            if isinstance(raw, bytes)
            else raw
        )
    except _FAULTS:
        return ""
