"""Text from the web stays text, pages load nothing from elsewhere, and headers forbid what should never happen."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from lxml import etree

import archive.site
from archive.charts import grid
from archive.site.rendering import cell, link
from tests.site.visiting import PAGES, SCRIPT, get

STATIC = Path(archive.site.__file__).parent / "static"
SCRIPTS = re.compile(r"^/(static/[a-z]+|-/static/[a-z0-9.-]+)\.js$")
DRAWN = set("svg g path text rect line defs clipPath title linearGradient stop".split())
LOADING = {"src", "srcset", "data", "action", "formaction", "background", "poster", "manifest", "ping"}


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_text_from_the_web_stays_text(hostile_site: str, path: str, lang: str) -> None:
    page = get(hostile_site, path, lang).tree
    for script in page.iter("script"):
        assert SCRIPTS.match(script.get("src") or ""), etree.tostring(script)
        assert not (script.text or "").strip()
    for element in page.iter(etree.Element):
        assert element.tag not in ("iframe", "object", "embed", "style", "base", "meta_refresh"), element.tag
        for name, value in element.attrib.items():
            assert not name.startswith("on"), (element.tag, name)
            assert name != "style"
            assert "javascript:" not in value.lower() or name not in ("href", "src", "action")
    assert not [image for image in page.iter("img") if image.get("src") == "x"]


def test_the_hostile_text_is_there_to_be_read(hostile_site: str) -> None:
    """Else the tests above would pass on empty pages."""
    report = get(hostile_site, "/report/1").words
    assert report.count(SCRIPT) >= 5
    assert "javascript:alert(7)" in report
    for path in ("/", "/agency/1", "/search?q=alert", "/gongkai/panel", "/gongkai/agencies", "/gongkai/newest_reports"):
        assert SCRIPT in get(hostile_site, path).words, path


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_loaded_from_elsewhere(hostile_site: str, path: str) -> None:
    page = get(hostile_site, path).tree
    for element in page.iter(etree.Element):
        names = LOADING & set(element.attrib) | ({"href"} if element.tag in ("link", "image", "use") else set())
        for name in names:
            assert urlsplit(element.get(name)).netloc in ("", urlsplit(hostile_site).netloc), (path, element.get(name))
    for element in page.cssselect("a[href]"):
        target = urlsplit(element.get("href"))
        assert target.scheme in ("", "http", "https")
        if target.netloc not in ("", urlsplit(hostile_site).netloc):
            assert "noopener" in (element.get("rel") or ""), element.get("href")


def test_our_own_files_name_no_other_host() -> None:
    files = list(STATIC.iterdir())
    assert {path.suffix for path in files} >= {".css", ".js", ".svg"}
    for path in files:
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "//" not in re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE), path
        assert "@import" not in text


@pytest.mark.parametrize("path", [*PAGES, "/static/site.css", "/gongkai/panel.json", "/gongkai/panel.csv"])
def test_headers_forbid_scripts_and_guessing(hostile_site: str, path: str) -> None:
    headers = get(hostile_site, path).headers
    policy = {part.split()[0]: part.split()[1:] for part in headers["Content-Security-Policy"].split(";")}
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == ["'self'"]
    assert policy["style-src"] == ["'self'"]
    assert policy["frame-ancestors"] == ["'none'"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Access-Control-Allow-Origin"] is None


@pytest.mark.parametrize("name", ["requests", "outcomes", "disputes", "coverage"])
def test_charts_are_pictures_and_no_more(hostile_site: str, name: str) -> None:
    answer = get(hostile_site, f"/chart/{name}.svg?agency=1")
    assert answer.headers["Content-Type"].startswith("image/svg+xml")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "script" not in answer.headers["Content-Security-Policy"]
    assert_harmless(answer.text)


def test_text_in_a_chart_is_text() -> None:
    drawn = grid([{"place": SCRIPT, "year": 2023, "reports": 3}], "en", title="reports")
    assert "alert" in drawn
    assert_harmless(drawn)


def assert_harmless(svg: str) -> None:
    picture = etree.fromstring(svg.encode())
    assert picture.tag == "{http://www.w3.org/2000/svg}svg"
    for element in picture.iter(etree.Element):
        assert etree.QName(element).localname in (
            "svg",
            "g",
            "path",
            "text",
            "rect",
            "line",
            "defs",
            "clipPath",
            "title",
        )
        for name in element.attrib:
            assert not name.startswith("on")
            assert "href" not in name


def test_only_addresses_of_the_web_become_links() -> None:
    for text in (
        "javascript:alert(1)",
        "JAVASCRIPT:x",
        "data:text/html,x",
        "http:x",
        "https://",
        "http://a b/",
        "//a/b",
    ):
        assert "<a" not in link(text), text
    assert link("https://a.example/?a=1&b=%22").startswith('<a class="outside" href="https://a.example/?a=1&amp;b=%22"')
    assert cell("<b>", "agency", {"agency_id": 3}) == '<a href="/agency/3">&lt;b&gt;</a>'
    assert cell('http://a.example/"onx=1', "url", {}).count('"') == 8  # type: ignore[union-attr]
    assert cell("<b>", "raw", {}) is None
    assert cell(7, "report_id", {}) == '<a class="number" href="/report/7">7</a>'
