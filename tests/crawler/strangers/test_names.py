"""What sections and columns are called: tiny portals that differ in nothing but names, among the usual others."""

from __future__ import annotations

import pytest

from tests.crawler.strangers.kit import Build, Met, Site, Stranger, stub, ul

OTHERS = ("新闻中心", "办事服务", "互动交流", "走进本县", "专题专栏")
BESIDE = ("机构职能", "政策文件", "规划计划", "财政预决算", "政府工作报告", "建议提案办理")
NAMES = {
    "a": ("阳光政务", "公开年报"),
    "b": ("透明政府", "信息公开年度报告"),
    "c": ("公开目录", "年度报告"),
    "d": ("法定主动公开内容", "工作年报"),
    "e": ("公开", "年报"),
    "f": ("信息公开专栏", "2019-2024年度报告"),
    "g": ("政务信息", "政府信息公开工作年报"),
    "h": ("政府信息公开平台", "公开工作年度报告"),
    "i": ("政务五公开", "信息公开报告"),
    "j": ("主动公开", "政府信息公开年报（部门）"),
    "k": ("党务政务公开", "历年年报"),
    "l": ("政府信息公开", "公开报告"),
    "m": ("信息公开", "报告年报"),
    "n": ("公开公示", "信息公开工作年度报告公示"),
    "o": ("政务", "信息公开年报"),
    "p": ("公开信息", "年度工作报告"),
    "q": ("政府公开", "公开统计年报"),
    "r": ("法定公开", "政府信息公开报告"),
}
PLACES = "甘泉 清泉 温泉 龙泉 玉泉 酒泉 黄泉 冷泉 石泉 山泉 月泉 涌泉 金泉 珍泉 虎泉 醴泉 阳泉 白泉".split()


def named(section: str, column: str) -> Build:
    """A portal whose section and column have these names."""

    def build(site: Site) -> None:
        rows = []
        for fact in site.facts:
            site.report(f"/c12/{fact.number}.html", fact)
            rows.append((f"/c12/{fact.number}.html", fact.title, fact.published))
        for d in site.others():
            site.document(f"/c12/{d.number}.html", d)
            rows.insert(1, (f"/c12/{d.number}.html", d.title, d.published))
        site.add("/c12/index.html", column, ul(rows))
        beside = [(f"/c{20 + n}/index.html", name) for n, name in enumerate(BESIDE)]
        others = [(f"/c{40 + n}/index.html", name) for n, name in enumerate(OTHERS)]
        stub(site, [*beside, *others])
        menu = [(p, t, "") for p, t in beside]
        menu.insert(4, ("/c12/index.html", column, ""))
        site.add("/c1/index.html", section, ul(menu))
        links = [(p, t, "") for p, t in others]
        links.insert(2, ("/c1/index.html", section, ""))
        site.add("/", f"{site.place}人民政府", ul(links))

    return build


STRANGERS = {
    f"names-{key}": Stranger(f"{place}县", ("财政局", "教育局"), (2022, 2023, 2024), named(*names))
    for place, (key, names) in zip(PLACES, NAMES.items(), strict=True)
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
