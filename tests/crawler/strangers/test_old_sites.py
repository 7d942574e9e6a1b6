"""Old programs and their habits: frames that command each other, facets, tracking, clusters of sites on one host."""

from __future__ import annotations

from html import escape
from itertools import count

import pytest

from crawler.sample_portal.documents import Document, report
from tests.crawler.strangers.kit import Met, Site, Stranger, stub, ul
from tests.crawler.trials.web import Ask, Reply

SOME = ("财政局", "教育局", "民政局")
THREE = (2022, 2023, 2024)
Row = tuple[str, str, object]


def rows_in(site: Site, shape: str) -> list[Row]:
    """All reports and six other documents at addresses of a shape with {n}, and their rows."""
    made: list[Row] = []
    for fact in site.facts:
        site.report(shape.format(n=fact.number), fact)
        made.append((shape.format(n=fact.number), fact.title, fact.published))
    for d in site.others():
        site.document(shape.format(n=d.number), d)
        made.insert(2, (shape.format(n=d.number), d.title, d.published))
    return made


def ways(site: Site, column: str, name: str = "政府信息公开年报") -> None:
    """A home page, the section 政务公开, and two columns beside the one that counts."""
    stub(site, [("/zwgk/zn.html", "政府信息公开指南"), ("/zwgk/zc.html", "政策文件")])
    links = [("/zwgk/zn.html", "政府信息公开指南", ""), ("/zwgk/zc.html", "政策文件", ""), (column, name, "")]
    site.add("/zwgk/index.html", "政务公开", ul(links))
    site.add("/", site.place, ul([("/zwgk/index.html", "政务公开", ""), ("/gywm/", "网站说明", "")]))


def sample_row(site: Site) -> None:
    """The column also has the form as a sample, tables and all, without figures, by no agency."""
    rows = rows_in(site, "/zwgk/nb/{n}.html")
    fact = site.facts[0]
    body = report(fact).body.replace(fact.agency, "XX单位").replace(f"{fact.year}年", "××××年")
    title = "政府信息公开工作年度报告（格式样式）"
    site.document("/zwgk/nb/ys.html", Document(7, title, fact.published, "办公室", body))
    site.add("/zwgk/nb/", "政府信息公开年报", ul([("/zwgk/nb/ys.html", title, "2022-01-04"), *rows]))
    ways(site, "/zwgk/nb/")


def site_map(site: Site) -> None:
    """Home has news and services only; the map of the site lists every column of it."""
    site.add("/c31/", "政府信息公开年报", ul(rows_in(site, "/c31/{n}.html")))
    names = "要闻 公告 图片新闻 视频 领导之窗 机构设置 办事指南 表格下载 在线咨询 网上调查 人事 招标 旅游 文化".split()
    columns = [(f"/c{n}/", name) for n, name in enumerate(names)]
    stub(site, columns)
    listed = [(p, t, "") for p, t in columns]
    listed.insert(9, ("/c31/", "政府信息公开年报", ""))
    site.add("/map.html", "网站地图", ul(listed))
    links = [(p, t, "") for p, t in columns[:4]]
    site.add("/", site.place, ul([*links, ("/map.html", "网站地图", "")]))


def cluster(site: Site) -> None:
    """The home page leads to the sites of departments on the same host; each has a section of its own."""
    links = []
    for n, fact in enumerate(site.of(2024)):
        folder = f"/{'cjmsj'[n]}{n}j/"
        rows: list[Row] = []
        for own in site.of(body=fact.agency):
            site.report(f"{folder}gk/nb/{own.number}.html", own)
            rows.append((f"{folder}gk/nb/{own.number}.html", own.title, own.published))
        stub(site, [(f"{folder}dt/", "工作动态"), (f"{folder}gk/jg/", "机构职能")])
        site.add(f"{folder}gk/nb/", "公开年报", ul(rows))
        site.add(
            f"{folder}gk/", "信息公开", ul([(f"{folder}gk/jg/", "机构职能", ""), (f"{folder}gk/nb/", "公开年报", "")])
        )
        site.add(
            f"{folder}index.html", fact.agency, ul([(f"{folder}dt/", "工作动态", ""), (f"{folder}gk/", "信息公开", "")])
        )
        links.append((f"{folder}index.html", fact.agency.removeprefix(site.place), ""))
    stub(site, [("/xw/", "新闻"), ("/ly/", "旅游")])
    site.add("/bm.html", "部门网站", ul(links))
    site.add("/", site.place, ul([("/xw/", "新闻", ""), ("/ly/", "旅游", ""), ("/bm.html", "部门网站", "")]))


def older_elsewhere(site: Site) -> None:
    """The new column has the last year; 往年年报 leads to the old site's, which has the rest under other headings."""
    new: list[Row] = []
    old: list[Row] = []
    for fact in site.facts:
        path = f"/zfxxgk/nb/{fact.number}.html" if fact.year == 2024 else f"/old/info/{fact.number}.shtml"
        site.report(path, fact)
        (new if fact.year == 2024 else old).append((path, fact.title, fact.published))
    others: list[Row] = []
    for d in site.others():
        site.document(f"/old/info/{d.number}.shtml", d)
        others.append((f"/old/info/{d.number}.shtml", d.title, d.published))
    site.add("/old/list31.shtml", "历史数据", ul(others + old))
    site.add("/zwgk/nb/", "政府信息公开年报", ul(new) + '<p class="r"><a href="/old/list31.shtml">往年年报</a></p>')
    ways(site, "/zwgk/nb/")


def facets(site: Site) -> None:
    """A list with two dozen ways to sort and filter it, all of the same rows."""
    rows = rows_in(site, "/nb/view?id={n}")
    facet = "".join(
        f'<a href="/nb/list?{key}={value}">{text}</a>'
        for key, values in (
            ("sort", (("date", "按时间"), ("title", "按标题"), ("hits", "按点击"))),
            ("size", (("10", "10条"), ("20", "20条"), ("50", "50条"))),
            (
                "dept",
                tuple((str(n), name) for n, name in enumerate(("财政局", "教育局", "民政局", "公安局", "司法局"))),
            ),
            ("year", tuple((str(y), f"{y}年") for y in range(2015, 2025))),
            ("theme", tuple((str(n), name) for n, name in enumerate(("综合", "农业", "工业")))),
        )
        for value, text in values
    )
    years = dict(zip([r[0] for r in rows], [str(r[1]) for r in rows], strict=True))

    def listed(ask: Ask) -> str:
        year = ask.query.get("year", "")
        return site.wrap("政府信息公开年报", facet + ul([r for r in rows if year in years[r[0]]]))

    site.host.pages["/nb/list"] = listed
    ways(site, "/nb/list")


def year_at_the_end(site: Site) -> None:
    """Titles end in the year, and the list cuts them before it: rows of the same agency read the same."""
    rows: list[Row] = []
    for fact in site.facts:
        title = f"{fact.agency}政府信息公开工作年度报告（{fact.year}年度）"
        site.report(f"/zwgk/nb/{fact.number}.html", fact, title)
        rows.append((f"/zwgk/nb/{fact.number}.html", f"{title[:16]}...", ""))
    site.add("/zwgk/nb/", "政府信息公开年报", ul(rows))
    ways(site, "/zwgk/nb/")


def cards(site: Site) -> None:
    """Links around whole cards with heading, abstract and date; schemes in capitals, slashes doubled."""
    rows = rows_in(site, "/zwgk/nb/{n}.html")
    made = ""
    for n, (path, title, day) in enumerate(rows):
        href = site.host.url(path).replace("http", "HTTP") if n % 2 else path
        text = f"<h3>{title}</h3><p>为深入贯彻条例，现将有关情况报告如下……</p><time>{day}</time>"
        made += f'<a class="card" href="{href}"><div>{text}</div></a>'
        site.script(path)
    site.add("/zwgk/nb/", "政府信息公开年报", f'<div class="cards">{made}</div>')
    ways(site, "/zwgk/nb/")


def tracking(site: Site) -> None:
    """Every link of every page carries a new number that means nothing."""
    site.nav = '<a href="/">首页</a><a href="/zwgk/index.html">政务公开</a><a href="/zwgk/nb/">政府信息公开年报</a>'
    rows = rows_in(site, "/zwgk/nb/{n}.html")
    site.add("/zwgk/nb/", "政府信息公开年报", ul(rows))
    ways(site, "/zwgk/nb/")
    numbers = count(1)

    def mark(page: str) -> str:
        parts = page.split('href="')
        return parts[0] + "".join(f'href="{p.replace(chr(34), f"?_t={next(numbers)}{chr(34)}", 1)}' for p in parts[1:])

    for path, page in list(site.host.pages.items()):
        if isinstance(page, str):
            site.host.pages[path] = lambda ask, page=page: mark(page)  # type: ignore[misc]
    plain = {p: "x" for p, _, _ in rows}
    site.walk = lambda: set(plain)  # type: ignore[method-assign]


def asp_frames(site: Site) -> None:
    """ASP in GBK: the left frame tells the right one where to go; pages are `list.asp?id=3&page=2`."""
    rows = rows_in(site, "/show.asp?id={n}")
    site.add(
        "/left.asp",
        "菜单",
        "<a href=# onclick=\"parent.right.location.href='list.asp?id=1'\">机构概况</a><br>"
        "<a href=# onclick=\"parent.right.location.href='list.asp?id=2'\">信息公开指南</a><br>"
        "<a href=# onclick=\"parent.right.location.href='list.asp?id=3'\">信息公开年报</a>",
    )

    def listed(ask: Ask) -> Reply:
        page, shown = int(ask.query.get("page") or 1), rows if ask.query.get("id") == "3" else []
        more = f'<a href="list.asp?id=3&page={page + 1}">下一页</a>' if len(shown) > page * 6 else "下一页"
        text = site.wrap("列表", ul(shown[page * 6 - 6 : page * 6]) + more).replace("utf-8", "gb2312")
        return Reply(text.encode("gb18030"), content_type="text/html")

    for path, page in list(site.host.pages.items()):
        if isinstance(page, str):
            text = page.replace('charset="utf-8"', 'charset="gb2312"')
            site.host.pages[path] = Reply(text.encode("gb18030"), content_type="text/html")
    site.host.pages["/list.asp"] = listed
    site.script("/list.asp?id=3&page=1")
    site.script("/left.asp")
    site.host.pages["/gk.asp"] = (
        '<frameset cols="160,*"><frame src="left.asp" name="left"><frame src="list.asp?id=1" name="right"></frameset>'
    )
    site.add("/", site.place, ul([("/gk.asp", "信息公开", "")]))


def phpcms(site: Site) -> None:
    """`index.php?m=content&c=index&a=lists&catid=31`: everything is one file and its query."""
    base = "/index.php?m=content&c=index&a={a}&catid={c}"
    rows: list[Row] = []
    shown: dict[str, str] = {}
    documents = [*(report(f) for f in site.facts), *site.others()]
    for d in documents:
        path = f"{base.format(a='show', c=31)}&id={d.number}"
        shown[str(d.number)] = str(site.host.pages.pop(site.document(path, d)))
        rows.append((path, d.title, d.published))
    site.leaves += [path for path, _, _ in rows[: len(site.facts)]]
    rows = rows[::-1]

    def index(ask: Ask) -> str | None:
        if ask.query.get("a") == "show":
            return shown.get(ask.query.get("id", ""))
        if ask.query.get("a") != "lists":
            return site.wrap(site.place, ul([(base.format(a="lists", c=30), "信息公开", "")]))
        category, page = ask.query.get("catid"), int(ask.query.get("page") or 1)
        if category == "30":
            return site.wrap(
                "信息公开", ul([(base.format(a="lists", c=n), t, "") for n, t in ((29, "指南"), (31, "年报"))])
            )
        part = rows[page * 6 - 6 : page * 6] if category == "31" else []
        pages = "".join(f'<a href="{escape(base.format(a="lists", c=31))}&amp;page={n}">{n}</a>' for n in (1, 2, 3))
        return site.wrap("年报", ul(part) + pages)

    site.host.pages["/index.php"] = index
    site.add("/", site.place, ul([(base.format(a="lists", c=30), "信息公开", "")]))


def dede(site: Site) -> None:
    """DedeCMS: `list_31_2.html`, a select of pages whose options are relative, articles in folders of days."""
    rows = rows_in(site, "/a/xxgknb/2024/0115/{n}.html")
    for page in (1, 2, 3):
        options = "".join(
            f"<option value='list_31_{n}.html'{' selected' * (n == page)}>{n}</option>" for n in (1, 2, 3)
        )
        select = (
            f"<select name='sldd' onchange='location.href=this.options[this.selectedIndex].value;'>{options}</select>"
        )
        shown = site.wrap("信息公开年报", ul(rows[page * 5 - 5 : page * 5]) + f"<li>共3页{len(rows)}条</li>{select}")
        site.host.pages[f"/a/xxgknb/list_31_{page}.html"] = shown
        if page == 1:
            site.host.pages["/a/xxgknb/"] = shown
        site.script(f"/a/xxgknb/list_31_{page}.html")
    ways(site, "/a/xxgknb/", "信息公开年报")


def domino(site: Site) -> None:
    """Lotus Domino: views and documents are `?OpenView` and `?OpenDocument`, pages begin at `&Start=6`."""
    rows = rows_in(site, "/gk.nsf/0/{n:032X}?OpenDocument")

    def view(ask: Ask) -> str | None:
        if "OpenView" not in ask.query:
            return None
        start = int(ask.query.get("Start") or 1)
        onward = f'<a href="/gk.nsf/nb?OpenView&amp;Start={start + 5}">下页</a>' if start + 5 <= len(rows) else ""
        return site.wrap("年度报告", ul(rows[start - 1 : start + 4]) + onward)

    site.host.pages["/gk.nsf/nb"] = view
    ways(site, "/gk.nsf/nb?OpenView", "年度报告")


STRANGERS = {
    "sample-row": Stranger("样式县", SOME, THREE, sample_row),
    "site-map": Stranger("图河县", SOME, THREE, site_map),
    "cluster": Stranger("集群县", (*SOME, "水利局"), THREE, cluster),
    "older-elsewhere": Stranger("旧城县", SOME, THREE, older_elsewhere),
    "facets": Stranger("棱角县", SOME, THREE, facets),
    "year-at-the-end": Stranger("末梢县", SOME, THREE, year_at_the_end),
    "cards": Stranger("卡子河县", SOME, THREE, cards),
    "tracking": Stranger("踪迹县", SOME, THREE, tracking),
    "asp-frames": Stranger("老框县", SOME, THREE, asp_frames),
    "phpcms": Stranger("皮山里县", SOME, THREE, phpcms),
    "dede": Stranger("织梦县", SOME, THREE, dede),
    "domino": Stranger("骨牌县", SOME, THREE, domino),
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
