"""Platform modules on the markup of their vendors: rows, full titles, absolute links, and the way to the next page."""

from __future__ import annotations

import json

import pytest

from crawler import platforms
from crawler.platforms import PLATFORMS, Listing, Page, Step, recognise, signs

HANWEB = """<div id="7"><script type="text/xml"><datastore>
<nextgroup><![CDATA[<a
 href="/module/web/jpage/dataproxy.jsp?page=1&appid=1&appid=1&webid=73&columnid=12&unitid=7"></a>]]>
</nextgroup><recordset><ul id="list"></ul>
<record><![CDATA[<li><a href='/art/2024/1/2/art_12_1.html'
 title='某县财政局2023年政府信息公开工作年度报告'>某县财政局2023年...</a><b>2024-01-02</b></li>]]></record>
<record><![CDATA[<tr><td><a href="http://zwgk.x.gov.cn/art/2024/1/3/art_12_2.html">公告</a></td>
<td>[2024-01-03]</td></tr>]]></record>
</recordset></datastore></script></div>"""


@pytest.fixture(autouse=True, params=[True, False], ids=["fast", "plain"])
def with_and_without_hyperscan(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways to look for signs find the same ones."""
    if not request.param:
        monkeypatch.setattr(signs, "IS_FAST", False)
    elif not signs.IS_FAST:
        pytest.skip("Hyperscan is not installed")


def read(url: str, text: str) -> tuple[str, Listing]:
    """The name of the family that is recognised first, and what all families together make of the page."""
    page = Page(url, text)
    return recognise(page)[0].name, platforms.read(page)


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
        assert [step.url for step in listing.columns] == [
            f"https://x.gov.cn/abc/gkmlpt/api/all/{column}?page=1&sid=755041"
        ]
    article: dict[str, object] = {
        "title": "年报",
        "url": "/abc/gkmlpt/content/3/3255/post_1.html",
        "date": 1704124800,
        "publisher": "某局",
    }
    (step,) = listing.columns
    answer = Page(step.url, json.dumps({"articles": [article]}), 200, step)
    listing = platforms.read(answer)
    assert [(row.date, row.publisher) for row in listing.rows] == [("2024-01-02", "某局")]
    assert "page=2" in listing.further[0].url
    for status, text in ((200, '{"articles": []}'), (404, "nothing"), (200, "<html>"), (200, "[]")):
        assert not platforms.read(Page(step.url, text, status, step)).further


def test_generic_makes_do_with_links() -> None:
    page = """<a href="a.html">某县2023年政府信息公开工作年度报告</a><a href="javascript:void(0)">打印</a>
      <a href="?page=2">下一页 &gt;</a><a href="mailto:x@y">邮箱</a><a href="/nb/">政府信息公开年报</a>"""
    name, listing = read("http://x.gov.cn/list", page)
    assert name == "generic"
    assert [row.url for row in listing.rows if "page" not in row.url] == [
        "http://x.gov.cn/a.html",
        "http://x.gov.cn/nb/",
    ]
    assert [step.url for step in listing.further] == ["http://x.gov.cn/list?page=2"]


@pytest.mark.parametrize(
    ("markup", "target", "title"),
    [
        ("<select onchange='location.href=this.value'><option value='/nb/2022.html'>2022年</option></select>",
         "/nb/2022.html", "2022年"),
        ("<form action='/nb.jsp'><input type=hidden name=area value=7><select name=fbtime onchange='form.submit()'>"
         "<option value=2022>2022年</option></select></form>", "/nb.jsp?area=7&fbtime=2022", "2022年"),
        ("<select onchange='go(this.value)'><option value=2022>2022年</option></select>"
         "<script>function go(y) {location.href='/nb/' + y + '.html';}</script>", "/nb/2022.html", "2022年"),
        ("<a href='#' onclick='openInfo(4711)'>甲</a>"
         "<script>function openInfo(id){window.open('/i/'+id+'.html')}</script>", "/i/4711.html", "甲"),
        ("<li data-url='/nb/2022/'>2022年</li>", "/nb/2022/", "2022年"),
        ("<area href='/zw/' alt='政务公开'>", "/zw/", "政务公开"),
        ("<iframe src='list.html'></iframe>", "/x/list.html", ""),
        ("""<script>document.write("<li><a href='/zwgk/'>政务公开</a></li>");</script>""", "/zwgk/", "政务公开"),
        ("""<script>var n=[{id:1,pId:0,name:"财政局",url:"/bm/czj/"}];</script>""", "/bm/czj/", "财政局"),
        ("<table><tr><td>某局2023年年报</td><td><a href='a.html'>查看</a></td></tr></table>",
         "/x/a.html", "某局2023年年报"),
    ],
)  # fmt: skip
def test_whatever_would_take_a_visitor_somewhere_is_a_row(markup: str, target: str, title: str) -> None:
    _, listing = read("http://x.gov.cn/x/index.html", f"<html><body>{markup}</body></html>")
    assert (f"http://x.gov.cn{target}", title) in [(row.url, row.title) for row in listing.rows]


@pytest.mark.parametrize(
    "shell",
    [
        "<html><head><meta http-equiv='refresh' content='0;URL=/zw/index.html'></head></html>",
        "<script>window.location.replace('/zw/index.html');</script>",
        "<html><body onload=\"location.href='/zw/index.html'\"></body></html>",
    ],
)
def test_a_page_that_only_forwards_says_where(shell: str) -> None:
    _, listing = read("http://x.gov.cn/", shell)
    assert [(row.url, row.by) for row in listing.rows if row.by == "forward"] == [
        ("http://x.gov.cn/zw/index.html", "forward")
    ]


def test_a_script_that_waits_for_a_click_forwards_nobody() -> None:
    page = "<p>公告</p><script>function page(n) {location.href='index_' + n + '.html';}</script>"
    assert [row for row in read("http://x.gov.cn/", page)[1].rows if row.by == "forward"] == []


def walk(page: Page, answers: list[tuple[int, str]]) -> list[Step]:
    """The steps that a list asks for, one after the other, when it is answered so."""
    asked: list[Step] = []
    for status, text in answers:
        steps = platforms.read(page).further
        if not steps:
            break
        asked.append(steps[0])
        page = Page(steps[0].url, text, status, steps[0])
    else:
        asked += platforms.read(page).further[:1]
    return asked


def store(*numbers: int) -> str:
    rows = (f"<record><![CDATA[<li><a href='/art/{n}.html'>{n}</a></li>]]></record>" for n in numbers)
    return f"<datastore><totalrecord>9</totalrecord><recordset>{''.join(rows)}</recordset></datastore>"


def test_hanweb_is_asked_in_other_ways_when_one_does_not_work() -> None:
    column = f"""<script type="text/xml">{store(1, 2, 3)}</script><script>$('#7').jpage({{totalRecord:9,perPage:1,
      proxyUrl:'/module/web/jpage/dataproxy.jsp',ajaxParam:{{columnid:12,unitid:'7'}}}})</script>"""
    page = Page("http://x.gov.cn/col/col12/index.html", column)
    served = walk(page, [(200, store(4, 5, 6)), (200, store(7, 8, 9))])
    assert ["startrecord=4&endrecord=6" in served[0].url, "startrecord=7" in served[1].url] == [True, True]
    assert len(served) == 2
    ignored = walk(page, [(200, store(1, 2, 3)), (200, store(4)), (200, store(5)), (200, "")])
    assert [("startrecord" in step.url, step.method) for step in ignored] == [
        (True, "GET"), (False, "GET"), (False, "GET"), (False, "GET"),
    ]  # fmt: skip
    refused = walk(page, [(405, ""), (405, ""), (200, store(4, 5, 6))])
    assert [step.method for step in refused] == ["GET", "GET", "POST", "POST"]
    assert "columnid=12" in refused[2].body


def test_trs_asks_for_the_page_behind_one_that_is_missing() -> None:
    page = Page(
        "http://x.gov.cn/nb/index.html", "<a href='a'>a</a><script>createPageHTML(4, 0, 'index', 'html')</script>"
    )
    asked = walk(page, [(404, ""), (404, ""), (404, "")])
    assert [step.url for step in asked] == [f"http://x.gov.cn/nb/index_{n}.html" for n in (1, 2, 3)]
    assert all(step.promised for step in asked)


def test_a_service_that_a_script_asks_is_asked_until_it_has_no_more() -> None:
    page = Page(
        "http://x.gov.cn/nb/",
        """<div id=list></div><script>var topic='nb';
      function load(p) {$.post('/lists.do', {page: p, pagesize: 2, topic: topic}, show);}</script>""",
    )
    rows = json.dumps(
        {"value": {"total": 4, "list": [{"title": "甲", "link": "/a.html"}, {"title": "乙", "link": "/b.html"}]}}
    )
    other = rows.replace("/a.html", "/c.html")
    first, second = walk(page, [(200, rows), (200, other)])
    assert (first.method, first.url, first.body) == ("POST", "http://x.gov.cn/lists.do", "pagesize=2&topic=nb&page=1")
    assert second.body.endswith("page=2")


@pytest.mark.parametrize("name", sorted(PLATFORMS))
@pytest.mark.parametrize("text", ["", "<", "<html></html>", "\x00", "{", "<datastore>", "countPage = 99", "_CONFIG"])
def test_no_platform_breaks_on_nonsense(name: str, text: str) -> None:
    listing = PLATFORMS[name].read(Page("http://x.gov.cn/gkmlpt/index", text))
    assert listing.rows == ()
    assert not listing.columns
