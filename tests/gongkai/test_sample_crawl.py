"""The main job: the sample portal crawled, kept, read and filed, compared with what it publishes, figure by figure."""

from __future__ import annotations

import json
import os
import pty
import shutil
import sqlite3
import subprocess
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from archive import Archive
from crawler.portals import write_portals
from crawler.sample_portal import SamplePortal, expected, load
from tests.conftest import BIN, run

FACTS = {(fact.agency, fact.year): fact for fact in load()}


def rows(archive: Path, sql: str, *parameters: object) -> list[sqlite3.Row]:
    with sqlite3.connect(archive) as db:
        db.row_factory = sqlite3.Row
        return db.execute(sql, parameters).fetchall()


def test_every_agency_year_is_archived_and_nothing_else(sample_archive: Path) -> None:
    found = [(row["agency"], row["year"]) for row in rows(sample_archive, "SELECT agency, year FROM reports")]
    assert sorted(found) == sorted(FACTS)
    assert len({agency for agency, _ in FACTS}) >= 12
    assert {2022, 2023, 2024} <= {year for _, year in FACTS}


def test_every_figure_equals_the_facts(sample_archive: Path) -> None:
    archived: dict[tuple[str, int], dict[str, sqlite3.Row]] = defaultdict(dict)
    for row in rows(sample_archive, "SELECT agency, year, figure, value, raw, state FROM figures"):
        archived[row["agency"], row["year"]][row["figure"]] = row
    for key, fact in FACTS.items():
        assert set(archived[key]) == set(fact.printed), key
        for figure, printed in fact.printed.items():
            number, value = expected(printed), archived[key][figure]["value"]
            assert (value is None) == (number is None), (key, figure, printed)
            assert number is None or float(number) == value, (key, figure, printed)
            assert archived[key][figure]["raw"].strip() == printed.strip(), (key, figure)


def test_a_blank_a_mark_and_a_zero_stay_apart(sample_archive: Path) -> None:
    states = {
        row["state"]: row["n"] for row in rows(sample_archive, "SELECT state, count(*) n FROM figures GROUP BY 1")
    }
    assert {"number", "blank", "slash", "dash"} <= set(states)
    wrong = "SELECT count(*) n FROM figures WHERE (state = 'number') <> (value IS NOT NULL) OR typeof(value) = 'text'"
    assert rows(sample_archive, wrong)[0]["n"] == 0


def test_each_report_is_read_in_the_form_that_it_is_printed_in(sample_archive: Path) -> None:
    forms = {(row["agency"], row["year"]): row["form"] for row in rows(sample_archive, "SELECT * FROM reports")}
    assert forms == {key: fact.form for key, fact in FACTS.items()}


def test_the_mirror_alone_gives_its_own_report_and_only_captures_of_others(sample_archive: Path) -> None:
    mirrored = rows(sample_archive, "SELECT agency, year, revision FROM reports WHERE trust = 'mirror'")
    assert [tuple(row) for row in mirrored] == [("苏州市姑苏区党政办公室", 2024, 1)]
    copies = {key for key, fact in FACTS.items() if fact.mirrors}
    with_copy = "SELECT agency, year FROM reports JOIN report_captures USING (report_id) WHERE role = 'mirror'"
    assert {(row["agency"], row["year"]) for row in rows(sample_archive, with_copy)} == copies
    assert len(copies) == 2
    assert {
        row["trust"] for row in rows(sample_archive, "SELECT trust FROM reports WHERE url NOT LIKE '%mirror%'")
    } == {"official"}


def test_look_alikes_are_passed_by_and_named(sample_archive: Path) -> None:
    pages = rows(sample_archive, "SELECT url, outcome, reason FROM pages WHERE outcome <> 'report'")
    assert [row["reason"] for row in pages if row["outcome"] == "not_a_report"] == [
        "a stub that only forwards elsewhere"
    ]
    assert all(row["reason"] for row in pages)


def test_robots_are_obeyed(sample_archive: Path) -> None:
    private = rows(sample_archive, "SELECT outcome FROM pages WHERE url LIKE '%/private/%'")
    assert [row["outcome"] for row in private] == ["forbidden"]
    assert rows(sample_archive, "SELECT 1 FROM captures WHERE url LIKE '%/private/%'") == []


def test_the_true_figures_raise_no_issue(sample_archive: Path) -> None:
    assert [tuple(row) for row in rows(sample_archive, "SELECT agency, year, code, message FROM open_issues")] == []


def test_sections_hold_the_narrative_without_tables_or_the_page_around_them(sample_archive: Path) -> None:
    sections = rows(sample_archive, "SELECT report_id, number, text FROM sections")
    numbers = defaultdict(list)
    for row in sections:
        numbers[row["report_id"]].append(row["number"])
    assert all(found == [1, 2, 3, 4, 5, 6] for found in numbers.values())
    text = "\n".join(row["text"] for row in sections)
    for foreign in ("版权所有", "ICP备", "上一篇", "相关链接", "本年制发件数", "结果纠正"):
        assert foreign not in text


def test_a_second_crawl_changes_nothing(sample_archive: Path, tmp_path: Path) -> None:
    archive = tmp_path / "archive.db"
    shutil.copytree(sample_archive.parent / "warc", tmp_path / "warc")
    with sqlite3.connect(sample_archive) as source, sqlite3.connect(archive) as target:
        source.backup(target)
    before = stored(archive)
    (tmp_path / "gongkai.toml").write_text("delay = 0\n", encoding="utf-8")
    with portal_of(sample_archive) as portal, (tmp_path / "portals.csv").open("w", encoding="utf-8") as table:
        write_portals(table, portal.portals())
        table.flush()
        again = run("gongkai", "crawl", "--portals", table.name, "--archive", archive, cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    assert f"{len(FACTS) + 2} reports" in again.stderr
    assert stored(archive) == before


@contextmanager
def portal_of(archive: Path) -> Iterator[SamplePortal]:
    """The sample portal where it was when that archive was made: another test may be at the usual port just now."""
    (url,) = rows(archive, "SELECT url FROM captures LIMIT 1")
    portal = SamplePortal(urlsplit(url["url"]).port or 0, None, None)
    for attempt in range(60):
        try:
            portal.start()
            break
        except OSError:
            assert attempt < 59, "its port is still taken"
            time.sleep(0.5)
    try:
        yield portal
    finally:
        portal.stop()


def stored(archive: Path) -> dict[str, list[tuple[object, ...]]]:
    """Reports, figures, sections and issues, without the moments of being seen."""
    tables = {
        "reports": "report_id, agency, year, scope, revision, is_current, form, title, trust, first_seen",
        "figures": "*",
        "sections": "*",
        "issues": "*",
        "cells": "*",
        "indicators": "*",
    }
    return {
        name: sorted(map(repr, map(tuple, rows(archive, f"SELECT {columns} FROM {name}"))))
        for name, columns in tables.items()
    }


def test_every_warc_passes_the_check(sample_archive: Path) -> None:
    files = sorted((sample_archive.parent / "warc").glob("*.warc.gz"))
    assert files
    check = run("warcio", "check", *files)
    assert (check.returncode, check.stdout.strip()) == (0, ""), check.stdout


def test_extract_of_a_record_out_of_the_warc_equals_what_is_stored(sample_archive: Path, tmp_path: Path) -> None:
    sql = """SELECT report_id, agency_printed, year, form, warc_file, warc_offset FROM report_revisions
             JOIN report_readings USING (report_id) JOIN captures USING (capture_id) ORDER BY report_id"""
    for row in rows(sample_archive, sql)[::4]:
        warc = sample_archive.parent / "warc" / row["warc_file"]
        with (tmp_path / "page").open("wb") as page:
            run_bytes = run_to(page, "warcio", "extract", "--payload", warc, str(row["warc_offset"]))
        assert run_bytes == 0
        answer = json.loads(run("gongkai", "extract", tmp_path / "page").stdout)
        assert (answer["agency"], answer["year"], answer["form"]) == (row["agency_printed"], row["year"], row["form"])
        figures = rows(sample_archive, "SELECT figure, value FROM figures WHERE report_id = ?", row["report_id"])
        assert answer["figures"] == {figure["figure"]: figure["value"] for figure in figures}
        sections = rows(
            sample_archive, "SELECT * FROM sections WHERE report_id = ? ORDER BY position", row["report_id"]
        )
        assert [(s["number"], s["heading"], s["text"]) for s in answer["sections"]] == [
            (s["number"], s["heading"], s["text"]) for s in sections
        ]


def run_to(stream: object, *command: object) -> int:
    return subprocess.run([str(BIN / str(command[0])), *map(str, command[1:])], stdout=stream, check=False).returncode


def test_extract_reads_a_whole_warc_file(sample_archive: Path) -> None:
    (warc,) = (sample_archive.parent / "warc").glob("*.warc.gz")
    answers = [json.loads(line) for line in run("gongkai", "extract", warc).stdout.splitlines()]
    keys = {(answer["agency"], answer["year"]) for answer in answers if answer["report"]}
    assert keys == set(FACTS)
    assert all(answer["url"].startswith("http://") for answer in answers)


def test_what_the_archive_gives_back_is_what_was_fetched(sample_archive: Path) -> None:
    with Archive.open(sample_archive) as archive:
        for row in rows(sample_archive, "SELECT capture_id, url FROM captures"):
            assert archive.read(row["capture_id"]).url == row["url"]


@pytest.mark.parametrize(
    "question",
    [
        "select agency, year, natural_person, total from applications where row = 'new_received'",
        "select agency, year, figure, value from figures where figure like 'applications.new_received.%'",
    ],
)
def test_a_researchers_question_is_one_short_select(sample_archive: Path, question: str) -> None:
    answer = run("sqlite-utils", "query", sample_archive, question)
    assert answer.returncode == 0, answer.stderr
    found = {(row["agency"], row["year"]) for row in json.loads(answer.stdout)}
    assert found == set(FACTS)


def test_a_terminal_shows_how_far_the_crawl_has_come(tmp_path: Path) -> None:
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(tmp_path)
        os.execv(BIN / "gongkai", ["gongkai", "crawl", "--sample", "--portal", "sample-gkmlpt"])
    shown = b""
    while True:
        try:
            part = os.read(terminal, 4096)
        except OSError:  # the way in which Linux says that the other end is closed
            break
        if not part:
            break
        shown += part
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert b"reading:" in shown
    assert b"verdict   ok" in shown
