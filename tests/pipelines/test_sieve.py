"""The byte filter of imports: every report passes, in every guise, and the pages that archives are full of do not."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.importing.pages import in_encoding, page, portal
from pipelines.sieve import headline, may_be_report, screen
from pipelines.sieve.words import TABLE_WORDS, traditional
from tests.generate.recipes import AXES, Recipe, make_recipe
from tests.pipelines import shown_reports
from tests.pipelines.sieving import dropped, is_report, texts

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
ENCODINGS = ("utf-8", "gb18030", "big5hkscs")

MENU = '<ul><li><a href="/nb/">政府信息公开年报</a></li><li><a href="/zn/">政府信息公开指南</a></li></ul>'
SECTIONS = (
    "<p>一、总体情况</p><p>很好。</p><p>二、主动公开政府信息情况</p><p>三条。</p><p>三、收到申请的情况</p><p>无。</p>"
)


@pytest.fixture(params=["in one pass", "in full"])
def how(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """With Hyperscan and without: the verdict must be the same."""
    if request.param == "in full":
        monkeypatch.setattr(screen, "IS_FAST", False)
    elif not screen.IS_FAST:
        pytest.skip("Hyperscan is not installed")
    headline.forget()
    return str(request.param)


def web(title: str, rest: str = SECTIONS, menu: str = MENU) -> str:
    """A web page with a menu, a title and what follows it."""
    return f"<!DOCTYPE html><html><head><title>某县</title></head><body>{menu}<h1>{title}</h1>{rest}</body></html>"


@pytest.mark.parametrize("folder", [ROOT / "tests/golden", SHARED / "reports", SHARED / "portal-samples"])
def test_no_report_at_hand_is_dropped(folder: Path, how: str) -> None:
    files = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".jsonl"]
    if not files:
        pytest.skip(f"no {folder}")
    kept = [path for path in files if may_be_report(path.read_bytes())]
    assert kept
    assert [path.name for path in files if path not in kept and is_report(path.read_bytes())] == []


def _with_every_damage() -> list[Recipe]:
    """A report as a page and as a text with each change of its characters that the generator knows."""
    found = []
    for number in (100_000, 100_002):
        plain = make_recipe(number)
        assert plain.family in ("html", "text")
        for variants in AXES["tables"]["characters"].values():
            found += [plain.having("characters", variant) for variant in variants]
    return [recipe for recipe in found if recipe.family == "html" or recipe.variant("characters") not in _WEB_ONLY]


_WEB_ONLY = ("escaped", "pinyin")


def test_damaged_reports_pass(how: str) -> None:
    assert [recipe.words() for recipe in dropped(_with_every_damage())] == []


def test_generated_reports_pass(how: str) -> None:
    assert [recipe.words() for recipe in dropped(texts(700_000, 500))] == []


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_pages_of_portals_are_dropped(how: str, encoding: str) -> None:
    """Although all of them name the annual reports in their menus."""
    portals = [portal(number) for number in range(6)]
    pages = [in_encoding(page(portals[number % 6], number)[1], encoding) for number in range(120)]
    assert sum("政府信息公开年报" in page(portals[number % 6], number)[1] for number in range(120)) > 100
    assert sum(map(may_be_report, pages)) <= 1


TITLES = {
    "plain": "某县民政局2023年政府信息公开工作年度报告",
    "spaced": "某县民政局 2 0 2 3 年 政 府 信 息 公 开 工 作 年 度 报 告",
    "wide blanks": "某县民政局2023年政府信　息　公　开工作年度报告",
    "no-break spaces": "某县民政局2023年政府信&nbsp;息公&nbsp;开工作年度报告",
    "tags": "某县民政局2023年政府信<b>息</b>公<span>开</span>工作年度报<i>告</i>",
    "broken line": "某县民政局2023年<br>政府信息公开<br/>年度报告",
    "references": "".join(f"&#{ord(char)};" for char in "某县民政局2023年政府信息公开工作年度报告"),
    "hexadecimal": "".join(f"&#x{ord(char):x};" for char in "某县民政局2023年政府信息公开工作年度报告"),
    "zero width": "某县民政局2023年政府信\u200b息公\ufeff开工作年\u2060度报告",
    "radicals": "某县民政局2023年政府信息公开⼯作年度报告",
    "statistics": "2015年度政府信息公开情况统计表",
}


@pytest.mark.parametrize("style", TITLES)
def test_a_title_above_sections_passes_however_its_words_are_parted(how: str, style: str) -> None:
    assert is_report(web(TITLES[style]).encode())
    assert may_be_report(web(TITLES[style]).encode())


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_reports_pass_however_they_show_their_title_and_number_their_sections(how: str, encoding: str) -> None:
    shown = [(name, page.encode(encoding)) for name, page in (*shown_reports.pages(), *shown_reports.texts())]
    assert [name for name, body in shown if not may_be_report(body) and is_report(body)] == []
    assert sum(map(is_report, (body for _, body in shown[::11]))) > len(shown[::11]) * 0.8


def test_titles_in_meta_tags_pass_in_traditional_characters(how: str) -> None:
    meta = shown_reports.page(f"<meta name='ArticleTitle' content='{shown_reports.TITLE}'>", in_head=True)
    body = traditional(meta).encode("big5hkscs")
    assert is_report(body)
    assert may_be_report(body)


def test_a_title_in_a_meta_tag_counts_under_a_link_that_is_never_closed(how: str) -> None:
    meta = f'{" " * 200}<p><a href="/x">首页</p><META NAME = "ArticleTitle" CONTENT = "{shown_reports.TITLE}">'
    body = f"<html><head></head><body>{meta}{SECTIONS}</body></html>".encode()
    assert is_report(body)
    assert may_be_report(body)


def test_a_line_in_another_encoding_that_looks_like_a_title_hides_none(how: str) -> None:
    line = f"<!DOCTYPE html><html><body><p>{TITLES['plain']}</p>".encode()
    body = line + web(TITLES["plain"], menu="").encode("gb18030")
    assert is_report(body)
    assert may_be_report(body)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-32", "utf-8-sig", "utf-7", "hz"])
def test_every_encoding_passes(how: str, encoding: str) -> None:
    body = web(TITLES["plain"]).encode(encoding)
    assert may_be_report(body)


REFERENCES: dict[str, Callable[[str], str]] = {
    "decimal": lambda char: f"&#{ord(char)};",
    "with a zero": lambda char: f"&#0{ord(char)};",
    "hexadecimal with zeros": lambda char: f"&#X00{ord(char):X};",
    "hexadecimal": lambda char: f"&#x0{ord(char):x};",
    "without a semicolon": lambda char: f"&#{ord(char)}",
}


@pytest.mark.parametrize("as_reference", REFERENCES.values(), ids=REFERENCES)
def test_references_of_every_kind_pass(how: str, as_reference: Callable[[str], str]) -> None:
    page = (ROOT / "tests/golden/clean.html").read_text(encoding="utf-8")
    body = "".join(char if char.isascii() else as_reference(char) for char in page).encode()
    assert is_report(body)
    assert may_be_report(body)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_ideographic_blanks_between_characters_pass(how: str, encoding: str) -> None:
    page = web(TITLES["plain"], f"<table><tr><td>{'</td><td>'.join(TABLE_WORDS)}</td></tr></table>", menu="")
    body = "".join(char + "\u3000" * ("一" <= char <= "鿿") for char in page).encode(encoding)
    assert may_be_report(body)


def test_a_title_with_readings_over_narrow_columns_passes(how: str) -> None:
    title = "某縣2023年政府信息公開(kāi)工作年度報(bào)告"
    assert may_be_report(web(title, menu="").encode())


@pytest.mark.parametrize(
    "title",
    [
        "某县关于加强防汛工作的通知",
        '<a href="/a">2023年政府信息公开工作年度报告</a>',
        '当前位置：<a href="/">首页</a> &gt; <a href="/zwgk">政府信息公开</a> &gt; 政府信息公开年报',
        "某县召开会议。会上学习了2023年政府信息公开工作年度报告。",
        '<img src="a.png" alt="2023年政府信息公开工作年度报告">',
        "<script>var a = '2023年政府信息公开工作年度报告';</script>",
        "<!-- 2023年政府信息公开工作年度报告 -->",
        '<a href="/a"><i class="icon"></i> 2023年政府信息公开工作年度报告 </a>',
        f'<a href="/{"a" * 300}">2023年政府信息公开工作年度报告</a>',
    ],
)
def test_words_that_are_no_title_of_the_page_do_not_let_it_pass(how: str, title: str) -> None:
    body = web(title).encode()
    assert not is_report(body)
    assert not may_be_report(body)


@pytest.mark.parametrize(
    ("rest", "verdict"),
    [
        ("<p>正文</p>", False),
        (SECTIONS, True),
        ('<p><a href="/P020240101.pdf">2023年年报.pdf</a></p>', True),
        ('<p><img src="/W020240101.jpg"></p>', True),
        ("<table><tr><td>指标</td><td>单位</td><td>数</td></tr></table>", True),
        ("<iframe src='/viewer?file=1'></iframe>", True),
    ],
)
def test_a_title_needs_something_below_it(how: str, rest: str, verdict: bool) -> None:
    assert may_be_report(web(TITLES["plain"], rest).encode()) is verdict
    assert may_be_report(web(TITLES["plain"], rest).encode("gb18030")) is verdict


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" \r\n",
        b"body { color: red }",
        b"var a = 1;",
        b'{"a": []}',
        b"<html><p>Hello</p></html>",
        b"\x1f\x8b\x08\0",
        b"Rar!",
    ],
)
def test_what_can_hold_no_report_is_dropped(how: str, body: bytes) -> None:
    assert not may_be_report(body)


@pytest.mark.parametrize(
    "start", [b"%PDF-1.4", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf", b"\x89PNG"]
)
def test_formats_with_a_reader_of_their_own_pass(how: str, start: bytes) -> None:
    assert may_be_report(start + bytes(100))


@pytest.mark.parametrize(
    "title", ["<p>2023年政府信息公开工作年度报告</p>\n", '{"title":"2023年政府信息公开工作年度报告"},\n']
)
def test_thousands_of_titles_in_a_script_take_no_time(how: str, title: str) -> None:
    page = f"<html><script>var all = [{title * 10_000}".encode()
    began = time.process_time()
    may_be_report(page)
    assert time.process_time() - began < 2


def test_large_escapes_are_left_to_the_reader_unread(how: str) -> None:
    page = b"<html>" + b"%u516c" * 10_000_000
    tracemalloc.start()
    assert may_be_report(page)
    assert tracemalloc.get_traced_memory()[1] < 3 * len(page)
    tracemalloc.stop()


def test_a_saved_message_passes(how: str) -> None:
    assert may_be_report(b"From: <Saved>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n")
