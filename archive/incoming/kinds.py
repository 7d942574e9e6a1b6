"""What a source is, told by its first bytes: names lie, and collections come without any."""

from __future__ import annotations

import json
import zlib
from pathlib import Path
from typing import Literal

from archive.errors import ArchiveError

SourceKind = Literal["warc", "lines", "file", "folder"]

_START = 1 << 16
_LINES = 20  # of which one has to be a text: the first may be blank, or torn
_ZSTANDARD = b"\x28\xb5\x2f\xfd"


def kind_of(path: Path) -> SourceKind:
    """Whether a path is a WARC file (plain, gzip, zstandard), one of JSON lines (plain, gzip), a folder, or a file.

    Raises ArchiveError when there is nothing at the path, or it cannot be read.
    """
    try:
        if path.is_dir():
            return "folder"
        if path.exists() and not path.is_file():
            raise ArchiveError(f"{path}: neither a file nor a folder")
        with path.open("rb") as file:
            start = file.read(_START)
    except FileNotFoundError:
        raise ArchiveError(f"{path}: no such file or folder") from None
    except OSError as error:
        raise ArchiveError(f"{path}: {(error.strerror or str(error)).lower()}") from error
    if start.startswith(b"\x1f\x8b"):
        start = _inflated(start)
        if not start and ".warc" in path.name:
            return "warc"  # its beginning is damaged; what is behind it is looked for
    if start.startswith(b"WARC/") or (start.startswith(_ZSTANDARD) and ".warc" in path.name):
        return "warc"
    if ".warc" in path.name or ".wet" in path.suffixes:
        raise ArchiveError(f"{path}: not a WARC file, whatever its name says")
    if _is_named_lines(path) or _are_lines_of_text(start.removeprefix(b"\xef\xbb\xbf")):
        return "lines"
    return "file"


def _is_named_lines(path: Path) -> bool:
    """Whether a file is called one of JSON lines: then each line of it that holds no text is named as damaged."""
    return path.name.lower().removesuffix(".gz").endswith((".jsonl", ".ndjson"))


def _inflated(start: bytes) -> bytes:
    try:
        return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(start, _START)
    except zlib.error:
        return b""


def _are_lines_of_text(start: bytes) -> bool:
    """Whether one of the first lines is an object with a text, or the last that was read begins as one; pages may have
    such lines in their scripts."""
    if start.lstrip().startswith(b"<"):
        return False
    *lines, rest = start.split(b"\n")
    if any(map(_is_text, lines[:_LINES])):
        return True
    return len(lines) < _LINES and _is_text(rest, is_cut=len(start) >= _START)


def _is_text(line: bytes, *, is_cut: bool = False) -> bool:
    if not line.startswith(b"{") or b'"text"' not in line:
        return False
    try:
        found = json.loads(line)
    except ValueError:
        return is_cut
    return isinstance(found, dict) and isinstance(found.get("text"), str)
