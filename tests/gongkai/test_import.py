"""`gongkai import`: what somebody else fetched comes in with its evidence, once, however it comes."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from warcio.archiveiterator import ArchiveIterator

from archive import ArchiveFailing
from archive.incoming import records_of
from archive.payloads import LIMIT
from archive.store import Archive
from crawler.portals import REQUIRED, Portal
from gongkai.importing.filing import Tally, Writer
from gongkai.importing.running import Import
from gongkai.importing.scanning import Slip, Task, work
from gongkai.importing.sources import SLICE, portions_of, tasks_of, typed_in
from gongkai.importing.trust import Hosts
from gongkai.workers import Workers
from pipelines.decode import decode
from tests.gongkai.foreign import REPORTS, Page, answer, filler, golden, reports, write_warc, zipped
from tests.gongkai.in_process import gongkai

LISTED, PUBLIC, OTHER = "www.listed.example", "www.public.gov.cn", "gov.cn.example"
Importing = Callable[..., subprocess.CompletedProcess[str]]

FIGURES = "SELECT figure, value FROM figures WHERE url = ?"
REVISIONS = "SELECT agency, year, revision, is_current, trust, url, first_seen, last_seen FROM reports ORDER BY 1, 2, 3"
RECORDS = (
    "SELECT i.source, i.record_offset, i.kind, i.record_id, c.url, c.fetched_at, c.status, c.payload_digest,"
    " c.member_digest FROM imported_records i JOIN captures c USING (capture_id) ORDER BY 1, 2"
)
SOURCES = (
    "SELECT name, digest, size, start, until, records, documents, passed, reports, damaged"
    " FROM imported_sources JOIN imported_slices USING (source_id) ORDER BY 1"
)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "archive" / "archive.db"


@pytest.fixture
def portals(tmp_path: Path) -> Path:
    path = tmp_path / "portals.csv"
    rows = [
        [*REQUIRED, "trust"],
        ["listed", "某县人民政府", "632224", f"https://{LISTED}/", "", "", ""],
        ["copies", "某网", "", "https://copies.example/", "", "", "mirror"],
    ]
    path.write_text("\n".join(map(",".join, rows)), encoding="utf-8")
    return path


@pytest.fixture
def importing(archive: Path, portals: Path) -> Importing:
    def run(*sources: object, code: int = 0, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        done = gongkai(
            "import", *sources, "--archive", archive, "--portals", portals, "--workers", 1, stdin=stdin
        )  # fmt: skip
        assert done.returncode == code, done.stderr
        return done

    return run


def ask(path: Path, sql: str, *values: object) -> list[tuple[Any, ...]]:
    with Archive.open(path) as opened:
        return opened.db.execute(sql, values).fetchall()


def text_of(name: str) -> str:
    """The text of a golden report, as somebody takes it out of a page."""
    page = html.fromstring(decode(golden(name)).text)
    return "\n".join(line.strip() for line in page.text_content().splitlines() if line.strip())


def said(path: Path) -> list[list[tuple[Any, ...]]]:
    """All that an archive says of imports, without ids and without when it was told."""
    figures = "SELECT agency, year, scope, figure, value, state, raw, flag, url FROM figures ORDER BY 1, 2, 3, 4"
    issues = "SELECT level, code, message, figure, agency, year FROM open_issues ORDER BY 1, 2, 3, 4, 5, 6"
    return [ask(path, sql) for sql in (figures, REVISIONS, issues, RECORDS, SOURCES)]


CUT = replace(reports()[-1], cut="length")


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, str]:
    """A WARC file, the archive into which it was imported, and what the command said to that."""
    folder = tmp_path_factory.mktemp("imported")
    gone = Page("https://www.example.gov.cn/gone.html", golden("clean"), status="404 Not Found")
    packed = zipped(golden("clean").replace("2023年".encode(), "2022年".encode()))
    pages = [*filler(20), *reports()[:-1], CUT, gone, packed]
    source, archive = write_warc(folder / "theirs.warc.gz", pages), folder / "archive" / "archive.db"
    done = gongkai("import", source, "--archive", archive, "--workers", 1)
    assert done.returncode == 0
    assert done.stdout == f"{archive}\n"
    return source, archive, done.stderr


class TestWarc:
    def test_every_report_comes_in_and_points_to_its_record(self, imported: tuple[Path, Path, str]) -> None:
        source, archive, told = imported
        assert "theirs.warc.gz: 28 records, 7 may be reports: 7 new" in told
        with source.open("rb") as file:
            theirs = {
                record.rec_headers["WARC-Record-ID"]: record.rec_headers["WARC-Target-URI"]
                for record in ArchiveIterator(file)
            }
        with Archive.open(archive) as opened:
            rows = opened.db.execute(RECORDS.replace("SELECT", "SELECT capture_id,")).fetchall()
            for capture_id, name, _, kind, record_id, url, fetched_at, status, digest, _ in rows:
                read = opened.read(capture_id)
                assert hashlib.sha256(read.body).hexdigest() == digest
                assert (name, kind, status, fetched_at) == ("theirs.warc.gz", "response", 200, CUT.date)
                assert read.url == url == theirs[record_id]
        assert len(rows) == len(REPORTS) + 1
        for name in REPORTS:
            figures = dict(ask(archive, FIGURES, f"https://www.example.gov.cn/{name}.html"))
            assert figures == answer(name)

    def test_a_record_that_is_cut_short_is_flagged(self, imported: tuple[Path, Path, str]) -> None:
        flagged = (
            "SELECT c.url, c.truncated FROM issues i JOIN captures c USING (capture_id) WHERE code = 'capture_cut'"
        )
        assert ask(imported[1], flagged) == [(CUT.url, "length")]

    def test_a_packed_body_is_kept_unpacked_and_says_so(self, imported: tuple[Path, Path, str]) -> None:
        ((etag, digest),) = ask(imported[1], "SELECT etag, payload_digest FROM captures WHERE etag IS NOT NULL")
        assert etag == '"1"'
        assert digest == hashlib.sha256(golden("clean").replace("2023年".encode(), "2022年".encode())).hexdigest()
        (file,) = (imported[1].parent / "warc").iterdir()
        with file.open("rb") as stream:
            records = [record for record in ArchiveIterator(stream) if record.rec_type == "response"]
        (headers,) = (one.http_headers for one in records if one.rec_headers["WARC-Target-URI"].endswith("packed.html"))
        assert headers.get_header("X-Archive-Orig-Content-Encoding") == "gzip"
        assert not headers.get_header("Content-Encoding")

    def test_what_was_imported_can_be_shown_checked_and_saved(
        self, tmp_path: Path, imported: tuple[Path, Path, str]
    ) -> None:
        archive = imported[1]
        shown = gongkai("original", "刚察县人民政府办公室", 2023, "--archive", archive, "-o", tmp_path / "page.html")
        assert shown.returncode == 0
        assert (tmp_path / "page.html").read_bytes() == golden("clean")
        cited = gongkai("cite", "刚察县人民政府办公室", 2023, "applications.new_received.total", "--archive", archive)
        where = (
            "SELECT record_offset, record_id FROM imported_records JOIN captures USING (capture_id) WHERE url LIKE ?"
        )
        ((offset, record_id),) = ask(archive, where, "%/clean.html")
        assert f"imported  from theirs.warc.gz at {offset}, record {record_id}\n" in cited.stdout
        examined = gongkai("doctor", "--archive", archive, "--thorough")
        assert f"{len(REPORTS) + 1} records are the bytes that were written" in examined.stdout
        assert gongkai("backup", tmp_path / "backup", "--archive", archive).returncode == 0

    def test_damage_is_named_and_the_rest_comes_in(self, tmp_path: Path, archive: Path, importing: Importing) -> None:
        source = write_warc(tmp_path / "torn.warc.gz", reports())
        body = bytearray(source.read_bytes())
        middle = len(body) // 2
        body[middle : middle + 40] = bytes(40)
        source.write_bytes(body)
        done = importing(source, code=1)
        assert "gongkai: " in done.stderr
        assert "1 damaged" in done.stderr
        assert len(ask(archive, RECORDS)) == len(REPORTS) - 1
        assert "5 known already, 1 damaged" in importing(source, code=1).stderr
        assert ask(archive, "SELECT verdict, exit_code FROM runs") == [("incomplete", 1), ("incomplete", 1)]

    def test_what_is_whole_of_a_damaged_source_is_done(
        self, tmp_path: Path, archive: Path, importing: Importing, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        lines = [json.dumps({"url": f"https://{PUBLIC}/{name}.html", "text": text_of(name)}) for name in REPORTS[3:5]]
        lines.sort(key=len)
        (tmp_path / "corpus.jsonl").write_text("\n".join([*lines, lines[1][:-9]]), encoding="utf-8")
        monkeypatch.setattr("gongkai.importing.sources.SLICE", len(lines[0]) + 1)
        assert "2 new, 1 damaged" in importing(tmp_path / "corpus.jsonl", code=1).stderr
        second = importing(tmp_path / "corpus.jsonl", code=1).stderr
        assert "corpus.jsonl: 1 records, 0 may be reports: 1 damaged" in second
        assert f"line at byte {sum(map(len, lines)) + 2}: not JSON" in second


class TestOtherSources:
    def test_extracted_texts_of_a_wet_file(self, tmp_path: Path, archive: Path, importing: Importing) -> None:
        text = text_of("clean").encode()
        page = Page("https://www.example.gov.cn/clean.html", text, kind="conversion")
        importing(write_warc(tmp_path / "theirs.warc.wet.gz", [page]))
        assert ask(archive, "SELECT agency, year FROM reports") == [("刚察县人民政府办公室", 2023)]
        assert ask(archive, "SELECT status, content_type FROM captures") == [(0, "text/plain")]
        with Archive.open(archive) as opened:
            assert opened.read(1).body == text

    @pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0)])
    def test_a_text_leaves_its_page_the_figures(
        self, tmp_path: Path, archive: Path, importing: Importing, order: tuple[int, ...]
    ) -> None:
        """Common Crawl's text bears the very date of the page; a collector's has one of its own, or none."""
        page = Page(f"https://{PUBLIC}/clean.html", golden("clean"))
        text = text_of("clean")
        line = {"url": page.url, "text": text, "date": "2025-01-01T00:00:00Z"}
        (tmp_path / "theirs.jsonl").write_text(json.dumps(line), encoding="utf-8")
        sources = (
            write_warc(tmp_path / "a.warc.gz", [page]),
            write_warc(tmp_path / "a.warc.wet.gz", [replace(page, body=text.encode(), kind="conversion")]),
            tmp_path / "theirs.jsonl",
        )
        importing(sources[order[0]])
        importing(sources[order[1]])
        importing(sources[order[2]])
        assert dict(ask(archive, FIGURES, page.url)) == answer("clean")
        roles = "SELECT c.status, l.role FROM report_captures l JOIN captures c USING (capture_id) ORDER BY 1"
        assert ask(archive, roles) == [(0, "twin"), (0, "twin"), (200, "page")]

    def test_a_folder_of_files_and_collections(self, tmp_path: Path, archive: Path, importing: Importing) -> None:
        folder = tmp_path / "collected"
        (folder / "2023").mkdir(parents=True)
        (folder / "2023" / "a#b?.html").write_bytes(golden("clean"))
        (folder / "note.txt").write_text("nothing", encoding="utf-8")
        write_warc(folder / "theirs.warc.gz", reports()[1:])
        importing(folder)
        named = ask(archive, "SELECT source, kind FROM imported_records WHERE kind = 'file'")
        assert named == [("collected/2023/a#b?.html", "file")]
        assert ask(archive, "SELECT count(*) FROM reports WHERE trust = 'unknown' AND url LIKE 'file:%'") == [(1,)]
        assert ask(archive, "SELECT count(*) FROM reports") == [(len(REPORTS),)]
        assert gongkai("cite", "刚察县人民政府办公室", 2023, "applications.new_received.total",
                       "--archive", archive).returncode == 0  # fmt: skip

    def test_files_whose_names_are_no_utf8(self, tmp_path: Path, archive: Path, importing: Importing) -> None:
        folder = tmp_path / "collected"
        folder.mkdir()
        name = os.fsdecode("年报.html".encode("gb18030"))
        (folder / name).write_bytes(golden("clean"))
        importing(folder)
        (kept,) = ask(archive, RECORDS)
        assert kept[0] == "collected/\ufffd걨.html"
        assert kept[4].endswith("collected/%C4%EA%B1%A8.html")
        with Archive.open(archive) as opened:
            assert opened.read(1).body == golden("clean")
        text = json.dumps({"text": text_of("word")})
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
        assert "1 new" in importing(folder / f"{name}.jsonl").stderr

    def test_lines_of_json_from_files_and_from_standard_input(
        self, tmp_path: Path, archive: Path, importing: Importing
    ) -> None:
        texts = {name: text_of(name) for name in ("clean", "word")}
        lines = [json.dumps({"url": f"https://{PUBLIC}/{name}.html", "text": text}) for name, text in texts.items()]
        lines.insert(1, json.dumps({"url": f"https://{PUBLIC}/news.html", "text": "通知"}))
        (tmp_path / "corpus.jsonl.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
        importing(tmp_path / "corpus.jsonl.gz")
        assert ask(archive, "SELECT agency, year, trust FROM reports ORDER BY year") == [
            ("刚察县人民政府办公室", 2023, "official"),
            ("卫滨区人民政府办公室", 2024, "official"),
        ]
        again = importing("-", stdin="\n".join([lines[0][9:], *lines, lines[0][:-9]]), code=1)
        assert "2 known already, 2 damaged" in again.stderr
        place = len("\n".join([lines[0][9:], *lines])) + 1
        assert "standard input, line at byte 0: not JSON" in again.stderr
        assert f"standard input, line at byte {place}: not JSON" in again.stderr
        assert ask(archive, "SELECT count(*) FROM captures") == [(2,)]

    def test_lines_without_an_address_are_told_apart(self, tmp_path: Path, archive: Path, importing: Importing) -> None:
        lines = [json.dumps({"text": text_of(name)}) for name in ("clean", "word")]
        (tmp_path / "a b#c.jsonl").write_text("\n".join(lines))
        assert "2 new" in importing(tmp_path / "a b#c.jsonl").stderr
        places = [(f"file:///a%20b%23c.jsonl?at={place}",) for place in (0, len(lines[0]) + 1)]
        assert ask(archive, "SELECT url FROM captures ORDER BY length(url)") == places
        importing("-", stdin="\n".join(lines))
        typed = [(f"file:///stdin?at={place}",) for place in (0, len(lines[0]) + 1)]
        assert ask(archive, "SELECT url FROM captures WHERE url LIKE '%stdin%' ORDER BY length(url)") == typed


class TestHosts:
    def test_reports_are_believed_as_their_hosts_deserve(
        self, tmp_path: Path, archive: Path, importing: Importing
    ) -> None:
        hosts = (LISTED, PUBLIC, OTHER, "copies.example")
        pages = [Page(f"https://{host}/{name}.html", golden(name)) for host, name in zip(hosts, REPORTS, strict=False)]
        nameless = golden("clean").replace("刚察县人民政府办公室".encode(), "教育局".encode())
        pages += [Page(f"https://{host}.gov.cn/a.html", nameless) for host in ("www.a", "www.b")]
        importing(write_warc(tmp_path / "theirs.warc.gz", pages))
        sql = "SELECT r.trust, v.portal_id FROM reports r JOIN report_revisions v USING (report_id) ORDER BY report_id"
        trusted = [("official", "listed"), ("official", PUBLIC), ("unknown", None), ("mirror", "copies")]
        assert ask(archive, sql) == [*trusted, ("official", "www.a.gov.cn"), ("official", "www.b.gov.cn")]
        known = ask(archive, "SELECT portal_id, name, imported FROM portals ORDER BY portal_id LIMIT 3")
        assert known == [("copies", "某网", 1), ("listed", "某县人民政府", 1), ("www.a.gov.cn", None, 1)]
        assert ask(archive, "SELECT count(DISTINCT agency) FROM reports WHERE agency LIKE '教育局%'") == [(2,)]

    def test_a_portal_that_nobody_asked_owes_nothing_and_raises_no_alarm(
        self, imported: tuple[Path, Path, str]
    ) -> None:
        archive = imported[1]
        rows = ask(
            archive, "SELECT year, status, reason FROM coverage WHERE agency = '云泽市人民政府办公室' ORDER BY 1"
        )
        assert [row[:2] for row in rows] == [(2020, "found"), (2021, "not_asked")]
        assert rows[1][2].endswith("its portal is known from imported records only")
        assert ask(archive, "SELECT count(*) FROM alarms") == [(0,)]
        assert gongkai("status", "--archive", archive).stdout.startswith("archive ")

    @pytest.mark.parametrize(
        ("url", "trust", "portal"),
        [
            ("http://WWW.Listed.example:80/a", "official", "listed"),
            ("https://listed.example/a", "unknown", None),
            ("https://www.listed.example:8443/a", "unknown", None),
            ("https://a.b.gov.cn/x", "official", "a.b.gov.cn"),
            ("https://gov.cn/", "unknown", None),
            ("https://evil.example/.gov.cn", "unknown", None),
            ("https://a.gov.cn@evil.example/", "unknown", None),
            ("file:a.gov.cn/x.html", "unknown", None),
            ("https://[a.gov.cn/", "unknown", None),
            ("http://a b.gov.cn/", "unknown", None),
            ("http://.gov.cn/", "unknown", None),
            ("http://evil.example%00.gov.cn/", "unknown", None),
            ("http://evil.example\\@www.a.gov.cn/", "unknown", None),
            ("http://evil.example\\.a.gov.cn/", "unknown", None),
            ("http://政务.a.gov.cn/", "official", "政务.a.gov.cn"),
            ("http://xn--0zwm56d.a.gov.cn./", "official", "xn--0zwm56d.a.gov.cn"),
            ("https://shared.example/one/x/y.html", "official", "one"),
            ("https://shared.example/two/x.html", "official", "two"),
            ("https://shared.example/three/x.html", "unknown", None),
        ],
    )
    def test_a_host_is_told_by_its_exact_name(self, url: str, trust: str, portal: str | None) -> None:
        homes = {
            "listed": f"https://{LISTED}/",
            "one": "http://shared.example/one/",
            "two": "http://shared.example/two/",
        }
        origin = Hosts(Portal(name, name, "", home, "", "") for name, home in homes.items()).origin_of(url)
        assert (origin.trust, origin.portal_id) == (trust, portal)


class TestTwice:
    def test_the_same_again_and_a_copy_elsewhere_bring_nothing(
        self, tmp_path: Path, archive: Path, importing: Importing
    ) -> None:
        source = write_warc(tmp_path / "theirs.warc.gz", [*filler(5), *reports()])
        importing(source)
        before = said(archive)
        assert "done before" in importing(source).stderr
        assert said(archive) == before
        copy = tmp_path / "copy" / "renamed.warc.gz"
        copy.parent.mkdir()
        copy.write_bytes(source.read_bytes())
        assert "6 known already" in importing(copy, "--again").stderr
        more = write_warc(tmp_path / "more.warc.gz", filler(1)).read_bytes()
        copy.write_bytes(copy.read_bytes() + more)
        assert "6 known already" in importing(copy).stderr
        assert said(archive)[:4] == before[:4]
        assert len(list((archive.parent / "warc").iterdir())) == 1

    def test_killed_at_any_moment_and_run_again_is_as_if_undisturbed(
        self, tmp_path: Path, archive: Path, portals: Path, importing: Importing
    ) -> None:
        folder = tmp_path / "theirs"
        folder.mkdir()
        for number, page in enumerate(reports() * 4):
            write_warc(folder / f"{number}.warc.gz", [*filler(3), page])
        importing(folder)
        undisturbed = said(archive)
        killed = tmp_path / "killed" / "archive.db"
        command = [sys.executable, "-m", "gongkai", "import", folder, "--archive", killed, "--portals", portals]
        for wanted in (2, 7):
            with subprocess.Popen([*map(str, command)], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
                _wait_for(killed, wanted, process)
                time.sleep(random.random() * 0.03)
                process.kill()
            assert process.returncode == -signal.SIGKILL
        assert gongkai(*map(str, command[3:])).returncode == 0
        assert said(killed) == undisturbed


def test_a_stream_that_cannot_be_cut_goes_on_where_it_was_stopped(
    tmp_path: Path, archive: Path, importing: Importing, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [json.dumps({"url": f"https://{PUBLIC}/{name}.html", "text": text_of(name)}) for name in REPORTS[:4]]
    (tmp_path / "corpus.jsonl.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
    monkeypatch.setattr("gongkai.importing.sources._STREAM", 0)
    monkeypatch.setattr("gongkai.importing.sources._BATCH", 1)
    filed, file = [], Writer.file

    def stopped(self: Writer, *slip: Any) -> Tally:
        if len(filed) == 2:
            raise KeyboardInterrupt
        filed.append(slip)
        return file(self, *slip)

    monkeypatch.setattr(Writer, "file", stopped)
    assert "run it again to go on" in importing(tmp_path / "corpus.jsonl.gz", code=5).stderr
    assert ask(archive, "SELECT count(*), max(until) > 0 FROM imported_slices") == [(2, 1)]
    monkeypatch.setattr(Writer, "file", file)
    assert "corpus.jsonl.gz: 2 records, 2 may be reports: 2 new" in importing(tmp_path / "corpus.jsonl.gz").stderr
    assert ask(archive, "SELECT start, until, records, reports FROM imported_slices") == [(0, -1, 4, 4)]
    assert ask(archive, "SELECT count(*), count(DISTINCT url) FROM captures") == [(4, 4)]


def test_a_warc_that_was_packed_as_a_whole_goes_on_behind_what_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = write_warc(tmp_path / "theirs.warc.gz", [*filler(3), *reports() * 2])
    source.write_bytes(gzip.compress(gzip.decompress(source.read_bytes())))
    monkeypatch.setattr("gongkai.importing.sources._STREAM", 0)
    monkeypatch.setattr("gongkai.importing.sources._BATCH", 5)
    (portion,) = portions_of(source)
    tasks = list(tasks_of(portion, set(), print))
    assert [len(task.documents or ()) for task in tasks] == [5, 5, 2]
    for count in range(3):
        done = {(task.piece.start, task.piece.end) for task in tasks[:count]}
        assert list(tasks_of(portion, done, print)) == tasks[count:]


def _wait_for(archive: Path, wanted: int, process: subprocess.Popen[bytes]) -> None:
    """Until so many sources are in the archive, or the process ends."""
    while process.poll() is None and (not archive.exists() or _sources(archive) < wanted):
        time.sleep(0.01)


def _sources(archive: Path) -> int:
    with sqlite3.connect(archive) as db:
        try:
            return int(db.execute("SELECT count(*) FROM imported_slices").fetchone()[0])
        except sqlite3.OperationalError:
            return 0


def test_a_line_without_end_on_standard_input_is_named(tmp_path: Path) -> None:
    good = b'{"url": "http://a/1", "text": "x"}\n'
    tasks = list(typed_in(io.BytesIO(good + bytes(LIMIT + 2 * SLICE) + b"\n" + good), tmp_path))
    assert [task.base for task in tasks] == [0, len(good) + LIMIT + 2 * SLICE + 1]
    assert Path(tasks[0].root).stat().st_size == len(good) + LIMIT + 1
    damage: list[str] = []
    found = [item for task in tasks for item in records_of(task.piece, on_damage=damage.append)]
    assert [item.url for item in found] == ["http://a/1"] * 2
    assert damage == [f"{tasks[0].root}, line at byte {len(good)}: more than {LIMIT} bytes"]


def test_history_comes_out_in_the_order_of_time(tmp_path: Path, archive: Path, importing: Importing) -> None:
    url, page = f"https://{PUBLIC}/a.html", golden("clean")
    newest = Page(url, page, "2024-02-01T00:00:00Z")
    oldest = Page(url, page.replace("主动公开".encode(), "主动地公开".encode()), "2024-01-20T00:00:00Z")
    importing(write_warc(tmp_path / "b.warc.gz", [newest]), write_warc(tmp_path / "a.warc.gz", [oldest]))
    assert [row[2:4] + row[6:7] for row in ask(archive, REVISIONS)] == [(1, 0, oldest.date), (2, 1, newest.date)]


def deadly(task: Task) -> Slip:
    """A reader that dies of one page."""
    for document in task.documents or ():
        if b"deadly" in document.body:
            os._exit(3)
    if (
        task.documents is None
        and not task.only_scan
        and b"deadly" in gzip.decompress(Path(task.piece.source).read_bytes())
    ):
        os._exit(3)
    return work(task)


def takes_the_first_away(task: Task) -> Slip:
    """A worker who comes too late for one file."""
    Path(task.piece.source).with_name("0.warc.gz").unlink(missing_ok=True)
    return work(task)


def fails(task: Task) -> Slip:
    """A reader with a fault of ours."""
    raise KeyError("ours")


def test_a_page_that_kills_its_reader_costs_nobody_else_anything(tmp_path: Path, archive: Path) -> None:
    killer = Page("https://www.example.gov.cn/killer.html", golden("word") + b"<!-- deadly -->")
    source = write_warc(tmp_path / "theirs.warc.gz", [*reports()[:2], killer, *reports()[3:5]])
    told: list[str] = []
    with Archive.open(archive) as opened, opened.lock(), Workers(deadly, 1) as workers:
        run_id = opened.begin_run("import")
        bringing = Import(opened, Hosts([]), run_id=run_id, workers=workers, tell=told.append)
        (ended,) = bringing.source(str(source))
        assert ended.tally.outcomes["new"] == 4
        assert ended.tally.unread == 1
        pages = opened.db.execute("SELECT url, outcome, fault FROM pages").fetchall()
        assert pages == [(killer.url, "unreadable", "reader_died")]
        assert opened.read(3).body == killer.body
    assert any("killer.html" in line for line in told)


class TestWhatFails:
    def test_an_unusable_source_costs_the_others_nothing(
        self, tmp_path: Path, archive: Path, importing: Importing
    ) -> None:
        empty = tmp_path / "empty.warc.gz"
        empty.write_bytes(b"")
        done = importing(empty, write_warc(tmp_path / "good.warc.gz", reports()[3:5]), empty, code=1)
        assert done.stderr.count("empty.warc.gz: not a WARC file, whatever its name says") == 2
        assert "imported  2 new, 2 damaged" in done.stderr
        assert ask(archive, "SELECT verdict, exit_code FROM runs") == [("incomplete", 1)]
        assert ask(archive, "SELECT count(*) > 0 FROM coverage_rows") == [(1,)]

    def test_a_source_that_goes_while_it_is_worked_off(
        self, tmp_path: Path, archive: Path, importing: Importing, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = tmp_path / "theirs"
        folder.mkdir()
        for number, page in enumerate(reports()[3:5]):
            write_warc(folder / f"{number}.warc.gz", [page])
        monkeypatch.setattr("gongkai.importing.command.work", takes_the_first_away)
        done = importing(folder, code=1)
        assert "0.warc.gz: no such file or folder" in done.stderr
        assert "imported  1 new, 1 damaged" in done.stderr

    def test_a_fault_of_ours_is_one_line(
        self, tmp_path: Path, archive: Path, importing: Importing, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        source = write_warc(tmp_path / "theirs.warc.gz", reports()[3:4])
        monkeypatch.setattr("gongkai.importing.command.work", fails)
        done = importing(source, code=1)
        assert "theirs.warc.gz: a worker failed, which is a fault of gongkai: KeyError: 'ours'" in done.stderr
        assert "Traceback" not in done.stderr
        assert ask(archive, "SELECT verdict, exit_code FROM runs") == [("incomplete", 1)]

    def test_a_run_has_an_end_when_the_archive_takes_no_more(
        self, tmp_path: Path, archive: Path, importing: Importing, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(self: Writer, *slip: Any) -> Tally:
            raise ArchiveFailing("no space left on device")

        monkeypatch.setattr(Writer, "file", full)
        done = importing(write_warc(tmp_path / "theirs.warc.gz", reports()[3:4]), code=3)
        assert done.stderr.splitlines()[-1] == "gongkai: no space left on device"
        assert ask(archive, "SELECT verdict, exit_code, finished_at > 0 FROM runs") == [("archive", 3, 1)]

    def test_a_disk_that_is_nearly_full_is_left_alone(
        self, tmp_path: Path, archive: Path, importing: Importing, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        source = write_warc(tmp_path / "theirs.warc.gz", reports()[3:4])
        monkeypatch.setenv("GONGKAI_DISK_FLOOR_MB", "1e12")
        done = importing(source, code=3)
        assert re.fullmatch(r"gongkai: .*: \d+ MB of disk left, and a run stops below 1e?\S+ \(.*\)\n", done.stderr)
        assert not archive.exists()
        monkeypatch.delenv("GONGKAI_DISK_FLOOR_MB")
        importing(source)

    def test_nor_is_it_filled_on_the_way(self, tmp_path: Path, archive: Path) -> None:
        source = write_warc(tmp_path / "theirs.warc.gz", reports()[3:4])
        with Archive.open(archive) as opened, opened.lock(), Workers(work, 1) as workers:
            importing = Import(opened, Hosts(()), run_id=opened.begin_run("import"), workers=workers, floor=1e18)
            with pytest.raises(ArchiveFailing, match="of disk left"):
                list(importing.source(str(source)))
            assert opened.totals()["reports"] == 0


@pytest.mark.parametrize(
    ("words", "code", "line"),
    [
        (["none.warc.gz"], 2, "none.warc.gz: no such file or folder"),
        ([""], 2, "'': no such file or folder"),
        (["a" * 300], 2, "aaa: file name too long"),
        (["--portals", "none.csv", "."], 2, "none.csv: there is no such portals file"),
    ],
)
def test_errors_are_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], code: int, line: str
) -> None:
    monkeypatch.chdir(tmp_path)
    done = gongkai("import", *words, "--archive", "a.db")
    assert done.returncode == code
    assert line in done.stderr
    assert not (tmp_path / "a.db").exists()
