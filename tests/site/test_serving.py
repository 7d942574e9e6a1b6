"""`gongkai site` as a process: start and stop, faults, a crawl that writes meanwhile, a folder that is read-only."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import BIN, ROOT, run
from tests.site.visiting import get

WRITER = """
import sys, time
from archive.store import Archive
from tests.archive.archive_samples import reading, visit
n = 0
with Archive.open(sys.argv[1]) as archive:
    while True:
        n += 1
        read = reading(n, agency=f"第{n % 40}局", year=2000 + n // 40 % 25, words=f"第{n}次行政复议")
        visit(archive, read, f"https://www.example.gov.cn/{n}.html")
        print(n, flush=True)
"""


@contextmanager
def process(*command: str | Path, **how: object) -> Iterator[subprocess.Popen[str]]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GONGKAI_")}
    environment["PYTHONPATH"] = str(ROOT)
    started = subprocess.Popen(
        list(map(str, command)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        **how,  # type: ignore[call-overload]
    )
    try:
        yield started
    finally:
        started.kill()
        started.communicate()


def test_it_starts_says_where_and_stops(sample_archive: Path) -> None:
    with process(BIN / "gongkai", "site", "--archive", sample_archive, "--port", "0") as site:
        url = site.stdout.readline().strip()  # type: ignore[union-attr]
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", url)
        assert get(url, "/").status == 200
        site.send_signal(signal.SIGTERM)
        out, err = site.communicate(timeout=20)
        assert (site.returncode, out) == (0, "")
        assert err.splitlines() == ["serving until stopped (Ctrl-C)"]


def test_what_cannot_be_served_is_told_in_one_line(tmp_path: Path, sample_archive: Path) -> None:
    (tmp_path / "letter.db").write_text("no database")
    for path in (tmp_path / "missing.db", tmp_path / "letter.db"):
        refused = run("gongkai", "site", "--archive", path, "--port", "0")
        assert refused.returncode == 3
        assert len(refused.stderr.splitlines()) == 1
        assert path.name in refused.stderr
    assert not (tmp_path / "missing.db").exists()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        refused = run("gongkai", "site", "--archive", sample_archive, "--port", str(taken.getsockname()[1]))
    assert refused.returncode == 1
    assert "--port 0" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


def test_the_site_works_while_a_crawl_writes(tmp_path: Path, sample_archive: Path) -> None:
    from archive.site import RunningSite

    path = tmp_path / "archive.db"
    shutil.copy(sample_archive, path)
    code = [sys.executable, "-c", WRITER, str(path)]
    with process(*code, cwd=ROOT) as writer, RunningSite(path) as site:
        first = int(writer.stdout.readline())  # type: ignore[union-attr]
        counts: list[int] = []
        until = time.monotonic() + 4
        while time.monotonic() < until or len(counts) < 3:
            for page in ("/", "/gongkai/panel", "/search?q=复议", "/report/1", "/gongkai/newest_reports"):
                assert get(site.url, page).status == 200
            tile = get(site.url, "/").tree.cssselect(".tiles dd")[0].text_content()
            counts.append(int(tile.replace(",", "")))
        assert counts == sorted(counts)
        assert counts[-1] > counts[0]
        assert writer.poll() is None
        writer.kill()
        written = [int(line) for line in writer.communicate()[0].split()]
        assert written[-1] > first


def published(sample_archive: Path, folder: Path) -> Path:
    folder.mkdir()
    path = folder / "gongkai.db"
    with sqlite3.connect(sample_archive) as db:
        db.execute("VACUUM INTO ?", [str(path)])
    db.close()
    path.chmod(0o444)
    folder.chmod(0o555)
    return path


SERVE = """
import sys
from pathlib import Path
from archive.site import RunningSite
with RunningSite(Path(sys.argv[1])) as site:
    print(site.url, flush=True)
    sys.stdin.read()
"""
UNPRIVILEGED = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")
"""Root may write anywhere; without these two capabilities the permissions of files hold for root, too."""


@pytest.mark.skipif(not shutil.which("setpriv"), reason="setpriv (util-linux) takes root's privileges away")
def test_a_published_file_is_served_from_a_folder_where_nobody_may_write(tmp_path: Path, sample_archive: Path) -> None:
    path = published(sample_archive, tmp_path / "exports")
    before = UNPRIVILEGED if os.geteuid() == 0 else ()
    with process(*before, sys.executable, "-c", SERVE, path, stdin=subprocess.PIPE) as site:
        url = site.stdout.readline().strip()  # type: ignore[union-attr]
        assert url, site.communicate()[1]
        for page in ("/", "/gongkai/panel", "/search?q=复议", "/report/1", "/chart/requests.svg"):
            assert get(url, page).status == 200, page
    assert [found.name for found in path.parent.iterdir()] == ["gongkai.db"]
    path.parent.chmod(0o755)


@pytest.mark.skipif(not shutil.which("setpriv"), reason="setpriv (util-linux) takes root's privileges away")
def test_so_is_an_archive_that_nobody_writes_to_any_more(tmp_path: Path, sample_archive: Path) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    shutil.copy(sample_archive, folder / "archive.db")
    folder.chmod(0o555)
    before = UNPRIVILEGED if os.geteuid() == 0 else ()
    with process(*before, sys.executable, "-c", SERVE, folder / "archive.db", stdin=subprocess.PIPE) as site:
        url = site.stdout.readline().strip()  # type: ignore[union-attr]
        assert url, site.communicate()[1]
        assert get(url, "/report/1").status == 200
    assert [found.name for found in folder.iterdir()] == ["archive.db"]
    folder.chmod(0o755)


def test_every_limit_is_documented() -> None:
    from archive.site.serving import SETTINGS

    page = (ROOT / "docs" / "site.md").read_text(encoding="utf-8")
    for name, value in SETTINGS.items():
        shown = "off" if value is False else str(value)
        assert f"| `{name}` | {shown} |" in page, name
