"""The thread that writes: what waits is written together, and each piece has its own answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

from archive import Archive, ArchiveError, Exchange
from crawler.writing import Writer


def exchange(number: int, scheme: str = "http") -> Exchange:
    body = f"<html><body>{number}</body></html>".encode()
    return Exchange(f"{scheme}://a.gov.cn/{number}.html", body=body, fetched_at="2026-01-02T03:04:05Z")


def written(archive: Archive, pieces: list[Callable[[], object]]) -> list[object]:
    """What comes of pieces of work that are all asked for at once."""

    async def ask() -> list[object]:
        writer = Writer(archive)
        try:
            return await asyncio.gather(*(writer.do(piece) for piece in pieces), return_exceptions=True)
        finally:
            await writer.close(lambda: None)

    return asyncio.run(ask())


def kept(archive: Archive) -> list[str]:
    return [url for (url,) in archive.db.execute("SELECT url FROM captures ORDER BY capture_id")]


def test_a_piece_that_fails_takes_no_other_with_it(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db") as archive:
        keep = partial(archive.keep, run_id=None, portal_id=None)
        schemes = ["http", "http", "ftp", "http", "http"]
        answers = written(archive, [partial(keep, exchange(n, scheme)) for n, scheme in enumerate(schemes)])
        assert [type(answer) for answer in answers] == [int, int, ArchiveError, int, int]
    with Archive.open(tmp_path / "a.db") as archive:  # on the disk, and the evidence with it
        assert kept(archive) == [f"http://a.gov.cn/{n}.html" for n in (0, 1, 3, 4)]
        read = [archive.read(answer).body for answer in answers if isinstance(answer, int)]
        assert read == [exchange(n).body for n in (0, 1, 3, 4)]


def test_what_writes_by_several_calls_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db") as archive:

        def half() -> None:
            archive.note_page("http://a.gov.cn/half", portal_id="p", capture_id=None, outcome="failed", reason="")
            raise ArchiveError("the other half")

        keep = partial(archive.keep, run_id=None, portal_id="p")
        answers = written(
            archive, [partial(keep, exchange(1)), partial(archive.at_once, half), partial(keep, exchange(2))]
        )
        assert [type(answer) for answer in answers] == [int, ArchiveError, int]
        assert kept(archive) == ["http://a.gov.cn/1.html", "http://a.gov.cn/2.html"]
        assert archive.db.execute("SELECT count(*) FROM pages").fetchone() == (0,)


def test_what_is_not_written_together_leaves_no_trace(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db") as archive:
        keep = partial(archive.keep, run_id=None, portal_id=None)
        keep(exchange(1))
        (warc,) = (tmp_path / "warc").iterdir()
        before = warc.read_bytes()
        with suppress(KeyboardInterrupt), archive.together():
            keep(exchange(2))
            assert len(warc.read_bytes()) > len(before)
            raise KeyboardInterrupt
        assert warc.read_bytes() == before
        assert kept(archive) == ["http://a.gov.cn/1.html"]
        with archive.together():
            capture = keep(exchange(3))
        assert archive.read(capture).body == exchange(3).body


def test_the_first_record_of_a_file_is_taken_back_with_the_file(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db") as archive:
        keep = partial(archive.keep, run_id=None, portal_id=None)
        with suppress(KeyboardInterrupt), archive.together():
            keep(exchange(1))
            raise KeyboardInterrupt
        assert list((tmp_path / "warc").iterdir()) == []
        assert archive.read(keep(exchange(2))).body == exchange(2).body
