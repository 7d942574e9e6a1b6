"""Inputs of `gongkai extract`: files, standard input, and the records of WARC files, as captures to read."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.errors import ArchiveError
from archive.records import read_records
from pipelines import extract
from pipelines.model import Capture, Reading


@dataclass(frozen=True, slots=True)
class Found:
    """One reading and the input it came from; `unread` when the input could not be read at all."""

    source: str
    reading: Reading
    url: str = ""
    unread: bool = False
    capture: Capture | None = None


def read_inputs(names: Iterable[str]) -> Iterator[Found]:
    """At least one reading for every input, in order; faults are readings with a reason, never exceptions."""
    for name in names:
        try:
            body = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        except OSError as error:
            yield Found(name, Reading(False, (error.strerror or str(error)).lower()), unread=True)
            continue
        yield from _warc(name, body) if _is_warc(body) else _document(name, Capture(body, name))


def _is_warc(body: bytes) -> bool:
    """A WARC file or record, plain or compressed; a HTTP response or document of another kind is none."""
    if body.startswith(b"WARC/"):
        return True
    if not body.startswith(b"\x1f\x8b"):
        return False
    try:
        import gzip

        with gzip.open(io.BytesIO(body)) as stream:
            return stream.read(5) == b"WARC/"
    except (OSError, EOFError):
        return False


def _warc(name: str, body: bytes) -> Iterator[Found]:
    damage: list[str] = []
    count = 0
    try:
        for capture in read_records(io.BytesIO(body), on_damage=damage.append):
            count += 1
            yield from _document(name, capture)
    except ArchiveError as error:
        damage.append(str(error))
    if damage or not count:
        reason = damage[0] if damage else "the WARC file holds no response"
        yield Found(name, Reading(False, reason), unread=True)


def _document(name: str, capture: Capture) -> Iterator[Found]:
    url = capture.url if capture.url != name else ""
    for reading in extract(capture):
        yield Found(name, reading, url, reading.text is None and not reading.report, capture)
