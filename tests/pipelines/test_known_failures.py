"""What is known not to be read, each with a test that tells when it is.

The tests state what should be; all fail, and one that passes is an error: then it moves to where it belongs, and
`make accuracy` takes the line out of docs/accuracy.md.
"""

from __future__ import annotations

import io
import zipfile

import pytest

from pipelines import extract
from pipelines.model import Capture
from tests.conftest import ROOT

pytestmark = pytest.mark.xfail(strict=True)
CLEAN = (ROOT / "tests" / "golden" / "clean.html").read_text(encoding="utf-8")


def figures(body: bytes) -> dict[str, object]:
    (reading,) = extract(Capture(body))
    return dict(reading.figures)


def test_a_page_read_twice_as_gbk() -> None:
    """UTF-8 taken for GBK twice over: a third of the characters is lost, and with them labels and the agency."""
    garbled = CLEAN
    for _ in range(2):
        garbled = garbled.encode("utf-8").decode("gb18030", "replace")
    assert figures(garbled.encode("utf-8")) == figures(CLEAN.encode("utf-8"))


def test_a_page_read_as_big5() -> None:
    """GBK taken for Big5: bytes that Big5 does not have are lost."""
    garbled = CLEAN.replace("charset=utf-8", "").encode("gb18030").decode("big5hkscs", "replace")
    assert figures(garbled.encode("utf-8")) == figures(CLEAN.encode("utf-8"))


def test_tables_that_are_pictures_of_the_page() -> None:
    """Pictures inside a web page are counted and named, but not fetched and recognised."""
    page = CLEAN[: CLEAN.index("<table")] + '<img src="data:image/png;base64,iVBORw0KGgo=">' + "</body></html>"
    (reading,) = extract(Capture(page.encode("utf-8")))
    assert reading.read_by == "ocr"


def test_ofd() -> None:
    """OFD, the Chinese standard for fixed pages, is refused by name."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("OFD.xml", "<ofd:OFD xmlns:ofd='http://www.ofdspec.org/2016'/>")
    (reading,) = extract(Capture(file.getvalue()))
    assert "no reader" not in (reading.reason or "")


def test_words_instead_of_numerals() -> None:
    """Numbers written in characters (十二件) are null with an issue: nothing shows yet that they are read alike."""
    page = CLEAN.replace(">0</td>", ">十二</td>", 1)
    assert any(value == 12 for value in figures(page.encode("utf-8")).values())
