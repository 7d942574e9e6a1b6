"""The portal that changes from night to night, over real loopback HTTP: what it says it did is what it serves."""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest

from crawler.sample_portal import Change, ChangingPortal
from crawler.sample_portal.changing import FAMILIES
from crawler.sample_portal.facts import Fact
from crawler.sample_portal.forms import APPLICANTS


class Answer(NamedTuple):
    """One answer with its undecoded body."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("gb18030" if re.search(rb'charset="?gb', self.body[:400]) else "utf-8", "replace")


def ask(portal: ChangingPortal, url: str, **headers: str) -> Answer:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection("127.0.0.1", portal.port, timeout=5)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    connection.request(
        "GET", target, headers={"Host": parts.netloc, **{k.replace("_", "-"): headers[k] for k in headers}}
    )
    response = connection.getresponse()
    answer = Answer(response.status, dict(response.headers.items()), response.read())
    connection.close()
    return answer


def served(portal: ChangingPortal, key: str = "") -> dict[str, bytes]:
    """Every published report's page by address."""
    return {url: ask(portal, url).body for url in map(portal.url, portal.facts(key))}


def lists(portal: ChangingPortal) -> str:
    """All pages of the list of the first host."""
    column = portal.portals()[0]["column_url"]
    first = ask(portal, column).text
    pages, number = [first], 2
    while (page := ask(portal, column.replace(".shtml", f"_{number}.shtml"))).status == 200:
        pages.append(page.text)
        number += 1
    assert number > 2
    return "\n".join(pages)


def row_of(portal: ChangingPortal, change: Change) -> str:
    """The row of a report in the list of the first host."""
    (row,) = re.findall(rf'<li><a href="[^"]*{re.escape(urlsplit(change.url).path)}".*?</li>', lists(portal))
    return row


@pytest.fixture
def portal() -> Iterator[ChangingPortal]:
    with ChangingPortal(0, seed=11, families=("ucap_list", "gkmlpt"), size=30) as started:
        yield started


def test_each_host_has_many_reports_and_every_second_row_is_known() -> None:
    with ChangingPortal(0) as portal:
        for key in portal.keys:
            assert len(portal.facts(key)) >= 35
        rows = portal.portals()
        assert [bool(row["column_url"]) for row in rows] == [True, False] * (len(FAMILIES) // 2)


@pytest.mark.parametrize("family", FAMILIES)
def test_only_what_changed_has_changed(family: str) -> None:
    with ChangingPortal(0, seed=3, families=(family,), size=25) as portal:
        before = served(portal)
        made = [*portal.new(2), *portal.revise(2), *portal.revise(1, silently=True), *portal.delete(1)]
        after = served(portal)
        by_kind = {kind: {c.url for c in made if c.kind == kind} for kind in ("new", "revised", "silent", "deleted")}
        gone = by_kind["deleted"]
        assert after.keys() - before.keys() == by_kind["new"] - gone
        assert before.keys() - after.keys() == gone - by_kind["new"]
        differs = {url for url in before.keys() & after.keys() if before[url] != after[url]}
        assert differs == (by_kind["revised"] | by_kind["silent"]) & before.keys() - gone
        assert portal.changes == made


def test_pages_say_what_the_facts_say(portal: ChangingPortal) -> None:
    portal.new(3)
    portal.revise(4)
    for fact in portal.facts():
        assert shows(portal, fact)


def shows(portal: ChangingPortal, fact: Fact) -> bool:
    cells = [fact.printed[f"applications.results_total.{column}"] for column in APPLICANTS]
    text = re.sub(r"<[^>]*>|\s+", "", ask(portal, portal.url(fact)).text)
    return "附件：" in text or ("".join(cells) in text and fact.agency in text)


def test_a_new_report_was_not_there_before(portal: ChangingPortal) -> None:
    coming = ChangingPortal(portal.port, seed=11, families=("ucap_list", "gkmlpt"), size=30).new(1)[0].url
    assert ask(portal, coming).status == 404
    assert coming not in lists(portal)
    (change,) = portal.new(1)
    assert change.url == coming
    assert ask(portal, coming).status == 200


def test_a_loud_revision_changes_the_date_in_the_list_and_a_silent_one_the_page_alone(portal: ChangingPortal) -> None:
    silent = portal.revise(1, silently=True, key="ucap-list-1")[0]
    loud = portal.revise(1, key="ucap-list-1")[0]
    assert silent.url != loud.url
    assert re.search(r"2026\D0?4\D0?3", row_of(portal, loud))
    day = silent.fact.published
    assert re.search(rf"{day.year}\D0?{day.month}\D0?{day.day}", row_of(portal, silent))
    for change, dated in ((silent, "02 Apr 2026"), (loud, "03 Apr 2026")):
        answer = ask(portal, change.url)
        assert dated in answer.headers["Last-Modified"]
        assert shows(portal, change.fact)
    assert "2026-04-03 09:30" in ask(portal, loud.url).text
    assert "2026-04-02 09:30" not in ask(portal, silent.url).text


def test_a_revision_keeps_the_sums(portal: ChangingPortal) -> None:
    published = {(fact.agency, fact.year): fact for fact in portal.facts()}
    for change in portal.revise(6):
        old, new = published[change.fact.agency, change.fact.year].printed, change.fact.printed
        assert old != new
        value = {row: int(new[f"applications.{row}.total"]) for row in ("new_received", "carried_in", "results_total")}
        assert value["new_received"] + value["carried_in"] == value["results_total"] + int(
            new["applications.carried_out.total"]
        )
        assert sum(int(new[f"applications.granted.{who}"]) for who in list(APPLICANTS)[:-1]) == int(
            new["applications.granted.total"]
        )


def test_an_old_tag_does_not_vouch_for_a_changed_page(portal: ChangingPortal) -> None:
    url = portal.url(portal.facts()[0])
    answer = ask(portal, url)
    assert ask(portal, url, If_None_Match=answer.headers["ETag"]).status == 304
    assert ask(portal, url, If_Modified_Since=answer.headers["Last-Modified"]).status == 304
    while url not in {change.url for change in portal.changes}:
        portal.revise(5, silently=True)
    assert ask(portal, url, If_None_Match=answer.headers["ETag"]).status == 200
    assert ask(portal, url, If_Modified_Since=answer.headers["Last-Modified"]).status == 200


def test_deleted_reports_are_gone_in_two_ways_and_come_back_as_they_were(portal: ChangingPortal) -> None:
    before = served(portal)
    deleted = portal.delete(12)
    answers = [ask(portal, change.url) for change in deleted]
    assert {answer.status for answer in answers} == {200, 404}
    assert all("不存在" in answer.text for answer in answers)
    listed = lists(portal)
    assert not [change for change in deleted if urlsplit(change.url).path in listed]
    assert len(portal.facts()) == len(before) - 12
    assert {change.fact.number for change in portal.restore()} == {change.fact.number for change in deleted}
    assert served(portal) == before


def test_trouble_is_for_one_host_and_ends(portal: ChangingPortal) -> None:
    url, other = (portal.url(portal.facts(key)[0]) for key in portal.keys)
    portal.trouble("down", "ucap-list-1")
    with pytest.raises(ConnectionResetError):
        ask(portal, url)
    assert ask(portal, other).status == 200
    assert portal.log[-2].status == 0
    portal.trouble("503", "ucap-list-1")
    assert ask(portal, url).status == 503
    portal.trouble("blocked", "ucap-list-1")
    assert (ask(portal, url).status, b"<script>" in ask(portal, url).body) == (412, True)
    portal.well()
    assert ask(portal, url).status == 200


def test_empty_lists_hide_reports_that_are_still_there(portal: ChangingPortal) -> None:
    column = portal.portals()[0]["column_url"]
    before = served(portal)
    portal.trouble("empty")
    assert ask(portal, column).status == 200
    assert not [url for url in before if urlsplit(url).path in ask(portal, column).text]
    assert served(portal) == before
    portal.well()
    assert [url for url in before if urlsplit(url).path in ask(portal, column).text]


def test_the_same_seed_and_calls_give_the_same_bytes(portal: ChangingPortal) -> None:
    def nights(on: ChangingPortal) -> tuple[list[Change], dict[str, bytes], list[bytes]]:
        changes = [change for seed in range(3) for change in on.night(seed)]
        return changes, served(on), [ask(on, row["home_url"]).body for row in on.portals()]

    first = nights(portal)
    portal.stop()
    with ChangingPortal(portal.port, seed=11, families=("ucap_list", "gkmlpt"), size=30) as again:
        assert nights(again) == first
    assert {change.kind for change in first[0]} >= {"new", "revised"}


def test_no_more_is_published_than_there_is(portal: ChangingPortal) -> None:
    with pytest.raises(ValueError, match="no report is left"):
        portal.new(99)


def test_the_mirror_keeps_what_it_copied() -> None:
    with ChangingPortal(0, families=("ucap_list", "mirror"), size=25) as portal:
        row = portal.portals()[-1]
        assert row["trust"] == "mirror"
        before = ask(portal, row["column_url"])
        paths = re.findall(r'<li><a href="([^"]+)"', before.text)
        copies = [ask(portal, row["home_url"] + path[1:]).body for path in paths]
        portal.revise(15)
        assert [ask(portal, row["home_url"] + path[1:]).body for path in paths] == copies
        assert before.status == 200
        assert len(paths) == 5
