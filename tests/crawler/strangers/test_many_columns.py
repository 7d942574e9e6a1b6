"""Portals with more than one column: who stops at the first that looks good misses the others."""

from __future__ import annotations

import pytest

from crawler.sample_portal import Fact
from tests.crawler.strangers.kit import Met, Site, Stranger, stub, ul

THREE = (2022, 2023, 2024)
GOVERNMENT = "人民政府办公室"
BODIES = (GOVERNMENT, "财政局", "教育局", "水利局")
TOWNS = ("柳湾乡人民政府", "城关镇人民政府", "白塔街道办事处", "石门镇人民政府")
Row = tuple[str, str, object]


def column(site: Site, folder: str, name: str, facts: list[Fact], after: str = "") -> str:
    """A column of some reports in a folder; its address."""
    rows: list[Row] = []
    for fact in facts:
        site.report(f"{folder}{fact.number}.html", fact)
        rows.append((f"{folder}{fact.number}.html", fact.title, fact.published))
    return site.add(folder, name, ul(rows) + after)


def at_home_and_deep(site: Site) -> None:
    """The government's own column is linked from the home page; the others lie deeper, each apart."""
    stub(site, [("/xw/", "新闻"), ("/zwgk/zc/", "政策"), ("/zwgk/jh/", "规划")])
    links: list[Row] = []
    for n, body in enumerate(BODIES[1:]):
        folder = f"/bm{n}/"
        stub(site, [(f"{folder}jg/", "机构概况")])
        made = column(site, f"{folder}nb/", "年报", site.of(body=body))
        site.add(folder, f"{body}信息公开", ul([(f"{folder}jg/", "机构概况", ""), (made, "年报", "")]))
        links.append((folder, body, ""))
    site.add("/zwgk/bm/", "部门公开", ul(links))
    menu = [("/zwgk/zc/", "政策", ""), ("/zwgk/jh/", "规划", ""), ("/zwgk/bm/", "部门公开", "")]
    site.add("/zwgk/", "政务公开", ul(menu))
    own = column(site, "/nb/", "政府信息公开年报", site.of(body=GOVERNMENT))
    site.add("/", site.place, ul([("/xw/", "新闻", ""), ("/zwgk/", "政务公开", ""), (own, "政府信息公开年报", "")]))


def units_on_two_pages(site: Site) -> None:
    """The list of units has two pages; each unit leads straight to its column."""
    agencies = sorted({f.agency for f in site.facts})
    links: list[Row] = []
    for n, agency in enumerate(agencies):
        links.append((column(site, f"/xxgk/u{n}/nb/", f"{agency}年报", site.of(body=agency)), agency, ""))
    site.add("/xxgk/nb/index.html", "政府信息公开年报", ul(links[:4]) + '<a href="index_2.html">下一页</a>')
    site.add("/xxgk/nb/index_2.html", "政府信息公开年报", ul(links[4:]) + '<a href="index.html">上一页</a>')
    stub(site, [("/xxgk/zn/", "指南")])
    site.add("/xxgk/", "信息公开", ul([("/xxgk/zn/", "指南", ""), ("/xxgk/nb/index.html", "政府信息公开年报", "")]))
    site.add("/", site.place, ul([("/xxgk/", "信息公开", "")]))


def towns_deep(site: Site) -> None:
    """乡镇信息公开, a town, 法定主动公开内容, 年报: the last two levels are the same for every town."""
    links: list[Row] = []
    for n, town in enumerate(TOWNS):
        folder = f"/xz/{n}/"
        stub(site, [(f"{folder}zn/", "政府信息公开指南"), (f"{folder}fd/ys/", "财政预决算")])
        made = column(site, f"{folder}fd/nb/", "年报", site.of(body=town))
        site.add(f"{folder}fd/", "法定主动公开内容", ul([(f"{folder}fd/ys/", "财政预决算", ""), (made, "年报", "")]))
        menu = [(f"{folder}zn/", "政府信息公开指南", ""), (f"{folder}fd/", "法定主动公开内容", "")]
        site.add(folder, f"{site.place}{town}", ul(menu))
        links.append((folder, town.removesuffix("人民政府").removesuffix("办事处"), ""))
    site.add("/xz/", "乡镇信息公开", ul(links))
    site.add("/", site.place, ul([("/xz/", "乡镇（街道）信息公开", ""), ("/gywm/", "联系我们", "")]))


def side_by_side(site: Site) -> None:
    """On the home page itself a list of four units, each with 指南, 目录 and 年报 as links of three words."""
    lines = ""
    for n, body in enumerate(BODIES):
        folder = f"/gk/{n}/"
        stub(site, [(f"{folder}zn.html", "指南"), (f"{folder}ml.html", "目录")])
        made = column(site, f"{folder}nb/", "年报", site.of(body=body))
        cells = f'<a href="{folder}zn.html">指南</a> <a href="{folder}ml.html">目录</a> <a href="{made}">年报</a>'
        lines += f"<tr><td>{body}</td><td>{cells}</td></tr>"
    site.add("/", f"{site.place}政府信息公开平台", f"<table>{lines}</table>")


def years_and_units(site: Site) -> None:
    """Years on the column's page lead to units, and 往年 is a column by itself with another name and shape."""
    for year in (2023, 2024):
        links: list[Row] = []
        for fact in site.of(year):
            site.report(f"/nb/{year}/{fact.number}.html", fact)
            links.append((f"/nb/{year}/{fact.number}.html", fact.agency.removeprefix(site.place), ""))
        site.add(f"/nb/{year}/", f"{year}年度", ul(links))
    past = column(site, "/nb/ls/", "历史年报", site.of(2022))
    site.add(
        "/nb/", "信息公开年度报告", ul([(f"/nb/{y}/", f"{y}年度", "") for y in (2024, 2023)] + [(past, "往年", "")])
    )
    site.add("/gk/", "政府信息公开", ul([("/nb/", "信息公开年度报告", "")]))
    site.add("/", site.place, ul([("/gk/", "政府信息公开", "")]))


def two_sections(site: Site) -> None:
    """政务公开 and 政府信息公开 are two sections of the menu; each has an annual column, of different agencies."""
    own = column(site, "/zfxxgk/nb/", "政府信息公开年报", site.of(body=GOVERNMENT))
    others = column(site, "/zwgk/bmnb/", "各部门年报", [f for f in site.facts if not f.agency.endswith(GOVERNMENT)])
    stub(site, [("/zfxxgk/zn/", "政府信息公开指南"), ("/zwgk/hy/", "会议公开")])
    site.add("/zfxxgk/", "政府信息公开", ul([("/zfxxgk/zn/", "政府信息公开指南", ""), (own, "政府信息公开年报", "")]))
    site.add("/zwgk/", "政务公开", ul([("/zwgk/hy/", "会议公开", ""), (others, "各部门年报", "")]))
    site.add("/", site.place, ul([("/zfxxgk/", "政府信息公开", ""), ("/zwgk/", "政务公开", "")]))


EIGHT = ("财政局", "教育局", "民政局", "水利局", "审计局", "统计局", "公安局", "医疗保障局")
STRANGERS = {
    "at-home-and-deep": Stranger("双层县", BODIES, THREE, at_home_and_deep),
    "units-on-two-pages": Stranger("两页县", EIGHT, (2023, 2024), units_on_two_pages),
    "towns-deep": Stranger("乡里县", TOWNS, THREE, towns_deep),
    "side-by-side": Stranger("并肩县", BODIES, THREE, side_by_side),
    "years-and-units": Stranger("岁单县", BODIES, THREE, years_and_units),
    "two-sections": Stranger("两栏县", BODIES, THREE, two_sections),
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
