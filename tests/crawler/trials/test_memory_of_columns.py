"""What a run remembers: the next one starts at the columns that worked, and notices when they are gone.

Three portals are crawled twice as they are, then each moves its column to a new address in its own way, is crawled
again, and once more to see that the new column is remembered, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from crawler.sample_portal import Fact
from tests.crawler.trials.county import (
    COLUMN,
    SECTION,
    Crawled,
    Key,
    article,
    crawl,
    facts_of,
    keys,
    listing,
    path_of,
    portal,
    publish,
    row,
    rows,
)
from tests.crawler.trials.web import Answer, Host

MOVED = "/zwgk/fdzdgknr/gkndbg_2024/index.html"
LEFT_BEHIND: dict[str, Answer] = {
    "404": None,
    "empty": listing("政府信息公开年报", ""),
    "shell": "<html><head><meta charset='utf-8'></head><body><script src='/js/app.js'></script></body></html>",
}
PLACES = dict(zip(LEFT_BEHIND, ("古松县", "新柳县", "远桥县"), strict=True))
ARCHIVED, AGAIN, AFTER_MOVE, SETTLED = range(4)


@dataclass
class Nights:
    """What one portal published and was asked in each of the four runs, and what the archive had afterwards."""

    host: Host
    facts: list[Fact]
    latest: Fact
    asked: list[list[str]] = field(default_factory=list)
    reports: list[list[Key]] = field(default_factory=list)


def move(nights: Nights, place: str, left_behind: Answer) -> None:
    """The column gets a new address, with one new report; the section of the portal links to the new one alone."""
    host = nights.host
    section = host.pages[SECTION]
    assert isinstance(section, str)
    assert COLUMN in section
    host.pages[SECTION] = section.replace(row(COLUMN, "政府信息公开年报"), row(MOVED, "政府信息公开年度报告"))
    host.pages[MOVED] = listing("政府信息公开年度报告", rows([*nights.facts, nights.latest]))
    host.pages[COLUMN] = left_behind
    host.pages[path_of(nights.latest)] = article(nights.latest)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[list[Crawled], dict[str, Nights]]]:
    folder = tmp_path_factory.mktemp("memory")
    with ExitStack() as running:
        portals = {}
        for number, (name, place) in enumerate(PLACES.items()):
            *facts, latest = facts_of(place, [2022, 2023], ["人民政府办公室", "财政局", "水利局", "公安局"])
            portals[name] = Nights(running.enter_context(Host(f"127.0.7.{number + 1}")), facts, latest)
            # Columns of other things, all of which are nearer to the home page.
            nouns = "财政预决算 人事信息 规划计划".split()
            others = "".join(row(f"/zwgk/lm{n}.html", noun) for n, noun in enumerate(nouns))
            nights = portals[name]
            nights.host.rules.append((r"/zwgk/lm\d\.html", listing("公开信息", row("/zwgk/zhinan.html", "指南"))))
            publish(nights.host, place, facts, home=others)
        table = [portal(nights.host, f"p-{name}", PLACES[name]) for name, nights in portals.items()]
        crawls = []
        for run in (ARCHIVED, AGAIN, AFTER_MOVE, SETTLED):
            if run == AFTER_MOVE:
                for name, nights in portals.items():
                    move(nights, PLACES[name], LEFT_BEHIND[name])
            for nights in portals.values():
                nights.host.log.clear()
            crawls.append(crawl(folder, *table))
            for nights in portals.values():
                nights.asked.append(nights.host.asked())
                nights.reports.append(crawls[-1].reports(nights.host))
        yield crawls, portals


@pytest.mark.parametrize("name", LEFT_BEHIND)
def test_the_second_run_starts_at_what_worked(ran: tuple[list[Crawled], dict[str, Nights]], name: str) -> None:
    nights = ran[1][name]
    assert nights.reports[ARCHIVED] == nights.reports[AGAIN] == keys(nights.facts)
    asked = nights.asked[AGAIN]
    assert len(asked) < len(nights.asked[ARCHIVED])
    assert len(asked) <= 6
    pages = [target for target in asked if target != "/robots.txt"]
    assert pages[0] == COLUMN
    assert not {path_of(fact) for fact in nights.facts} & set(pages)  # the column shows them as before


@pytest.mark.parametrize("name", LEFT_BEHIND)
def test_a_column_that_moved_is_found_again(ran: tuple[list[Crawled], dict[str, Nights]], name: str) -> None:
    nights = ran[1][name]
    assert nights.reports[AFTER_MOVE] == keys([*nights.facts, nights.latest]), nights.asked[AFTER_MOVE]
    assert COLUMN in nights.asked[AFTER_MOVE]
    assert MOVED in nights.asked[AFTER_MOVE]


@pytest.mark.parametrize("name", LEFT_BEHIND)
def test_the_move_is_told_in_a_line_of_its_own(ran: tuple[list[Crawled], dict[str, Nights]], name: str) -> None:
    """A line with the word column that names the portal, or its old or new address; quiet nights have none."""
    crawls, portals = ran

    def told(crawled: Crawled) -> list[str]:
        host = portals[name].host
        names = (f"p-{name} ", f"p-{name}:", host.url(COLUMN), host.url(MOVED))
        return [line for line in crawled.stderr.splitlines() if "column" in line and any(n in line for n in names)]

    assert [bool(told(crawls[run])) for run in (AGAIN, AFTER_MOVE, SETTLED)] == [False, True, False]


@pytest.mark.parametrize("name", LEFT_BEHIND)
def test_the_new_column_is_remembered(ran: tuple[list[Crawled], dict[str, Nights]], name: str) -> None:
    nights = ran[1][name]
    assert len(nights.asked[SETTLED]) <= len(nights.facts) + 1 + 6
    assert next(target for target in nights.asked[SETTLED] if target != "/robots.txt") == MOVED
    assert nights.reports[SETTLED] == keys([*nights.facts, nights.latest])


def test_nothing_is_revised_by_a_move(ran: tuple[list[Crawled], dict[str, Nights]]) -> None:
    crawls, portals = ran
    assert crawls[-1].rows("SELECT agency, year FROM reports WHERE revision <> 1") == []
    assert len(crawls[-1].reports()) == sum(len(nights.facts) + 1 for nights in portals.values())


def test_a_new_column_in_the_portals_file_is_asked_and_one_that_gives_nothing_only_once(tmp_path: Path) -> None:
    with Host("127.0.7.99") as host:
        facts = facts_of("新栏县", [2022, 2023], ["财政局", "教育局"])
        publish(host, "新栏县", facts)
        crawl(tmp_path, portal(host, "p", "新栏县"))
        host.pages["/other/index.html"] = host.pages[COLUMN]
        host.pages["/empty/index.html"] = "<html><body><p>暂无内容</p></body></html>"
        for column, asked in (("/other/index.html", True), ("/empty/index.html", True), ("/empty/index.html", False)):
            asking = portal(host, "p", "新栏县") | {"column_url": host.url(column)}
            before = len(host.log)
            assert crawl(tmp_path, asking).reports() == keys(facts)
            assert (column in [answer.target for answer in host.log[before:]]) == asked, column
