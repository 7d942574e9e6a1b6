"""Where much looks like it: big home pages, other annual reports, mixed columns, twins and superior bodies."""

from __future__ import annotations

import pytest

from crawler.sample_portal.documents import Document, report
from tests.crawler.strangers.kit import Met, Site, Stranger, stub, ul
from tests.crawler.trials.county import facts_of

SOME = ("财政局", "教育局", "民政局")
THREE = (2022, 2023, 2024)
Row = tuple[str, str, object]
NEWS = (
    "领导调研重点项目 全市防汛工作会议召开 春季学期开学 消费券发放公告 "
    "招商推介会举行 道路施工绕行通知 人才引进计划发布 文明城市创建".split()
)
TOPICS = "乡村振兴 优化营商环境 义务教育 医疗卫生 生态环境 食品药品 安全生产 社会救助 养老服务 就业创业".split()
LIKE = {
    "fzzf": ("法治政府建设年度报告", "{}年法治政府建设年度报告"),
    "wznb": ("政府网站工作年度报表", "政府网站工作年度报表（{}年度）"),
    "bmjs": ("部门预决算", "{}年度部门决算公开"),
    "tjnj": ("统计公报", "{}年国民经济和社会发展统计公报"),
    "zfgzbg": ("政府工作报告", "{}年政府工作报告"),
    "zfnb": ("行政执法年度报告", "{}年行政执法统计年报"),
}


def text_page(site: Site, path: str, title: str) -> str:
    """A page of prose under a title, without the tables of a report."""
    return site.add(
        path, title, f"<h1>{title}</h1><p>发布时间：2024-03-01　来源：{site.place}人民政府</p><p>{title}全文如下。</p>"
    )


def rows_in(site: Site, folder: str) -> list[Row]:
    made: list[Row] = []
    for fact in site.facts:
        site.report(f"{folder}t{fact.number}.html", fact)
        made.append((f"{folder}t{fact.number}.html", fact.title, fact.published))
    return made


def decoys(site: Site) -> None:
    """Six more columns of annual reports and statements of other kinds, beside the one called 年度报告."""
    menu = []
    for slug, (name, title) in LIKE.items():
        rows: list[Row] = []
        for year in range(2015, 2025):
            for body in ("", "财政局", "教育局"):
                path = f"/zwgk/{slug}/{year}{len(body)}.html"
                text_page(site, path, f"{site.place}{body}{title.format(year)}")
                rows.append((path, f"{site.place}{body}{title.format(year)}", f"{year + 1}-02-01"))
        site.add(f"/zwgk/{slug}/", name, ul(rows))
        menu.append((f"/zwgk/{slug}/", name, ""))
    site.add("/zwgk/xxgknb/", "年度报告", ul(rows_in(site, "/zwgk/xxgknb/")))
    menu.insert(4, ("/zwgk/xxgknb/", "年度报告", ""))
    site.add("/zwgk/", "政务公开", ul(menu))
    site.add("/", site.place, ul([("/zwgk/", "政务公开", "")]))


def big_home(site: Site) -> None:
    """A home page of 200 links; the way is 政务公开, 政府信息公开, 法定主动公开内容, 政府信息公开年报."""
    rows: list[Row] = []
    for n in range(150):
        path = f"/xw/{n}.html"
        text_page(site, path, f"{site.place}{NEWS[n % 8]}（{n}）")
        rows.append((path, f"{site.place}{NEWS[n % 8]}（{n}）", "2024-05-06"))
    topics = []
    for n, topic in enumerate(TOPICS):
        stub(site, [(f"/zt/{n}/", f"{topic}领域基层政务公开")])
        topics.append((f"/zt/{n}/", f"{topic}领域基层政务公开", ""))
    chain = [("/zwgk/", "政务公开"), ("/zwgk/zfxxgk/", "政府信息公开"), ("/zwgk/zfxxgk/fdzdgknr/", "法定主动公开内容")]
    column = "/zwgk/zfxxgk/fdzdgknr/nb/"
    site.add(column, "政府信息公开年报", ul(rows_in(site, column)))
    below = [*chain[1:], (column, "政府信息公开年报")]
    for (path, name), (onward, text) in zip(chain, below, strict=True):
        stub(site, [(f"{path}gs/", "公示公告"), (f"{path}zc/", "政策解读")])
        links = [(f"{path}gs/", "公示公告", ""), (f"{path}zc/", "政策解读", ""), (onward, text, "")]
        site.add(path, name, ul(links) + ul(topics))
    menu = [
        ("/zwgk/", "政务公开", ""),
        ("/bsfw/", "办事服务", ""),
        ("/gzcy/", "公众参与", ""),
        ("/sjkf/", "数据开放", ""),
    ]
    stub(site, [(p, t) for p, t, _ in menu[1:]])
    site.add("/", site.place, ul(menu) + ul(rows) + ul(topics))


def needles(site: Site) -> None:
    """A column of 72 rows on six pages; nine are reports, on pages 2 to 6."""
    reports = rows_in(site, "/xxgk/gkbg/")
    rows: list[Row] = []
    for n in range(72 - len(reports)):
        title = f"{site.place}{(2018 + n % 7)}年{TOPICS[n % 10]}工作{'总结' if n % 2 else '要点'}"
        text_page(site, f"/xxgk/gkbg/w{n}.html", title)
        rows.append((f"/xxgk/gkbg/w{n}.html", title, "2021-08-09"))
    for n, row in enumerate(reports):
        rows.insert(14 + 6 * n, row)
    for page in range(6):
        pager = f'<script>createPageHTML(6, {page}, "index", "html");</script>'
        site.add(
            f"/xxgk/gkbg/index{f'_{page}' if page else ''}.html",
            "公开报告",
            ul(rows[page * 12 : page * 12 + 12]) + pager,
        )
        site.script(f"/xxgk/gkbg/index{f'_{page}' if page else ''}.html")
    stub(site, [("/xxgk/zn/", "公开指南"), ("/xxgk/zd/", "公开制度")])
    menu = [("/xxgk/zn/", "公开指南", ""), ("/xxgk/zd/", "公开制度", ""), ("/xxgk/gkbg/index.html", "公开报告", "")]
    site.add("/xxgk/", "信息公开", ul(menu))
    site.add("/", site.place, ul([("/xxgk/", "信息公开", "")]))


def twins(site: Site) -> None:
    """Every report in the column of its department and in the government's, at two addresses; news about each."""
    gov: list[Row] = []
    departments = []
    for n, body in enumerate(SOME):
        own: list[Row] = []
        for fact in site.of(body=body):
            site.report(f"/zfxxgknb/{fact.number}.html", fact)
            site.document(f"/bm/{n}/nb/{fact.number}.html", report(fact))
            gov.append((f"/zfxxgknb/{fact.number}.html", fact.title, fact.published))
            own.append((f"/bm/{n}/nb/{fact.number}.html", fact.title, fact.published))
            for kind in ("解读", "图解"):
                title = f"【{kind}】{fact.title}"
                text_page(site, f"/zfxxgknb/{fact.number}{kind}.html", title)
                gov.append((f"/zfxxgknb/{fact.number}{kind}.html", title, fact.published))
        site.add(f"/bm/{n}/nb/", "年报", ul(own))
        departments.append((f"/bm/{n}/nb/", f"{body}年报", ""))
    site.add("/zfxxgknb/", "政府信息公开年报", ul(gov))
    site.add("/bm/", "部门年报", ul(departments))
    links = [("/zfxxgknb/", "政府信息公开年报", ""), ("/bm/", "部门政府信息公开年报", "")]
    site.add("/zwgk/", "政府信息公开", ul(links))
    site.add("/", site.place, ul([("/zwgk/", "政府信息公开", "")]))


def superiors(site: Site) -> None:
    """A zone's column that also has the reports of the city above it, and news."""
    above = facts_of("鹰城市", (2022, 2023), ("人民政府办公室", "统计局"))
    site.facts += above
    rows = rows_in(site, "/xxgk/xxgknb/")
    for n in range(12):
        text_page(site, f"/xxgk/xxgknb/n{n}.html", f"示范区{NEWS[n % 8]}{n}")
        rows.insert(n, (f"/xxgk/xxgknb/n{n}.html", f"示范区{NEWS[n % 8]}{n}", "2020-09-03"))
    cells = "".join(
        f'<tr valign="top"><td width="25"></td><td><a href="{p}">{t}</a></td><td> {d}</td></tr>' for p, t, d in rows
    )
    site.add("/xxgk/xxgknb/", "信息公开年报", f'<table class="gl_list">{cells}</table>')
    side = [
        ("../xxgkgd/", "信息公开规定"),
        ("../xxgkzn/", "信息公开指南"),
        ("../ysqgklm/", "依申请公开"),
        ("../rsxx/", "人事信息"),
    ]
    stub(site, [(f"/xxgk/{p[3:]}", t) for p, t in side])
    site.add(
        "/xxgk/",
        "信息公开",
        "".join(f'<td><a href="{p[3:]}">{t}</a></td>' for p, t in [*side, ("../xxgknb/", "信息公开年报")]),
    )
    site.add(
        "/",
        site.place,
        '<table><tr><td class="td3"><a href="xxgk/">信息公开</a>'
        '</td><td><a href="gywm/">走进示范区</a></td></tr></table>',
    )


def many_departments(site: Site) -> None:
    """Eight departments, each with a disclosure site of ten columns, one of which holds its two reports."""
    names = "机构概况 领导信息 内设机构 政策文件 规划计划 财政信息 行政许可 人事信息 建议提案".split()
    agencies = sorted({f.agency for f in site.facts})
    tree = []
    for n, agency in enumerate(agencies):
        folder = f"/xxgk/{n:03d}/"
        items = [(f"{folder}{k}.html", name) for k, name in enumerate(names)]
        stub(site, items)
        rows: list[Row] = []
        for fact in site.of(body=agency):
            site.report(f"{folder}nb/{fact.number}.html", fact)
            rows.append((f"{folder}nb/{fact.number}.html", fact.title, fact.published))
        site.add(f"{folder}nb.html", "信息公开年度报告", ul(rows))
        items.insert(6, (f"{folder}nb.html", "信息公开年度报告"))
        site.add(f"{folder}index.html", f"{agency}信息公开目录", ul([(p, t, "") for p, t in items]))
        tree.append((f"{folder}index.html", agency.removeprefix(site.place), ""))
    site.add("/xxgk/index.html", "政府信息公开目录", "<h3>县政府部门</h3>" + ul(tree))
    site.add("/", site.place, ul([("/xxgk/index.html", "政府信息公开目录", "")]))


def late_versions(site: Site) -> None:
    """A column with a corrected report beside the first one, a notice of correction, and reports of the future."""
    rows = rows_in(site, "/nb/")
    first = site.facts[0]
    title = f"关于更正《{first.title}》的说明"
    text_page(site, "/nb/gz.html", title)
    future = f"关于做好{site.place}2026年政府信息公开工作年度报告编制工作的通知"
    document = Document(1, future, first.published, site.place, "<p>请于1月20日前报送。</p>")
    site.document("/nb/tz.html", document)
    rows += [("/nb/gz.html", title, "2023-03-01"), ("/nb/tz.html", future, "2026-12-01")]
    site.add("/nb/", "2019-2024年度报告", ul(rows))
    site.add("/gk/", "信息公开", ul([("/nb/", "2019-2024年度报告", "")]))
    site.add("/", site.place, ul([("/gk/", "信息公开", "")]))


EIGHT = ("财政局", "教育局", "民政局", "水利局", "审计局", "统计局", "公安局", "医疗保障局")
STRANGERS = {
    "decoys": Stranger("镜湖县", SOME, THREE, decoys),
    "big-home": Stranger("大埔市", SOME, THREE, big_home),
    "needles": Stranger("针塘区", SOME, THREE, needles),
    "twins": Stranger("双桥区", SOME, THREE, twins),
    "superiors": Stranger("云格贝示范区", SOME, (2023, 2024), superiors),
    "many-departments": Stranger("八里县", EIGHT, (2023, 2024), many_departments),
    "late-versions": Stranger("晚亭县", SOME, THREE, late_versions),
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
