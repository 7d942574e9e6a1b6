"""Whom the crawler asks and whom it believes: hosts that nobody named, mirrors in any order, hijacked pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from crawler.sample_portal import Fact
from crawler.sample_portal.scripts import mirrored, mirrored_page
from tests.crawler.trials.county import (
    COLUMN,
    Crawled,
    Key,
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
from tests.crawler.trials.web import Host, Reply

PLACE = "双溪县"
FACTS = facts_of(PLACE, [2022, 2023], ["人民政府办公室", "财政局"])
GAMBLING = page(
    "澳门新葡京官网-真人娱乐-首页",
    "<h1>真人百家乐</h1><p>注册即送彩金88元，24小时在线充值提款，世界杯足球投注、时时彩、老虎机、棋牌游戏。</p>" * 8,
)


def mirror_of(host: Host, facts: list[Fact]) -> None:
    """A rogue copy as its software makes it: paths kept, text rewritten, behind a home page of its own."""
    shown = "".join(row(path_of(fact), mirrored(fact.title), fact.published) for fact in facts)
    host.pages |= {
        "/": page("便民网", f"<ul>{row(COLUMN, '政府信息公开年报')}</ul>"),
        COLUMN: listing("政府信息公开年报", shown),
    }
    host.pages |= {path_of(fact): mirrored_page(article(fact)) for fact in facts}


def test_hosts_that_no_portal_names_are_recorded_and_never_touched(tmp_path: Path) -> None:
    """Links, redirects, frames, options and scripts all point at a server on this machine that nobody named."""
    with Host("127.0.6.1") as host, Host("127.0.6.1") as canary, Host("127.0.6.2") as other:
        foreign = facts_of("外地市", [2023], ["财政局", "教育局", "公安局"])
        publish(canary, "外地市", foreign)
        publish(other, "外地市", foreign)
        straight = row(canary.url(path_of(foreign[0])), foreign[0].title, "2024-01-09")
        straight += row(other.url(path_of(foreign[1])), foreign[1].title, "2024-01-09")
        moved = row("/go/1.html", foreign[2].title, "2024-01-09")
        scripted = row("/go/2.html", "2023年政府信息公开工作年度报告", "2024-01-09")
        frame = f'<iframe src="{canary.url(COLUMN)}"></iframe>'
        options = (
            f'<select onchange="location.href=this.value"><option value="{canary.url("/")}">2023年</option></select>'
        )
        publish(host, PLACE, FACTS, home=f"<ul>{row(canary.url('/'), '政府信息公开年报')}</ul>")
        host.pages[COLUMN] = listing("政府信息公开年报", straight + moved + scripted + rows(FACTS), frame + options)
        host.pages["/go/1.html"] = Reply("", 302, headers=(("Location", canary.url(path_of(foreign[2]))),))
        host.pages["/go/2.html"] = f"<script>location.replace('{canary.url(path_of(foreign[2]))}')</script>"
        crawled = crawl(tmp_path, portal(host, name=PLACE))
        assert (canary.asked(), other.asked()) == ([], [])
        assert crawled.reports() == keys(FACTS), host.summary()
        pages = crawled.pages()
        for url in (canary.url(path_of(foreign[0])), other.url(path_of(foreign[1])), host.url("/go/1.html")):
            outcome, reason = pages[url]
            assert outcome != "report"
            assert reason, url


LATER = "official page appears later"
ORDERS = {
    # What is crawled in the first and in the second run, in the order of the portals file.
    "together": ("official mirror", ""),
    "together, mirror first in the file": ("mirror official", ""),
    "official first": ("official", "mirror"),
    "mirror first": ("mirror", "official"),
    "mirror first and again": ("mirror", "mirror official"),
    LATER: ("official mirror", "official mirror"),
}
PLACES = "甲水县 乙水县 丙水县 丁水县 戊水县 己水县".split()


@dataclass
class Pair:
    """An official portal, its mirror, the reports of both, and the one that only the mirror has."""

    official: Host
    mirror: Host
    facts: list[Fact]
    orphan: Fact

    @property
    def known(self) -> list[str]:
        return [f"{fact.agency} {fact.year}" for fact in (*self.facts, self.orphan)]


@dataclass
class Ran:
    """Two runs over all pairs and one portal that is hijacked: the archive, and what it held after the first."""

    crawled: Crawled
    trusts: list[dict[str, str]]
    """Trust by agency and year, after either run."""
    pairs: dict[str, Pair]
    hijacked: Host
    reports_before: list[Key]
    figures_before: list[tuple[object, ...]]


def trusts(crawled: Crawled) -> dict[str, str]:
    found = crawled.rows("SELECT agency || ' ' || year, trust FROM reports")
    assert len(found) == len(dict(found)), "a report has two revisions"  # type: ignore[arg-type]
    return {str(key): str(trust) for key, trust in found}


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ran]:
    """All hosts are in the file of both runs; which of them are asked is chosen by id."""
    folder = tmp_path_factory.mktemp("mirrors")
    with ExitStack() as running:
        pairs, table = {}, []
        chosen: list[list[str]] = [["--portal", "hijacked"], ["--portal", "hijacked"]]
        for n, (order, runs) in enumerate(ORDERS.items()):
            official, mirror = (running.enter_context(Host(f"127.0.6.{20 + 2 * n + k}")) for k in (0, 1))
            facts = facts_of(PLACES[n], [2022, 2023], ["人民政府办公室", "财政局"])
            (orphan,) = facts_of(PLACES[n], [2023], ["教育局"])
            pairs[order] = Pair(official, mirror, facts, orphan)
            publish(official, PLACES[n], facts[:2] if order == LATER else facts)
            mirror_of(mirror, [*facts, orphan])
            portals = {
                "official": portal(official, f"official{n}", PLACES[n]),
                "mirror": portal(mirror, f"mirror{n}", f"便民网{n}", "mirror"),
            }
            table += [portals.pop(runs[0].split()[0]), *portals.values()]
            for run in (0, 1):
                chosen[run] += [part for name in runs[run].split() for part in ("--portal", f"{name}{n}")]
        # One report's page shows gambling from the start; two more do later, one of them still under its old title.
        hijacked = running.enter_context(Host("127.0.6.8"))
        publish(hijacked, PLACE, FACTS)
        hijacked.pages[path_of(FACTS[3])] = GAMBLING
        table.append(portal(hijacked, "hijacked", PLACE))
        first = crawl(folder, *table, options=chosen[0])
        before = trusts(first), first.reports(hijacked), figures(first, hijacked)
        publish(pairs[LATER].official, PLACES[-1], pairs[LATER].facts)
        hijacked.pages[path_of(FACTS[0])] = GAMBLING
        hijacked.pages[path_of(FACTS[1])] = GAMBLING.replace("澳门新葡京官网-真人娱乐-首页", FACTS[1].title)
        # The column shows no difference: only who asks for every page again sees it.
        second = crawl(folder, *table, options=[*chosen[1], "-s", "GONGKAI_RECHECK_DAYS=0"])
        yield Ran(second, [before[0], trusts(second)], pairs, hijacked, before[1], before[2])


@pytest.mark.parametrize("order", ORDERS)
def test_a_mirror_neither_displaces_nor_duplicates_whatever_the_order(ran: Ran, order: str) -> None:
    crawled, after, pair = ran.crawled, ran.trusts, ran.pairs[order]
    expected = dict(zip(pair.known, ["official"] * len(pair.facts) + ["mirror"], strict=True))
    assert {key: after[1].get(key) for key in pair.known} == expected
    for fact in pair.facts:
        linked = crawled.linked(fact.agency, fact.year)
        assert {url for url, _ in linked} == {pair.official.url(path_of(fact)), pair.mirror.url(path_of(fact))}
        ((url,),) = crawled.rows("SELECT url FROM reports WHERE agency = ? AND year = ?", fact.agency, fact.year)
        assert url == pair.official.url(path_of(fact))


@pytest.mark.parametrize("order", ["mirror first", "mirror first and again", LATER])
def test_what_only_the_mirror_has_is_a_report_until_the_official_page_is_found(ran: Ran, order: str) -> None:
    after, known = ran.trusts, ran.pairs[order].known
    first = ["mirror"] * 5 if order.startswith("mirror") else ["official"] * 2 + ["mirror"] * 3
    assert [after[0].get(key) for key in known] == first
    assert [after[1].get(key) for key in known] == ["official"] * 4 + ["mirror"]


def figures(crawled: Crawled, host: Host) -> list[tuple[object, ...]]:
    origin = host.origin + "/"
    return crawled.rows(
        "SELECT agency, year, figure, value FROM figures WHERE url LIKE ? || '%' ORDER BY 1, 2, 3", origin
    )


def test_a_hijacked_page_is_no_report_and_takes_none_away(ran: Ran) -> None:
    host = ran.hijacked
    assert ran.reports_before == ran.crawled.reports(host) == keys(FACTS[:3])
    assert len(ran.figures_before) == 200 * 3
    assert figures(ran.crawled, host) == ran.figures_before
    pages = ran.crawled.pages()
    for fact in (FACTS[0], FACTS[1], FACTS[3]):
        outcome, reason = pages[host.url(path_of(fact))]
        assert outcome == "not_a_report"
        assert reason
