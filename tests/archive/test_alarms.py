"""What a night alarms of and what it does not: yields that collapse, hosts that block, no news."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from archive.nights import judging
from archive.nights.alarms import CODES, KEPT, forget, open_alarms
from archive.nights.portals import Fared
from tests.conftest import ROOT
from tests.gongkai.past_nights import FIRST, Nights, Yield

DOWN, BLOCKED, LEFT_ALONE = (0, "timeout"), (0, "challenge"), (0, "host_cooled")


@pytest.fixture
def nights(tmp_path: Path) -> Iterator[Nights]:
    with Nights(tmp_path / "archive.db") as nights:
        yield nights


@pytest.mark.parametrize(
    ("history", "codes"),
    [
        pytest.param([40, 40, 40], {}, id="no news"),
        pytest.param([40, 0], {"yield_collapsed": 1}, id="none any more"),
        pytest.param([40, 19], {"yield_collapsed": 1}, id="less than half"),
        pytest.param([40, 20], {}, id="half"),
        pytest.param([40, 0, 0, 0], {"yield_collapsed": 3}, id="none for three runs"),
        pytest.param([40, 0, 40], {}, id="none once"),
        pytest.param([4, 1], {}, id="few, and fewer"),
        pytest.param([4, 0], {"yield_collapsed": 1}, id="few, and none"),
        pytest.param([5, 2], {"yield_collapsed": 1}, id="from five on, less than half counts"),
        pytest.param([40, 32, 25, 19], {"yield_collapsed": 1}, id="slowly"),
        pytest.param([0, 0, 0, 0], {}, id="never any"),
        pytest.param([0, 0, 7], {}, id="the first ones"),
        pytest.param([40, *[10] * 14], {"yield_collapsed": 14}, id="fewer for two weeks"),
        pytest.param([40, *[10] * 15], {}, id="fewer for good"),
        pytest.param([40, *[0] * 20], {"yield_collapsed": 20}, id="none is never taken for normal"),
        pytest.param([40, (0, "no_report")], {"yield_collapsed": 1}, id="a fault that explains nothing"),
        pytest.param([40, (0, "not_found")], {"yield_collapsed": 1}, id="the column is gone"),
        pytest.param([40, DOWN], {}, id="down for a night"),
        pytest.param([40, DOWN, DOWN], {"unreachable": 1}, id="down for two"),
        pytest.param([40, DOWN, 40, DOWN], {}, id="down now and then"),
        pytest.param([40, DOWN, DOWN, 40], {}, id="up again"),
        pytest.param([40, (12, "server_error"), (12, "timeout")], {"unreachable": 1}, id="half of it down"),
        pytest.param([40, (38, "timeout"), DOWN], {}, id="a page lost, then down"),
        pytest.param([DOWN, DOWN], {"unreachable": 1}, id="down from the start"),
        pytest.param([BLOCKED], {"blocked": 1}, id="blocked from the start"),
        pytest.param([40, BLOCKED], {"blocked": 1}, id="blocked"),
        pytest.param([40, (38, "captcha")], {}, id="one page blocked"),
        pytest.param([40, BLOCKED, LEFT_ALONE, LEFT_ALONE], {"blocked": 3}, id="left alone"),
        pytest.param([40, BLOCKED, (39, "host_cooled")], {}, id="left alone in the end"),
        pytest.param([40, LEFT_ALONE], {}, id="left alone tells nothing"),
        pytest.param([40, BLOCKED, LEFT_ALONE, 40], {}, id="lets us in again"),
        pytest.param([40, BLOCKED, DOWN], {"blocked": 1}, id="blocked, then down: nothing new"),
        pytest.param([40, 0, DOWN], {"yield_collapsed": 1}, id="collapsed, then down: nothing new"),
        pytest.param([40, DOWN, DOWN, BLOCKED], {"blocked": 1}, id="down, then blocked: it answers"),
    ],
)
def test_what_a_history_alarms_of(nights: Nights, history: list[Yield], codes: dict[str, int]) -> None:
    for given in history:
        nights.night({"p": given, "well": 9})
    assert nights.open() == {("p", code): number for code, number in codes.items()}


def test_the_faults_are_those_of_the_crawler() -> None:
    from crawler import faults

    known = getattr(faults, "FAULTS", None)
    if known is None:
        pytest.skip("the crawler has no list of faults yet")
    transient, blocked = (
        {code for code, kind in known.items() if kind.meaning == word} for word in ("transient", "blocked")
    )
    assert transient <= judging.UNANSWERED <= known.keys()
    assert blocked == judging.BLOCKING | {judging.NOT_ASKED}


def test_every_alarm_is_documented() -> None:
    page = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    for code in CODES:
        assert f"| `{code}` |" in page, code


def test_an_alarm_is_told_once_and_when_it_is_over(nights: Nights) -> None:
    assert not nights.night({"p": 40})
    told = nights.night({"p": 0})
    assert [(alarm.code, alarm.portal_id, alarm.portal) for alarm in told.wrong] == [("yield_collapsed", "p", "p县")]
    assert "40 before" in told.wrong[0].message
    assert not nights.night({"p": 0})
    over = nights.night({"p": 40}).over
    assert [(alarm.code, alarm.portal_id, alarm.nights) for alarm in over] == [("yield_collapsed", "p", 2)]
    assert not nights.night({"p": 40})
    assert len(nights.night({"p": 0}).wrong) == 1, "it is another one"


def test_an_alarm_that_lasts_is_told_again_every_seven_runs(nights: Nights) -> None:
    nights.night({"p": 40, "new": BLOCKED})
    told = [number for number in range(1, 23) if nights.night({"p": 0, "new": BLOCKED}).wrong]
    assert told == [1, 8, 15, 22]


def test_that_a_portal_is_no_use_from_the_start_is_told_once(nights: Nights) -> None:
    told = [number for number in range(1, 12) if nights.night({"p": BLOCKED}).wrong]
    assert told == [1]


def test_what_nobody_was_told_is_told_the_next_time(nights: Nights) -> None:
    nights.night({"p": 40})
    nights.judge(nights.run({"p": 0}))  # and the webhook is down
    assert [alarm.code for alarm in nights.night({"p": 0}).wrong] == ["yield_collapsed"]
    nights.judge(nights.run({"p": 40, "q": BLOCKED}))
    told = nights.night({"p": 40, "q": 3})
    assert [alarm.portal_id for alarm in told.over] == ["p"], "that q was blocked nobody knew"


def test_judging_twice_is_judging_once(nights: Nights) -> None:
    for given in (40, 0, 0, BLOCKED, 40):
        run_id = nights.run({"p": given}, "ok")
        nights.judge(run_id)
        once = nights.db.execute("SELECT alarm_id, code, message, nights, last_at FROM alarms").fetchall()
        nights.judge(run_id)
        assert nights.db.execute("SELECT alarm_id, code, message, nights, last_at FROM alarms").fetchall() == once


def test_a_run_that_asked_for_less_judges_less(nights: Nights) -> None:
    nights.night({"p": 40, "q": 40, "r": 40})
    nights.night({"p": 40, "q": 40, "r": 0})
    nights.judge(nights.run({"p": 3, "q": BLOCKED}), partial=True)  # --limit 3: no yield is judged, a block is
    assert nights.open() == {("r", "yield_collapsed"): 1, ("q", "blocked"): 1}


def test_a_run_that_was_stopped_judges_the_portals_that_it_closed(nights: Nights) -> None:
    nights.night({"p": 40, "q": 40, "r": 40})
    nights.night({"p": 40, "q": 40, "r": 0})
    nights.night({"p": 0}, "stopped")
    assert nights.open() == {("p", "yield_collapsed"): 1, ("r", "yield_collapsed"): 1}


def test_a_portal_that_was_taken_out_alarms_nobody(nights: Nights) -> None:
    nights.night({"p": 40, "q": 9})
    nights.night({"p": 0, "q": 9})
    nights.night({"q": 9})
    assert nights.open() == {}


def test_a_run_that_could_not_store_how_a_portal_fared_does_not_take_it_for_taken_out(nights: Nights) -> None:
    nights.night({"p": 40, "q": 9})
    nights.night({"p": 0, "q": 9})
    run_id = nights.run({"q": 9}, "incomplete")
    nights._change(lambda: nights.db.table("run_counts").insert({"run_id": run_id, "name": "not_stored", "value": 1}))
    nights.judge(run_id)
    assert nights.open() == {("p", "yield_collapsed"): 1, ("", "not_stored"): 1}


def test_the_portal_that_a_limited_crawl_by_hand_asked_for_little_alarms_nobody(nights: Nights) -> None:
    nights.night({"p": 40})
    nights.run({"p": 3})
    assert not nights.night({"p": 40})
    nights.run({"p": 3})
    assert [alarm.code for alarm in nights.night({"p": 15}).wrong] == ["yield_collapsed"]


def test_many_more_failures_than_usual(nights: Nights) -> None:
    def lost(failures: int) -> Fared:
        return Fared(100, 40, 0, 0, 0, failures)

    assert not nights.night({"p": lost(8)})
    assert not nights.night({"p": lost(19)}), "a fifth is not many"
    (alarm,) = nights.night({"p": lost(45)}).wrong
    assert (alarm.code, alarm.portal_id) == ("failures_jump", None)
    assert "45 of 100" in alarm.message
    nights.night({"p": lost(8)})
    assert nights.open() == {}
    assert not nights.night({"p": Fared(7, 40, 0, 0, 0, 5)}), "five are few"


def test_a_usual_share_of_failures_is_no_news(nights: Nights) -> None:
    assert [alarm.code for alarm in nights.night({"p": Fared(100, 40, 0, 0, 0, 30)}).wrong] == ["failures_jump"]
    nights.night({"p": Fared(100, 40, 0, 0, 0, 30)})
    assert nights.open() == {}


def test_a_run_that_died(nights: Nights) -> None:
    nights.night({"p": 40})
    (alarm,) = nights.night({}, None).wrong
    assert alarm.code == "run_died"
    assert [alarm.code for alarm in nights.night({"p": 40}).over] == ["run_died"]


def test_a_run_that_was_cut_short_is_no_whole_one(nights: Nights) -> None:
    nights.night({"p": 40, "q": 40})
    nights.night({"p": 0, "q": 40})
    (alarm,) = nights.night({"q": 40}, "cut_short").wrong
    assert (alarm.code, "cut short" in alarm.message) == ("run_died", True)
    assert nights.open() == {("p", "yield_collapsed"): 1, ("", "run_died"): 1}, "p was not asked any more"
    assert [alarm.code for alarm in nights.night({"p": 0, "q": 40}).over] == ["run_died"]


def test_disk_and_archive(nights: Nights) -> None:
    mb = 1024**2
    assert judging.of_disk(16 * 64 * mb, 64 * mb) == {"disk_low": None}
    nights.judge(nights.run({"p": 40}, "archive"), judging.of_disk(16 * 64 * mb - 1, 64 * mb))
    assert set(nights.open()) == {("", "disk_low"), ("", "not_stored")}
    nights.judge(nights.run({"p": 40}), judging.of_disk(10**12, 64 * mb))
    assert nights.open() == {}


def test_pages_that_were_not_stored(nights: Nights) -> None:
    run_id = nights.run({"p": 40})
    nights._change(lambda: nights.db.table("run_counts").insert({"run_id": run_id, "name": "not_stored", "value": 2}))
    nights.judge(run_id)
    assert nights.open() == {("", "not_stored"): 1}
    assert open_alarms(nights.db)[0].message.startswith("2 pages")
    nights.night({"p": 40})
    assert nights.open() == {}


def test_portals_that_have_never_given_anything(nights: Nights) -> None:
    for number in range(3):
        run_id = nights.run({"silent": 0, "well": 40, "new": 0 if number == 2 else 1, "down": DOWN})
    assert [fare.portal_id for fare in judging.never_yielded(nights.db, run_id)] == ["down", "silent"]
    assert [fare.portal_id for fare in judging.never_yielded(nights.db, run_id - 1)] == []


def test_what_is_long_past_is_forgotten(nights: Nights) -> None:
    nights.run({"p": 40, "q": 9})
    nights.run({"p": 40})
    assert forget(nights.db, FIRST) == 0
    assert forget(nights.db, FIRST + timedelta(hours=1)) == 2
    assert timedelta(days=366) < KEPT


def test_a_message_from_a_stranger_is_one_line(nights: Nights) -> None:
    nights.night({"p": 40})
    nights.night({"p": Fared(3, 0, 0, 0, 0, 1, "no_report", "two\nlines" + "x" * 1000)})
    (alarm,) = open_alarms(nights.db)
    assert "\n" not in alarm.message
    assert len(alarm.message) <= 300
    assert alarm.code in CODES


def test_three_thousand_portals_are_judged_in_a_moment(nights: Nights) -> None:
    many: dict[str, Yield] = {f"p{number:04}": 40 for number in range(3000)}
    nights.run(many)
    begun = time.process_time()
    nights.judge(nights.run(dict.fromkeys(many, 0)))
    assert time.process_time() - begun < 3
    assert len(nights.open()) == 3000
