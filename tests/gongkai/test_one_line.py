"""Words that nothing can be asked with, and an output that takes nothing more, are one line and no traceback."""

from __future__ import annotations

import json
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from archive.answers.originals import Original
from archive.store import Archive
from gongkai.commands.asked import WrongUsage
from gongkai.commands.original import _write
from gongkai.tabling import as_json
from tests.gongkai.in_process import gongkai

HUGE = "9" * 23
NO_UTF8 = "\udcff"
"""How Python has a byte of the command line that is not UTF-8."""


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "archive.db"
    Archive.open(path).close()
    return path


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("search", "复议", "--year", HUGE), "too large"),
        (("search", "复议", "--offset", HUGE), "too large"),
        (("agencies", "show", HUGE), "too large"),
        (("review", "list", "--report", HUGE), "too large"),
        (("coverage", "--missing", "--year", HUGE), "too large"),
        (("search", "复议", "--province", NO_UTF8), "not UTF-8"),
        (("agencies", "list", "--search", NO_UTF8), "not UTF-8"),
        (("cite", NO_UTF8, "2020", "x"), "not UTF-8"),
        (("export", "--province", NO_UTF8), "not UTF-8"),
        (("export", "--year", "2023-2019"), "2019-2023"),
    ],
)
def test_what_cannot_be_asked_is_one_line(archive: Path, words: tuple[str, ...], said: str) -> None:
    answer = gongkai(*words, "--archive", archive)
    assert answer.returncode == 2
    (line,) = answer.stderr.splitlines()
    assert said in line


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a device that is always full")
@pytest.mark.parametrize("words", [("export",), ("coverage", "--format", "csv")])
def test_an_output_that_is_full_is_one_line(archive: Path, words: tuple[str, ...]) -> None:
    command = [sys.executable, "-m", "gongkai", *words, "--archive", str(archive)]
    with Path("/dev/full").open("w") as full:
        answer = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True)
    assert (answer.returncode, answer.stderr) == (1, "Error: standard output: no space left on device\n")


def test_json_is_json_whatever_the_page_had(archive: Path) -> None:
    row = {"a": "".join(map(chr, range(0x100))) + "\u202e"}
    assert json.loads(as_json(["a"], [row])) == [row]
    assert not set(as_json(["a"], [row])) & {"\x1b", "\x7f", "\x9b", "\u202e"}


def test_half_of_an_original_is_not_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = Original(name="x.html", body=b"x" * 100_000, content_type="", url="", fetched_at="", sha256="")
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, old[1]))
    try:
        with pytest.raises(WrongUsage, match="file too large"):
            _write(tmp_path / "x.html", found, force=False)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
        signal.signal(signal.SIGXFSZ, handler)
    assert not (tmp_path / "x.html").exists()
