"""The process that writes: what waits is written together, each piece has its own answer, and it can be lost."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from archive import Archive, ArchiveBusy, ArchiveError, ArchiveFailing, Exchange
from crawler.writing import Writer, WritingError
from tests.crawler.processes import lives, until, writers

ROOT = Path(__file__).parents[2]


def exchange(number: int, scheme: str = "http") -> Exchange:
    body = f"<html><body>{number}</body></html>".encode()
    return Exchange(f"{scheme}://a.gov.cn/{number}.html", body=body, fetched_at="2026-01-02T03:04:05Z")


def keep(archive: Archive, number: int, scheme: str = "http", portal_id: str | None = None) -> int:
    return archive.keep(exchange(number, scheme), run_id=None, portal_id=portal_id)


def half(archive: Archive) -> None:
    def work() -> None:
        archive.note_page("http://a.gov.cn/half", portal_id="p", capture_id=None, outcome="failed", reason="")
        raise ArchiveError("the other half")

    archive.at_once(work)


def die(archive: Archive) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Unheard(Exception):  # noqa: N818
    """What cannot be made again where it arrives."""

    def __init__(self, one: str, two: str) -> None:
        super().__init__(f"{one} {two}")


def raise_unheard(archive: Archive) -> None:
    raise Unheard("not", "heard of")


def written(path: Path, pieces: list[tuple[Any, ...]]) -> list[Any]:
    """What comes of pieces of work, each a function and what it is given, that are all asked for at once."""

    async def ask() -> list[object]:
        writer = Writer(path)
        try:
            return await asyncio.gather(*(writer.do(*piece) for piece in pieces), return_exceptions=True)
        finally:
            await writer.close()

    answers = asyncio.run(ask())
    assert writers(os.getpid()) == []
    return answers


def kept(archive: Archive) -> list[str]:
    return [url for (url,) in archive.db.execute("SELECT url FROM captures ORDER BY capture_id")]


def test_a_piece_that_fails_takes_no_other_with_it(tmp_path: Path) -> None:
    schemes = ["http", "http", "ftp", "http", "http"]
    answers = written(tmp_path / "a.db", [(keep, n, scheme) for n, scheme in enumerate(schemes)])
    assert [type(answer) for answer in answers] == [int, int, ArchiveError, int, int]
    with Archive.open(tmp_path / "a.db") as archive:  # on the disk, and the evidence with it
        assert kept(archive) == [f"http://a.gov.cn/{n}.html" for n in (0, 1, 3, 4)]
        read = [archive.read(answer).body for answer in answers if isinstance(answer, int)]
        assert read == [exchange(n).body for n in (0, 1, 3, 4)]


def test_what_writes_by_several_calls_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    answers = written(tmp_path / "a.db", [(keep, 1, "http", "p"), (half,), (keep, 2, "http", "p")])
    assert [type(answer) for answer in answers] == [int, ArchiveError, int]
    with Archive.open(tmp_path / "a.db") as archive:
        assert kept(archive) == ["http://a.gov.cn/1.html", "http://a.gov.cn/2.html"]
        assert archive.db.execute("SELECT count(*) FROM pages").fetchone() == (0,)


def test_what_cannot_be_sent_is_the_fault_of_one_piece(tmp_path: Path) -> None:
    answers = written(tmp_path / "a.db", [(keep, 1), (lambda archive: 1,), (raise_unheard,), (keep, 2)])
    assert [type(answer) for answer in answers] == [int, WritingError, WritingError, int]
    assert str(answers[2]) == "Unheard: not heard of"


def test_when_nothing_can_be_written_each_piece_is_told_why(tmp_path: Path) -> None:
    script = """
import asyncio, resource
from pathlib import Path
from crawler.writing import Writer, WritingError
from tests.crawler.test_writing import keep

async def ask():
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
    writer = Writer(Path("a.db"))
    answers = [await asyncio.gather(*(writer.do(keep, n + 40 * at) for n in range(40)), return_exceptions=True)
               for at in range(60)]
    await writer.close()
    kinds = [type(answer).__name__ for some in answers for answer in some]
    print(kinds[0], kinds[-1], sorted(set(kinds)))

if __name__ == "__main__":
    asyncio.run(ask())
"""
    (tmp_path / "script.py").write_text(script, encoding="utf-8")
    command = [sys.executable, "script.py"]
    found = subprocess.run(
        command, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=60
    )
    assert found.stdout == "int ArchiveFailing ['ArchiveFailing', 'int']\n", found.stderr


def test_a_writer_that_is_lost_is_named_to_all_that_wait(tmp_path: Path) -> None:
    answers = written(tmp_path / "a.db", [(keep, 1), (die,), (keep, 2)])
    assert {type(answer) for answer in answers[1:]} == {ArchiveFailing}
    said = f"{tmp_path / 'a.db'}: the process that writes to it was killed by SIGKILL"
    assert str(answers[1]) == str(answers[2]) == said
    assert written(tmp_path / "a.db", [(keep, 3)]) != [], "the lock went with it"


def test_an_archive_that_cannot_be_opened_or_is_held_says_so_at_once(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db") as archive, archive.lock(), pytest.raises(ArchiveBusy):
        Writer(tmp_path / "a.db")
    (tmp_path / "folder.db").mkdir()
    with pytest.raises(ArchiveError, match="folder"):
        Writer(tmp_path / "folder.db")
    assert until(lambda: writers(os.getpid()) == [])


def test_a_writer_ends_with_a_program_that_forgets_it(tmp_path: Path) -> None:
    script = (
        "from pathlib import Path; from crawler.writing import Writer; w = Writer(Path('a.db')); print(w._child.number)"
    )
    (tmp_path / "script.py").write_text(f"if __name__ == '__main__':\n    {script}\n", encoding="utf-8")
    found = subprocess.run(
        [sys.executable, "script.py"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert found.returncode == 0, found.stderr
    assert not lives(int(found.stdout))


def test_a_writer_that_waits_keeps_nobody_from_the_archive(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "a.db")
    assert writer.at_once(keep, 1) == 1
    with closing(sqlite3.connect(tmp_path / "a.db", timeout=0, isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        db.execute("ROLLBACK")
    asyncio.run(writer.close())


def test_what_is_not_written_together_leaves_no_trace(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db") as archive:
        keep_one = partial(archive.keep, run_id=None, portal_id=None)
        keep_one(exchange(1))
        (warc,) = (tmp_path / "warc").iterdir()
        before = warc.read_bytes()
        with suppress(KeyboardInterrupt), archive.together():
            keep_one(exchange(2))
            assert len(warc.read_bytes()) > len(before)
            raise KeyboardInterrupt
        assert warc.read_bytes() == before
        assert kept(archive) == ["http://a.gov.cn/1.html"]
        with archive.together():
            capture = keep_one(exchange(3))
        assert archive.read(capture).body == exchange(3).body
