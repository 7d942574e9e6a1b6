"""The last steps: pagers by function, menus in files, and reports whose own page is not all there is."""

from __future__ import annotations

import pytest

from crawler.sample_portal.documents import report, report_blocks
from crawler.sample_portal.render_pdf import pdf
from tests.crawler.strangers.kit import Met, Site, Stranger, stub, ul
from tests.crawler.trials.web import Ask, Reply

SOME = ("财政局", "教育局", "民政局")
THREE = (2022, 2023, 2024)
Row = tuple[str, str, object]


def rows_in(site: Site, folder: str, others: bool = True) -> list[Row]:
    """All reports and six other documents in a folder, and their rows."""
    made: list[Row] = []
    for fact in site.facts:
        site.report(f"{folder}t{fact.number}.html", fact)
        made.append((f"{folder}t{fact.number}.html", fact.title, fact.published))
    for d in site.others() if others else ():
        site.document(f"{folder}t{d.number}.html", d)
        made.insert(2, (f"{folder}t{d.number}.html", d.title, d.published))
    return made


def ways(site: Site, column: str, name: str = "政府信息公开年报") -> None:
    """A home page, the section 政务公开, and two columns beside the one that counts."""
    stub(site, [("/zwgk/zn.html", "政府信息公开指南"), ("/zwgk/zc.html", "政策文件")])
    links = [("/zwgk/zn.html", "政府信息公开指南", ""), ("/zwgk/zc.html", "政策文件", ""), (column, name, "")]
    site.add("/zwgk/index.html", "政务公开", ul(links))
    site.add("/", site.place, ul([("/zwgk/index.html", "政务公开", ""), ("/gywm/", "网站说明", "")]))


def paged(site: Site, pagers: list[str], per: int = 5) -> None:
    """The column on as many pages as there are pagers, `index.html` and `index_1.html` and on."""
    rows = rows_in(site, "/zwgk/nb/")
    for n, pager in enumerate(pagers):
        path = f"/zwgk/nb/index{f'_{n}' if n else ''}.html"
        site.add(path, "政府信息公开年报", ul(rows[n * per : n * per + per]) + f'<div class="fy">{pager}</div>')
        site.script(path)
    assert len(rows) <= per * len(pagers)
    ways(site, "/zwgk/nb/index.html")


def pager_function(site: Site) -> None:
    """`javascript:page(2)`, and a function that makes `index_1.html` of it."""
    script = (
        "<script>function page(n){if(n==1)location.href='index.html';"
        "else location.href='index_'+(n-1)+'.html';}</script>"
    )
    links = "".join(f'<a href="javascript:page({n})">[{n}]</a>' for n in (1, 2, 3))
    paged(site, [f"{links}{script}"] * 3)


def pager_by_turn(site: Site) -> None:
    """`onclick="turn('index_1.html')"` on spans that say 下一页 and 尾页."""
    pagers = [
        f"<span onclick=\"turn('index_{min(n + 1, 2)}.html')\">"
        "下一页</span><span onclick=\"turn('index_2.html')\">尾页</span>"
        for n in range(3)
    ]
    paged(site, pagers)


def pager_window(site: Site) -> None:
    """Eight pages, of which only the neighbours are linked, by number and without 下一页."""
    pagers = []
    for n in range(8):
        near = [k for k in (n - 1, n, n + 1) if 0 <= k < 8]
        pagers.append(
            "".join(
                f'<a href="index{f"_{k}" if k else ""}.html">{k + 1}</a>' if k != n else f"<b>{k + 1}</b>" for k in near
            )
            + "…"
        )
    paged(site, pagers, 2)


def laypage(site: Site) -> None:
    """`laypage.render` with count and limit; pages are `?page=2`."""
    rows = rows_in(site, "/zwgk/nb/")

    def listed(ask: Ask) -> str:
        page = int(ask.query.get("page") or 1)
        script = (
            "<div id=p></div><script>layui.use('laypage',function(){layp"
            f"age.render({{elem:'p',count:{len(rows)},limit:5,curr:{page},"
            "jump:function(obj,first){if(!first){location.href='?page='+obj.curr;}}})});</script>"
        )
        return site.wrap("政府信息公开年报", ul(rows[page * 5 - 5 : page * 5]) + script)

    site.host.pages["/zwgk/nb/list"] = listed
    for page in (1, 2, 3):
        site.script(f"/zwgk/nb/list?page={page}")
    ways(site, "/zwgk/nb/list")


def menu_in_a_file(site: Site) -> None:
    """The site's menu is written by a script file that every page includes."""
    rows = rows_in(site, "/zwgk/nb/")
    site.add("/zwgk/nb/index.html", "政府信息公开年报", ul(rows))
    ways(site, "/zwgk/nb/index.html")
    lines = "".join(
        f"document.write('<li><a href=\"{p}\">{t}</a></li>');\n"
        for p, t in (("/", "首页"), ("/zwgk/index.html", "政务公开"), ("/gywm/", "关于我们"))
    )
    site.host.pages["/js/menu.js"] = Reply(lines, content_type="application/javascript")
    site.add("/", site.place, '<ul><script type="text/javascript" src="/js/menu.js"></script></ul><p>欢迎</p>')


def menu_by_load(site: Site) -> None:
    """`$('#nav').load('/include/nav.html')` on the home page; the section's menu comes by `$.get`."""
    rows = rows_in(site, "/zwgk/nb/")
    site.add("/zwgk/nb/index.html", "政府信息公开年报", ul(rows))
    ways(site, "/zwgk/nb/index.html")
    site.host.pages["/include/nav.html"] = ul([("/", "首页", ""), ("/zwgk/index.html", "政务公开", "")])
    site.add("/", site.place, "<div id=nav></div><script>$(function(){$('#nav').load('/include/nav.html');});</script>")


def years_by_loop(site: Site) -> None:
    """The years' folders are written by a loop from a first to a last year."""
    for year in THREE:
        folder = f"/zwgk/nb/{year}/"
        rows: list[Row] = []
        for fact in site.of(year):
            site.report(f"{folder}t{fact.number}.html", fact)
            rows.append((f"{folder}t{fact.number}.html", fact.title, fact.published))
        site.add(f"{folder}index.html", f"{year}年", ul(rows))
        site.script(f"{folder}index.html")
    loop = (
        "<script>for(var y=2024;y>=2022;y--){document.write('<li>"
        "<a href=\"/zwgk/nb/'+y+'/index.html\">'+y+'年</a></li>');}</script>"
    )
    site.add("/zwgk/nb/index.html", "政府信息公开年报", f"<ul>{loop}</ul>")
    ways(site, "/zwgk/nb/index.html")


def buttons(site: Site) -> None:
    """Forms with nothing but a button, inputs and buttons that set the location."""
    rows = rows_in(site, "/zwgk/nb/")
    site.add("/zwgk/nb/index.html", "政府信息公开年报", ul(rows))
    ways(site, "/zwgk/nb/index.html")
    site.add("/", site.place, '<form action="/zwgk/index.html"><input type="submit" value="政务公开"></form>')
    both = '<input type="button" value="政策文件" onclick="window.location=\'/zwgk/zc.html\'">'
    both += "<button onclick=\"window.location.assign('/zwgk/nb/index.html')\">政府信息公开年报</button>"
    site.add("/zwgk/index.html", "政务公开", both)


def agency_in_the_path(site: Site) -> None:
    """Neither title nor text names the agency: it stands in the breadcrumb, or in the meta tags."""
    rows: list[Row] = []
    for n, fact in enumerate(site.facts):
        made = report(fact, f"{fact.year}年政府信息公开工作年度报告")
        body = made.body.replace(fact.agency, "本单位")
        path = f"/bm/{n % 3}/nb/{fact.number}.html"
        crumb, meta = f'<div class="wz">当前位置：首页 &gt; {fact.agency} &gt; 政府信息公开年报</div>', ""
        if n % 2:
            crumb, meta = (
                "",
                f'<meta content="{fact.agency}" name="contentsource"><meta name="PubDate" content="{fact.published}">',
            )
        site.add(path, made.title, f"{crumb}<h1>{made.title}</h1><p>{fact.published}</p>{body}", meta)
        site.leaves.append(path)
        rows.append((path, made.title, fact.published))
    site.add("/zwgk/nb/index.html", "政府信息公开年报", ul(rows))
    ways(site, "/zwgk/nb/index.html")


def three_in_one(site: Site) -> None:
    """One page for each agency with the whole text of all its reports, each in a tab."""
    links = []
    for n, fact in enumerate(site.of(2024)):
        panes = ""
        for own in reversed(site.of(body=fact.agency)):
            made = report(own)
            panes += f'<div class="pane" id="y{own.year}"><h2>{made.title}</h2><div>{made.body}</div></div>'
        heads = "".join(f'<li><a href="#y{year}">{year}年</a></li>' for year in reversed(THREE))
        site.add(f"/zwgk/nb/{n}.html", f"{fact.agency}政府信息公开年报", f"<ul>{heads}</ul>{panes}")
        site.leaves.append(f"/zwgk/nb/{n}.html")
        links.append((f"/zwgk/nb/{n}.html", fact.agency, ""))
    site.add("/zwgk/nb/index.html", "政府信息公开年报", ul(links))
    ways(site, "/zwgk/nb/index.html")


def framed_article(site: Site) -> None:
    """The page of a report has the title; its text stands in a frame."""
    rows: list[Row] = []
    for fact in site.facts:
        made = report(fact)
        inner = f"/zwgk/nb/content/{fact.number}.html"
        site.host.pages[inner] = f'<html><head><meta charset="utf-8"></head><body>{made.body}</body></html>'
        path = f"/zwgk/nb/{fact.number}.html"
        site.add(
            path,
            made.title,
            f"<h1>{made.title}</h1><p>{fact.published}</p>"
            f'<iframe src="content/{fact.number}.html" width="100%"></iframe>',
        )
        site.leaves.append(path)
        rows.append((path, made.title, fact.published))
    site.add("/zwgk/nb/index.html", "政府信息公开年报", ul(rows))
    ways(site, "/zwgk/nb/index.html")


def on_to_the_file(site: Site) -> None:
    """A row leads to a page that goes on to a PDF: by refresh, by script, by redirect."""
    rows: list[Row] = []
    for n, fact in enumerate(site.facts):
        file, path = f"/upload/{fact.number}.pdf", f"/zwgk/nb/{fact.number}.html"
        site.host.pages[file] = Reply(pdf(report_blocks(fact)), content_type="application/pdf")
        if n % 3 == 0:
            site.host.pages[path] = (
                f'<html><head><meta http-equiv="refresh" content="0;url=../../upload/{fact.number}.pdf"></head></html>'
            )
        elif n % 3 == 1:
            site.host.pages[path] = f"<script language=javascript>window.location='{file}';</script>"
        else:
            site.host.pages[path] = Reply(status=302, headers=(("Location", file),))
            site.script(file)
        site.leaves.append(file)
        rows.append((path, fact.title, fact.published))
    site.add("/zwgk/nb/index.html", "政府信息公开年报", ul(rows))
    ways(site, "/zwgk/nb/index.html")


def wrong_header(site: Site) -> None:
    """The header says ISO-8859-1, the page gb2312 and is GBK; others come without any type at all."""
    rows = rows_in(site, "/zwgk/nb/")
    site.add("/zwgk/nb/index.html", "政府信息公开年报", ul(rows))
    ways(site, "/zwgk/nb/index.html")
    for n, (path, page) in enumerate(list(site.host.pages.items())):
        assert isinstance(page, str)
        text = page.replace(
            '<meta charset="utf-8">', '<meta http-equiv="Content-Type" content="text/html; charset=gb2312">'
        )
        kind = "" if n % 3 == 2 else "text/html; charset=ISO-8859-1"
        site.host.pages[path] = Reply(text.encode("gb18030"), content_type=kind)


def one_department(site: Site) -> None:
    """The site of a single office: its reports are called by the year alone, the column 信息公开 → 年报."""
    rows: list[Row] = []
    for fact in site.facts:
        site.report(f"/xxgk/nb/{fact.year}.html", fact, f"{fact.year}年度政府信息公开工作年度报告")
        rows.append((f"/xxgk/nb/{fact.year}.html", f"{fact.year}年度报告", fact.published))
    news = site.others()
    for d in news:
        site.document(f"/news/{d.number}.html", d)
    site.add("/xxgk/nb/", "年报", ul(rows))
    stub(site, [("/xxgk/zn.html", "指南"), ("/xxgk/zcfg.html", "政策法规")])
    site.add(
        "/xxgk/",
        "信息公开",
        ul([("/xxgk/zn.html", "指南", ""), ("/xxgk/zcfg.html", "政策法规", ""), ("/xxgk/nb/", "年报", "")]),
    )
    latest = [(f"/news/{d.number}.html", d.title, d.published) for d in news]
    site.add("/", f"{site.place}财政局", ul(latest) + ul([("/xxgk/", "信息公开", "")]))


STRANGERS = {
    "pager-function": Stranger("翻山县", SOME, THREE, pager_function),
    "pager-by-turn": Stranger("转塘县", SOME, THREE, pager_by_turn),
    "pager-window": Stranger("窗前县", SOME, THREE, pager_window),
    "laypage": Stranger("来安里县", SOME, THREE, laypage),
    "menu-in-a-file": Stranger("菜园县", SOME, THREE, menu_in_a_file),
    "menu-by-load": Stranger("载和县", SOME, THREE, menu_by_load),
    "years-by-loop": Stranger("环江里县", SOME, THREE, years_by_loop),
    "buttons": Stranger("纽扣县", SOME, THREE, buttons),
    "agency-in-the-path": Stranger("路径县", SOME, THREE, agency_in_the_path),
    "three-in-one": Stranger("合三县", SOME, THREE, three_in_one),
    "framed-article": Stranger("框桥县", SOME, THREE, framed_article),
    "on-to-the-file": Stranger("续溪县", SOME, THREE, on_to_the_file),
    "wrong-header": Stranger("错石县", SOME, THREE, wrong_header),
    "one-department": Stranger("独山坪县", ("财政局",), THREE, one_department),
}


@pytest.mark.parametrize("name", STRANGERS)
def test_every_report_is_found_and_nothing_else(met: Met, name: str) -> None:
    met.expect_all(name)


@pytest.mark.parametrize("name", STRANGERS)
def test_three_requests_a_report_are_enough(met: Met, name: str) -> None:
    met.expect_few(name)


@pytest.mark.parametrize("name", STRANGERS)
def test_a_browser_reaches_every_report(met: Met, name: str) -> None:
    met.expect_fair(name)
