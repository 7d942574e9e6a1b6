"""One report under many addresses, many reports under one title, and neighbours that only look like reports."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

import pytest

from crawler.sample_portal import Fact
from crawler.sample_portal.documents import Document, distractors, report
from crawler.sample_portal.scripts import traditional
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
from tests.crawler.trials.web import Host

BODIES = "人民政府办公室 财政局 教育局 公安局 民政局".split()


@dataclass
class Case:
    """Hosts that publish the same reports, and at which targets each report is to be had."""

    hosts: list[Host]
    facts: list[Fact]
    targets: dict[str, Fact] = field(default_factory=dict)


def several_addresses(host: Host) -> Case:
    """Every report twice on one host, in five ways; the column has a row for each."""
    facts = facts_of("春华县", [2023], BODIES)
    publish(host, "春华县", facts)
    pages: dict[str, str] = {}
    ways: list[tuple[str, str, Callable[[Fact], str]]] = [
        ("/zwgk/nb/202401/t20240115_{}.html", "/zwgk/nb/202401/t20240115_{}_wap.html", article),
        ("/zwgk/nb/content/post_{}.html", "/zwgk/nb/content/mpost_{}.html", article),
        ("/art/2024/1/15/art_12_{}.html", "/art/2024/1/15/art_12_{}.html?isMobile=false", article),
        ("/info/1033/{}.htm", "/print.jsp?newsid={}", printed),
        ("/doc/2024/01/15/{}.shtml", f"/gate/big5/{host.address}:{host.port}/doc/2024/01/15/{{}}.shtml", big5),
    ]
    case, shown = Case([host], facts), ""
    for fact, (plain, twin, made) in zip(facts, ways, strict=True):
        for address, how in ((plain, article), (twin, made)):
            target = address.format(fact.number)
            pages[target] = how(fact)
            case.targets[host.url(target)] = fact
            title = traditional(fact.title) if how is big5 else fact.title
            shown += row(target, title, fact.published)
    host.pages |= pages
    host.pages[COLUMN] = listing("政府信息公开年报", shown)
    return case


def printed(fact: Fact) -> str:
    """A printing view: the body alone, and the button."""
    head = f'<head><meta charset="utf-8"><title>{fact.title}-打印</title></head>'
    return f"<html>{head}<body onload='window.print()'><h1>{fact.title}</h1>{report(fact).body}</body></html>"


def big5(fact: Fact) -> str:
    return traditional(article(fact))


def several_hosts(*hosts: Host) -> Case:
    """The same county on two addresses and on a further port of the first."""
    facts = facts_of("秋实县", [2022, 2023], BODIES[:3])
    case = Case(list(hosts), facts)
    for number, host in enumerate(hosts):
        publish(host, "秋实县", facts, home=f"<p>第{number + 1}站</p>")
        case.targets |= {host.url(path_of(fact)): fact for fact in facts}
    return case


def superiors(host: Host) -> Case:
    """A bureau's column with reports of the city, the province and a town among its own and news."""
    own = facts_of("恩泽区", [2022, 2023, 2024], ["人民政府办公室"])
    others = facts_of("鄂林市", [2022, 2023], ["人民政府办公室", "人民政府"])
    others += facts_of("中原省", [2023], ["人民政府"]) + facts_of("恩泽区柳湾镇", [2024], ["人民政府"])
    publish(host, "恩泽区", [*own, *others])
    return Case([host], [*own, *others])


def readings(host: Host) -> Case:
    """Beside every report one page that explains it in words, and one that shows it as a picture."""
    facts = facts_of("石桥县", [2022, 2023, 2024], ["人民政府办公室"])
    publish(host, "石桥县", facts)
    shown = ""
    for fact in facts:
        words, picture = f"/zwgk/jd/{fact.year}.html", f"/zwgk/tj/{fact.year}.html"
        explained = next(d for d in distractors("石桥县", [fact.year]) if d.title.endswith("解读"))
        title = f"一图读懂：{fact.title}"
        image = f"<p style='text-align:center'><img src='/images/{fact.year}.jpg' alt='{title}'></p>"
        host.pages[words] = article(explained)
        host.pages[picture] = article(Document(fact.year, title, fact.published, "石桥县融媒体中心", image))
        shown += row(picture, title, fact.published) + rows([fact]) + row(words, explained.title, fact.published)
        shown += row(f"/zwgk/wj/{fact.year}.html", f"【文字解读】{fact.title}", fact.published)
        host.pages[f"/zwgk/wj/{fact.year}.html"] = article(
            replace(explained, title=f"【文字解读】{fact.title}", body=f"<p>{explained.body}</p>")
        )
    host.pages[COLUMN] = listing("政府信息公开年报", shown)
    return Case([host], facts)


BARE = "2023年政府信息公开工作年度报告"


def bare_titles(host: Host) -> Case:
    """Five agencies, one title in list, head and heading: whose report it is only its last lines say."""
    facts = [replace(f, quirks=frozenset(), style="clean") for f in facts_of("白塔市", [2023], BODIES)]
    publish(host, "白塔市", facts)
    for fact in facts:
        document = report(fact)
        body = document.body.replace(fact.title, BARE, 1)
        assert body != document.body
        host.pages[path_of(fact)] = article(replace(document, title=BARE, source="本站", body=body))
    host.pages[COLUMN] = listing("政府信息公开年报", "".join(row(path_of(f), BARE, f.published) for f in facts))
    return Case([host], facts)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Crawled, dict[str, Case]]]:
    """All portals in one run."""
    with ExitStack() as running:
        hosts = [running.enter_context(Host(f"127.0.4.{n}")) for n in (1, 2, 3, 2, 4, 5, 6)]
        cases = {
            "several addresses": several_addresses(hosts[0]),
            "several hosts": several_hosts(*hosts[1:4]),
            "superiors": superiors(hosts[4]),
            "readings": readings(hosts[5]),
            "bare titles": bare_titles(hosts[6]),
        }
        names = "春华县 秋实县 秋实县 秋实县 恩泽区 石桥县 白塔市".split()
        portals = [portal(host, f"p{n}", names[n]) for n, host in enumerate(hosts)]
        yield crawl(tmp_path_factory.mktemp("twins"), *portals), cases


NAMES = ("several addresses", "several hosts", "superiors", "readings", "bare titles")


@pytest.mark.parametrize("name", NAMES)
def test_each_report_is_one_and_filed_under_its_own_agency(ran: tuple[Crawled, dict[str, Case]], name: str) -> None:
    crawled, cases = ran
    found = [key for host in cases[name].hosts for key in crawled.reports(host)]
    assert sorted(found) == keys(cases[name].facts)


def test_no_twin_makes_a_revision(ran: tuple[Crawled, dict[str, Case]]) -> None:
    crawled, cases = ran
    assert crawled.rows("SELECT agency, year, url FROM reports WHERE revision <> 1 OR is_current <> 1") == []
    assert crawled.rows("SELECT message FROM issues WHERE code = 'sources_differ'") == []
    assert len(crawled.reports()) == sum(len(case.facts) for case in cases.values())


@pytest.mark.parametrize("name", NAMES[:2])
def test_every_twin_that_was_fetched_is_evidence_of_its_report(ran: tuple[Crawled, dict[str, Case]], name: str) -> None:
    crawled, cases = ran
    case = cases[name]
    fetched = {host.url(ask.target) for host in case.hosts for ask in host.log} & set(case.targets)
    assert {case.targets[url].agency for url in fetched} == {fact.agency for fact in case.facts}
    kept = {str(url) for (url,) in crawled.rows("SELECT url FROM captures WHERE status = 200")}
    assert fetched <= kept
    for url in fetched:
        fact = case.targets[url]
        assert url in {linked for linked, _ in crawled.linked(fact.agency, fact.year)}, url


def test_every_host_of_a_report_is_asked_for_it(ran: tuple[Crawled, dict[str, Case]]) -> None:
    crawled, cases = ran
    for fact in cases["several hosts"].facts:
        linked = crawled.linked(fact.agency, fact.year)
        assert len(linked) == 3
        assert sorted(role for _, role in linked) == ["page", "twin", "twin"]


def test_what_explains_a_report_is_none(ran: tuple[Crawled, dict[str, Case]]) -> None:
    crawled, _ = ran
    urls = [str(url) for (url,) in crawled.rows("SELECT url FROM reports")]
    assert not [url for url in urls if "/zwgk/jd/" in url or "/zwgk/tj/" in url or "/zwgk/wj/" in url]


def test_the_twins_are_there(ran: tuple[Crawled, dict[str, Case]]) -> None:
    """The servers themselves: a page is at every address, and every one is listed."""
    _, cases = ran
    for name in NAMES[:2]:
        for url, fact in cases[name].targets.items():
            (host,) = (h for h in cases[name].hosts if url.startswith(h.origin + "/"))
            target = url.removeprefix(host.origin)
            found = host.peek(target)
            assert fact.title in found or traditional(fact.title) in found or len(fact.title_lines) > 1
            assert target in host.walk(), url
