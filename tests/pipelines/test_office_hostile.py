"""Office files that are damaged, encrypted, something else, or made to hurt: one line of reason each, soon."""

from __future__ import annotations

import io
import random
import time
from functools import cache
from pathlib import Path

import pytest
import xlwt

from pipelines import Capture, extract
from pipelines.documents.formats import Unreadable, reader_of
from pipelines.model import Document
from tests.generate.documents import build
from tests.generate.recipes import Recipe
from tests.generate.writers.ole import compound_file
from tests.pipelines.office_files import W, docx, p, packed, relations, table, tc

FIXTURES = Path(__file__).parent / "fixtures"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def refusal(body: bytes) -> str:
    """Why a file is no report, in one line."""
    (reading,) = extract(Capture(body))
    assert not reading.report
    assert reading.reason
    assert "\n" not in reading.reason
    return reading.reason


def xlsx(sheet: str, strings: str = "") -> bytes:
    targets = relations(("worksheet", "s.xml"), ("sharedStrings", "t.xml"))
    entry = '<sheet name="a" r:id="r0"/>'
    return packed(
        {
            "_rels/.rels": relations(("officeDocument", "xl/w.xml")),
            "xl/w.xml": f'<workbook xmlns="{SHEET}" xmlns:r="urn:r"><sheets>{entry}</sheets></workbook>',
            "xl/_rels/w.xml.rels": targets,
            "xl/s.xml": f'<worksheet xmlns="{SHEET}">{sheet}</worksheet>',
            "xl/t.xml": f'<sst xmlns="{SHEET}">{strings}</sst>',
        }
    )


@cache
def workbook() -> bytes:
    file = io.BytesIO()
    book = xlwt.Workbook()
    book.add_sheet("a").write(0, 0, "x")
    book.save(file)
    return file.getvalue()


def encrypted_doc() -> bytes:
    body = bytearray((FIXTURES / "features.doc").read_bytes())
    body[body.index(b"\xec\xa5") + 11] |= 1  # fEncrypted
    return bytes(body)


def encrypted_zip() -> bytes:
    body = bytearray(docx(p("x")))
    body[body.index(b"PK\x01\x02") + 8] |= 1
    return bytes(body)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (encrypted_doc(), "encrypted"),
        (encrypted_zip(), "encrypted"),
        (compound_file({"EncryptedPackage": b"x" * 64, "EncryptionInfo": b"x"}), "encrypted"),
        (workbook().replace(b"\xe1\x00\x02\x00", b"\x2f\x00\x02\x00", 1), "encrypted"),
        (packed({"OFD.xml": "<a/>"}), "no reader for this format: OFD"),
        (packed({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"}), "OpenDocument"),
        (packed({"报告.docx": "x", "附件.xls": "x"}), "a zip archive of 2 files"),
        (packed({"_rels/.rels": relations(("officeDocument", "a.xml")), "a.xml": "<presentation/>"}), "presentation"),
        (compound_file({"PowerPoint Document": b"x" * 5000}), "PowerPoint"),
        (compound_file({"Other": b"x" * 5000}), "without a document or workbook"),
        (compound_file({"WordDocument": b"\xdc\xa5e\x00" + b"\0" * 5000}), "Word 6.0 or 95"),
        (compound_file({"WordDocument": b"\0" * 5000}), "damaged"),
        (docx(p("x"))[:-30], "cut off"),
        ((FIXTURES / "features.doc").read_bytes()[:9000], "cut off"),
        ((FIXTURES / "features.doc").read_bytes()[:600], "cut off"),
        (workbook()[:1200], "cut off"),
        (docx("<w:p>"), "not well-formed"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(body: bytes, reason: str) -> None:
    assert reason in refusal(body)


def _entity() -> bytes:
    bomb = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    parts = {"word/document.xml": f'{bomb}<w:document xmlns:w="{W}"><w:body><w:p>&b;</w:p></w:body></w:document>'}
    return packed({"_rels/.rels": relations(("officeDocument", "word/document.xml")), **parts})


HURTING = {
    "zeros": lambda: docx(" " * (90 << 20)),
    "parts": lambda: packed({str(number): "x" for number in range(3000)}),
    "entities": _entity,
    "attributes": lambda: docx("<w:p " + " ".join(f'a{number}=""' for number in range(300_000)) + "/>"),
    "elements": lambda: docx("<w:p/>" * 700_000 + "".join(f'<w:r w:a="{n}"/>' for n in range(500_000))),
    "depth": lambda: docx("<w:sdt>" * 100_000),
    "tables in tables": lambda: docx("<w:tbl><w:tr><w:tc>" * 80 + p("x") + "</w:tc></w:tr></w:tbl>" * 80),
    "cells": lambda: docx(table([tc("1") for _ in range(300)]) * 100),
    "spans": lambda: docx(table(*[[tc("1", '<w:gridSpan w:val="99999999"/><w:vMerge/>')] * 40] * 300)),
    "far cell": lambda: xlsx('<sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'),
    "merges": lambda: xlsx(
        "<sheetData>" + "".join(f'<row r="{row}"><c r="A{row}"><v>1</v></c></row>' for row in range(1, 5000))
        + "</sheetData><mergeCells>" + '<mergeCell ref="A1:XFD1048576"/>' * 50_000 + "</mergeCells>"
    ),
    "one text everywhere": lambda: xlsx(
        "<sheetData>" + '<row><c t="s"><v>0</v></c></row>' * 9000 + "</sheetData>", f"<si><t>{'9' * 5_000_000}</t></si>"
    ),
    "long cell": lambda: xlsx(f"<sheetData><row><c><v>{'9' * 8_000_000}</v></c></row></sheetData>"),
    "rtf groups": lambda: b"{\\rtf1 " + b"{" * 1_000_000,
    "rtf words": lambda: b"{\\rtf1 " + b"\\b" * 3_000_000 + b"}",
    "rtf bytes": lambda: b"{\\rtf1\\bin99999999999999999999 }",
    "mime parts": lambda: (
        b'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n\n' + b"--b\n\nx\n" * 99_999
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HURTING)
def test_files_made_to_hurt(name: str) -> None:
    body = HURTING[name]()
    start = time.process_time()
    refusal(body)
    assert time.process_time() - start < 10


@pytest.mark.parametrize("family", ["docx", "doc", "rtf", "xlsx", "xls"])
def test_damage_anywhere_leaves_a_document_or_a_reason(family: str) -> None:
    if family in ("xlsx", "xls"):
        whole = build(Recipe(7_031, family, "numbers", "tables", "f2021", ())).data
    elif family == "docx":
        whole = docx(p("一") * 20 + table([tc("1"), tc("2"), tc("3")]))
    else:
        whole = (FIXTURES / f"features.{family}").read_bytes()
    chance = random.Random(family)
    for _ in range(150):
        body = bytearray(whole)
        for _ in range(chance.choice([1, 3, 30])):
            body[chance.randrange(len(body))] = chance.choice([0, 127, 128, 255, chance.randrange(256)])
        damaged = bytes(body[: chance.randrange(len(body))] if chance.random() < 0.2 else body)
        assert isinstance(_read_or_reason(damaged), Document | str)


def _read_or_reason(body: bytes) -> object:
    """The document of a damaged file, or the one line why there is none."""
    try:
        reader = reader_of(body)
        return Document((), "") if reader is None else reader(body)
    except Unreadable as refused:
        return str(refused) if str(refused) and "\n" not in str(refused) else None
