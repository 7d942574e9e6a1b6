"""Text corpora of JSON lines: one object a line, with the address of a page and the text that was taken from it."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, cast
from urllib.parse import quote

from archive.incoming.members import Span
from archive.incoming.model import Incoming, Keep, OnDamage, Scanned, Slice
from archive.moments import text_of
from archive.payloads import LIMIT

_MOMENTS = ("fetched_at", "date", "timestamp")
_CONTENT_TYPE = "text/plain; charset=utf-8"


def texts_of(piece: Slice, keep: Keep | None, scanned: Scanned, on_damage: OnDamage) -> Iterator[Incoming]:
    """The texts of the lines that begin in a slice; lines that hold none are named by where they begin."""

    def damaged(place: int, what: str) -> None:
        scanned.damaged += 1
        on_damage(f"{piece.source}, line at byte {place}: {what}")

    with Path(piece.source).open("rb") as file:
        for place, line in _lines(file, piece, damaged):
            if not line.strip():
                continue
            scanned.records += 1
            found, fault = _object(line)
            if fault:
                damaged(place, fault)
                continue
            body = found["text"].encode("utf-8", "replace")
            scanned.documents += 1
            scanned.body_bytes += len(body)
            if keep is None or keep(body):
                scanned.passed += 1
                yield _incoming(found, body, piece.source, place)


def _lines(file: BinaryIO, piece: Slice, damaged: Any) -> Iterator[tuple[int, bytes]]:
    """(place, line) of each line; a line longer than a document may be is named and passed over."""
    stream: Any = file
    if file.read(2) == b"\x1f\x8b":
        file.seek(0)
        stream = gzip.GzipFile(fileobj=file)
    else:
        start = piece.start
        if start:
            file.seek(start - 1)
            start += len(file.readline()) - 1  # to the first line that begins in the slice
        stream = Span(file, start, piece.end)
    try:
        while True:
            place = stream.tell()
            line = stream.readline(LIMIT + 1)
            if not line:
                return
            if len(line) > LIMIT:
                damaged(place, f"more than {LIMIT} bytes")
                while not line.endswith(b"\n") and line:
                    line = stream.readline(LIMIT)
                continue
            yield place, line
    except (OSError, EOFError, zlib.error) as error:
        damaged(place, f"the gzip stream is damaged or cut short: {error}")


def _object(line: bytes) -> tuple[dict[str, Any], str]:
    """(object, "") of a line, or ({}, what is wrong with it)."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return {}, "not JSON"
    if not isinstance(found, dict) or not isinstance(found.get("text"), str):
        return {}, "no object with a text"
    return cast(dict[str, Any], found), ""


def _incoming(found: dict[str, Any], body: bytes, source: str, place: int) -> Incoming:
    url = found.get("url")
    moments = (found.get(name) for name in _MOMENTS)
    fetched_at = next((moment for value in moments if (moment := _moment(value))), None)
    address = url if isinstance(url, str) and url else address_of(Path(source).name, place)
    return Incoming(address, _CONTENT_TYPE, body, fetched_at, source, place, "", "text")


def address_of(name: str, place: int) -> str:
    """What stands for the address of a line without one: its file, by name, and where it begins."""
    return f"file:{quote(name, errors='surrogateescape')}?at={place}"


def _moment(value: object) -> str | None:
    """A moment as the archive keeps it, from ISO 8601 (UTC where it has no offset) or seconds since 1970."""
    try:
        if isinstance(value, str):
            moment = datetime.fromisoformat(value)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            moment = datetime.fromtimestamp(value, UTC)
        else:
            return None
        return text_of(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError, OSError):
        return None
