"""Pages saved as MIME messages, mostly under the name .doc, are read as the pages that they are."""

from __future__ import annotations

import base64
import quopri

import pytest

from pipelines import Capture, extract
from tests.generate.documents import build
from tests.generate.recipes import Recipe

HEAD = b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="=_b"\r\n\r\nThis is a multi-part message.\r\n'
PICTURE = b"--=_b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n"


def message(page: bytes, encoding: str, charset: str, before: bytes = b"") -> bytes:
    coded = quopri.encodestring(page) if encoding == "quoted-printable" else base64.encodebytes(page)
    lines = "--=_b", "Content-Location: file:///C:/a.htm", f"Content-Transfer-Encoding: {encoding}"
    head = "\r\n".join((*lines, f'Content-Type: text/html; charset="{charset}"', "", ""))
    return before + HEAD + head.encode() + coded + b"\r\n" + PICTURE + b"--=_b--\r\n"


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64"])
@pytest.mark.parametrize("charset", ["gb2312", "utf-8"])
@pytest.mark.parametrize("before", [b"", "From: <由 WPS 保存>\r\nSubject:\r\n\t=?gb2312?B?xOo=?=\r\n".encode()])
def test_a_report_inside_a_message(encoding: str, charset: str, before: bytes) -> None:
    document = build(Recipe(7_041, "html", "clean", "tables", "f2021", ()))
    page = document.data.decode().replace('charset="utf-8"', "").encode("gb18030" if charset == "gb2312" else charset)
    (reading,) = extract(Capture(message(page, encoding, charset, before)))
    (plain,) = extract(Capture(document.data))
    assert reading.report, reading.reason
    assert (reading.read_by, len(reading.figures)) == ("html", 200)
    assert (reading.figures, reading.agency, reading.year) == (plain.figures, plain.agency, plain.year)


def test_a_message_without_a_page() -> None:
    (reading,) = extract(Capture(HEAD + PICTURE + b"--=_b--\r\n"))
    assert reading.reason == "a MIME message without a web page in it"
