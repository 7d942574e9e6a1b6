"""What happens to the archive when programs are killed and disks fill up, with real processes."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from archive_samples import keep, reading, visit

from archive.store import Archive

HERE = Path(__file__).parent

WRITER = """
import sys
from archive.agencies.bodies import read_body
from archive.store import Archive
from archive_samples import AGENCY, reading, visit
start = int(sys.argv[2])
read_body(AGENCY)  # loads the list of divisions, which would take up the time until the kill
with Archive.open(sys.argv[1], warc_limit=200_000) as archive, archive.lock():
    print("ready", flush=True)
    for n in range(start, start + 100_000):
        visit(archive, reading(n, year=n, words="x" * 20_000), f"https://www.example.gov.cn/{n}")
        print(n, flush=True)
"""

FULL = """
import resource, sys
from archive.errors import ArchiveError
from archive.store import Archive
from archive_samples import reading, visit
with Archive.open(sys.argv[1]) as archive:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
    for n in range(1000):
        try:
            visit(archive, reading(n, year=n), f"https://www.example.gov.cn/{n}")
        except ArchiveError as error:
            print(error)
            sys.exit(3)
"""


def python(code: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", code, *(str(argument) for argument in arguments)]
    paths = {"PYTHONPATH": f"{HERE}:{HERE.parents[1]}"}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=paths)


def check(path: Path, acknowledged: int) -> int:
    """Everything is whole, every capture can be read back, nothing that was acknowledged is gone."""
    with Archive.open(path) as archive:
        assert archive.db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert archive.db.execute("PRAGMA foreign_key_check").fetchall() == []
        for (capture,) in archive.db.execute("SELECT capture_id FROM captures").fetchall():
            assert archive.read(capture).body
        cells = archive.db.execute("SELECT count(*) FROM cells GROUP BY report_id").fetchall()
        assert set(cells) <= {(24,)}
        years = {row[0] for row in archive.db.execute("SELECT year FROM report_revisions")}
        assert years >= set(range(acknowledged + 1))
        return max(years, default=-1)


def test_a_writer_killed_at_any_moment_loses_nothing_that_it_acknowledged(tmp_path: Path) -> None:
    path, chance, last = tmp_path / "archive.db", random.Random(7), -1
    for _ in range(10):
        with python(WRITER, path, last + 1) as writer:
            assert writer.stdout
            assert writer.stdout.readline() == "ready\n", writer.stderr
            time.sleep(chance.uniform(0.0, 0.5))
            writer.kill()
            last = max([last, *(int(line) for line in writer.stdout.read().split("\n")[:-1])])
        last = check(path, last)
    assert last > 10
    with Archive.open(path) as archive:  # and the next one finds the files in order
        keep(archive, "https://www.example.gov.cn/", "x")
    for warc in (tmp_path / "warc").glob("*.warc.gz"):
        command = [Path(sys.executable).with_name("warcio"), "check", warc]
        assert subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_a_full_disk_stops_the_writer_and_spares_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    Archive.open(path).close()
    with python(FULL, path, 300_000) as writer:
        assert writer.stdout
        words = writer.stdout.read()
        assert writer.wait() == 3, writer.stderr and writer.stderr.read()
    assert len(words.splitlines()) == 1
    assert "File too large" in words or "full" in words or "disk I/O" in words
    last = check(path, 0)
    with Archive.open(path) as archive:  # there is room again
        assert visit(archive, reading(last + 1, year=last + 1)).outcome == "new"
    check(path, last + 1)


def test_readers_see_whole_reports_while_a_writer_writes(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    Archive.open(path).close()
    reader = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=0)
    seen = set()
    with python(WRITER, path, 0) as writer:
        assert writer.stdout
        assert writer.stdout.readline() == "ready\n"
        until = time.monotonic() + 1.5
        while time.monotonic() < until:
            begun = time.monotonic()
            counts = reader.execute(
                "SELECT r.cell_count, (SELECT count(*) FROM figures f WHERE f.report_id = r.report_id),"
                " (SELECT count(*) FROM sections s WHERE s.report_id = r.report_id) FROM report_revisions r"
            ).fetchall()
            assert set(counts) <= {(24, 24, 1)}
            assert time.monotonic() - begun < 1
            seen.add(len(counts))
        writer.kill()
    reader.close()
    assert len(seen) > 5
