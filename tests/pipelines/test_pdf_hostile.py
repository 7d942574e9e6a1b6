"""PDF files that are damaged, locked or made to do harm: one line of reason each, within 5 seconds and 500 MB.

The seconds are those of the processor: machines that run tests are busy; large files have twice as many. None of these
is a scan, so that none may be given to the optical reader, which takes more of both.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from pipelines.documents import pdf as pdf_reader
from pipelines.documents.formats import Unreadable
from pipelines.model import Document

_MEASURED = """
import json, re, sys, time
from pathlib import Path
from pipelines import extract
from pipelines.model import Capture
before = time.process_time()
(reading,) = extract(Capture(Path(sys.argv[1]).read_bytes()))
peak = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())
print(json.dumps([reading.report, reading.reason, int(peak[1]) / 1024, time.process_time() - before]))
"""


def pdf(objects: list[bytes]) -> bytes:
    """A PDF file of these objects, the first of them its catalog."""
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(b"%010d 00000 n \n" % p for p in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)
    return bytes(out)


def one_page(stream: bytes, filters: bytes = b"") -> bytes:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << >> >>"
    content = b"<< /Length %d %s >>\nstream\n" % (len(stream), filters) + stream + b"\nendstream"
    kids = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    return pdf([b"<< /Type /Catalog /Pages 2 0 R >>", kids, page, content])


def drawn(**options: object) -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, **options)
    canvas.drawString(50, 700, "2023")
    canvas.save()
    return file.getvalue()


def bomb() -> bytes:
    """One megabyte that unfolds to a gigabyte of page description."""
    packer = zlib.compressobj(9)
    megabyte = b"BT (x) Tj ET \n" * (1024 * 1024 // 14)
    packed = b"".join(packer.compress(megabyte) for _ in range(1024)) + packer.flush()
    return one_page(packed, b"/Filter /FlateDecode")


def many_pages() -> bytes:
    kids = b" ".join(b"%d 0 R" % (n + 3) for n in range(100_000))
    tree = b"<< /Type /Pages /Kids [%s] /Count 100000 >>" % kids
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"
    return pdf([b"<< /Type /Catalog /Pages 2 0 R >>", tree, *[page] * 100_000])


def pages_in_a_ring() -> bytes:
    tree = b"<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 2 >>"
    return pdf([b"<< /Type /Catalog /Pages 2 0 R >>", tree, b"<< /Type /Page /Parent 2 0 R >>"])


def many_lines() -> bytes:
    """A page of 200,000 strokes, which a finder of tables would compare with each other."""
    strokes = b"".join(b"%d %d m %d %d l S\n" % (n % 590, n % 840, n % 590 + 5, n % 840) for n in range(200_000))
    return one_page(zlib.compress(strokes), b"/Filter /FlateDecode")


def without_content() -> bytes:
    """A report's page whose text cannot be unpacked any more: neither text nor a picture is left of it."""
    page = bytearray(printed())
    start = page.index(b"stream", page.index(b"FlateDecode")) + 20
    page[start : start + 40] = b"\0" * 40
    return bytes(page)


def printed(fonts: bytes = b"") -> bytes:
    """Two pages of ruled text in a font that is not in the file; `fonts` in place of what says its characters."""
    file = io.BytesIO()
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(file, invariant=True)
    for _ in range(2):
        canvas.setFont("STSong-Light", 10)
        for row in range(40):
            canvas.drawString(60, 800 - 18 * row, "政府信息公开工作年度报告 2023 12345")
            canvas.line(50, 795 - 18 * row, 500, 795 - 18 * row)
        canvas.showPage()
    canvas.save()
    return file.getvalue().replace(b"UniGB-UCS2-H", fonts or b"UniGB-UCS2-H")


CASES: dict[str, tuple[Callable[[], bytes], str]] = {
    "encrypted": (lambda: drawn(encrypt="secret"), "encrypted"),
    "cut in half": (lambda: drawn()[:600], "damaged or cut off"),
    "garbage": (lambda: b"%PDF-1.7\n" + bytes(range(256)) * 500, "damaged or cut off"),
    "header only": (lambda: b"%PDF-1.7\n", "damaged or cut off"),
    "bomb": (bomb, "MB of memory"),
    "100,000 pages": (many_pages, "pages"),
    "pages in a ring": (pages_in_a_ring, ""),
    "200,000 lines": (many_lines, ""),
    "no content": (without_content, "damaged"),
    "fonts of a damaged encoding": (lambda: printed(b"UniGB-UCR2-H"), "blank or damaged"),
    "no text and no pictures": (lambda: one_page(b"50 50 m 500 50 l S 50 90 m 500 90 l S"), "blank or damaged"),
    "endless numbers": (lambda: one_page(b"1 " * 5_000_000), ""),
}


def picture(width: float) -> bytes:
    """A page with a picture of this width and half as high in points."""
    file = io.BytesIO()
    canvas = Canvas(file)
    canvas.drawImage(ImageReader(Image.new("L", (40, 20), 128)), 50, 300, width, width / 2)
    canvas.save()
    return file.getvalue()


def outlines(letters: int) -> bytes:
    """A page of letters that are no text but drawn."""
    return one_page(b"".join(b"%d 50 m 9 9 80 80 90 %d c h f " % (n, n) for n in range(letters)))


def glyphs(more: bytes = b"", program: bytes = b"/FontFile2 6 0 R") -> bytes:
    """A page of glyphs of an embedded font, which says nothing of their characters but for what is added to it."""
    fonts = b"/Resources << /Font << /F 5 0 R >> >>"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R %s >>" % fonts
    text = b"BT /F 12 Tf 50 700 Td <%s> Tj ET" % b"".join(b"%04x" % n for n in range(300, 340))
    inner = b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A /FontDescriptor 7 0 R >>"
    return pdf([
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page,
        b"<< /Length %d >>\nstream\n" % len(text) + text + b"\nendstream",
        b"<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /DescendantFonts [8 0 R] %s >>" % more,
        b"<< /Length 1 >>\nstream\n0\nendstream",
        b"<< /Type /FontDescriptor /FontName /A /Flags 4 /FontBBox [0 0 1000 1000] %s >>" % program, inner,
    ])  # fmt: skip


SCANS: dict[str, tuple[bytes, bool]] = {
    "a picture": (picture(400), True),
    "a letterhead": (picture(90), False),
    "drawn letters": (outlines(900), True),
    "a few curves": (outlines(30), False),
    "a font without characters": (glyphs(), True),
    "a font whose characters are damaged": (glyphs(b"/ToUnicode 6 0 R"), False),
    "a font with a damaged key": (glyphs(b"/ToUnicodf 6 0 R"), False),
    "a font that is not in the file": (glyphs(program=b""), False),
}


@pytest.mark.parametrize(("body", "scan"), SCANS.values(), ids=SCANS)
def test_only_what_shows_a_page_without_text_is_a_scan(
    body: bytes, scan: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    recognised = Document((), "ocr")
    monkeypatch.setattr(pdf_reader, "read_scan", lambda _: recognised)
    if scan:
        assert pdf_reader.read_pdf(body).kind == "ocr"
    else:
        with pytest.raises(Unreadable, match="no pictures of pages"):
            pdf_reader.read_pdf(body)


@pytest.mark.parametrize("case", CASES)
def test_a_reason_in_time_and_memory(case: str, tmp_path: Path) -> None:
    make, wanted = CASES[case]
    path = tmp_path / "hostile.pdf"
    path.write_bytes(make())
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, path], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    report, reason, megabytes, seconds = json.loads(done.stdout)
    assert not report
    assert wanted in reason
    assert "\n" not in reason
    most = 5 if path.stat().st_size < 1_000_000 else 10  # a file of many megabytes has many pages
    assert (seconds < most, megabytes < 500) == (True, True), (seconds, megabytes)
