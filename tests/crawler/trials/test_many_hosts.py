"""Forty small portals at once: hosts side by side, each asked for one thing at a time, with its pause and rules."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from crawler.sample_portal import Fact
from tests.crawler.trials.county import (
    COLUMN,
    Crawled,
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
from tests.crawler.trials.web import Host, Reply

HOSTS, DELAY = 40, 0.2
ANSWER_TIME = 0.03
"""Long enough that two requests at once would overlap."""
PRIVATE, CLOSED, BROKEN, SHARED = range(4)
"""How the first hosts differ: a forbidden folder, all forbidden, a robots.txt that fails, two portals on one host."""


@dataclass
class Small:
    """A portal of two reports; `hidden` is one more that robots.txt forbids."""

    host: Host
    facts: list[Fact]
    hidden: Fact


def robots(text: str) -> Reply:
    return Reply(text, content_type="text/plain")


def build(host: Host, number: int) -> Small:
    place = f"第{'零一二三四五六七八九'[number // 10]}{'零一二三四五六七八九'[number % 10]}县"
    *facts, hidden = facts_of(place, [2023], ["人民政府办公室", "财政局", "教育局"])
    publish(host, place, facts)
    if number == PRIVATE:
        host.pages["/robots.txt"] = robots("User-agent: *\nDisallow: /zwgk/nb/\nAllow: /\n")
        secret = f"/zwgk/nb/{hidden.number}.html"
        host.pages[secret] = article(hidden)
        host.pages[COLUMN] = listing("政府信息公开年报", rows(facts) + row(secret, hidden.title, hidden.published))
    elif number == CLOSED:
        host.pages["/robots.txt"] = robots("User-agent: gongkai\nDisallow: /\n\nUser-agent: *\nDisallow:\n")
    elif number == BROKEN:
        host.pages["/robots.txt"] = Reply("busy", 503)
    return Small(host, facts, hidden)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Crawled, list[Small]]]:
    with ExitStack() as running:
        small = [
            build(running.enter_context(Host(f"127.0.1.{number + 1}", wait=ANSWER_TIME)), number)
            for number in range(HOSTS)
        ]
        table = [portal(one.host, f"p{n}", one.facts[0].agency[:4]) for n, one in enumerate(small)]
        # A department with a row of its own, whose home page is a folder of the same host.
        shared = small[SHARED].host
        shared.pages["/jyj/"] = listing("教育局", row("/jyj/nb.html", "政府信息公开年报"))
        shared.pages["/jyj/nb.html"] = listing("政府信息公开年报", rows([small[SHARED].hidden]))
        shared.pages[path_of(small[SHARED].hidden)] = article(small[SHARED].hidden)
        table.append(table[SHARED] | {"portal_id": "department", "home_url": shared.url("/jyj/")})
        options = f"-s DOWNLOAD_DELAY={DELAY} -s RANDOMIZE_DOWNLOAD_DELAY=False".split()
        yield crawl(tmp_path_factory.mktemp("hosts"), *table, options=options), small


def test_every_report_of_every_host_is_archived(ran: tuple[Crawled, list[Small]]) -> None:
    crawled, small = ran
    for number, one in enumerate(small):
        shown = [] if number in (CLOSED, BROKEN) else one.facts
        assert crawled.reports(one.host) == keys([*shown, one.hidden] if number == SHARED else shown)


def test_no_host_is_asked_for_two_things_at_once(ran: tuple[Crawled, list[Small]]) -> None:
    _, small = ran
    for one in small:
        log = sorted(one.host.log, key=lambda ask: ask.began)
        assert log
        assert [b.target for a, b in pairwise(log) if b.began < a.ended] == [], one.host.address


def test_each_host_gets_its_pauses(ran: tuple[Crawled, list[Small]]) -> None:
    _, small = ran
    for one in small:
        starts = sorted(ask.began for ask in one.host.log)
        # Of forty hosts the server sees many requests later than they were sent; a whole pause is more than that.
        assert starts[-1] - starts[0] > (len(starts) - 2) * DELAY, one.host.address


def test_there_is_a_pause_between_the_starts_of_any_two_requests_to_a_host(tmp_path: Path) -> None:
    """Two portals on one host, robots.txt and missing pages included; few hosts, so that the clock is right."""
    delay = 0.4
    with Host("127.0.1.41") as host:
        publish(host, "静海县", facts_of("静海县", [2023], ["人民政府办公室", "财政局"]))
        gone = row("/zwgk/zfxxgknb/gone.html", "静海县审计局2023年政府信息公开工作年度报告")
        host.pages["/sjj/"] = listing("政府信息公开年报", gone)
        table = portal(host, name="静海县"), portal(host, "sjj") | {"home_url": host.url("/sjj/")}
        options = f"-s DOWNLOAD_DELAY={delay} -s RANDOMIZE_DOWNLOAD_DELAY=False".split()
        crawled = crawl(tmp_path, *table, options=options)
        starts = sorted(ask.began for ask in host.log)
        assert len(crawled.reports()) == 2
        assert "/zwgk/zfxxgknb/gone.html" in host.asked()
        assert len(starts) >= 8
        assert min(b - a for a, b in pairwise(starts)) > 0.75 * delay, host.asked()


def test_hosts_are_asked_side_by_side(ran: tuple[Crawled, list[Small]]) -> None:
    """One after the other, the pauses alone would take far longer."""
    _, small = ran
    starts = [ask.began for one in small for ask in one.host.log]
    assert len(starts) > 200
    assert max(starts) - min(starts) < len(starts) * DELAY / 4
    edges = [(at, step) for one in small for a in one.host.log for at, step in ((a.began, 1), (a.ended, -1))]
    open_now, most = 0, 0
    for _, step in sorted(edges):
        open_now += step
        most = max(most, open_now)
    assert most >= 4


def test_robots_are_obeyed(ran: tuple[Crawled, list[Small]]) -> None:
    crawled, small = ran
    assert all(one.host.asked()[0] == "/robots.txt" for one in small)
    assert set(small[CLOSED].host.asked()) == set(small[BROKEN].host.asked()) == {"/robots.txt"}
    private = small[PRIVATE].host
    assert not [target for target in private.asked() if target.startswith("/zwgk/nb/")]
    assert crawled.pages()[private.url(f"/zwgk/nb/{small[PRIVATE].hidden.number}.html")][0] == "forbidden"


def test_only_the_hosts_that_gave_nothing_are_told_as_problems(ran: tuple[Crawled, list[Small]]) -> None:
    crawled, _ = ran
    told = {line.split()[1] for line in crawled.stderr.splitlines() if line.startswith("problem")}
    assert told == {f"p{CLOSED}", f"p{BROKEN}"}


def test_every_request_says_whose_it_is(ran: tuple[Crawled, list[Small]]) -> None:
    _, small = ran
    for one in small:
        assert {ask.host for ask in one.host.log} == {urlsplit(one.host.origin).netloc}
        assert all(ask.headers["user-agent"].startswith("gongkai/") for ask in one.host.log)
