"""Home pages and menus of every make: what a reader clicks, and what stands in the way of a machine."""

from __future__ import annotations

from hashlib import md5

import pytest

from crawler.sample_portal.documents import report_blocks
from crawler.sample_portal.render_pdf import pdf
from tests.crawler.strangers.kit import Met, Site, Stranger, stub, ul
from tests.crawler.trials.web import Ask, Reply

SOME = ("财政局", "教育局", "民政局")
THREE = (2022, 2023, 2024)
Row = tuple[str, str, object]


def rows_in(site: Site, folder: str, suffix: str = ".html", year: int = 2023) -> list[Row]:
    """Publishes everything in a folder. Six documents that are no reports stand among the rows."""
    made: list[Row] = []
    for fact in site.facts:
        site.report(f"{folder}{fact.number}{suffix}", fact)
        made.append((f"{folder}{fact.number}{suffix}", fact.title, fact.published))
    for d in site.others(year):
        site.document(f"{folder}{d.number}{suffix}", d)
        made.insert(2, (f"{folder}{d.number}{suffix}", d.title, d.published))
    return made


def to_gbk(site: Site, declared: bool) -> None:
    """Sends every page in GBK; without a word about it in header or page unless `declared`."""
    for path, content in list(site.host.pages.items()):
        if isinstance(content, str):
            meta = '<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=gb2312">' if declared else ""
            text = content.replace('<meta charset="utf-8">', meta)
            site.host.pages[path] = Reply(text.encode("gb18030"), content_type="text/html")


def frameset(site: Site) -> None:
    """A frameset in capitals, GBK throughout, and nothing says so; the menu is a frame."""
    site.nav = ""
    site.foot = ""
    rows = rows_in(site, "nb/", ".htm")
    for path, _, _ in rows:
        site.host.pages["/" + path] = site.host.pages.pop(path)
    site.leaves = ["/" + leaf for leaf in site.leaves]
    lines = "".join(f"<TR><TD>·<A HREF={p} TARGET=_blank>{t}</A></TD><TD>{d}</TD></TR>" for p, t, d in rows)
    site.host.pages["/ndbg.htm"] = (
        f"<HTML><HEAD><TITLE>信息公开年度报告</TITLE></HEAD><BODY><TABLE>{lines}</TABLE></BODY></HTML>"
    )
    site.host.pages["/left.htm"] = (
        "<HTML><BODY><P><A HREF=main.htm TARGET=main>本局概况</A><P><A HREF=zhinan.htm TARGET=main>信息公开指南</A>"
        "<P><A HREF=ndbg.htm TARGET=main>信息公开年度报告</A></BODY></HTML>"
    )
    site.host.pages["/top.htm"] = f"<HTML><BODY><H1>{site.place}政府信息公开</H1></BODY></HTML>"
    site.host.pages["/main.htm"] = "<HTML><BODY>欢迎光临</BODY></HTML>"
    site.host.pages["/zhinan.htm"] = "<HTML><BODY>为方便公民获取政府信息，编制本指南。</BODY></HTML>"
    site.host.pages["/"] = (
        f"<HTML><HEAD><TITLE>{site.place}</TITLE></HEAD><FRAMESET ROWS=100,*><FRAME SRC=top.htm NAME=top>"
        "<FRAMESET COLS=200,*><FRAME SRC=left.htm NAME=left><FRAME SRC=main.htm NAME=main></FRAMESET></FRAMESET></HTML>"
    )
    to_gbk(site, declared=False)
    for path in ("/top.htm", "/left.htm", "/main.htm", "/ndbg.htm", "/zhinan.htm"):
        site.script(path)
    for path, _, _ in rows:
        site.script("/" + path)


def splash(site: Site) -> None:
    """A picture with an image map before a page with a BOM, before a refresh; the section is a picture without text."""
    site.nav = '<a href="/portal/index.html"><img src="/logo.png"></a>'
    rows = rows_in(site, "/portal/gkml/ndbg/")
    site.host.pages["/"] = (
        '<html><body bgcolor="#fff"><img src="/splash.jpg" usemap="#m"><map name="m">'
        '<area shape="rect" coords="1,2,3,4" href="/enter.html" alt="进入网站"></map></body></html>'
    )
    site.host.pages["/enter.html"] = (
        '<html><head><META HTTP-EQUIV="Refresh" CONTENT="3; url=portal/index.html"></head></html>'
    )
    site.add(
        "/portal/index.html",
        site.place,
        '<a href="/portal/ywdt/"><img src="/m1.gif" alt="要闻动态"></a>'
        '<a href="/portal/gkml/"><img src="/m2.gif" title="公开目录"></a>',
    )
    page = site.host.pages["/portal/index.html"]
    site.host.pages["/portal/index.html"] = "\ufeff" + str(page)
    stub(site, [("/portal/ywdt/", "要闻动态"), ("/portal/gkml/jgzn/", "机构职能"), ("/portal/gkml/rsxx/", "人事信息")])
    menu = [("jgzn/", "机构职能", ""), ("rsxx/", "人事信息", ""), ("ndbg/", "工作年报", "")]
    site.add("/portal/gkml/", "公开目录", ul(menu))
    site.add("/portal/gkml/ndbg/", "工作年报", ul(rows))


def written_menu(site: Site) -> None:
    """The menu is a literal that an inline script writes; the section's menu is another one."""
    rows = rows_in(site, "/ygzw/nb/")
    site.nav = (
        "<script type='text/javascript'>document.write(\"<ul class='nav'><li><a href='/'>首页</a></li>"
        "<li><a href='/ygzw/index.html'>阳光政务</a></li><li>"
        "<a href='/zmhd/index.html'>政民互动</a></li></ul>\");</script>"
    )
    stub(site, [("/zmhd/index.html", "政民互动"), ("/ygzw/zn.html", "公开指南"), ("/ygzw/bs.html", "办事公开")])
    site.add(
        "/ygzw/index.html",
        "阳光政务",
        "<div class=left><script>document.write('<a href=\"/ygzw/zn.html\">公开指南</a>');\n"
        "document.write('<a href=\"/ygzw/nb/index.html\">政府信息公开工作年报</a>');</script></div>",
    )
    site.add("/ygzw/nb/index.html", "政府信息公开工作年报", ul(rows))
    site.add("/", site.place, "<p>欢迎</p>")


def cells_that_go(site: Site) -> None:
    """Menus are cells of tables with `onclick`; submenus open on `onmouseover`; rows are `<tr onclick>`."""
    site.nav = (
        "<TABLE><TR><TD ONCLICK=\"location='/'\">首页</TD>"
        "<TD onmouseover=\"show('m2')\" onclick=\"window.location.href='/zf/index.html'\">"
        "透明政府</TD><TD onclick=\"window.location='/bs/index.html'\">办事大厅</TD></TR></TABLE>"
    )
    lines = "".join(
        f"<tr style='cursor:pointer' onclick=\"window.open('{p}')\"><td>{t}</td><td>{d}</td></tr>"
        for p, t, d in rows_in(site, "/zf/nb/")
    )
    stub(site, [("/bs/index.html", "办事大厅"), ("/zf/zn.html", "公开指南"), ("/zf/zd.html", "公开制度")])
    site.add(
        "/zf/index.html",
        "透明政府",
        "<div id=m2><div onclick=\"location.href='/zf/zn.html'\">公开指南</div>"
        "<div onclick=\"location.href='/zf/zd.html'\">公开制度</div>"
        "<div onclick=\"location.href='/zf/nb/index.html'\">公开年报</div></div>",
    )
    site.add("/zf/nb/index.html", "公开年报", f"<table>{lines}</table>")
    site.add("/", site.place, "<p>欢迎</p>")


def windows_that_open(site: Site) -> None:
    """`javascript:window.open(…)` in the menu, a function of two arguments in the section, and `void(0)` rows."""
    site.nav = (
        "<a href='javascript:window.open(\"/zwgk/main.html\",\"_self\");void(0)'>政务公开</a> <a href='/'>首页</a>"
    )
    lines = "".join(
        f"<li><a href='javascript:void(0)' onclick=\"return showDoc('{p}',800);\">{t}</a> {d}</li>"
        for p, t, d in rows_in(site, "/zwgk/nbgb/")
    )
    stub(site, [("/zwgk/zn.html", "信息公开指南"), ("/zwgk/ysq.html", "依申请公开")])
    opener = (
        "<script>function go(u,t){window.open(u,t)} function showDoc(u,"
        "w){window.open(u,'d','width='+w);return false}</script>"
    )
    site.add(
        "/zwgk/main.html",
        "政务公开",
        f"{opener}<a href=\"javascript:go('/zwgk/zn.html','_blank')\">信息公开指南</a>"
        "<a href=\"javascript:go('/zwgk/ysq.html','_blank')\">依申请公开</a>"
        "<a href=\"javascript:go('/zwgk/nbgb/list.html','_blank')\">信息公开年度报告</a>",
    )
    site.add("/zwgk/nbgb/list.html", "信息公开年度报告", f"{opener}<ul>{lines}</ul>")
    site.add("/", site.place, "<p>欢迎</p>")


def jeecms_sessions(site: Site) -> None:
    """JEECMS: `.jhtml`, `index_2.jhtml`, every link with another `;jsessionid=`."""
    site.nav = '<a href="/index.jhtml">首页</a><a href="/zfxxgk.jhtml">政府信息公开</a>'
    rows = rows_in(site, "/zfxxgknb/", ".jhtml")
    for n in range(0, len(rows), 6):
        page = n // 6 + 1
        more = f'<a href="index_{page + 1}.jhtml">下一页</a>' if n + 6 < len(rows) else "下一页"
        name = "index.jhtml" if page == 1 else f"index_{page}.jhtml"
        site.add(f"/zfxxgknb/{name}", "年度报告", ul(rows[n : n + 6]) + f"<p>共{len(rows)}条 {more}</p>")
    stub(site, [("/zfxxgkzn/index.jhtml", "信息公开指南"), ("/zcfg/index.jhtml", "政策法规")])
    menu = [("/zfxxgkzn/index.jhtml", "信息公开指南", ""), ("/zcfg/index.jhtml", "政策法规", "")]
    site.add("/zfxxgk.jhtml", "政府信息公开", ul([*menu, ("/zfxxgknb/index.jhtml", "年度报告", "")]))
    site.add("/index.jhtml", site.place, "<p>欢迎</p>")
    site.host.pages["/"] = site.host.pages["/index.jhtml"]
    count = iter(range(10**6))

    def mark(text: str) -> str:
        session = md5(str(next(count)).encode(), usedforsecurity=False).hexdigest().upper()
        return text.replace('.jhtml"', f'.jhtml;jsessionid={session}"')

    def strip(path: str) -> object:
        return lambda ask: mark(str(pages[path]))

    pages = {path: page for path, page in site.host.pages.items() if path.endswith(".jhtml") or path == "/"}
    for path in pages:
        site.host.rules.append((path.replace(".", r"\.") + "(;jsessionid=[0-9A-F]+)?", strip(path)))  # type: ignore[arg-type]
    for path in [*pages]:
        site.script(path)


def empire_pdf(site: Site) -> None:
    """EmpireCMS in GBK: `ListInfo.php`, `ShowInfo.php`; a page is no more than a link to a PDF of no clear name."""
    site.nav = '<a href="/">首页</a> <a href="/e/action/ListInfo.php?classid=30">信息公开</a>'
    rows: list[Row] = []
    for n, fact in enumerate(site.facts):
        path = f"/e/action/ShowInfo.php?classid=37&id={fact.number % 10_000}"
        if n % 2:
            name = f"/d/file/p/{fact.published:%Y-%m-%d}/{md5(path.encode(), usedforsecurity=False).hexdigest()}.pdf"
            site.host.pages[name] = Reply(pdf(report_blocks(fact)), content_type="application/pdf")
            body = f'<p>点击下载：<a href="{name}">附件下载</a></p>'
            site.add(path, fact.title, f"<h1>{fact.title}</h1><p>{fact.published}</p>{body}")
            site.leaves.append(path)
        else:
            site.report(path, fact)
        rows.append((path, fact.title, f"[{fact.published:%m-%d}]"))
    for d in site.others():
        path = f"/e/action/ShowInfo.php?classid=37&id={d.number % 10_000}"
        site.document(path, d)
        rows.insert(1, (path, d.title, f"[{d.published:%m-%d}]"))

    def listed(ask: Ask) -> str:
        if ask.query.get("classid") == "30":
            links = [
                (f"/e/action/ListInfo.php?classid={n}", t, "") for n, t in ((35, "指南"), (36, "制度"), (37, "年报"))
            ]
            return site.wrap("信息公开", ul(links))
        page = int(ask.query.get("page") or 0)
        shown = rows[page * 5 : page * 5 + 5] if ask.query.get("classid") == "37" else []
        total = -(-len(rows) // 5)
        pager = "".join(
            f'<a href="/e/action/ListInfo.php?page={k}&classid=37">{k + 1}</a>' for k in range(total) if k != page
        )
        return site.wrap("年报", ul(shown) + f'<div class="epages">{pager}</div>')

    to_gbk(site, declared=True)

    def gbk(ask: Ask) -> Reply:
        text = listed(ask).replace(
            '<meta charset="utf-8">', '<meta http-equiv=content-type content="text/html;charset=gbk">'
        )
        return Reply(text.encode("gb18030"), content_type="text/html")

    site.host.pages["/e/action/ListInfo.php"] = gbk
    home = site.wrap(site.place, "<p>欢迎</p>").replace('<meta charset="utf-8">', "").encode("gb18030")
    site.host.pages["/"] = Reply(home, content_type="text/html")
    for number in (35, 36, 37):
        site.script(f"/e/action/ListInfo.php?classid={number}")


def hebei_columns(site: Site) -> None:
    """Columns are UUIDs; the menu of the section is an accordion with empty heads; robots.txt forbids /admin/."""
    uuid = "5d3b2f9e-7c1a-4b8d-9a4f-{:012d}"
    site.nav = f'<a href="/">首页</a><a href="/columns/{uuid.format(1)}/index.html">政府信息公开</a>'
    folder = f"/columns/{uuid.format(9)}/"
    rows: list[Row] = []
    for fact in site.facts:
        path = f"{folder}{fact.published:%Y%m}/{fact.published:%d}/{uuid.format(fact.number)}.html"
        site.report(path, fact)
        rows.append((path, fact.title, fact.published))
    for d in site.others():
        path = f"{folder}{d.published:%Y%m}/{d.published:%d}/{uuid.format(d.number)}.html"
        site.document(path, d)
        rows.append((path, d.title, d.published))
    for page in range(1, 4):
        part = rows[(page - 1) * 6 : page * 6]
        links = "".join(f'<a href="{folder}index{f"_{k}" if k > 1 else ""}.html">{k}</a>' for k in (1, 2, 3))
        site.add(f"{folder}index{f'_{page}' if page > 1 else ''}.html", "政府信息公开年度报告", ul(part) + links)
    heads = "".join(
        f'<dt><a href="#">{head}</a></dt><dd><a href="/columns/{uuid.format(n)}/index.html">{name}</a></dd>'
        for n, head, name in (
            (2, "政策", "规范性文件"),
            (3, "指南", "政府信息公开指南"),
            (9, "报告", "政府信息公开年度报告"),
        )
    )
    stub(
        site,
        [(f"/columns/{uuid.format(2)}/index.html", "规范性文件"), (f"/columns/{uuid.format(3)}/index.html", "指南")],
    )
    site.add(f"/columns/{uuid.format(1)}/index.html", "政府信息公开", f"<dl>{heads}</dl>")
    site.host.pages["/robots.txt"] = Reply(
        "User-agent: *\nDisallow: /admin/\nDisallow: /*.zip$\n", content_type="text/plain"
    )
    site.add("/", site.place, '<a href="/admin/login.html">登录</a>')


def nanping_dates(site: Site) -> None:
    """Articles in folders of days; titles without the agency, which the neighbouring cell names."""
    site.nav = '<a href="/cms/html/npszf/index.html">首页</a><a href="/cms/html/npszf/zwgk/index.html">政务公开</a>'
    site.article = (
        "<div class='hd'>{title}</div><div>发布机构：{source}　生成日期：{date}</div><div class='bd'>{body}</div>"
    )
    lines = ""
    for fact in site.facts:
        path = f"/cms/html/npszf/{fact.published}/{fact.number}.html"
        title = f"{fact.year}年政府信息公开工作年度报告"
        site.report(path, fact, title)
        day = fact.published
        lines += (
            f'<tr><td>{fact.agency}</td><td><a href="{path}">{title}</a>'
            f"</td><td>{day.year}年{day.month}月{day.day}日</td></tr>"
        )
    for d in site.others():
        path = f"/cms/html/npszf/{d.published}/{d.number}.html"
        site.document(path, d)
        lines += f'<tr><td>{d.source}</td><td><a href="{path}">{d.title}</a></td><td>{d.published:%Y/%m/%d}</td></tr>'
    head = "<tr><th>发布机构</th><th>名称</th><th>生成日期</th></tr>"
    site.add("/cms/html/npszf/zfxxgknb/index.html", "政府信息公开年报", f"<table>{head}{lines}</table>")
    stub(site, [("/cms/html/npszf/zn/index.html", "政府信息公开指南")])
    menu = [("../zn/index.html", "政府信息公开指南", ""), ("../zfxxgknb/index.html", "政府信息公开年报", "")]
    site.add("/cms/html/npszf/zwgk/index.html", "政务公开", ul(menu))
    site.add("/cms/html/npszf/index.html", site.place, "<p>欢迎</p>")
    site.host.pages["/"] = "<script>top.location.href = './cms/html/npszf/index.html'</script>"


def popup_column(site: Site) -> None:
    """The home page's floating window leads, over a redirect and a shell, to the column; the menu never names it."""
    site.nav = '<a href="/">首页</a><a href="/xw/">新闻</a><a href="/fw/">服务</a><a href="/hd/">互动</a>'
    rows = rows_in(site, "/ztzl/2024/nb/t")
    stub(site, [("/xw/", "新闻"), ("/fw/", "服务"), ("/hd/", "互动")])
    site.host.pages["/go.do"] = Reply(status=302, headers=(("Location", "/ztzl/nb/"),))
    site.host.pages["/ztzl/nb/"] = "<html><body onload=\"location.replace('../2024/nb/list.html')\"></body></html>"
    site.add("/ztzl/2024/nb/list.html", "政府信息公开年报专栏", ul(rows))
    site.script("/ztzl/2024/nb/list.html")
    site.add(
        "/",
        site.place,
        '<div id="ad1" style="position:absolute"><a href="/go.do?id=7" target="_blank"><img src="/images/nb.png" '
        'alt="政府信息公开年报专栏" border="0"></a></div>',
    )


def deep_catalogue(site: Site) -> None:
    """法定主动公开内容 in a frame: a catalogue of four levels whose items are loaded into the frame beside it."""
    site.nav = '<a href="/">首页</a><a href="/gk/index.html">公开目录</a>'
    rows = rows_in(site, "/gk/c0701/")
    site.add(
        "/gk/index.html",
        "公开目录",
        '<iframe src="tree.html" id="l"></iframe><iframe src="list_c0101.html" name="r"></iframe>',
    )
    items = {
        "c0101": "机构职能",
        "c0201": "规范性文件",
        "c0301": "财政预决算",
        "c0302": "行政事业性收费",
        "c0401": "应急预案",
        "c0501": "人事任免",
        "c0601": "依申请公开流程",
        "c0701": "年度报告",
    }
    tree = "".join(f'<li class="lv4"><a href="list_{c}.html" target="r">{n}</a></li>' for c, n in items.items())
    site.host.pages["/gk/tree.html"] = (
        '<meta charset="utf-8"><ul><li>法定主动公开内容<ul><li>'
        f"基础信息公开<ul><li>其他<ul>{tree}</ul></li></ul></li></ul></li></ul>"
    )
    for code, name in items.items():
        shown = ul(rows) if code == "c0701" else f"<p>{name}：暂无信息</p>"
        site.host.pages[f"/gk/list_{code}.html"] = f'<meta charset="utf-8"><title>{name}</title>{shown}'
    site.add("/", site.place, "<p>欢迎</p>")


STRANGERS = {
    "frameset": Stranger("老君镇", SOME, THREE, frameset),
    "splash": Stranger("望湖区", SOME, THREE, splash),
    "written-menu": Stranger("桐山县", SOME, THREE, written_menu),
    "cells-that-go": Stranger("漳浦州", SOME, THREE, cells_that_go),
    "windows-that-open": Stranger("枫林县", SOME, THREE, windows_that_open),
    "jeecms-sessions": Stranger("中塬区", SOME, THREE, jeecms_sessions),
    "empire-pdf": Stranger("安泽市", SOME, THREE, empire_pdf),
    "hebei-columns": Stranger("冀北县", SOME, THREE, hebei_columns),
    "nanping-dates": Stranger("武夷县", SOME, THREE, nanping_dates),
    "popup-column": Stranger("青田区", SOME, THREE, popup_column),
    "deep-catalogue": Stranger("昌乐市", SOME, THREE, deep_catalogue),
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
