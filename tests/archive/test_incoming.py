"""Documents that somebody else fetched: each record, file and line comes exactly once, and damage is named."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import zlib
from itertools import pairwise
from pathlib import Path

import brotli
import pytest

from archive.errors import ArchiveError
from archive.incoming import Incoming, Scanned, Slice, framing, records_of, slices_of, whole

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"


@pytest.fixture(params=["whole", "whole by re", "fastwarc", "warcio"])
def reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """All readers of WARC must say the same."""
    if request.param.startswith("whole"):
        if not framing.IS_FAST:
            pytest.skip("deflate is not installed")
    else:
        monkeypatch.setattr(framing, "IS_FAST", False)
    if request.param == "whole by re":
        monkeypatch.setattr(whole, "_database", lambda: None)
    if request.param == "warcio":
        monkeypatch.setattr(framing, "HAS_FASTWARC", False)
    return str(request.param)


def record(number: int, block: bytes, kind: str = "response", content_type: str = "application/http") -> bytes:
    """One WARC record, not compressed."""
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{number}>\r\nWARC-Date: 2024-01-02T03:04:05Z\r\n"
        f"WARC-Target-URI: http://a.example/{number}\r\nContent-Type: {content_type}\r\n"
        f"Content-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def answer(number: int, body: bytes = b"", headers: bytes = b"") -> bytes:
    """A response record with a page of some length that tells its number."""
    page = body or f"<html>page {number} ".encode() + os.urandom(300 + 97 * (number % 9)).hex().encode()
    return record(number, OK + headers + b"\r\n" + page)


def members(records: list[bytes]) -> bytes:
    """Each record a gzip member."""
    return b"".join(gzip.compress(item) for item in records)


def read(path: Path, **how: int) -> list[Incoming]:
    """Everything in a source, slice by slice."""
    return [found for piece in slices_of(path, **how) for found in records_of(piece)]


def numbers(found: list[Incoming]) -> list[int]:
    """The numbers of records, from their addresses."""
    return [int(item.url.rpartition("/")[2]) for item in found]


@pytest.mark.parametrize("size", [1, 100, 700, 1500, 5000, 10**9])
def test_each_record_is_in_one_slice_whatever_its_size(tmp_path: Path, reader: str, size: int) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(members([answer(n) for n in range(30)]))
    found = read(path, size=size)
    assert numbers(found) == list(range(30))
    slices = list(slices_of(path, size=size))
    assert slices[0].start == 0
    assert slices[-1].end is None
    assert all(a.end == b.start for a, b in pairwise(slices))
    if size == 1:
        assert len(slices) == 30
    for item in found:  # the place is that of the record's member
        whole = zlib.decompressobj(31).decompress(path.read_bytes()[item.offset :])
        assert f"<urn:uuid:{item.record_id[10:-1]}>".encode() in whole


def test_a_slice_may_be_cut_anywhere(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(members([answer(n) for n in range(8)]))
    length = path.stat().st_size
    for cut in range(0, length, 61):
        first, second = (list(records_of(Slice(str(path), *ends))) for ends in ((0, cut), (cut, None)))
        assert numbers([*first, *second]) == list(range(8))


def test_what_a_response_says_is_kept(tmp_path: Path, reader: str) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(members([record(1, b"software: x", "warcinfo"), answer(7, b"<p>\xd5\xfe\xb8\xae", b"X-A: 1\r\n")]))
    (found,) = read(path)
    assert (found.url, found.kind, found.status, found.body) == (
        "http://a.example/7",
        "response",
        200,
        b"<p>\xd5\xfe\xb8\xae",
    )
    assert found.content_type == "text/html; charset=utf-8"
    assert found.fetched_at == "2024-01-02T03:04:05Z"
    assert found.record_id == "<urn:uuid:7>"
    assert ("X-A", "1") in found.headers
    assert found.source == str(path)


@pytest.mark.parametrize("compressed", ["members", "one stream", "plain"])
def test_every_framing_is_read(tmp_path: Path, reader: str, compressed: str) -> None:
    records = [record(0, b"x", "warcinfo"), *(answer(n) for n in range(1, 6))]
    path = tmp_path / "a.warc"
    whole = b"".join(records)
    path.write_bytes({"members": members(records), "one stream": gzip.compress(whole), "plain": whole}[compressed])
    assert numbers(read(path, size=300)) == [1, 2, 3, 4, 5]


def test_only_documents_are_handed_on_and_the_rest_is_counted(tmp_path: Path, reader: str) -> None:
    path = tmp_path / "a.warc.gz"
    records = [
        record(1, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "request"),
        record(2, b"via: x", "metadata"),
        record(3, OK + b"\r\n", "revisit"),
        record(4, b"HTTP/1.1 404 Not Found\r\n\r\nnothing"),
        record(5, b"HTTP/1.1 301 Moved\r\nLocation: /\r\n\r\n"),
        record(6, b"20240102030405\na.example. 60 IN A 1.2.3.4", "response", "text/dns"),
        record(7, b"%PDF-1.4", "resource", "application/pdf"),
        record(8, "政府信息公开".encode(), "conversion", "text/plain"),
        record(9, b"HTTP/2 200\r\n\r\nfine"),
        answer(10, b"<p>unwanted"),
    ]
    path.write_bytes(members(records))
    scanned = Scanned()
    found = list(records_of(Slice(str(path)), keep=lambda body: b"unwanted" not in body, scanned=scanned))
    assert [(item.kind, item.content_type, item.body) for item in found] == [
        ("resource", "application/pdf", b"%PDF-1.4"),
        ("conversion", "text/plain", "政府信息公开".encode()),
        ("response", "", b"fine"),
    ]
    assert (scanned.documents, scanned.passed, scanned.other_status, scanned.damaged) == (4, 3, 2, 0)
    assert scanned.body_bytes == 8 + 18 + 4 + 11


CHUNKED = b"Transfer-Encoding: chunked\r\n"
PAGE = "<html>政府信息公开工作年度报告</html>".encode() * 20


def chunks(body: bytes, size: int = 97) -> bytes:
    """A body in chunks, one with an extension."""
    parts = [body[n : n + size] for n in range(0, len(body), size)]
    return b"".join(b"%x;a=b\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (CHUNKED, chunks(PAGE)),
        (CHUNKED, PAGE),  # unpacked by the crawler, which kept the header
        (CHUNKED * 2, chunks(PAGE)),  # said twice, done once
        (b"Transfer-Encoding: identity, chunked\r\n", chunks(PAGE)),
        (b"Transfer-Encoding: gzip, chunked\r\n", chunks(gzip.compress(PAGE, mtime=0))),
        (CHUNKED, chunks(PAGE)[: -len(b"0\r\n\r\n")]),
        (b"Content-Encoding: gzip\r\n", gzip.compress(PAGE, mtime=0)),
        (b"content-encoding: gzip\r\n", PAGE),
        (b"CONTENT-ENCODING: br\r\n", brotli.compress(PAGE)),
        (b"Content-Encoding: gzip\r\n" + CHUNKED, chunks(gzip.compress(PAGE, mtime=0))),
        (b"X-Crawl-Content-Encoding: gzip\r\nX-Crawl-Transfer-Encoding: chunked\r\n", PAGE),
    ],
)
def test_codings_are_undone_where_they_are_there(tmp_path: Path, headers: bytes, body: bytes) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(members([answer(1, body, headers)]))
    assert [item.body for item in read(path)] == [PAGE]


def test_a_coding_that_is_cut_gives_what_there_is_of_it_and_says_so(tmp_path: Path) -> None:
    page = b"<html>" + os.urandom(30_000).hex().encode()
    cut = {b"Content-Encoding: gzip\r\n": gzip.compress(page, mtime=0)[:20_000], CHUNKED: chunks(page)[:40_000]}
    for coding, body in cut.items():
        path = tmp_path / "a.warc.gz"
        path.write_bytes(members([answer(1, body, coding)]))
        (item,) = read(path)
        assert page.startswith(item.body)
        assert len(page) > len(item.body) > 20_000
        assert item.truncated == "disconnect"


@pytest.mark.parametrize("size", [300, 30_000, 300_000])
def test_a_coding_that_is_damaged_is_named_and_proves_nothing(tmp_path: Path, size: int) -> None:
    """What comes out of it may be anything, up to the checksum at its end."""
    whole = gzip.compress(b"<html>" + os.urandom(size).hex().encode(), mtime=0)
    middle = len(whole) // 2
    for body in (whole[:-8] + bytes(8), whole[:middle] + bytes(9) + whole[middle + 9 :]):
        path = tmp_path / "a.warc.gz"
        path.write_bytes(members([answer(1, body, b"Content-Encoding: gzip\r\n"), answer(2)]))
        damage: list[str] = []
        found = list(records_of(Slice(str(path)), on_damage=damage.append, keep=bool))
        assert numbers(found) == [2]
        assert [line.rpartition(": ")[2] for line in damage] == ["a body that is damaged in its coding"]


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("2019", "2019-01-01T00:00:00Z"),
        ("2019-03", "2019-03-01T00:00:00Z"),
        ("2019-03-05", "2019-03-05T00:00:00Z"),
        ("2019-03-05T02Z", "2019-03-05T02:00:00Z"),
        ("2019-03-05T02:07Z", "2019-03-05T02:07:00Z"),
        ("2019-03-05T02:07:09.123456Z", "2019-03-05T02:07:09Z"),
        ("2019-13", None),
    ],
)
def test_dates_of_every_precision_are_read(tmp_path: Path, reader: str, said: str, moment: str | None) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(members([answer(1).replace(b"2024-01-02T03:04:05Z", said.encode())]))
    assert [item.fetched_at for item in read(path)] == [moment]


@pytest.mark.parametrize("kind", ["Response", "response ", "RESPONSE"])
def test_kinds_are_told_in_any_case(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(members([answer(1).replace(b"Type: response", f"Type: {kind}".encode()), answer(2)]))
    assert numbers(read(path)) == [1, 2]


def test_a_large_member_that_is_damaged_has_an_end(tmp_path: Path) -> None:
    large = bytearray(gzip.compress(answer(1, b"<html>" + bytes(3 * 1024 * 1024))))
    large[-6] ^= 1
    path = tmp_path / "a.warc.gz"
    path.write_bytes(members([answer(0)]) + bytes(large) + members([answer(2)]))
    damage: list[str] = []
    found = [item for piece in slices_of(path) for item in records_of(piece, on_damage=damage.append)]
    assert numbers(found) == [0, 2]
    assert len(damage) == 1


def test_a_folder_is_listed_anew_when_files_have_come(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for number in range(3):
        (tmp_path / "in" / f"{number}.html").write_bytes(b"<html>%d" % number)
        assert [item.body[-1:] for item in read(tmp_path)] == [b"%d" % n for n in range(number + 1)]


def test_what_is_neither_file_nor_folder_is_named(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ArchiveError, match="neither a file nor a folder"):
        list(slices_of(tmp_path / "pipe"))


def test_a_bomb_is_named_and_costs_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    bomb = gzip.compress(bytes(70 * 1024 * 1024), 1)
    path.write_bytes(members([answer(1, bomb, b"Content-Encoding: gzip\r\n"), answer(2)]))
    damage: list[str] = []
    found = list(records_of(Slice(str(path)), keep=bool, on_damage=damage.append))
    assert numbers(found) == [2]
    assert len(damage) == 1
    assert "a.warc.gz, record at byte 0" in damage[0]


def damaged(records: list[bytes], number: int, how: str) -> bytes:
    """A file whose record of that number is damaged, or whose end is missing."""
    parts = [gzip.compress(item) for item in records]
    part = parts[number]
    parts[number] = {
        "zeros": part[:200] + bytes(40) + part[240:],
        "magic": b"xx" + part[2:],
        "checksum": part[:-8] + bytes(4) + part[-4:],
        "garbage before": b"garbage" * 50 + part,
        "header": gzip.compress(records[number].replace(b"WARC/1.0", b"WARC/?.?")),
        "too long": gzip.compress(records[number].replace(b"Content-Length: ", b"Content-Length: 9")),
        "huge": gzip.compress(records[number].replace(b"Content-Length: ", b"Content-Length: 999999")),
    }[how]
    return b"".join(parts)


@pytest.mark.parametrize("how", ["zeros", "magic", "checksum", "garbage before", "header", "too long", "huge"])
@pytest.mark.parametrize("number", [1, 4, 7])
def test_reading_goes_on_behind_damage(tmp_path: Path, how: str, number: int) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(damaged([answer(n) for n in range(8)], number, how))
    for size in (10**9, 1500, 1):
        damage: list[str] = []
        scanned = Scanned()
        pieces = list(slices_of(path, size=size))
        found = [item for piece in pieces for item in records_of(piece, scanned=scanned, on_damage=damage.append)]
        lost = set(range(8)) - set(numbers(found))
        assert lost <= {number}, (how, size)
        assert len(found) == len(set(numbers(found)))
        assert scanned.damaged == len(damage)
        if size == 10**9:
            assert len(damage) == 1, damage
            assert "\n" not in damage[0]


@pytest.mark.parametrize(
    "between", [b"\0" * 512, b"\r\n", gzip.compress(b"", mtime=0), b"<Error>SlowDown</Error>", b"403\n"]
)
@pytest.mark.parametrize("place", [1, 3, 5])
def test_what_stands_between_members_costs_none_of_them(
    tmp_path: Path, reader: str, between: bytes, place: int
) -> None:
    """Padding is nothing, anything else is named; the records are all of one size, as pages of one error are."""
    pages = [record(number, OK + b"\r\n" + b"<html>" + os.urandom(300).hex().encode()) for number in range(5)]
    parts = [gzip.compress(page) for page in pages]
    path = tmp_path / "a.warc.gz"
    path.write_bytes(b"".join([*parts[:place], between, *parts[place:]]))
    for size in (10**9, 1500, 1):
        damage: list[str] = []
        pieces = slices_of(path, size=size)
        found = [item for piece in pieces for item in records_of(piece, on_damage=damage.append)]
        assert numbers(found) == list(range(5)), size
        if size == 10**9:
            assert len(damage) == (between[:1] in b"<4"), damage


def test_records_that_share_a_member_have_its_place(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    parts = [gzip.compress(answer(n) + answer(n + 1)) for n in (0, 2, 4)]
    path.write_bytes(b"".join(parts))
    starts = [sum(map(len, parts[:n])) for n in range(3)]
    assert [item.offset for item in read(path)] == [start for start in starts for _ in range(2)]


def test_a_collection_whose_beginning_is_damaged_is_read_behind_it(tmp_path: Path) -> None:
    first = bytearray(gzip.compress(record(0, b"software: x", "warcinfo")))
    first[-6] ^= 1
    (tmp_path / "a.warc.gz").write_bytes(bytes(first) + members([answer(1), answer(2)]))
    damage: list[str] = []
    found = [item for piece in slices_of(tmp_path) for item in records_of(piece, on_damage=damage.append)]
    assert numbers(found) == [1, 2]
    assert len(damage) == 1


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_head_ends_at_its_own_blank_line(tmp_path: Path, reader: str, end: bytes) -> None:
    """Not at one of the page, if that ends its lines otherwise."""
    page = end.join([b"<html>", b"", b"<p>", b""]) + b"\r\n\r\n" + b"</html>\n\n"
    for lines in (b"\n", b"\r\n"):
        path = tmp_path / "a.warc.gz"
        path.write_bytes(members([record(1, lines.join([b"HTTP/1.1 200 OK", b"Content-Type: text/html", b"", page]))]))
        (item,) = read(path)
        assert item.body == page
        assert item.content_type == "text/html"


def test_what_is_framed_otherwise_is_read_all_the_same(tmp_path: Path, reader: str) -> None:
    """Bytes in a member that look like the start of one, and headers without blanks."""
    records = [answer(n) for n in range(6)]
    records[2] = answer(2, b"<html>\x1f\x8b\x08\0" * 3)
    records[4] = records[4].replace(b"WARC-Type: ", b"WARC-Type:").replace(b"Content-Length: ", b"Content-Length:")
    parts = [gzip.compress(item, 0) for item in records]
    path = tmp_path / "a.warc.gz"
    path.write_bytes(b"".join(parts))
    damage: list[str] = []
    found = list(records_of(Slice(str(path)), on_damage=damage.append))
    assert numbers(found) == list(range(6))
    assert [item.offset for item in found] == [sum(map(len, parts[:n])) for n in range(6)]
    assert found[2].body.count(b"\x1f\x8b\x08") == 3
    assert damage == []


@pytest.mark.parametrize("left", [1, 3, 5, 17])
def test_a_file_may_be_torn_where_a_record_has_hardly_begun(tmp_path: Path, reader: str, left: int) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(members([answer(n) for n in range(3)]) + members([answer(3)])[:left])
    damage: list[str] = []
    found = [item for piece in slices_of(path) for item in records_of(piece, on_damage=damage.append)]
    assert numbers(found) == [0, 1, 2]
    assert len(damage) <= 1


@pytest.mark.parametrize("compressed", [True, False])
def test_a_torn_file_gives_all_before_the_tear(tmp_path: Path, reader: str, compressed: bool) -> None:
    path = tmp_path / "a.warc.gz"
    records = [answer(n) for n in range(5)]
    path.write_bytes((members(records) if compressed else b"".join(records))[:-200])
    damage: list[str] = []
    found = [item for piece in slices_of(path) for item in records_of(piece, on_damage=damage.append)]
    assert numbers(found) == [0, 1, 2, 3]
    assert len(damage) == 1


@pytest.mark.parametrize("left", [1, 2 / 3])
def test_one_stream_has_the_places_of_what_is_packed_in_it(tmp_path: Path, reader: str, left: float) -> None:
    plain, packed = tmp_path / "a.warc", tmp_path / "b.warc.gz"
    plain.write_bytes(b"".join(answer(n) for n in range(40)))
    whole = gzip.compress(plain.read_bytes())
    packed.write_bytes(whole[: int(len(whole) * left)])
    scanned = Scanned()
    places = [item.offset for item in records_of(Slice(str(packed)), scanned=scanned)]
    assert places == [item.offset for item in read(plain)][: len(places)]
    assert scanned.damaged == (left < 1)
    assert len(places) in ((40,) if left == 1 else range(20, 30))


def test_lines_are_cut_and_read_once(tmp_path: Path) -> None:
    path = tmp_path / "corpus.jsonl"
    lines = [
        json.dumps({"url": f"http://a/{n}", "text": "文" * n, "date": "2024-05-06"}, ensure_ascii=n % 2 == 0)
        for n in range(40)
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    for size in (1, 50, 333, 10**6):
        found = read(path, size=size)
        assert numbers(found) == list(range(40))
    assert [item.body for item in found] == [("文" * n).encode() for n in range(40)]
    assert {(item.kind, item.fetched_at, item.content_type) for item in found} == {
        ("text", "2024-05-06T00:00:00Z", "text/plain; charset=utf-8")
    }
    packed = tmp_path / "corpus.jsonl.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert [item.body for item in read(packed, size=50)] == [item.body for item in found]


def test_lines_that_are_no_text_are_named(tmp_path: Path) -> None:
    path = tmp_path / "corpus.jsonl"
    good = json.dumps({"url": "http://a/1", "text": "公开", "timestamp": 0})
    path.write_text("\n".join([good, "{broken", '{"url": "http://a/2"}', "[1]", "", good]), encoding="utf-8")
    damage: list[str] = []
    scanned = Scanned()
    found = list(records_of(Slice(str(path)), scanned=scanned, on_damage=damage.append))
    assert [item.fetched_at for item in found] == ["1970-01-01T00:00:00Z"] * 2
    assert [line.partition(", ")[2] for line in damage] == [
        f"line at byte {len(good) + 1}: not JSON",
        f"line at byte {len(good) + 9}: no object with a text",
        f"line at byte {len(good) + 31}: no object with a text",
    ]
    assert (scanned.records, scanned.damaged) == (5, 3)


@pytest.mark.parametrize(
    ("name", "before"), [("corpus.txt", "\n{torn\n"), ("corpus", 'xt":1}\n'), ("corpus.ndjson", "{torn\n" * 9999)]
)
def test_a_bad_beginning_costs_its_own_lines_only(tmp_path: Path, name: str, before: str) -> None:
    path = tmp_path / name
    path.write_text(before + '{"url": "http://a/1", "text": "公开"}\n', encoding="utf-8")
    scanned = Scanned()
    (found,) = records_of(Slice(str(path)), scanned=scanned)
    assert (found.kind, found.url, scanned.damaged) == ("text", "http://a/1", len(before.split()))


def test_a_page_with_a_text_in_its_scripts_is_a_page(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text('\n<script>\n{"text": "x"}\n</script>')
    assert [item.kind for item in read(path)] == ["file"]


def test_lines_are_judged_as_the_text_that_they_hold(tmp_path: Path) -> None:
    """A line break in a text is one, whichever way the line writes it."""
    path = tmp_path / "corpus.jsonl"
    texts = [{"url": f"http://a/{n}", "text": f"标题\n一、总体情况\t{n}\n"} for n in range(2)]
    path.write_text("".join(json.dumps(text, ensure_ascii=n > 0) + "\n" for n, text in enumerate(texts)), "utf-8")
    judged: list[bytes] = []
    list(records_of(Slice(str(path)), keep=lambda body: bool(judged.append(body))))
    assert judged == [text["text"].encode() for text in texts]


def test_the_text_of_escaped_lines_is_what_is_judged(tmp_path: Path) -> None:
    path = tmp_path / "corpus.jsonl"
    path.write_text(json.dumps({"url": "http://a/1", "text": "公开"}) + "\n", encoding="utf-8")
    assert len(list(records_of(Slice(str(path)), keep=lambda body: "公开".encode() in body))) == 1


def test_a_folder_gives_its_files_and_what_is_in_its_collections(tmp_path: Path) -> None:
    folder = tmp_path / "收集"
    (folder / "b").mkdir(parents=True)
    (folder / "b" / "z.html").write_bytes(b"<p>z")
    (folder / "a.html").write_bytes(b"<p>a")
    (folder / ".hidden").write_bytes(b"no")
    (folder / "pages.warc.gz").write_bytes(members([answer(n) for n in range(3)]))
    (folder / "texts.jsonl").write_text('{"url": "http://a/9", "text": "x"}\n')
    (tmp_path / "outside.html").write_bytes(b"<p>outside")
    (folder / "way out.html").symlink_to(tmp_path / "outside.html")
    (folder / "within.html").symlink_to(folder / "a.html")
    os.utime(folder / "a.html", (86400, 86400))
    found = read(folder, files=1)
    files = [item for item in found if item.kind == "file"]
    assert [(item.url, item.body) for item in files] == [
        ("file:%E6%94%B6%E9%9B%86/a.html", b"<p>a"),
        ("file:%E6%94%B6%E9%9B%86/b/z.html", b"<p>z"),
        ("file:%E6%94%B6%E9%9B%86/within.html", b"<p>a"),
    ]
    assert files[0].fetched_at == "1970-01-02T00:00:00Z"
    assert sorted(numbers([item for item in found if item.kind != "file"])) == [0, 1, 2, 9]


def test_a_single_file_is_a_document(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(b"%PDF-1.4")
    (found,) = read(path)
    assert (found.kind, found.body, found.url) == ("file", b"%PDF-1.4", f"file:{tmp_path.name}/report.pdf")


@pytest.mark.parametrize("name", ["none.warc.gz", "page.warc.gz"])
def test_what_cannot_be_a_source_is_said_in_one_line(tmp_path: Path, name: str) -> None:
    (tmp_path / "page.warc.gz").write_bytes(b"<html>")
    with pytest.raises(ArchiveError, match=name) as error:
        list(slices_of(tmp_path / name))
    assert "\n" not in str(error.value)


def test_memory_does_not_grow_with_the_source(tmp_path: Path) -> None:
    """A record of 20 MB among others is held once; one beyond the limit is never held."""
    path = tmp_path / "a.warc"
    with path.open("wb") as file:
        for number in range(4):
            file.write(answer(number, bytes(20_000_000)))
        file.write(answer(4, bytes(70_000_000)))
        file.write(answer(5))
    code = (
        "import sys; from archive.incoming import Slice, records_of\n"
        "damage = []\n"
        "print(sum(1 for item in records_of(Slice(sys.argv[1]), on_damage=damage.append)), len(damage))\n"
        "print(next(line for line in open('/proc/self/status') if line.startswith('VmHWM')).split()[1])"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    counts, peak = done.stdout.splitlines()
    assert counts == "5 1"
    assert int(peak) < 150_000
