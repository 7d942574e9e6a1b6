"""Platform modules on the markup of their vendors: rows, full titles, absolute links, and the way to the next page."""

from __future__ import annotations

import json

import pytest

from crawler.platforms import PLATFORMS, Page, Step, recognise

HANWEB = """<div id="7"><script type="text/xml"><datastore>
<nextgroup><![CDATA[<a
 href="/module/web/jpage/dataproxy.jsp?page=1&appid=1&appid=1&webid=73&columnid=12&unitid=7"></a>]]>
</nextgroup><recordset><ul id="list"></ul>
<record><![CDATA[<li><a href='/art/2024/1/2/art_12_1.html'
 title='某县财政局2023年政府信息公开工作年度报告'>某县财政局2023年...</a><b>2024-01-02</b></li>]]></record>
<record><![CDATA[<tr><td><a href="http://zwgk.x.gov.cn/art/2024/1/3/art_12_2.html">公告</a></td>
<td>[2024-01-03]</td></tr>]]></record>
</recordset></datastore></script></div>"""


def read(url: str, text: str) -> tuple[str, object]:
    page = Page(url, text)
    platform = recognise(page)
    return platform.name, platform.read(page)


def test_hanweb_rows_stand_in_a_script_and_the_next_group_in_the_page_itself() -> None:
    name, listing = read("http://x.gov.cn/col/col12/index.html", HANWEB)
    assert name == "hanweb"
    assert [(row.url, row.title, row.date) for row in listing.rows] == [
        ("http://x.gov.cn/art/2024/1/2/art_12_1.html", "某县财政局2023年政府信息公开工作年度报告", "2024-01-02"),
        ("http://zwgk.x.gov.cn/art/2024/1/3/art_12_2.html", "公告", "2024-01-03"),
    ]
    (step,) = listing.further
    assert step.url.startswith("http://x.gov.cn/module/web/jpage/dataproxy.jsp?startrecord=3&")
    assert "columnid=12" in step.url
    assert step.headers["Referer"] == "http://x.gov.cn/col/col12/index.html"


@pytest.mark.parametrize(
    ("script", "following"),
    [
        ('var currentPage = 0;//\nvar countPage = 3//', "index_1.html"),
        ('var currentPage = 2;\nvar countPage = 3', None),
        ('createPageHTML(5, 1, "index", "html");', "index_2.html"),
        ('createPageHTML(5, 4, "index", "html");', None),
        ('createPage(2,0,"list","shtml");', "list_1.shtml"),
        ("createPageHTML('page_div',3,1,'nb','shtml',42);", "nb_2.shtml"),
        ("createPageHTML('page_div',3,3,'nb','shtml',42);", None),
    ],
)  # fmt: skip
def test_trs_pagers_are_scripts(script: str, following: str | None) -> None:
    name, listing = read(
        "http://x.gov.cn/zwgk/nb/", f"<a href='./202401/t20240102_1.html'>年报</a><script>{script}</script>"
    )
    assert name == "trs"
    assert listing.rows[0].url == "http://x.gov.cn/zwgk/nb/202401/t20240102_1.html"
    assert [step.url for step in listing.further] == ([f"http://x.gov.cn/zwgk/nb/{following}"] if following else [])


def test_gkmlpt_finds_its_column_by_fragment_or_by_name_and_pages_until_nothing_comes() -> None:
    tree = [{"id": 1, "name": "公开指南", "children": []}, {"id": 5, "name": "法定内容", "children": [
        {"id": 21023, "name": "政府信息公开年报", "children": []}]}]  # fmt: skip
    shell = f"<script>window._CONFIG={{SID:'755041',TREE:{json.dumps(tree, ensure_ascii=False)}}}</script>"
    for fragment, column in (("#77", "77"), ("", "21023")):
        name, listing = read(f"https://x.gov.cn/abc/gkmlpt/index{fragment}", shell)
        assert name == "gkmlpt"
        assert [step.url for step in listing.further] == [
            f"https://x.gov.cn/abc/gkmlpt/api/all/{column}?page=1&sid=755041"
        ]
    article = {
        "title": "年报",
        "url": "/abc/gkmlpt/content/3/3255/post_1.html",
        "date": 1704124800,
        "publisher": "某局",
    }
    step = Step("u", state={"api": "https://x.gov.cn/abc/gkmlpt/api/all/77", "sid": "755041", "page": "1"})
    answer = Page("https://x.gov.cn/abc/gkmlpt/api/all/77", json.dumps({"articles": [article]}), 200, step)
    listing = PLATFORMS["gkmlpt"].read(answer)
    assert [(row.date, row.publisher) for row in listing.rows] == [("2024-01-02", "某局")]
    assert "page=2" in listing.further[0].url
    for status, text in ((200, '{"articles": []}'), (404, "nothing"), (200, "<html>"), (200, "[]")):
        assert not PLATFORMS["gkmlpt"].read(Page(answer.url, text, status, step)).further


def test_generic_makes_do_with_links() -> None:
    page = """<a href="a.html">某县2023年政府信息公开工作年度报告</a><a href="javascript:void(0)">打印</a>
      <a href="?page=2">下一页 &gt;</a><a href="mailto:x@y">邮箱</a><a href="/nb/">政府信息公开年报</a>"""
    name, listing = read("http://x.gov.cn/list", page)
    assert name == "generic"
    assert [row.url for row in listing.rows] == ["http://x.gov.cn/a.html", "http://x.gov.cn/nb/"]
    assert [step.url for step in listing.further] == ["http://x.gov.cn/list?page=2"]
    assert [row.url for row in listing.columns] == ["http://x.gov.cn/nb/"]


@pytest.mark.parametrize("name", sorted(PLATFORMS))
@pytest.mark.parametrize("text", ["", "<", "<html></html>", "\x00", "{", "<datastore>", "countPage = 99", "_CONFIG"])
def test_no_platform_breaks_on_nonsense(name: str, text: str) -> None:
    listing = PLATFORMS[name].read(Page("http://x.gov.cn/gkmlpt/index", text))
    assert listing.rows == ()
