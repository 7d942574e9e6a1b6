"""Addresses that give something else than the report they are listed for, among healthy ones."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.crawler.trials.county import (
    COLUMN,
    SECTION,
    Crawled,
    crawl,
    facts_of,
    keys,
    listing,
    portal,
    publish,
    row,
    rows,
)
from tests.crawler.trials.web import Answer, Host, Reply

PLACE = "青山县"
HALF_GONE = facts_of("半山县", [2023], ["人民政府办公室", "财政局"])
FACTS = facts_of(PLACE, [2022, 2023], ["人民政府办公室", "财政局", "教育局"])
JSL = (("Set-Cookie", "__jsluid_h=8f2b2e; max-age=31536000; path=/; HttpOnly"),)
CHALLENGE = (
    "<html><head><meta charset='utf-8'><script>var _0x4f=['cookie','reload'];document.cookie='C3VK=9c1f2a; path=/';"
    "setTimeout(function(){window.location.reload();},100);</script></head><body></body></html>"
)
RUISHU = (
    '<!DOCTYPE html><html><head><meta charset="utf-8"><meta content="3vQ9bZ" r="m">'
    "<script type='text/javascript' r='m'>$_ts=window['$_ts'];if(!$_ts)$_ts={};$_ts.nsd=51324;$_ts.cd='qEVqrrLq';"
    "</script><script type='text/javascript' charset='iso-8859-1' src='/4QbVtADbnLVIc/d.FxJzG50F.js' r='m'></script>"
    "</head><body></body></html>"
)
GONE: dict[str, Answer] = {
    "says so": "<html><head><title>提示</title></head><body><h3>您访问的页面不存在或已删除！</h3></body></html>",
    "home page": Reply("", 302, headers=(("Location", "/"),)),
    "refresh": '<html><head><meta http-equiv="refresh" content="0;URL=../" /></head><body></body></html>',
    "two bytes": Reply(b"\r\n"),
    "template": "<html><body>模板不存在</body></html>",
    "status 404": None,
}
CHALLENGES: dict[str, Answer] = {
    "412": Reply(RUISHU, 412, headers=(("Set-Cookie", "sVoELocvxVW0S=5x; path=/"),)),
    "521": Reply("<script>document.cookie=('__jsl_clearance_s=17|0|x');location.href=location.pathname</script>", 521,
                 headers=JSL),
    "200 with $_ts": RUISHU,
    "200 that reloads": Reply(CHALLENGE, headers=(("Set-Cookie", "yd_cookie=1; path=/"),)),
}  # fmt: skip
STUBS = GONE | CHALLENGES
BODIES = "审计局 水利局 民政局 统计局 公安局 医疗保障局 交通运输局 农业农村局 司法局 商务局".split()


def address(name: str) -> str:
    return f"/zwgk/zfxxgknb/2024-02/stub_{list(STUBS).index(name)}.html"


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Crawled, Host]]:
    """A column in which every other row is a stub, the first one too."""
    with Host("127.0.5.1") as host:
        publish(host, PLACE, FACTS)
        listed = list(FACTS)
        shown = ""
        for name, body in zip(STUBS, BODIES, strict=True):
            host.pages[address(name)] = STUBS[name]
            shown += row(address(name), f"{PLACE}{body}2023年政府信息公开工作年度报告", "2024-02-01")
            shown += rows([listed.pop()]) if listed else ""
        host.pages[COLUMN] = listing("政府信息公开年报", shown)
        yield crawl(tmp_path_factory.mktemp("stubs"), portal(host, name=PLACE)), host


def test_the_healthy_reports_are_all_there_and_no_other(ran: tuple[Crawled, Host]) -> None:
    crawled, host = ran
    assert crawled.reports() == keys(FACTS), host.summary()


@pytest.mark.parametrize("name", GONE)
def test_what_is_gone_is_named_with_a_reason(ran: tuple[Crawled, Host], name: str) -> None:
    crawled, host = ran
    outcome, reason = crawled.pages()[host.url(address(name))]
    assert outcome in ("not_a_report", "unreadable", "gone")
    assert reason


@pytest.mark.parametrize("name", CHALLENGES)
def test_a_challenge_page_is_blocked(ran: tuple[Crawled, Host], name: str) -> None:
    crawled, host = ran
    outcome, reason = crawled.pages()[host.url(address(name))]
    assert outcome == "blocked"
    assert reason


def test_every_answer_is_kept(ran: tuple[Crawled, Host]) -> None:
    crawled, host = ran
    kept = {str(url): status for url, status in crawled.rows("SELECT url, status FROM captures")}
    for name, stub in STUBS.items():
        status = stub.status if isinstance(stub, Reply) else 200 if stub else 404
        assert kept[host.url(address(name))] == status, name


def test_no_challenge_is_answered(ran: tuple[Crawled, Host]) -> None:
    """Neither with the cookie that it sets nor by asking again and again."""
    _, host = ran
    assert len(host.log) > len(STUBS)
    assert not [ask.target for ask in host.log if "cookie" in ask.headers]
    for name in CHALLENGES:
        assert 1 <= host.asked().count(address(name)) <= 3, name


def test_missing_pages_are_told_at_the_end(ran: tuple[Crawled, Host]) -> None:
    crawled, _ = ran
    assert crawled.exit_code == 1
    assert "verdict   incomplete" in crawled.stderr


@pytest.fixture(scope="module")
def walled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Crawled, dict[str, Host]]]:
    """Portals that answer everything with a challenge, and a healthy one, in one run."""
    with ExitStack() as running:
        hosts = {
            name: running.enter_context(Host(f"127.0.5.{10 + n}", rules=[(r"(?!/robots).*", answer)]))
            for n, (name, answer) in enumerate(CHALLENGES.items())
        }
        healthy = running.enter_context(Host("127.0.5.3"))
        publish(healthy, PLACE, FACTS)
        portals = [portal(host, f"walled{n}", f"高墙{n}县") for n, host in enumerate(hosts.values())]
        half = running.enter_context(Host("127.0.5.4"))
        links = row("/old/nb/", "政府信息公开年报") + row(SECTION, "信息公开")
        publish(half, "半山县", HALF_GONE, home=f"<ul>{links}</ul>")
        half.pages["/old/nb/"] = GONE["says so"]
        portals += [portal(half, "half", "半山县"), portal(healthy, "healthy", PLACE)]
        yield crawl(tmp_path_factory.mktemp("walled"), *portals), hosts | {"half gone": half, "healthy": healthy}


@pytest.mark.parametrize("name", CHALLENGES)
def test_a_portal_that_is_all_challenge_is_blocked_at_its_door(
    walled: tuple[Crawled, dict[str, Host]], name: str
) -> None:
    crawled, hosts = walled
    assert 1 < len(hosts[name].log) <= 10, hosts[name].summary()
    outcome, reason = crawled.pages()[hosts[name].url("/")]
    assert outcome == "blocked"
    assert reason


def test_the_operator_is_told_of_each_wall(walled: tuple[Crawled, dict[str, Host]]) -> None:
    crawled, hosts = walled
    assert crawled.reports(hosts["healthy"]) == keys(FACTS)
    assert crawled.exit_code == 1
    told = [line for line in crawled.stderr.splitlines() if line.startswith("problem")]
    assert [sum(f"walled{n}" in line for line in told) for n in range(len(CHALLENGES))] == [1] * len(CHALLENGES)
    assert not [line for line in told if "healthy" in line or "no report found" in line]


def test_a_section_that_is_gone_does_not_hide_the_column_beside_it(walled: tuple[Crawled, dict[str, Host]]) -> None:
    """The obvious link of the home page leads to a stub, a plainer one to the reports."""
    crawled, hosts = walled
    assert crawled.reports(hosts["half gone"]) == keys(HALF_GONE), hosts["half gone"].summary()
