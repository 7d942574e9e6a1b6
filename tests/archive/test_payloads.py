"""Content encodings as servers really send them."""

from __future__ import annotations

import gzip
import os
import tracemalloc
import zlib

import pytest

from archive.errors import ArchiveError
from archive.payloads import pieces, soundness, unpacked

TEXT = "政府信息公开工作年度报告".encode() * 500


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("", TEXT),
        ("identity", TEXT),
        ("gzip", gzip.compress(TEXT, mtime=0)),
        ("GZIP", gzip.compress(TEXT, mtime=0)),
        ("x-gzip", gzip.compress(TEXT[:100]) + gzip.compress(TEXT[100:])),
        ("gzip", TEXT),
        ("gzip", gzip.compress(TEXT, mtime=0) + b"trailing newline\n"),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", zlib.compress(TEXT, wbits=-15)),
        ("deflate, gzip", gzip.compress(zlib.compress(TEXT), mtime=0)),
        ("unheard-of", TEXT),
        ("br", TEXT),
        ("zstd", TEXT),
    ],
)
def test_the_document_comes_out(coding: str, body: bytes) -> None:
    assert unpacked(body, coding) == TEXT


@pytest.mark.parametrize(("coding", "library"), [("br", "brotli"), ("zstd", "backports.zstd")])
def test_the_codings_of_optional_libraries(coding: str, library: str) -> None:
    pack = pytest.importorskip(library).compress
    assert unpacked(pack(TEXT), coding) == TEXT
    with pytest.raises(ArchiveError, match="more than 1000 bytes"):
        unpacked(pack(bytes(5_000_000)), coding, limit=1000)


def test_a_stream_cut_short_gives_what_there_is() -> None:
    noise = zlib.compress(bytes(range(256)) * 2000, level=0)
    assert 0 < len(unpacked(gzip.compress(noise, mtime=0)[:-2000], "gzip")) < len(noise)


def test_a_bomb_is_not_unpacked() -> None:
    bomb = gzip.compress(bytes(50_000_000))
    with pytest.raises(ArchiveError, match="more than 1000000 bytes"):
        unpacked(bomb, "gzip", limit=1_000_000)
    assert len(unpacked(bomb, "gzip", limit=50_000_000)) == 50_000_000


NOISE = os.urandom(300_000)
PACKED = gzip.compress(NOISE, mtime=0)


@pytest.mark.parametrize(
    ("coding", "body", "found"),
    [
        ("", TEXT, "whole"),
        ("gzip", b"", "whole"),
        ("unheard-of", TEXT, "whole"),
        ("gzip", PACKED, "whole"),
        ("gzip", gzip.compress(b"", mtime=0), "whole"),
        ("gzip", PACKED + bytes(20), "whole"),
        ("gzip", PACKED * 3, "whole"),
        ("gzip", gzip.compress(bytes(262144 * 3), mtime=0), "whole"),
        ("deflate", zlib.compress(NOISE), "whole"),
        ("deflate", zlib.compress(NOISE, wbits=-15), "whole"),
        ("deflate, gzip", gzip.compress(zlib.compress(NOISE), mtime=0), "whole"),
        ("gzip", PACKED[:-1], "cut"),
        ("gzip", PACKED[: len(PACKED) // 2], "cut"),
        ("gzip", PACKED[:5], "cut"),
        ("gzip", PACKED + PACKED[:-9], "cut"),
        ("deflate", zlib.compress(NOISE)[:-1], "cut"),
        ("deflate", zlib.compress(NOISE, wbits=-15)[:-1], "cut"),
        ("deflate, gzip", gzip.compress(zlib.compress(NOISE)[:-1], mtime=0), "cut"),
        ("deflate, gzip", gzip.compress(zlib.compress(NOISE), mtime=0)[:-1], "cut"),
        ("gzip", PACKED[:-8] + bytes(4) + PACKED[-4:], "damaged"),
        ("gzip", PACKED[:-4] + bytes(4), "damaged"),
        ("deflate", zlib.compress(NOISE)[:-4] + bytes(4), "damaged"),
        ("gzip", TEXT, "foreign"),
        ("deflate", TEXT, "foreign"),
    ],
)
def test_whether_a_body_is_all_that_its_header_promises(coding: str, body: bytes, found: str) -> None:
    assert soundness(body, coding) == found


@pytest.mark.parametrize(("coding", "library"), [("br", "brotli"), ("zstd", "backports.zstd")])
def test_the_same_of_optional_libraries(coding: str, library: str) -> None:
    whole = pytest.importorskip(library).compress(NOISE)
    assert soundness(whole, coding) == "whole"
    assert soundness(whole[:-1], coding) == "cut"
    assert soundness(b"<html>" + TEXT, coding) == "foreign"


def test_pieces_are_small_however_large_the_whole() -> None:
    bomb = gzip.compress(bytes(60_000_000), mtime=0)
    tracemalloc.start()
    try:
        assert sum(map(len, pieces(bomb, "gzip"))) == 60_000_000
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


def test_bombs_of_many_members_and_of_many_codings_are_not_unpacked() -> None:
    with pytest.raises(ArchiveError, match="gzip members"):
        unpacked(gzip.compress(b"", mtime=0) * 10_001, "gzip")
    with pytest.raises(ArchiveError, match="in 5 codings"):
        soundness(PACKED, "gzip, gzip, deflate, gzip, gzip")
