"""Researchers who ask while a crawl writes: real processes, no errors, and never half of a report."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from archive.store import Archive
from tests.conftest import BIN

HERE = Path(__file__).parent

WRITER = """
import sys
from archive.store import Archive
from archive_samples import reading, visit
with Archive.open(sys.argv[1]) as archive, archive.lock():
    for n in range(1_000_000):
        # Ten reports that change again and again, so that revisions come and go under the eyes of the readers.
        read = reading(n, year=2010 + n % 10, words=f"第{n}次")
        at = f"2024-01-01T{n // 3600 % 24:02}:{n // 60 % 60:02}:{n % 60:02}Z"
        visit(archive, read, f"https://www.example.gov.cn/{n % 10}", at)
        print(n, flush=True)
"""

READER = """
import sqlite3, sys, time
from archive.reading import open_for_reading
how, path, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
if how == "ours":
    db = open_for_reading(path).conn
else:
    db = sqlite3.connect(f"file:{path}?mode=ro" if how == "read-only" else path, uri=how == "read-only", timeout=0)
    db.isolation_level = None
asked, until = 0, time.monotonic() + seconds
while time.monotonic() < until:
    db.execute("BEGIN")
    figures = dict(db.execute("SELECT report_id, count(*) FROM figures GROUP BY 1").fetchall())
    assert set(figures.values()) <= {24}, figures
    panel = db.execute("SELECT report_id, year, received FROM panel ORDER BY 1").fetchall()
    rows = db.execute("SELECT report_id, year, total FROM applications WHERE row = 'new_received' ORDER BY 1")
    rows = rows.fetchall()
    assert panel == rows, (panel, rows)
    current = db.execute("SELECT report_id FROM reports WHERE is_current = 1 ORDER BY 1").fetchall()
    assert [row[:1] for row in rows] == current and sorted(figures) == [row[0] for row in current]
    said = db.execute("SELECT report_id FROM reports JOIN sections USING (report_id) WHERE is_current = 1 ORDER BY 1")
    assert said.fetchall() == current
    db.execute("COMMIT")
    asked += 1
print(asked)
"""


def python(code: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    paths = {"PYTHONPATH": f"{HERE}:{HERE.parents[1]}"}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=paths)


@pytest.fixture
def busy(tmp_path: Path) -> Path:
    """An archive that another process goes on writing to."""
    path = tmp_path / "archive.db"
    Archive.open(path).close()
    writer = python(WRITER, path)
    assert writer.stdout
    for _ in range(20):
        assert writer.stdout.readline(), writer.stderr and writer.stderr.read()
    yield path
    assert writer.poll() is None, writer.stderr and writer.stderr.read()
    writer.kill()
    assert len(writer.communicate()[0].splitlines()) > 20


def test_readers_see_no_error_and_no_half_written_report(busy: Path) -> None:
    readers = {how: python(READER, how, busy, 3) for how in ("ours", "read-only", "read-write")}
    for how, reader in readers.items():
        out, err = reader.communicate(timeout=60)
        assert reader.returncode == 0, (how, err[-500:])
        assert int(out) > 5, how


def test_sqlite_utils_and_its_rows(busy: Path) -> None:
    seen = set()
    for _ in range(5):
        rows = subprocess.run(
            [BIN / "sqlite-utils", "query", busy, "SELECT sum(total) AS n FROM applications", "--csv"],
            capture_output=True,
            text=True,
            check=True,
        )
        seen.add(rows.stdout)
        time.sleep(0.1)
    assert len(seen) > 1
