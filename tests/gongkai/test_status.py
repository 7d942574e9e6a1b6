"""`gongkai status`: one screen, an exit code for programs, and no trace left in the archive."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from gongkai.watching.standing import as_screen, standing_of
from tests.gongkai.in_process import gongkai
from tests.gongkai.past_nights import FIRST, Nights, Yield

FLOOR = 64 * 1024**2


def wrong(nights: Nights, hours: float) -> list[str]:
    """What is wrong so many hours after the first night began."""
    standing = standing_of(nights.db, nights.archive.path, FLOOR, FIRST + timedelta(hours=hours))
    return [*standing.wrong]


def test_a_screen(tmp_path: Path) -> None:
    portals: dict[str, Yield] = {"a": 40, "b": 12, "c": (0, "challenge"), "d": (0, "timeout"), "e": 0, "f": 0}
    with Nights(tmp_path / "archive.db") as nights:
        nights.night(portals | {"f": 3})
        nights.night(portals)
        standing = standing_of(nights.db, nights.archive.path, FLOOR, FIRST + timedelta(hours=30))
        before = nights.archive.path.read_bytes()
        screen = as_screen(standing).splitlines()
        assert nights.archive.path.read_bytes() == before
    assert screen[1] == "last run  2, 2026-01-02T17:30:00Z to 2026-01-02T19:30:00Z: ok"
    assert screen[2] == "running   no"
    assert screen[3] == "next due  2026-01-03T17:30:00Z, a day after the last began"
    assert screen[4] == ("portals   6: 2 gave reports, 1 blocked, 1 unreachable, 1 never gave any, 1 gave none")
    assert {line.split(":")[0] for line in screen if line.startswith("alarm")} == {
        "alarm     blocked c (c县)",
        "alarm     unreachable d (d县)",
        "alarm     yield_collapsed f (f县)",
    }
    assert screen[-1] == "wrong     3 alarms open"


def test_what_is_wrong(tmp_path: Path) -> None:
    with Nights(tmp_path / "archive.db") as nights:
        assert wrong(nights, 0) == ["there was never a run"]
        nights.night({"a": 40})
        assert wrong(nights, 3) == []
        assert wrong(nights, 35) == []
        assert wrong(nights, 60) == ["no run for 2.5 days: is the scheduler on?"]
        nights.run({"a": 40}, "archive")
        assert wrong(nights, 30) == ["the last run had to end because the archive or its disk takes no more"]
        run_id = nights.run({}, None)
        assert wrong(nights, 50) == ["the last run did not come to its end"]
        with nights.archive.lock():
            assert wrong(nights, 50) == ["the last run had to end because the archive or its disk takes no more"]
            standing = standing_of(nights.db, nights.archive.path, FLOOR, FIRST + timedelta(hours=50))
            assert standing.running is not None
            assert standing.running.run_id == run_id
            assert "the run under way has been going for more than a day" in wrong(nights, 73)
        low = standing_of(nights.db, nights.archive.path, 10**15).wrong
        assert "the disk is about to be full" in low


@pytest.mark.parametrize("words", [(), ("--json",)])
def test_the_exit_code_says_whether_somebody_should_look(tmp_path: Path, words: tuple[str, ...]) -> None:
    with Nights(tmp_path / "archive.db") as nights:
        nights.night({"a": 40})
    shown = gongkai("status", "--archive", tmp_path / "archive.db", *words)
    assert shown.returncode == 1, "that night is long ago"
    if words:
        answer = json.loads(shown.stdout)
        assert (answer["ok"], answer["portals"], answer["last_run"]["verdict"]) == (False, {"gave reports": 1}, "ok")
    missing = gongkai("status", "--archive", tmp_path / "none.db", *words)
    assert (missing.returncode, missing.stdout) == (3, "")
    assert missing.stderr == f"gongkai: {tmp_path / 'none.db'}: there is no such archive\n"
