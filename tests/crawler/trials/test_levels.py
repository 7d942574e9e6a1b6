"""Platforms of annual reports, four levels deep: year, group of agencies, agency, report.

Each level is shown in one of the ways that portals have for it, and each platform mixes them in another order and with
other words. All are crawled in one run.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import NamedTuple

import pytest

from crawler.sample_portal import Fact
from tests.crawler.trials.county import Crawled, article, crawl, facts_of, keys, page, portal, publish, row
from tests.crawler.trials.web import Host

DEPARTMENTS = "财政局 教育局 公安局 水利局 民政局 审计局".split()
TOWNS = "城关镇人民政府 白塔街道办事处 柳湾乡人民政府".split()
YEARS = (2022, 2023, 2024)
Link = tuple[str, str]
"""Address and text."""


class Words(NamedTuple):
    """How a platform names its levels."""

    place: str
    entrance: str
    heading: str
    year: str
    departments: str
    towns: str


class Platform(NamedTuple):
    """What leads to the years, the groups and the agencies, and in which words."""

    kinds: tuple[str, str, str]
    words: Words


PLATFORMS = {
    "lists": Platform(
        ("list", "list", "list"),
        Words("安和市", "政府信息公开年报", "政府信息公开年报", "{}年", "市政府部门", "镇（街道）"),
    ),
    "select, tabs, list": Platform(
        ("select", "tabs", "list"),
        Words("宁江区", "公开专栏", "政府信息公开工作年度报告专栏", "{}年度", "区直部门", "乡镇街道"),
    ),
    "tabs, iframe, select": Platform(
        ("tabs", "frame", "select"),
        Words("永丰县", "公开年报", "信息公开年度报告", "{}年度报告", "县级部门年报", "乡镇年报"),
    ),
    "iframe, redirect, list": Platform(
        ("frame", "redirect", "list"),
        Words("瑞河县", "信息公开年报", "政府信息公开年度报告汇总", "{}", "县直单位", "乡（镇）人民政府"),
    ),
    "redirect, list, tabs": Platform(
        ("redirect", "list", "tabs"),
        Words("平湖区", "法定主动公开内容", "年度报告", "{}年年报", "政府组成部门", "街镇"),
    ),
}


class Builder:
    """Writes the pages of one platform. Every method that makes a level returns the address where it begins."""

    def __init__(self, host: Host, platform: Platform, facts: list[Fact]) -> None:
        self.host, self.words, self.facts = host, platform.words, facts
        self.kinds = platform.kinds

    def build(self) -> None:
        """From the home page down to the last report."""
        words = self.words
        entrance = self.level(self.kinds[0], words.heading, "/ndbg/index.html", [self._year(year) for year in YEARS])
        publish(self.host, words.place, [], section=f"<ul>{row('/ztzl/index.html', words.entrance)}</ul>")
        sections = self.host.pages["/zwgk/index.html"]
        assert isinstance(sections, str)
        # The platform takes the place of the ordinary column, which here is none.
        self.host.pages["/zwgk/index.html"] = sections.replace(row("/zwgk/zfxxgknb/index.html", "政府信息公开年报"), "")
        del self.host.pages["/zwgk/zfxxgknb/index.html"]
        special = "".join(row(f"/ztzl/{n}.html", name) for n, name in enumerate(["优化营商环境", "乡村振兴"]))
        self.host.pages["/ztzl/index.html"] = page(words.entrance, f"<ul>{row(entrance, words.heading)}{special}</ul>")
        self.host.pages |= {f"/ztzl/{n}.html": page("专题专栏", "<p>专题报道。</p>") for n in range(2)}

    def _year(self, year: int) -> Link:
        groups = [
            self._group(year, "bm", self.words.departments, DEPARTMENTS),
            self._group(year, "xz", self.words.towns, TOWNS),
        ]
        name = self.words.year.format(year)
        return self.level(self.kinds[1], name, f"/ndbg/{year}n/index.html", groups), name

    def _group(self, year: int, slug: str, name: str, bodies: list[str]) -> Link:
        links = []
        for number, body in enumerate(bodies):
            (fact,) = (f for f in self.facts if f.year == year and f.agency == self.words.place + body)
            folder = f"/ndbg/{year}n/{slug}/{number}"
            self.host.pages[f"{folder}/{fact.number}.html"] = article(fact)
            shown = row(f"{folder}/{fact.number}.html", fact.title, fact.published)
            self.host.pages[f"{folder}/index.html"] = page(fact.agency, f"<ul>{shown}</ul>")
            links.append((f"{folder}/index.html", fact.agency))
        return self.level(self.kinds[2], name, f"/ndbg/{year}n/{slug}/index.html", links), name

    def level(self, kind: str, title: str, address: str, links: list[Link]) -> str:
        """A page at an address that leads to further ones in a way of its own."""
        self.host.pages[address] = page(title, f"<h2>{title}</h2>\n{getattr(self, f'_{kind}')(address, links)}")
        return address

    def _list(self, address: str, links: list[Link]) -> str:
        return "<ul>" + "".join(row(href, text) for href, text in links) + "</ul>"

    def _select(self, address: str, links: list[Link]) -> str:
        options = "".join(f'<option value="{href}">{text}</option>' for href, text in links)
        return f'<select onchange="location.href=this.value"><option value="">请选择</option>{options}</select>'

    def _tabs(self, address: str, links: list[Link]) -> str:
        """Heads that only switch; what belongs to each stands in a pane of the same page, all but the first hidden."""
        heads = "".join(f'<li onclick="showTab({n})">{text}</li>' for n, (_, text) in enumerate(links))
        panes = "".join(
            f'<div class="tab-pane" id="pane{n}" style="display:{"none" if n else "block"}">'
            f'<a class="more" href="{href}">更多</a></div>'
            for n, (href, _) in enumerate(links)
        )
        return f'<ul class="tabs">{heads}</ul>{panes}'

    def _frame(self, address: str, links: list[Link]) -> str:
        """The list stands in a document of its own, which the page shows in a frame."""
        inner = address.replace("index.html", "frame.html")
        shown = "<br>".join(f'<a href="{href}" target="_top">{text}</a>' for href, text in links)
        self.host.pages[inner] = f'<html><head><meta charset="utf-8"></head><body>{shown}</body></html>'
        return f'<iframe src="{inner.rsplit("/", 1)[1]}" width="100%" height="600" frameborder="0"></iframe>'

    def _redirect(self, address: str, links: list[Link]) -> str:
        """Every link leads to a page of 150 bytes whose script goes on to the right one."""
        shown = ""
        ways = ("window.location.href='{}';", 'location.replace("{}");', "self.location='{}';")
        for n, (href, text) in enumerate(links):
            go = href.replace("index.html", "go.html")
            script = ways[n % len(ways)].format(href)
            self.host.pages[go] = f'<html><head><script type="text/javascript">{script}</script></head></html>'
            shown += row(go, text)
        return f"<ul>{shown}</ul>"


class Climbed(NamedTuple):
    """The one run, and host and facts of each platform."""

    crawled: Crawled
    hosts: dict[str, tuple[Host, list[Fact]]]


@pytest.fixture(scope="module")
def climbed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Climbed]:
    with ExitStack() as running:
        hosts = {}
        for number, (name, platform) in enumerate(PLATFORMS.items()):
            host = running.enter_context(Host(f"127.0.3.{number + 1}"))
            facts = facts_of(platform.words.place, YEARS, [*DEPARTMENTS, *TOWNS])
            Builder(host, platform, facts).build()
            hosts[name] = (host, facts)
        rows = [portal(host, f"p{n}", PLATFORMS[name].words.place) for n, (name, (host, _)) in enumerate(hosts.items())]
        yield Climbed(crawl(tmp_path_factory.mktemp("levels"), *rows, seconds=240), hosts)


@pytest.mark.parametrize("name", PLATFORMS)
def test_every_leaf_is_archived(climbed: Climbed, name: str) -> None:
    host, facts = climbed.hosts[name]
    assert climbed.crawled.reports(host) == keys(facts), host.summary()


@pytest.mark.parametrize("name", PLATFORMS)
def test_three_requests_a_report_are_enough(climbed: Climbed, name: str) -> None:
    host, _ = climbed.hosts[name]
    found, asked = len(climbed.crawled.reports(host)), len(host.log)
    assert 0 < asked <= 3 * found, host.summary()


@pytest.mark.parametrize("name", PLATFORMS)
def test_the_pages_themselves_lead_to_every_report_on_the_sixth_step(climbed: Climbed, name: str) -> None:
    host, facts = climbed.hosts[name]
    steps = host.walk()
    assert [sum(f"{fact.number}.html" in target for target in steps) for fact in facts] == [1] * len(facts)
    assert min(steps[target] for fact in facts for target in steps if f"{fact.number}.html" in target) >= 6
