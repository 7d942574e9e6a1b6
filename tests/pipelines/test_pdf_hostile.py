"""PDF files that are damaged, locked or made to do harm: one line of reason each, within 10 seconds and 500 MB.

The seconds are those of the processor: machines that run tests are busy.
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
from reportlab.pdfgen.canvas import Canvas

_MEASURED = """
import json, re, sys, time
from pathlib import Path
from pipelines import extract
from pipelines.model import Capture
(reading,) = extract(Capture(Path(sys.argv[1]).read_bytes()))
peak = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())
print(json.dumps([reading.report, reading.reason, int(peak[1]) / 1024, time.process_time()]))
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


CASES: dict[str, tuple[Callable[[], bytes], str]] = {
    "encrypted": (lambda: drawn(encrypt="secret"), "encrypted"),
    "cut in half": (lambda: drawn()[:600], "damaged or cut off"),
    "garbage": (lambda: b"%PDF-1.7\n" + bytes(range(256)) * 500, "damaged or cut off"),
    "header only": (lambda: b"%PDF-1.7\n", "damaged or cut off"),
    "bomb": (bomb, "MB of memory"),
    "100,000 pages": (many_pages, "pages"),
    "pages in a ring": (pages_in_a_ring, ""),
    "200,000 lines": (many_lines, ""),
    "endless numbers": (lambda: one_page(b"1 " * 5_000_000), ""),
}


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
    assert (seconds < 10, megabytes < 500) == (True, True), (seconds, megabytes)
