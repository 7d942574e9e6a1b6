"""A folder of documents served as a portal and crawled: the archive holds what `extract` reads from the same files."""

from __future__ import annotations

import csv
import io
import json
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import BIN, ROOT, run

REAL = ROOT.parent / "shared" / "reports"
FOLDERS = [
    ROOT / "tests" / "golden",
    pytest.param(
        REAL, marks=pytest.mark.skipif(not REAL.is_dir(), reason="the real reports are not beside this checkout")
    ),
]


@contextmanager
def served(folder: Path, portals: Path) -> Iterator[None]:
    """`gongkai sample-portal --documents`, its portals file written, until the block ends."""
    with portals.open("w") as out:
        command = [str(BIN / "gongkai"), "sample-portal", "--documents", str(folder), "--port", "0"]
        server = subprocess.Popen(command, stdout=out, stderr=subprocess.PIPE, text=True)
    try:
        assert server.stderr is not None
        assert "serving on" in server.stderr.readline()
        yield
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(10) == 0


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_archive_holds_what_extract_reads(folder: Path, tmp_path: Path) -> None:
    portals, archive = tmp_path / "portals.csv", tmp_path / "archive.db"
    fast = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False")
    with served(folder, portals):
        crawl = run("gongkai", "crawl", "--portals", portals, "--archive", archive, *fast, cwd=tmp_path)
    assert crawl.returncode == 0, crawl.stderr
    (row,) = csv.DictReader(io.StringIO(portals.read_text(encoding="utf-8")))
    assert row["column_url"].startswith("http://127.0.0.1:")
    with sqlite3.connect(archive) as db:
        stored = db.execute("SELECT url, agency, year, figure, value, state, raw FROM figures").fetchall()
    assert len({(agency, year) for _, agency, year, *_ in stored}) >= 5
    for url in {url for url, *_ in stored}:
        answer = json.loads(run("gongkai", "extract", folder / url.rsplit("/", 1)[1]).stdout)
        of_page = [cells for address, *cells in stored if address == url]
        assert {(agency, year) for agency, year, *_ in of_page} == {(answer["agency"], answer["year"])}
        assert {figure: value for _, _, figure, value, *_ in of_page} == answer["figures"]
        for _, _, figure, _, state, raw in of_page:
            assert (answer["cells"][figure]["state"], answer["cells"][figure]["raw"]) == (state, raw)
