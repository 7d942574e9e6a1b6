"""`gongkai review` and `gongkai history` as a person uses them, between two nightly crawls of a portal that changes."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive import Archive
from tests.conftest import BIN, run
from tests.gongkai import in_process
from tests.gongkai.two_nights import AGENCY, GONE, GRANTED, IN_FORCE, TwoNights, served

WHY = ("--why", "seen on paper", "--by", "li")


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoNights]:
    folder = tmp_path_factory.mktemp("nights")
    nights = TwoNights(folder)
    with served(nights.documents, folder / "portals.csv"):
        nights.crawl()
        yield nights


def gongkai(nights: TwoNights, *words: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    return in_process.gongkai(*words, "--archive", nights.archive, stdin=stdin)


def todo(nights: TwoNights) -> dict[str, dict[str, Any]]:
    answer = gongkai(nights, "review", "list", "--format", "json")
    assert answer.returncode == 0, answer.stderr
    return {row["figure"]: row for row in json.loads(answer.stdout)}


def shown(nights: TwoNights, figure: str) -> tuple[Any, ...]:
    with sqlite3.connect(nights.archive) as db:
        query = "SELECT value, read_value, raw, review, flag FROM figures WHERE agency = ? AND figure = ?"
        row: tuple[Any, ...] = db.execute(query, [AGENCY, figure]).fetchone()
        return row


def test_the_first_night_leaves_doubts(nights: TwoNights) -> None:
    doubts = todo(nights)
    assert set(doubts) >= {IN_FORCE, GRANTED}
    assert doubts[IN_FORCE].items() >= {"raw": "l5", "read": None, "codes": "cell_unreadable", "year": 2023}.items()
    assert "t3_row_total" in doubts[GRANTED]["codes"]
    table = gongkai(nights, "review", "list", "--code", "cell_unreadable", "--year", "2023", "--agency", AGENCY[:3])
    assert table.stdout.count(AGENCY) == 1
    assert table.stderr == "1 doubtful figure\n"
    for nothing in (("--year", "2001"), ("--province", "江苏省"), ("--portal", "x"), ("--report", "99")):
        assert gongkai(nights, "review", "list", *nothing).stderr == "no doubtful figures\n"
    one = gongkai(nights, "review", "list", "--limit", "1", "--format", "csv")
    assert len(list(csv.DictReader(io.StringIO(one.stdout)))) == 1
    assert "of more (--limit 0 shows all)" in one.stderr


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("accept", "没有这样的机关", "2023", GRANTED, *WHY), 1, "there is no agency 没有这样的机关"),
        (("accept", AGENCY, "2019", GRANTED, *WHY), 1, f"{AGENCY} has no report on 2019; there are reports on 2023"),
        (("correct", AGENCY, "2023", GRANTED, "two", *WHY), 1, "not a number: 'two'"),
        (("correct", AGENCY, "2023", "granted", "2", *WHY), 1, "no form has a figure granted"),
        (("accept", AGENCY, "2023", *WHY), 2, "give AGENCY YEAR FIGURE…, or --report ID alone"),
        (("accept", "--report", "99", *WHY), 1, "there is no report 99"),
        (("accept", AGENCY, "2023", GRANTED), 2, "Missing option '--why'"),
        (("accept", AGENCY, "2023", GRANTED, "--why", "x", "--by", " "), 2, "who decides?"),
        (("undo", AGENCY, "2023", GRANTED), 1, "nothing is decided"),
        (("list", "--code", "nonsense"), 1, "no issue has the code nonsense; there are "),
        (("apply", "missing.csv"), 2, "missing.csv: no such file or directory"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(
    nights: TwoNights, words: tuple[str, ...], code: int, says: str
) -> None:
    answer = gongkai(nights, "review", *words)
    assert answer.returncode == code, answer.stderr
    assert says in answer.stderr
    assert "Traceback" not in answer.stderr
    assert answer.stdout == ""


def test_there_must_be_an_archive_and_nobody_else_writing(nights: TwoNights, tmp_path: Path) -> None:
    answer = in_process.gongkai("review", "undo", AGENCY, "2023", GRANTED, "--archive", tmp_path / "none.db")
    assert (answer.returncode, list(tmp_path.iterdir())) == (3, [])
    assert answer.stderr == f"gongkai: {tmp_path / 'none.db'}: there is no such archive\n"
    with Archive.open(nights.archive) as archive, archive.lock():
        answer = run("gongkai", "review", "accept", AGENCY, "2023", GRANTED, *WHY, "--archive", nights.archive)
        assert (answer.returncode, "another gongkai is writing to it" in answer.stderr) == (4, True)
        assert gongkai(nights, "review", "list").returncode == 0


def test_a_file_of_decisions_is_taken_as_a_whole_or_not_at_all(nights: TwoNights, tmp_path: Path) -> None:
    listed = gongkai(nights, "review", "list", "--format", "csv").stdout
    rows = [row for row in csv.DictReader(io.StringIO(listed)) if row["figure"] in (IN_FORCE, GRANTED)]
    decisions = {IN_FORCE: ("correct", "15"), GRANTED: ("accept", "")}
    out = io.StringIO()
    writer = csv.DictWriter(out, [*rows[0], "decision", "value", "why"])
    writer.writeheader()
    for row in rows:
        decision, value = decisions[row["figure"]]
        writer.writerow(row | {"decision": decision, "value": value, "why": "seen"})
    wrong = out.getvalue() + ",".join(["x"] * len(writer.fieldnames)) + "\n"
    refused = gongkai(nights, "review", "apply", "-", "--by", "li", stdin=wrong)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == "gongkai: -, line 4: not a year: 'x'\n"
    assert shown(nights, GRANTED)[3] is None
    (tmp_path / "decisions.csv").write_text("\ufeff" + out.getvalue(), encoding="utf-8")
    taken = gongkai(nights, "review", "apply", str(tmp_path / "decisions.csv"), "--by", "li")
    assert taken.returncode == 0, taken.stderr
    assert shown(nights, IN_FORCE) == (15, None, "l5", "corrected", None)
    assert shown(nights, GRANTED) == (7, 7, "7", "accepted", None)
    assert set(todo(nights)) & {IN_FORCE, GRANTED} == set()
    lines = [
        {"agency": AGENCY, "year": 2023, "figure": IN_FORCE, "decision": "undo"},
        {"agency": AGENCY, "year": 2023, "figure": GRANTED, "decision": "undo"},
    ]
    told = "".join(json.dumps(line) + "\n" for line in lines)
    undone = run("gongkai", "review", "apply", "-", "--archive", nights.archive, input=told)
    assert undone.returncode == 0, undone.stderr
    assert shown(nights, IN_FORCE) == (None, None, "l5", None, "cell_unreadable")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "the head has no agency and no year"),
        ("agency,year,figure\n", "the head has no decision"),
        ("agency,year,figure,decision\n", "no decision in it"),
        ('{"agency": 1\n', "line 1: not JSON"),
        ('{"agency": "x", "year": 2023, "figure": "y", "decision": "maybe"}', "line 1: not a decision: 'maybe'"),
        ('{"agency": "x", "year": 2023, "figure": "y"}', "line 1: no decision"),
        ("agency,year,figure,decision\nx,2023\n", "line 2: more or fewer cells than the head"),
    ],
)
def test_a_file_that_makes_no_sense(nights: TwoNights, text: str, says: str) -> None:
    answer = gongkai(nights, "review", "apply", "-", stdin=text)
    assert answer.returncode == 1
    assert says in answer.stderr


def test_a_decision_is_carried_over_or_reopened_when_the_page_changes(nights: TwoNights) -> None:
    corrected = gongkai(nights, "review", "correct", AGENCY, "2023", IN_FORCE, "15", *WHY)
    assert "(printed 'l5'): corrected to 15, which settles cell_unreadable" in corrected.stdout
    accepted = gongkai(nights, "review", "accept", AGENCY, "2023", "granted.total", *WHY)
    assert "accepted as 7, which settles t3_" in accepted.stdout
    assert shown(nights, IN_FORCE) == (15, None, "l5", "corrected", None)
    nights.change()
    nights.crawl()
    assert shown(nights, IN_FORCE) == (16, 16, "16", "reopened", "decision_reopened")
    assert shown(nights, GRANTED) == (7, 7, "7", "accepted", None)
    assert "now '16' is printed, and read as 16: decide again" in todo(nights)[IN_FORCE]["message"]
    decided = gongkai(nights, "review", "decisions", "--format", "json", "--state", "reopened", "--agency", AGENCY)
    (row,) = json.loads(decided.stdout)
    assert (row["figure"], row["decided_by"], row["why"], row["raw"]) == (IN_FORCE, "li", "seen on paper", "l5")


def test_history_tells_all_of_it(nights: TwoNights) -> None:
    told = gongkai(nights, "history", AGENCY, "2023")
    assert told.returncode == 0, told.stderr
    assert "revision 2 (current)" in told.stdout
    assert f"changed   {IN_FORCE}: null 'l5' -> 16  (行政规范性文件: 现行有效件数)" in told.stdout
    assert "carried over from decision" in told.stdout
    answer = json.loads(gongkai(nights, "history", AGENCY, "2023", "--format", "json").stdout)
    assert [row["revision"] for row in answer["revisions"]] == [1, 2]
    assert [row["figure"] for row in answer["changes"]] == [IN_FORCE]
    assert {row["role"] for row in answer["captures"]} == {"page"}
    assert len(answer["captures"]) == 2
    gone = gongkai(nights, "history", GONE, "2024")
    assert re.search(r"vanished  by 20\S+Z: gone: status 404", gone.stdout)
    assert gongkai(nights, "history", AGENCY, "2019").returncode == 1


def test_the_original_of_each_night(nights: TwoNights, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    now = gongkai(nights, "original", AGENCY, "2023")
    assert now.returncode == 0, now.stderr
    (file,) = tmp_path.iterdir()
    assert now.stdout == f"{file.name}\n"
    assert file.read_bytes() == nights.page.read_bytes()
    before = tmp_path / "before"
    assert gongkai(nights, "original", AGENCY, "2023", "--revision", "1", "-o", str(before)).returncode == 0
    assert before.read_text(encoding="utf-8") == nights.page.read_text(encoding="utf-8").replace(">16<", ">l5<")
    again = gongkai(nights, "original", AGENCY, "2023", "-o", str(before))
    assert (again.returncode, "is there already; --force overwrites it" in again.stderr) == (2, True)
    assert before.read_text(encoding="utf-8").count("l5") == 1
    assert gongkai(nights, "original", AGENCY, "2023", "-o", str(before), "--force").returncode == 0
    assert before.read_bytes() == nights.page.read_bytes()
    piped = subprocess.run(
        [BIN / "gongkai", "original", AGENCY, "2023", "-o", "-", "--archive", nights.archive], capture_output=True
    )
    assert piped.stdout == nights.page.read_bytes()


def test_the_original_is_not_for_a_terminal(nights: TwoNights) -> None:
    master, terminal = pty.openpty()
    command = [BIN / "gongkai", "original", AGENCY, "2023", "-o", "-", "--archive", nights.archive]
    shown = subprocess.run(command, stdout=terminal, stderr=subprocess.PIPE, text=True)
    os.close(terminal)
    os.close(master)
    assert shown.returncode == 2
    assert "not for a terminal" in shown.stderr
