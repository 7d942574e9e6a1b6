"""A night on which nothing has changed asks for lists only; what has changed is noticed, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from crawler.sample_portal.changing import Change
from tests.gongkai.nights import COUNTED, Night, Operator, operated


@dataclass(frozen=True)
class Week:
    """The first night, one on which nothing has changed, one on which something has, and those after it."""

    operator: Operator
    first: Night
    idle: Night
    changes: list[Change]
    busy: Night
    after: Night

    @property
    def deleted(self) -> list[Change]:
        return [change for change in self.changes if change.kind == "deleted"]


@pytest.fixture(scope="module")
def week() -> Iterator[Week]:
    with operated(("ucap_list", "gkmlpt"), size=36) as operator:
        portal, first, idle = operator.portal, operator.night(), operator.night()
        changes = [*portal.new(3), *portal.revise(2), *portal.delete(1)]
        yield Week(operator, first, idle, changes, operator.night(), operator.night())


def test_the_first_night_finds_everything(week: Week) -> None:
    assert week.first.exit_code == 0, week.first.said
    assert week.first.noticed["reports_new"] >= 50
    assert week.first.noticed["reports_known"] == 0


def test_a_night_without_news_asks_for_lists_only(week: Week) -> None:
    assert week.idle.exit_code == 0, week.idle.said
    assert week.idle.articles == []
    met = week.first.noticed["reports"]
    assert week.idle.noticed == dict.fromkeys(COUNTED, 0) | {"reports": met, "reports_known": met}


@pytest.mark.parametrize("host", ["ucap-list-1", "gkmlpt-1"])
def test_a_night_without_news_costs_a_tenth_of_the_first(week: Week, host: str) -> None:
    assert len(week.operator.portal.facts(host)) >= 20
    assert week.idle.requests[host] <= week.first.requests[host] / 10


def test_a_night_without_news_leaves_the_evidence_as_it_is(week: Week) -> None:
    """The bytes are there once, however often they were answered, and it is known when that was last."""
    captures = week.operator.rows("SELECT url, payload_digest, status, count(*) FROM captures GROUP BY 1, 2, 3")
    assert [row for row in captures if row[3] != 1] == []
    seen = week.operator.rows("SELECT count(*) FROM captures WHERE seen_at > fetched_at")
    assert int(str(seen[0][0])) >= 4  # the lists


def test_what_has_changed_is_noticed_and_nothing_else(week: Week) -> None:
    assert week.busy.exit_code == 0, week.busy.said
    assert [week.busy.noticed[f"reports_{kind}"] for kind in ("new", "revised", "gone")] == [3, 2, 1]
    portal, there = week.operator.portal, [change.fact for change in week.changes if change.kind != "deleted"]
    changed = {place for fact in there for place in (portal.url(fact), portal.file(fact)) if place}
    assert {f"http://{place.replace('/', f':{portal.port}/', 1)}" for place in week.busy.articles} == changed
    assert [week.after.noticed[f"reports_{kind}"] for kind in ("new", "revised", "gone")] == [0, 0, 0]
    assert week.after.articles == []


def test_the_archive_is_what_the_portal_publishes(week: Week) -> None:
    assert week.operator.differences([change.fact for change in week.deleted]) == []


def test_a_report_that_is_gone_keeps_its_figures_and_its_last_day(week: Week) -> None:
    (change,) = week.deleted
    rows = week.operator.rows(
        "SELECT r.last_seen, r.gone_at, (SELECT max(started_at) FROM runs WHERE run_id = 2), count(f.figure)"
        " FROM reports r JOIN figures f USING (report_id) WHERE r.gone_at IS NOT NULL GROUP BY r.report_id"
    )
    assert len(rows) == 1
    last_seen, gone_at, listed_last, figures = rows[0]
    assert str(listed_last) <= str(last_seen) < str(gone_at)  # it was in the list on the night before
    assert figures == len(change.fact.printed)


def test_a_change_without_a_word_is_noticed_when_it_is_time(week: Week) -> None:
    """Nothing in the list tells; the page is asked for again after `recheck_days`, here at once."""
    portal, deleted = week.operator.portal, [change.fact for change in week.deleted]
    portal.revise(2, silently=True)
    assert week.operator.night().noticed["reports_revised"] == 0
    assert len(week.operator.differences(deleted)) > 0
    looked = week.operator.night("-s", "GONGKAI_RECHECK_DAYS=0")
    assert looked.noticed["reports_revised"] == 2
    assert len(looked.articles) <= 3  # the others had not changed, and the server said so
    assert week.operator.differences(deleted) == []


def test_what_comes_back_is_noticed(week: Week) -> None:
    week.operator.portal.restore()
    week.operator.night()
    assert week.operator.differences() == []
