"""Little files that unpack to a gibibyte, made in no time: one compressed block, repeated.

A block that ends with a full flush stands on its own, so a deflate stream may repeat it; checksums of the whole are
put together from those of the parts, without unpacking anything.
"""

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from random import Random

from crawler.sample_portal.facts import Fact

_BLOCK = 1 << 20
_DOUBLINGS = 10
UNPACKED = _BLOCK << _DOUBLINGS
"""Bytes that a bomb unpacks to, at least."""

_ADLER = 65_521


@dataclass(frozen=True, slots=True)
class Squeezed:
    """A raw deflate stream with what containers say of its contents."""

    data: bytes
    size: int
    crc: int
    adler: int


def squeezed(head: bytes, block: bytes = b"", tail: bytes = b"", doublings: int = 0) -> Squeezed:
    """`head`, then `block` 2**doublings times, then `tail`."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    parts = [packer.compress(part) + packer.flush(zlib.Z_FULL_FLUSH) for part in (head, block)]
    data = parts[0] + parts[1] * (1 << doublings) + packer.compress(tail) + packer.flush()
    size = len(head) + (len(block) << doublings) + len(tail)
    return Squeezed(
        data,
        size,
        _whole(zlib.crc32, _crc_joined, head, block, tail, doublings),
        _whole(zlib.adler32, _adler_joined, head, block, tail, doublings),
    )


@cache
def gzip_bomb() -> bytes:
    """About 10 MB of gzip that unpack to 1 GiB of HTML."""
    noise = Random(1).randbytes(6600).hex().encode()
    bomb = squeezed(b"<html><body><pre>", noise.ljust(_BLOCK), b"</pre></body></html>", _DOUBLINGS)
    head = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03"
    return head + bomb.data + struct.pack("<II", bomb.crc, bomb.size & 0xFFFFFFFF)


@cache
def docx_bomb() -> bytes:
    """A Word file whose document.xml unpacks to 1 GiB of paragraphs."""
    line = "<w:p><w:r><w:t>政府信息公开工作年度报告</w:t></w:r></w:p>".encode()
    head = _XML + b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
    document = squeezed(head, _filled(line), b"</w:body></w:document>", _DOUBLINGS)
    return _package("word/document.xml", document, "application/vnd.openxmlformats-officedocument.wordprocessingml")


@cache
def xlsx_bomb() -> bytes:
    """An Excel file whose only sheet unpacks to 1 GiB of rows."""
    line = "<row><c t='inlineStr'><is><t>政府信息公开</t></is></c></row>".encode()
    head = _XML + b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    sheet = squeezed(head, _filled(line), b"</sheetData></worksheet>", _DOUBLINGS)
    book = _XML + (
        b'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        b'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        b'<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    return zipped(
        {
            "[Content_Types].xml": squeezed(_types("xl/workbook.xml", _SHEET_TYPE + ".sheet.main+xml").encode()),
            "_rels/.rels": squeezed(_relation("officeDocument", "xl/workbook.xml").encode()),
            "xl/workbook.xml": squeezed(book),
            "xl/_rels/workbook.xml.rels": squeezed(_relation("worksheet", "worksheets/sheet1.xml").encode()),
            "xl/worksheets/sheet1.xml": sheet,
        }
    )


@cache
def pdf_bomb() -> bytes:
    """A PDF of one page whose contents unpack to 1 GiB of text operators."""
    content = squeezed(b"BT /F1 12 Tf ", _filled(b"(0) Tj "), b"ET", _DOUBLINGS)
    stream = b"\x78\xda" + content.data + struct.pack(">I", content.adler)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
    ]
    data, offsets = b"%PDF-1.4\n", []
    for number, part in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"xref\n0 5\n0000000000 65535 f \n%strailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return data + trailer % (table, len(data))


def slipping_zip(fact: Fact) -> bytes:
    """A zip archive whose members want to lie outside the folder into which somebody unpacks it."""
    names = ("../../../../tmp/gongkai-slip.txt", "/tmp/gongkai-slip.txt", "..\\..\\gongkai-slip.txt")
    return zipped({name: squeezed(fact.title.encode()) for name in names})


def zipped(members: dict[str, Squeezed]) -> bytes:
    """A zip archive of parts that are compressed already."""
    body, directory = b"", b""
    for name, part in members.items():
        encoded = name.encode()
        # Version 2.0, UTF-8 names, deflated, 1 January 2024.
        common = struct.pack(
            "<HHHHHIIIHH", 20, 0x800, 8, 0, 0x5821, part.crc, len(part.data), part.size, len(encoded), 0
        )
        directory += b"PK\x01\x02" + struct.pack("<H", 20) + common + struct.pack("<HHHII", 0, 0, 0, 0, len(body))
        directory += encoded
        body += b"PK\x03\x04" + common + encoded + part.data
    end = struct.pack("<HHHHIIH", 0, 0, len(members), len(members), len(directory), len(body), 0)
    return body + directory + b"PK\x05\x06" + end


_XML = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _package(name: str, part: Squeezed, kind: str) -> bytes:
    return zipped(
        {
            "[Content_Types].xml": squeezed(_types(name, f"{kind}.document.main+xml").encode()),
            "_rels/.rels": squeezed(_relation("officeDocument", name).encode()),
            name: part,
        }
    )


def _types(name: str, kind: str) -> str:
    return (
        f'{_XML.decode()}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{name}" ContentType="{kind}"/></Types>'
    )


def _relation(kind: str, target: str) -> str:
    return (
        f'{_XML.decode()}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/{kind}" Target="{target}"/></Relationships>'
    )


def _filled(line: bytes) -> bytes:
    """A block full of the same line."""
    return (line * (_BLOCK // len(line) + 1))[: _BLOCK // len(line) * len(line)].ljust(_BLOCK)


def _whole(
    checksum: Callable[[bytes], int],
    joined: Callable[[int, int, int], int],
    head: bytes,
    block: bytes,
    tail: bytes,
    doublings: int,
) -> int:
    """The checksum of the whole, from those of its parts."""
    repeated, length = checksum(block), len(block)
    for _ in range(doublings):
        repeated, length = joined(repeated, repeated, length), 2 * length
    return joined(joined(checksum(head), repeated, length), checksum(tail), len(tail))


def _adler_joined(first: int, second: int, length: int) -> int:
    """The Adler-32 of two pieces, from that of each and the length of the second."""
    low = ((first & 0xFFFF) + (second & 0xFFFF) - 1) % _ADLER
    high = ((first >> 16) + (second >> 16) + length * ((first & 0xFFFF) - 1)) % _ADLER
    return high << 16 | low


def _crc_joined(first: int, second: int, length: int) -> int:
    """The CRC-32 of two pieces: that of the first, moved on by the length of the second, and that of the second.

    To move a CRC on by one zero bit is a linear map over GF(2), a matrix of 32 columns; its powers move it by more.
    """
    step = [0xEDB88320, *(1 << bit for bit in range(31))]
    bits = 8 * length
    while bits:
        if bits & 1:
            first = _applied(step, first)
        step = [_applied(step, column) for column in step]
        bits >>= 1
    return first ^ second


def _applied(matrix: list[int], vector: int) -> int:
    result = 0
    for column in matrix:
        if vector & 1:
            result ^= column
        vector >>= 1
    return result
