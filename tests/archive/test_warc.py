"""The WARC store with real files: what goes in comes out, whatever interrupts the writing."""

from __future__ import annotations

import errno
import gzip
import io
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from archive import warc
from archive.errors import ArchiveError
from archive.records import read_records
from archive.warc import Exchange, Place, WarcStore, stored_url, utc
from pipelines.model import Capture

WARCIO = Path(sys.executable).with_name("warcio")
PAGE = Exchange(
    url="https://www.example.gov.cn/zfxxgk/2023.html?id=1",
    request_headers=(
        ("Host", "www.example.gov.cn"),
        ("Cookie", "JSESSIONID=secret"),
        ("Authorization", "Basic c2VjcmV0"),
    ),
    headers=(("Content-Type", "text/html; charset=gbk"), ("X-Name", "年报".encode("gbk").decode("latin-1"))),
    body="政府信息公开".encode("gbk"),
    fetched_at="2024-01-31T10:00:00+08:00",
)
KINDS = {
    "plain": PAGE,
    "gzip": replace(PAGE, headers=(("Content-Encoding", "gzip"),), body=gzip.compress("年报".encode() * 999)),
    "gzip that is none": replace(PAGE, headers=(("Content-Encoding", "gzip"),), body=b"plain"),
    "gzip cut short": replace(
        PAGE,
        headers=(("Content-Encoding", "gzip"),),
        body=gzip.compress(os.urandom(9999))[:5000],
        truncated="disconnect",
    ),
    "chunked": replace(PAGE, headers=(("Transfer-Encoding", "chunked"),), body=b"5\r\nhello\r\n0\r\n\r\n"),
    "empty": replace(PAGE, status=304, reason="", body=b""),
    "post": replace(PAGE, method="POST", request_body=b"page=1"),
    "long": replace(PAGE, body=os.urandom(300_000)),
}


@pytest.fixture
def store(tmp_path: Path) -> WarcStore:
    return WarcStore(tmp_path / "warc")


def only_file(store: WarcStore) -> Path:
    (path,) = store.folder.glob("*.warc.gz")
    return path


def run(*command: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([str(part) for part in command], capture_output=True, check=False)


def test_what_goes_in_comes_out_and_warcio_agrees(store: WarcStore) -> None:
    places = {kind: store.append(exchange) for kind, exchange in KINDS.items()}
    path = only_file(store)
    checked = run(WARCIO, "check", "-v", path)
    assert checked.returncode == 0
    assert checked.stdout.count(b"digest pass") == 1 + 2 * len(KINDS)
    for kind, place in places.items():
        capture = store.read(place)
        assert capture.body == KINDS[kind].payload(), kind
        assert capture.url == PAGE.url
        assert run(WARCIO, "extract", "--payload", path, place.offset).stdout == capture.body, kind


def test_chunks_that_were_undone_are_not_undone_again(store: WarcStore) -> None:
    assert store.read(store.append(KINDS["chunked"])).body == KINDS["chunked"].body
    assert b"X-Archive-Orig-Transfer-Encoding: chunked" in gzip.decompress(only_file(store).read_bytes())


def test_headers_are_kept_as_bytes_and_secrets_are_not(store: WarcStore) -> None:
    store.append(replace(PAGE, url="https://user:secret@www.example.gov.cn/a b#part", truncated="length"))
    text = gzip.decompress(only_file(store).read_bytes())
    assert "X-Name: 年报\r\n".encode("gbk") in text
    assert b"secret" not in text
    assert b"WARC-Target-URI: https://www.example.gov.cn/a%20b\r\n" in text
    assert b"WARC-Date: 2024-01-31T02:00:00Z\r\n" in text
    assert b"WARC-Truncated: length\r\n" in text
    assert b"GET /a%20b HTTP/1.1\r\n" in text


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("http://u:p@a.gov.cn:8080/x?y=u@b#z", "http://a.gov.cn:8080/x?y=u@b"),
        ("http://a.gov.cn/\r\nX: y", "http://a.gov.cn/%0D%0AX:%20y"),
        ("http://[bad/x", "http://[bad/x"),
        ("http://a.gov.cn/\ud800", "http://a.gov.cn/%EF%BF%BD"),
    ],
)
def test_addresses_as_they_are_kept(url: str, kept: str) -> None:
    assert stored_url(url) == kept


def test_only_http_and_only_true_moments(store: WarcStore) -> None:
    for wrong in (
        replace(PAGE, url="file:///etc/hostname"),
        replace(PAGE, url="http://[bad/"),
        replace(PAGE, fetched_at="2024-01-31T02:00:00"),
        replace(PAGE, fetched_at="yesterday"),
    ):
        with pytest.raises(ArchiveError):
            store.append(wrong)
    assert not store.folder.exists()
    assert utc("2024-01-31T10:00:00.5+08:00") == "2024-01-31T02:00:00Z"


def test_a_header_cannot_bring_another_with_it(store: WarcStore) -> None:
    store.append(replace(PAGE, headers=(("X-A", "1\r\nX-B: 2"),)))
    assert b"X-A: 1 X-B: 2\r\n" in gzip.decompress(only_file(store).read_bytes())


def test_a_file_that_is_big_enough_is_followed_by_another(tmp_path: Path) -> None:
    store = WarcStore(tmp_path, file_limit=2000)
    places = [store.append(PAGE) for _ in range(9)]
    assert len({place.file for place in places}) > 2
    for path in tmp_path.glob("*.warc.gz"):
        assert path.stat().st_size < 2000 + 1500
        assert run(WARCIO, "check", path).returncode == 0
    assert all(store.read(place).body == PAGE.body for place in places)


def test_two_writers_at_once_have_a_file_each(tmp_path: Path) -> None:
    one, other = WarcStore(tmp_path), WarcStore(tmp_path)
    assert one.append(PAGE).file != other.append(PAGE).file


class TestTornTails:
    """A process was killed in the middle of a write, or the power failed."""

    def test_a_tail_torn_at_any_byte_is_cut_back_to_the_last_whole_record(self, store: WarcStore) -> None:
        kept = [store.append(PAGE), store.append(KINDS["gzip"])]
        whole = only_file(store).stat().st_size
        store.append(PAGE)
        path, data = only_file(store), only_file(store).read_bytes()
        store.close()
        after_response = data.index(b"\x1f\x8b\x08", whole + 10)
        for cut in range(whole, len(data) + 1):
            path.write_bytes(data[:cut])
            expected = whole if cut < after_response else after_response if cut < len(data) else len(data)
            store.mend({path.name: kept[-1].offset + kept[-1].length} if cut % 2 else {})
            assert path.stat().st_size == expected, cut
        assert all(store.read(place) for place in kept)

    @pytest.mark.parametrize("junk", [b"\0" * 4096, b"\x1f\x8b\x08\x00garbage", b"WARC/1.1\r\n"])
    def test_what_is_no_record_goes_too(self, store: WarcStore, junk: bytes) -> None:
        store.append(PAGE)
        store.close()
        whole = only_file(store).stat().st_size
        with only_file(store).open("ab") as file:
            file.write(junk)
        assert store.mend({}) == [only_file(store).name]
        assert only_file(store).stat().st_size == whole

    def test_a_file_without_one_whole_record_goes_aside(self, store: WarcStore) -> None:
        store.append(PAGE)
        store.close()
        path, whole = only_file(store), only_file(store).read_bytes()
        rotted = bytes([whole[0] ^ 1]) + whole[1:]
        for content in (whole[:50], rotted, b""):
            path.write_bytes(content)
            assert store.mend({}) == [path.name] * bool(content)
        assert {file.name: file.read_bytes() for file in store.folder.iterdir()} == {
            f"{path.name}.damaged": whole[:50],
            f"{path.name}.damaged1": rotted,
        }

    def test_files_that_cannot_be_had_keep_nobody_from_writing(self, store: WarcStore) -> None:
        store.folder.mkdir()
        (store.folder / "a.warc.gz").symlink_to("/not/mounted/a.warc.gz")
        (store.folder / "b.warc.gz").mkdir()
        (store.folder / "c.warc.gz").write_bytes(b"torn")
        assert store.mend({}) == ["c.warc.gz"]
        assert (store.folder / "a.warc.gz").is_symlink()
        assert store.read(store.append(PAGE)).body == PAGE.body

    def test_locks_are_asked_for_as_nfs_grants_them(self, store: WarcStore, monkeypatch: pytest.MonkeyPatch) -> None:
        store.append(PAGE)
        store.close()
        with only_file(store).open("ab") as file:
            file.write(b"torn")
        flock = warc.fcntl.flock

        def on_nfs(file: io.BufferedIOBase, how: int) -> None:
            if how & warc.fcntl.LOCK_EX and not file.writable():
                raise OSError(errno.EBADF, os.strerror(errno.EBADF))
            flock(file, how)

        monkeypatch.setattr(warc.fcntl, "flock", on_nfs)
        assert store.mend({}) == [only_file(store).name]

    def test_records_after_the_cut_are_readable(self, store: WarcStore) -> None:
        before = store.append(PAGE)
        store.close()
        with only_file(store).open("ab") as file:
            file.write(b"\x1f\x8b\x08 torn")
        store.mend({})
        after = WarcStore(store.folder).append(KINDS["gzip"])
        assert store.read(before).body == PAGE.body
        assert store.read(after).body == KINDS["gzip"].payload()

    def test_a_file_that_somebody_is_writing_is_left_alone(self, store: WarcStore) -> None:
        store.append(PAGE)
        with only_file(store).open("ab") as file:
            file.write(b"half a record")
            file.flush()
            size = only_file(store).stat().st_size
            assert WarcStore(store.folder).mend({}) == []
        assert only_file(store).stat().st_size == size


class TestTheDiskRefuses:
    def failing(self, error: BaseException, after: int) -> Callable[[int, bytes], int]:
        write = os.write
        left = [after]

        def partial(fd: int, data: bytes) -> int:
            if left[0] <= 0:
                raise error
            written = write(fd, bytes(data)[: left[0]])
            left[0] -= written
            return written

        return partial

    @pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
    @pytest.mark.parametrize("after", [0, 1, 300])
    def test_a_failed_write_leaves_the_file_as_it_was(
        self, store: WarcStore, monkeypatch: pytest.MonkeyPatch, error: BaseException, after: int
    ) -> None:
        kept = [store.append(PAGE)]
        size = only_file(store).stat().st_size
        with monkeypatch.context() as patch:
            patch.setattr(warc.os, "write", self.failing(error, after))
            for _ in range(2):
                with pytest.raises(type(error)):
                    store.append(KINDS["long"])
                assert only_file(store).stat().st_size == size
        kept.append(store.append(KINDS["gzip"]))
        assert [store.read(place).body for place in kept] == [PAGE.body, KINDS["gzip"].payload()]
        assert run(WARCIO, "check", only_file(store)).returncode == 0

    def test_a_first_record_that_fails_leaves_no_file(self, store: WarcStore, monkeypatch: pytest.MonkeyPatch) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(warc.os, "write", self.failing(OSError(errno.ENOSPC, "full"), 100))
            with pytest.raises(OSError, match="full"):
                store.append(PAGE)
        assert list(store.folder.iterdir()) == []
        assert store.read(store.append(PAGE)).body == PAGE.body

    def test_a_file_that_was_begun_among_records_that_belong_together_goes_with_them(self, tmp_path: Path) -> None:
        store = WarcStore(tmp_path, file_limit=2000)
        kept = [store.append(PAGE)]
        with suppress(KeyboardInterrupt), store.gathered():
            while store.append(PAGE).file == kept[0].file:
                pass
            store.append(PAGE)  # the new file, longer than the old one was
            raise KeyboardInterrupt
        assert [path.name for path in tmp_path.iterdir()] == [kept[0].file]
        kept.append(store.append(PAGE))
        assert [store.read(place).body for place in kept] == [PAGE.body, PAGE.body]
        for path in tmp_path.iterdir():
            assert run(WARCIO, "check", path).returncode == 0
            assert bytes(99) not in path.read_bytes()


class TestDamage:
    def test_one_flipped_bit_is_found_and_the_other_records_are_readable(self, store: WarcStore) -> None:
        places = [store.append(PAGE) for _ in range(5)]
        data = bytearray(only_file(store).read_bytes())
        data[places[2].offset + 100] ^= 4
        only_file(store).write_bytes(data)
        for number, place in enumerate(places):
            if number == 2:
                with pytest.raises(ArchiveError, match="damaged record"):
                    store.read(place)
            else:
                assert store.read(place).body == PAGE.body

    def test_a_file_that_is_gone_is_named(self, store: WarcStore) -> None:
        place = store.append(PAGE)
        only_file(store).unlink()
        with pytest.raises(ArchiveError, match=place.file):
            store.read(place)

    def test_a_request_is_no_evidence_of_a_response(self, store: WarcStore) -> None:
        place = store.append(PAGE)
        request = only_file(store).read_bytes()[place.offset + place.length :]
        digest = warc.hashlib.sha256(request).hexdigest()
        with pytest.raises(ArchiveError, match="not a response"):
            store.read(Place(place.file, place.offset + place.length, len(request), digest))


class TestOtherPeoplesFiles:
    @pytest.fixture
    def plain(self, store: WarcStore) -> bytes:
        for exchange in KINDS.values():
            store.append(exchange)
        return gzip.decompress(only_file(store).read_bytes())

    def test_plain_or_gzip_in_members_or_in_one_piece(self, store: WarcStore, plain: bytes) -> None:
        expected = [
            Capture(exchange.payload(), PAGE.url, exchange.header("Content-Type")) for exchange in KINDS.values()
        ]
        for data in (plain, only_file(store).read_bytes(), gzip.compress(plain)):
            assert list(read_records(io.BytesIO(data))) == expected

    def test_a_stream_that_cannot_seek(self, plain: bytes) -> None:
        read, write = os.pipe()
        with os.fdopen(write, "wb") as into:
            into.write(gzip.compress(plain)[:60000])  # what a pipe holds
        with os.fdopen(read, "rb") as stream, pytest.raises(ArchiveError, match="cut short"):
            list(read_records(stream))

    def test_chunks_that_were_kept_are_undone(self) -> None:
        body = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: x\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
        record = (
            b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.gov.cn/\r\n"
            b"Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n"
            % (len(body), body)
        )
        assert list(read_records(io.BytesIO(record * 2))) == [Capture(b"hello", "http://a.gov.cn/", "x")] * 2

    def test_a_gzip_cut_at_any_byte_is_an_error_unless_between_records(self, store: WarcStore) -> None:
        store.append(PAGE)
        place = store.append(PAGE)
        data = only_file(store).read_bytes()
        silent = []
        for cut in range(place.offset + 1, len(data)):
            try:
                list(read_records(io.BytesIO(data[:cut])))
            except ArchiveError:
                continue
            silent.append(cut)
        assert silent == [place.offset + place.length]

    def test_a_plain_record_cut_short_is_told_of_and_the_others_are_read(self, plain: bytes) -> None:
        cut = plain[:-100_000]  # in the middle of the last body, which is the long one
        told: list[str] = []
        captures = list(read_records(io.BytesIO(cut), on_damage=told.append))
        assert len(captures) == len(KINDS) - 1
        assert told == [f"a record that is cut short, from {PAGE.url}"]
        with pytest.raises(ArchiveError, match="cut short"):
            list(read_records(io.BytesIO(cut)))

    @pytest.mark.parametrize("data", [b"<html>no warc</html>\n" * 9, gzip.compress(b"no warc at all\n" * 9, mtime=0)])
    def test_something_else_is_refused(self, data: bytes) -> None:
        with pytest.raises(ArchiveError, match="not a WARC file"):
            list(read_records(io.BytesIO(data)))

    def test_nothing_holds_nothing(self) -> None:
        assert list(read_records(io.BytesIO(b""))) == []
