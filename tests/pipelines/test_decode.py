"""Bytes to text: right for every encoding that portals use, whatever the labels say."""

from __future__ import annotations

import pytest

from pipelines.decode import decode

SIMPLIFIED = (
    "本报告依照《中华人民共和国政府信息公开条例》编制，全年共收到申请12件，均已按期答复，无结转下年度办理的申请。" * 4
)
TRADITIONAL = "本報告依照《中華人民共和國政府信息公開條例》編製，全年共收到申請12件，均已按期答覆。" * 4
RARE = SIMPLIFIED + "朱镕基 湖㳇镇 㮾梨街道 𠮷"


def page(charset: str, text: str) -> str:
    return f'<html><head><meta charset="{charset}"></head><body><p>{text}</p></body></html>'


@pytest.mark.parametrize("declared", ["utf-8", "gb2312", "big5", ""])
def test_utf8_is_read_as_such_under_any_label(declared: str) -> None:
    decoded = decode(page(declared, SIMPLIFIED).encode(), f"text/html; charset={declared}")
    assert decoded.encoding == "utf-8"
    assert SIMPLIFIED in decoded.text


@pytest.mark.parametrize("declared", ["gb2312", "gbk", "GB18030", "utf-8", ""])
def test_gb18030_is_read_with_its_rare_characters_under_any_label(declared: str) -> None:
    decoded = decode(page(declared, RARE).encode("gb18030"))
    assert decoded.encoding == "gb18030"
    assert RARE in decoded.text
    assert declared.lower() in decoded.reason


@pytest.mark.parametrize("declared", ["big5", "gb2312", "utf-8", ""])
def test_big5_is_read_as_such_even_declared_gb2312(declared: str) -> None:
    decoded = decode(page(declared, TRADITIONAL).encode("big5hkscs"))
    assert decoded.encoding == "big5hkscs"
    assert TRADITIONAL in decoded.text


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_wide_encodings_and_marks(encoding: str) -> None:
    assert SIMPLIFIED in decode(page("gb2312", SIMPLIFIED).encode(encoding)).text


def test_a_broken_byte_costs_itself_and_is_recorded() -> None:
    body = page("", SIMPLIFIED).encode()
    decoded = decode(body[:200] + b"\xff" + body[200:])
    assert decoded.encoding == "utf-8"
    assert decoded.text.count("�") == 1
    assert len(decoded.text.replace("�", "")) >= len(page("", SIMPLIFIED)) - 1
    assert decoded.repairs == ("broken_bytes_replaced",)
    assert "broken bytes" in decoded.reason
    assert decode(page("gbk", SIMPLIFIED).encode("gb18030") + b"\xff").encoding == "gb18030"


def test_nothing_breaks_on_nonsense() -> None:
    for body in (b"", b"\xff", bytes(range(256)), b"\xfe\xff\x00", b"<html>"):
        assert isinstance(decode(body).text, str)
