"""Reading again what an earlier reader has read otherwise: what changes, what is kept, and what must not happen."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from archive import Archive
from archive.reading import reading
from archive.rereading import Selection, units
from gongkai.rereading.batches import Batch, batches_of
from gongkai.rereading.reading import Reread, reread_batch
from gongkai.rereading.running import Plan, Run, answers, read_into, reread
from gongkai.rereading.spooling import Spool
from gongkai.rereading.writing import write
from gongkai.workers import Workers
from pipelines.forms.definitions import all_figures
from pipelines.model import Issue
from pipelines.version import reader_version
from tests.conftest import ROOT
from tests.gongkai.in_process import gongkai
from tests.gongkai.rereads import (
    EARLIER,
    FILE,
    LEADS,
    STUB,
    TOTAL,
    Readings,
    asked,
    blind,
    changes,
    contents,
    everything,
    no_report,
    of_agency,
    older,
    pages,
    titled,
    url,
    with_another_part,
)

OTHERWISE = {
    url("clean"): titled("年度报告"),
    url("gb2312"): blind(TOTAL),
    url("traditional"): of_agency("上冶镇人民政府"),
    url("word"): no_report,
    url("f2019_blank"): with_another_part,
}
ALL = Selection()
HERE = os.environ | {"PYTHONPATH": str(ROOT)}
AT_EVERY_READING = ("captures_read", "runs", "run_counts", "coverage_day")


@pytest.fixture(scope="module")
def readers() -> Iterator[Run]:
    """One worker process for all tests that need not see how it begins and ends."""
    with Workers(reread_batch, 1) as workers:
        yield workers.run


@pytest.fixture(scope="module")
def today(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[object, ...]]]:
    """What an archive says into which today's reader read the same pages."""
    return contents(older(tmp_path_factory.mktemp("today"), {}))


def again(path: Path, run: Run, selection: Selection = ALL) -> int:
    return reread(Plan(path, selection, yes=True), run)


class TestWhatIsReadOtherwise:
    def test_becomes_what_today_s_reader_reads(self, tmp_path: Path, today: object) -> None:
        """By the command itself, with processes of its own."""
        archive = older(tmp_path, OTHERWISE)
        assert contents(archive) != today
        done = gongkai("reread", "--archive", archive, "--old", "--workers", "2", "--yes", "--json")

        assert done.returncode == 0, done.stderr
        assert contents(archive) == today
        found = json.loads(done.stdout)
        assert (found["captures"], found["same"], found["changed"]) == (8, 3, 5)
        assert (found["reports"], found["keys"]["count"]) == (3, 1)
        assert found["appear"]["first"] == [f"卫滨区人民政府办公室 2024 own  {url('word')}"]
        assert found["vanish"]["first"] == [f"青禾县审计局 2019 own  {url('f2019_blank')}"]
        assert found["figures"] == {TOTAL: 1}
        assert found["kinds"] == {"null -> number": 1}
        assert found["others"]["title"] == 1
        assert f"{TOTAL} in 1: '0' -> 0, as in 衡山县贯塘乡人民政府 2024 own" in done.stderr
        assert "上冶镇人民政府 2023 own -> 下冶镇人民政府 2023 own" in done.stderr
        assert asked(archive, "SELECT command, verdict, exit_code FROM runs") == [("reread", "ok", 0)]
        assert dict(asked(archive, "SELECT name, value FROM run_counts"))["filed"] == 5
        assert asked(archive, "SELECT DISTINCT reader FROM captures_read") == [(reader_version(),)]

    def test_what_was_read_before_is_kept(self, tmp_path: Path, readers: Run) -> None:
        archive = older(tmp_path, OTHERWISE)
        again(archive, readers)

        former = asked(
            archive,
            "SELECT c.url, f.part, f.reading, f.agency, f.year, f.scope, f.reader FROM reading_revisions f"
            " JOIN captures c USING (capture_id) ORDER BY c.url, f.part",
        )
        assert former == [
            (url("clean"), 1, 1, "刚察县人民政府办公室", 2023, "own", EARLIER),
            (url("f2019_blank"), 2, 1, "青禾县审计局", 2019, "own", EARLIER),
            (url("gb2312"), 1, 1, "衡山县贯塘乡人民政府", 2024, "own", EARLIER),
            (url("traditional"), 1, 1, "上冶镇人民政府", 2023, "own", EARLIER),
        ]
        assert changes(archive, url("clean")) == {
            "title": ("年度报告", "刚察县人民政府办公室2023年度政府信息公开工作年度报告")
        }
        assert changes(archive, url("gb2312")) == {TOTAL: ("'0'", "0")}
        assert changes(archive, url("traditional")) == {"agency": ("上冶镇人民政府", "下冶镇人民政府")}
        gone = changes(archive, url("f2019_blank"))
        assert gone["report"] == ("yes", None)
        assert gone["agency"] == ("青禾县审计局", None)
        assert len(gone.keys() & all_figures().keys()) == 198
        told = gongkai("history", "下冶镇人民政府", "2023", "--archive", archive).stdout
        assert f"formerly  read by {EARLIER} at " in told
        assert "as 上冶镇人民政府 2023 own; 1 thing was otherwise" in told
        # The source has not changed: it is the first revision still, and for the second time that it was read.
        numbers = asked(archive, "SELECT r.revision, t.reading, count(*) FROM report_revisions r JOIN report_readings t"
                        " USING (report_id) GROUP BY 1, 2")  # fmt: skip
        assert numbers == [(1, 1, 3), (1, 2, 3)]

    def test_twice_is_once(self, tmp_path: Path, readers: Run) -> None:
        archive = older(tmp_path, OTHERWISE)
        again(archive, readers)
        before = everything(archive, *AT_EVERY_READING)
        again(archive, readers)
        assert everything(archive, *AT_EVERY_READING) == before
        with reading(archive) as db:
            assert list(units(db, Selection(old=True), 10)) == []

    def test_decisions_of_people_stand(self, tmp_path: Path, readers: Run) -> None:
        """On a figure that is read otherwise now, and in a report that turns out to be another agency's."""
        archive = older(tmp_path, {url("gb2312"): blind(TOTAL), url("traditional"): of_agency("上冶镇人民政府")})
        for agency, value in (("衡山县贯塘乡人民政府", "27"), ("上冶镇人民政府", "3")):
            year = 2024 if value == "27" else 2023
            ruled = gongkai("review", "correct", agency, year, TOTAL, value, "--why", "asked", "--by", "li",
                            "--archive", archive)  # fmt: skip
            assert ruled.returncode == 0, ruled.stderr
        again(archive, readers)
        figures = "SELECT agency, value, read_value, review FROM figures WHERE figure = ? AND review IS NOT NULL"
        assert sorted(asked(archive, figures, TOTAL)) == [
            ("下冶镇人民政府", 3, 2, "corrected"),
            ("衡山县贯塘乡人民政府", 27, 0, "corrected"),
        ]

    def test_a_copy_takes_the_place_of_what_is_no_report(self, tmp_path: Path, today: object, readers: Run) -> None:
        """What rested on a page that is none is not lost while another page says the same."""
        (word,) = (page.readings for page in pages() if page.url == url("word"))
        stub_first = sorted(pages(), key=lambda page: page.url not in (STUB, LEADS))
        archive = older(tmp_path, {STUB: lambda _: word}, stub_first)
        assert (url("word"), "twin") in asked(archive, "SELECT url, role FROM report_captures JOIN captures USING"
                                              " (capture_id)")  # fmt: skip
        assert again(archive, readers) == 0
        assert contents(archive) == today

    def test_a_file_is_read_under_what_its_page_says_today(self, tmp_path: Path, today: object, readers: Run) -> None:
        """The file has no heading of its own; an earlier reader took the page for another agency's."""
        other = of_agency("青禾县审计局")
        misled = [
            replace(page, origin=replace(page.origin, context=replace(page.origin.context, agency="青禾县审计局")))
            if page.url == FILE
            else page
            for page in pages()
        ]
        archive = older(tmp_path, {LEADS: other, FILE: other}, misled)
        assert again(archive, readers) == 0
        assert contents(archive) == today
        assert changes(archive, FILE)["agency"] == ("青禾县审计局", "青禾县财政局")

    def test_an_archive_of_before_digests_were_kept(self, tmp_path: Path, today: object, readers: Run) -> None:
        archive = older(tmp_path, {url("clean"): titled("年度报告")})
        with Archive.open(archive) as opened:
            opened.db.execute("UPDATE captures_read SET digest = NULL, reader = NULL, page_id = NULL")
            opened.db.execute("UPDATE report_readings SET reader = NULL, read_at = NULL")
        assert again(archive, readers) == 0
        assert contents(archive) == today
        assert [*changes(archive, url("clean"))] == ["title"]
        assert asked(archive, "SELECT count(*) FROM captures_read WHERE digest IS NULL") == [(0,)]


def test_former_readings_go_with_a_merge(tmp_path: Path, readers: Run) -> None:
    archive = older(tmp_path, {url("clean"): titled("年度报告"), url("traditional"): of_agency("上冶镇人民政府")})
    again(archive, readers)
    other = tmp_path / "joined" / "archive.db"
    joined = gongkai("merge", other, archive)
    assert joined.returncode == 0, joined.stderr
    for address in (url("clean"), url("traditional")):
        assert changes(other, address) == changes(archive, address) != {}
    readings = "SELECT reading, count(*) FROM report_readings GROUP BY 1"
    assert asked(other, readings) == asked(archive, readings)


class TestNothingIsWritten:
    def test_without_a_word_from_somebody(self, tmp_path: Path) -> None:
        archive = older(tmp_path, OTHERWISE)
        before = everything(archive)
        done = gongkai("reread", "--archive", archive, "--workers", "1")
        assert done.returncode == 1
        assert "not written: nobody is here to be asked" in done.stderr
        assert gongkai("reread", "--archive", archive, "--workers", "1", "--dry-run", "--yes").returncode == 0
        assert everything(archive) == before

    def test_after_a_no_on_a_terminal(self, tmp_path: Path) -> None:
        archive = older(tmp_path, OTHERWISE)
        before = everything(archive)
        master, terminal = pty.openpty()
        command = [sys.executable, "-m", "gongkai", "reread", "--archive", archive, "--workers", "1"]
        asking = subprocess.Popen(command, stdin=terminal, stderr=subprocess.PIPE, env=HERE)
        os.write(master, b"n\n")
        _, said = asking.communicate(timeout=60)
        os.close(terminal)
        os.close(master)
        assert b"Write this? [y/N]" in said
        assert asking.returncode == 1
        assert everything(archive) == before

    def test_where_nothing_is_selected(self, tmp_path: Path) -> None:
        archive = older(tmp_path, {})
        done = gongkai("reread", "--archive", archive, "--portal", "nowhere", "--yes")
        assert (done.returncode, "0 captures" in done.stderr) == (0, True)
        assert asked(archive, "SELECT * FROM runs") == []

    def test_over_what_somebody_else_has_filed_meanwhile(self, tmp_path: Path, readers: Run) -> None:
        archive = older(tmp_path, OTHERWISE)
        plan = Plan(archive, ALL)
        with Spool(archive) as spool:
            summary = read_into(spool, plan, readers)
            with Archive.open(archive) as opened:
                page = next(page for page in pages() if page.url == url("clean"))
                (capture,) = opened.db.execute("SELECT capture_id FROM captures WHERE url = ?", [page.url]).fetchone()
                opened.file(capture, titled("今夜")(page.readings), page.origin)
                found = write(opened, spool.answers(), summary)
        assert dict(found) == {"filed": 4, "changed meanwhile": 1}
        assert ("今夜",) in asked(archive, "SELECT title FROM reports")


class TestWhatFails:
    def test_a_damaged_record_is_named_and_the_rest_is_read(self, tmp_path: Path) -> None:
        archive = older(tmp_path, OTHERWISE)
        (name, offset) = asked(archive, "SELECT warc_file, warc_offset FROM captures WHERE url = ?", url("clean"))[0]
        with (tmp_path / "warc" / name).open("r+b") as file:
            file.seek(offset + 200)
            file.write(b"rust")
        done = gongkai("reread", "--archive", archive, "--workers", "1", "--yes")
        assert done.returncode == 1
        assert f"{url('clean')}: damaged record" in done.stderr
        assert ("年度报告",) in asked(archive, "SELECT title FROM reports")
        assert asked(archive, "SELECT verdict FROM runs") == [("incomplete",)]
        assert len(asked(archive, "SELECT * FROM captures_read WHERE reader = ?", EARLIER)) == 1

    def test_a_page_without_its_file_stays_as_it_is(self, tmp_path: Path, readers: Run) -> None:
        """What it is depends on what the file says of itself."""
        archive = older(tmp_path, {LEADS: titled("年度报告")})
        (name, offset) = asked(archive, "SELECT warc_file, warc_offset FROM captures WHERE url = ?", FILE)[0]
        with (tmp_path / "warc" / name).open("r+b") as file:
            file.seek(offset + 200)
            file.write(b"rust")
        before = contents(archive)
        assert again(archive, readers) == 1
        assert contents(archive) == before

    def test_a_document_that_kills_the_reader_is_named(self, tmp_path: Path) -> None:
        archive = older(tmp_path, {}, pages()[3:6])
        with Workers(dies_of_word, 1) as workers:
            found = list(answers(batches_of(archive, ALL), workers.run))
        failed = [(failure.url, failure.why.partition(":")[0]) for one in found for failure in one.failed]
        assert failed == [(url("word"), "reader_died")]
        assert sum(one.captures for one in found) == 3

    def test_a_fault_of_ours_is_one_line_and_writes_nothing(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        archive = older(tmp_path, OTHERWISE, pages()[3:4])
        before = contents(archive)
        monkeypatch.setattr("gongkai.rereading.running.reread_batch", fails)
        done = gongkai("reread", "--archive", archive, "--workers", "1", "--yes")
        assert done.returncode == 1
        assert done.stderr.splitlines()[-1] == (
            "gongkai: a worker failed, which is a fault of gongkai: KeyError: 'ours'; nothing is written"
        )
        assert "Traceback" not in done.stderr
        assert contents(archive) == before

    def test_killed_while_it_writes(self, tmp_path: Path, today: object, readers: Run) -> None:
        """In its third transaction: two pages are as they are read today, and the rest as it was."""
        archive = older(tmp_path, OTHERWISE)
        dying = [sys.executable, "-c", _DIES, "3", "reread", "--archive", archive, "--yes", "--workers", "1"]
        killed = subprocess.run(dying, env=HERE, capture_output=True, timeout=60)
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        assert len(asked(archive, "SELECT * FROM reading_revisions")) == 2
        assert again(archive, readers, Selection(old=True)) == 0
        assert contents(archive) == today
        assert [verdict for (verdict,) in asked(archive, "SELECT verdict FROM runs")] == ["died", "ok"]
        assert [path.name for path in tmp_path.iterdir() if path.name.startswith("tmp")] == []

    def test_stopped_before_a_bereft_copy_is_filed(self, tmp_path: Path, readers: Run) -> None:
        """An earlier reader took another's page for one more copy, and the report rested on that: the copy is read as
        it was, and the report is lost unless it is filed again, now or by the next reread."""
        copy, other = (next(page for page in pages() if page.url == url(name)) for name in ("clean", "gb2312"))
        archive = older(tmp_path, {other.url: lambda _: copy.readings}, [other, copy])
        expected = contents(older(tmp_path / "today", {}, [other, copy]))
        with Spool(archive) as spool:
            summary = read_into(spool, Plan(archive, ALL), readers)
            with Archive.open(archive) as opened:
                write(opened, islice(spool.answers(), 1), summary)
        assert asked(archive, "SELECT agency FROM reports") == [("衡山县贯塘乡人民政府",)]
        assert again(archive, readers, Selection(old=True)) == 0
        assert contents(archive) == expected

    def test_it_waits_for_who_is_writing(self, tmp_path: Path, today: object) -> None:
        archive = older(tmp_path, OTHERWISE)
        command = [sys.executable, "-m", "gongkai", "reread", "--archive", archive, "--yes", "--workers", "1"]
        waiting = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=HERE)
        with waiting:
            with Archive.open(archive) as crawl, crawl.lock():
                assert waiting.stderr is not None
                assert any(line.startswith("waiting") for line in iter(waiting.stderr.readline, ""))
                assert contents(archive) != today
            waiting.communicate(timeout=60)
        assert waiting.returncode == 0
        assert contents(archive) == today


@pytest.fixture(scope="module")
def selected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def doubted(readings: Readings) -> Readings:
        (read,) = readings
        return (replace(read, issues=(Issue("odd", "warning", "…"),)),)

    def nobody(readings: Readings) -> Readings:
        return tuple(replace(read, agency=None) for read in readings)

    path = older(tmp_path_factory.mktemp("selected"), {url("clean"): doubted, url("word"): nobody})
    with Archive.open(path) as opened:
        opened.enter_portal("q", {})
        named = "(SELECT capture_id FROM captures WHERE url = ?)"
        opened.db.execute(f"UPDATE captures_read SET portal_id = 'q' WHERE capture_id = {named}", [url("gb2312")])
        opened.db.execute(f"UPDATE captures_read SET reader = ? WHERE capture_id = {named}", [reader_version(), STUB])
    return path


class TestWhatIsSelected:
    """Pages with their files; options of one kind add up, those of several must all hold."""

    @pytest.mark.parametrize(
        ("selection", "expected"),
        [
            (Selection(portals=("q",)), ["gb2312"]),
            (Selection(years=(2023,)), ["clean", "traditional"]),
            (Selection(years=(2022,)), ["leads", "nb"]),
            (Selection(forms=("f2019",)), ["f2019_blank"]),
            (Selection(forms=("f2019", "f2021"), years=(2020, 2024)), ["f2019_blank", "gb2312"]),
            (Selection(issues=("odd",)), ["clean"]),
            (Selection(issues=("key_unknown",)), ["word"]),
            (Selection(issues=("key_unknown", "odd"), years=(2023,)), ["clean"]),
            (Selection(readers=(reader_version(),)), ["stub"]),
            (Selection(old=True, portals=("q",)), ["gb2312"]),
            (Selection(old=True, readers=(EARLIER,), portals=("q",)), ["gb2312"]),
            (Selection(old=True, readers=(reader_version(),)), []),
        ],
    )
    def test_by(self, selected: Path, selection: Selection, expected: list[str]) -> None:
        with reading(selected) as db:
            found = [piece.url for some in units(db, selection, 2) for unit in some for piece in unit.pieces]
        names = [address.rpartition("/")[2].partition(".")[0] for address in found]
        assert sorted(names) == sorted(expected)


def test_a_crawl_is_read_again_as_it_was_read(sample_archive: Path) -> None:
    """What lists say about pages goes with them: not one capture of a crawl is read otherwise."""
    done = gongkai("reread", "--archive", sample_archive, "--dry-run", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["captures"] == found["same"] > 50


def dies_of_word(batch: Batch) -> Reread:
    """A reader that one page kills."""
    if any(unit.page.url == url("word") for unit in batch.units):
        os.kill(os.getpid(), signal.SIGKILL)
    return reread_batch(batch)


def fails(batch: Batch) -> Reread:
    """A reader with a fault of ours."""
    raise KeyError("ours")


_DIES = """
import os, signal, sys
from gongkai.rereading import batches, writing
batches.AT_ONCE = writing._MOST_CHANGED = 1
at, file = int(sys.argv.pop(1)), writing.file_again

def file_again(*given):
    global at
    at -= 1
    done = file(*given)
    if at == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return done

writing.file_again = file_again
if __name__ == "__main__":
    from gongkai.cli import main
    main()
"""
