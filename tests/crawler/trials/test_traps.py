"""Portals without end: eight true reports each, reachable in an ordinary way, and one trap.

All portals are crawled in one run, each judged by the log of its own host.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from html import escape
from typing import NamedTuple

import pytest

from crawler.sample_portal import Fact
from crawler.sample_portal.documents import distractors
from tests.crawler.trials.county import (
    COLUMN,
    Crawled,
    article,
    crawl,
    facts_of,
    keys,
    listing,
    page,
    path_of,
    portal,
    publish,
    row,
    rows,
)
from tests.crawler.trials.web import Ask, Content, Host

MOST_REQUESTS = 300


def calendar(host: Host, place: str, facts: list[Fact]) -> None:
    """Every month leads to the one before, the one after and its days; every day says that there is nothing."""

    def month(ask: Ask) -> Content:
        at = int(ask.query.get("y", 2024)) * 12 + int(ask.query.get("m", 5)) - 1
        before, after = (f"/calendar?y={when // 12}&m={when % 12 + 1}" for when in (at - 1, at + 1))
        here = f"/calendar?y={at // 12}&m={at % 12 + 1}"
        title = f"{at // 12}年{at % 12 + 1}月信息公开日历"
        if "d" in ask.query:
            return page(title, f"<p>{title}：当日没有公开的信息。</p><a href='{escape(here)}'>返回</a>")
        days = "".join(f'<td><a href="{here}&amp;d={day}">{day}</a></td>' for day in range(1, 29))
        steps = f'<a href="{escape(before)}">上一月</a> <a href="{escape(after)}">下一月</a>'
        return page(title, f"<h2>{title}</h2>{steps}<table><tr>{days}</tr></table>")

    link = '<a href="/calendar?y=2024&amp;m=5">信息公开日历</a>'
    publish(host, place, facts, home=link, section=link, column=link, by_year=True)
    host.rules.append(("/calendar", month))


def repeating_pager(host: Host, place: str, facts: list[Fact]) -> None:
    """Past its end the pager gives the last rows again, and always a next page."""

    def listed(ask: Ask) -> Content:
        number = int(ask.query.get("page", 1))
        shown = facts[:4] if number == 1 else facts[4:]
        return listing("政府信息公开年报", rows(shown), f'<a href="{COLUMN}?page={number + 1}">下一页</a>')

    publish(host, place, facts)
    host.rules.append((COLUMN, listed))


def news_pager(host: Host, place: str, facts: list[Fact]) -> None:
    """Every page of the column brings ten rows that were never seen before; the reports stand on the first two."""

    def listed(ask: Ask) -> Content:
        number = int(ask.query.get("page", 1))
        shown = rows(facts[:4] if number == 1 else facts[4:] if number == 2 else [])
        for n in range(10):
            shown += row(
                f"/zwgk/news/{number}_{n}.html", f"{place}召开第{number * 10 + n}次政务公开工作推进会", "2024-02-01"
            )
        return listing("政府信息公开年报", shown, f'<a href="{COLUMN}?page={number + 1}">下一页</a>')

    publish(host, place, facts)
    host.rules.append((COLUMN, listed))
    host.rules.append((r"/zwgk/news/\d+_\d+\.html", page("推进会", "<p>会议部署了近期工作。</p>")))


def queried_reports(host: Host, place: str, facts: list[Fact]) -> None:
    """Every page of the column lists the same reports, each under an address with the number of that page."""

    def listed(ask: Ask) -> Content:
        number = int(ask.query.get("p", 1))
        shown = "".join(row(f"{path_of(f)}?p={number}", f.title, f.published) for f in facts)
        return listing("政府信息公开年报", shown, f'<a href="{COLUMN}?p={number + 1}">下一页</a>')

    publish(host, place, facts)
    host.rules.append((COLUMN, listed))


def renumbered_reports(host: Host, place: str, facts: list[Fact]) -> None:
    """Every page of the column lists the same reports under new ids, and the pages are there, too."""

    def listed(ask: Ask) -> Content:
        number = int(ask.query.get("page", 1))
        shown = "".join(row(f"/zwgk/info/{number * 100 + n}.html", f.title, f.published) for n, f in enumerate(facts))
        return listing("政府信息公开年报", shown, f'<a href="{COLUMN}?page={number + 1}">下一页</a>')

    def shown(ask: Ask) -> Content:
        number = int(re.findall(r"\d+", ask.path)[0]) % 100
        return article(facts[number]) if number < len(facts) else None

    publish(host, place, facts)
    host.rules += [(COLUMN, listed), (r"/zwgk/info/\d+\.html", shown)]


def marked_links(mark: Callable[[str, str], str]) -> Callable[[Host, str, list[Fact]], None]:
    """A portal that writes another random value on every link of every response; `mark` says where it goes."""

    def trap(host: Host, place: str, facts: list[Fact]) -> None:
        chance = random.Random(place)

        def marked(html: str) -> str:
            value = f"{chance.getrandbits(64):016X}"
            return re.sub(r'href="(/[^"]*)"', lambda match: f'href="{mark(match[1], value)}"', html)

        def without_session(ask: Ask) -> Content:
            found = host.pages.get(re.sub(r";jsessionid=\w+", "", ask.path))
            return found if isinstance(found, str) else None

        publish(host, place, facts, by_year=True)
        host.rewrite = marked
        host.rules.append((r"[^;]*;jsessionid=\w+", without_session))

    return trap


def queried(name: str) -> Callable[[str, str], str]:
    return lambda href, value: f"{href}{'&amp;' if '?' in href else '?'}{name}={value}"


def distracting_columns(host: Host, place: str, facts: list[Fact]) -> None:
    """Fifty columns of other things in the section, each with twenty rows and a pager of three pages."""
    nouns = (
        "财政信息 年度统计公报 政府工作报告 部门年报统计 2023年度考核 年度工作要点 企业年报公示 预决算公开 "
        "网站年度报表 年度计划总结"
    )
    others = distractors(place, [2022, 2023, 2024])
    links = ""
    for column in range(50):
        noun = nouns.split()[column % 10] + ("" if column < 10 else f"（{column // 10}）")
        for number in range(3):
            shown = "".join(
                row(
                    f"/zwgk/lm{column}/{number}_{n}.html",
                    f"{place}{2005 + n}年{noun}第{number + 1}期",
                    f"{2006 + n}-02-01",
                )
                for n in range(19)
            )
            other = others[(column + number) % len(others)]
            shown += row(f"/zwgk/lm{column}/{number}_19.html", other.title, other.published)
            host.pages[f"/zwgk/lm{column}/{number}_19.html"] = article(other)
            following = f'<a href="/zwgk/lm{column}/index_{number + 1}.html">下一页</a>' if number < 2 else ""
            name = f"index_{number}.html" if number else "index.html"
            host.pages[f"/zwgk/lm{column}/{name}"] = listing(noun, shown, following)
        links += row(f"/zwgk/lm{column}/index.html", noun)
    host.rules.append((r"/zwgk/lm\d+/\d+_\d+\.html", page("公开信息", "<p>本期内容见附件。</p>")))
    publish(host, place, facts, section=f"<ul>{links}</ul>", by_year=True)


def site_map(host: Host, place: str, facts: list[Fact]) -> None:
    """Two thousand links to columns and articles on one page, that of the reports among them."""
    nouns = "通知公告 工作动态 招标采购 人事信息 规划计划 统计数据 应急管理 教育信息 财政资金 政策文件 年度报告".split()
    links = [row(f"/map/{n}/index.html", f"{nouns[n % 11]}{n // 11 + 1}") for n in range(1999)]
    links.insert(1234, row(COLUMN, "政府信息公开年报"))
    host.pages["/map.html"] = listing("网站地图", "\n".join(links))
    host.rules.append(
        (r"/map/\d+/index\.html", listing("栏目", "".join(row(f"/map/1/{n}.html", "动态") for n in range(20))))
    )
    publish(host, place, facts, home='<a href="/map.html">网站地图</a>', by_year=True)


TRAPS: dict[str, Callable[[Host, str, list[Fact]], None]] = {
    "calendar": calendar,
    "pager that repeats its rows": repeating_pager,
    "pager with ever new news": news_pager,
    "reports again with a page number": queried_reports,
    "reports again under new ids": renumbered_reports,
    "jsessionid": marked_links(lambda href, value: f"{href};jsessionid={value}"),
    "sid": marked_links(queried("sid")),
    "unfamiliar parameter": marked_links(queried("zq")),
    "fifty other columns": distracting_columns,
    "site map": site_map,
}
PLACES = "甘泉 柏林 长乐 东湖 丰乐 古城 河湾 金沙 兰亭 梅岭".split()


class Trapped(NamedTuple):
    """The one run, and host and facts of each trap."""

    crawled: Crawled
    hosts: dict[str, tuple[Host, list[Fact]]]


@pytest.fixture(scope="module")
def trapped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trapped]:
    with ExitStack() as running:
        hosts = {}
        for number, (name, trap) in enumerate(TRAPS.items()):
            host = running.enter_context(Host(f"127.0.2.{number + 1}"))
            facts = facts_of(
                f"{PLACES[number]}县", [2022, 2023], ["人民政府办公室", "财政局", "水利局", "城关镇人民政府"]
            )
            trap(host, f"{PLACES[number]}县", facts)
            hosts[name] = (host, facts)
        portals = [portal(host, f"p{n}", f"{PLACES[n]}县") for n, (host, _) in enumerate(hosts.values())]
        yield Trapped(crawl(tmp_path_factory.mktemp("traps"), *portals, seconds=240), hosts)


@pytest.mark.parametrize("name", TRAPS)
def test_every_report_is_archived_and_nothing_else(trapped: Trapped, name: str) -> None:
    host, facts = trapped.hosts[name]
    assert trapped.crawled.reports(host) == keys(facts), host.summary()


@pytest.mark.parametrize("name", TRAPS)
def test_the_host_is_not_asked_without_end(trapped: Trapped, name: str) -> None:
    host, facts = trapped.hosts[name]
    asked = len(host.log)
    assert len(facts) < asked <= MOST_REQUESTS, host.summary()


def test_each_trap_is_one(trapped: Trapped) -> None:
    """The servers themselves: every trap leads on to addresses that are there, and every report is there."""
    for name, (host, facts) in trapped.hosts.items():
        for fact in facts:
            assert fact.agency in host.peek(path_of(fact)), name
        listed = host.peek(COLUMN) + host.peek("/zwgk/zfxxgknb/2022nb/index.html")
        assert all(fact.title in listed for fact in facts[:4]), name
    endless = {
        "calendar": "/calendar?y=2031&m=2",
        "pager that repeats its rows": f"{COLUMN}?page=77",
        "pager with ever new news": f"{COLUMN}?page=77",
        "reports again with a page number": f"{COLUMN}?p=77",
        "reports again under new ids": f"{COLUMN}?page=77",
    }
    for name, target in endless.items():
        assert "下一" in trapped.hosts[name][0].peek(target), name
        assert name == "calendar" or "page=2" in trapped.hosts[name][0].peek(COLUMN).replace("?p=", "?page="), name
    first, second = (trapped.hosts["jsessionid"][0].peek("/;jsessionid=A1") for _ in range(2))
    assert first != second
    assert trapped.hosts["site map"][0].peek("/map.html").count("<li>") == 2000
    for name, (host, _) in trapped.hosts.items():
        if name != "pager that repeats its rows":
            assert len(host.walk(most=400)) > MOST_REQUESTS, name
