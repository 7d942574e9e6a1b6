"""Content encodings as servers really send them."""

from __future__ import annotations

import gzip
import zlib

import pytest

from archive.errors import ArchiveError
from archive.payloads import unpacked

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
