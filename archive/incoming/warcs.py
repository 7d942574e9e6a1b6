"""The documents of a slice of a WARC or WET file, by a loop that touches as little as it can of what is not kept.

Of most records it reads the block, finds the status and asks whether the body is worth keeping; only then are headers
read and the document described. What is damaged is named, and reading goes on at the next record that is whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from archive.errors import ArchiveError
from archive.incoming.answers import decoded, headers_of, may_be_encoded, status_of, value
from archive.incoming.framing import CONVERSION, RESOURCE, RESPONSE, Record, parts_of, records_in
from archive.incoming.members import Span, first_behind, is_one_stream, next_record, record_behind
from archive.incoming.model import Incoming, Keep, Kind, OnDamage, Reach, Scanned, Slice
from archive.moments import text_of
from archive.payloads import LIMIT

_OK = 200
# WARC 1.1, 5.4: a date may have any of the precisions of W3C's profile of ISO 8601.
_LESS_PRECISE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d)(?::(\d\d))?Z)?)?)?")
_FIRST = (1, 1, 0, 0)


def documents_of(
    piece: Slice, keep: Keep | None, scanned: Scanned, on_damage: OnDamage, reach: Reach
) -> Iterator[Incoming]:
    """The documents of the records that start in the slice; `reach` says at the end which these were."""
    with Path(piece.source).open("rb") as file:
        reach.start = start = next_record(file, piece.start) if piece.start else 0
        was_damaged = False
        while start is not None and (piece.end is None or start < piece.end):
            stretch = _Stretch(file, start, piece.end, piece.source, on_damage)
            yield from stretch.documents(keep, scanned)
            if not stretch.fault:
                start = stretch.behind()
                break
            if stretch.seen or not was_damaged:  # else it is the record that was named already
                scanned.damaged += 1
                on_damage(f"{piece.source}, at or behind byte {stretch.place}: {stretch.fault}")
            was_damaged = True
            start = None if is_one_stream(file) else record_behind(file, stretch.place)
        reach.end = start


class _Stretch:
    """The records from one place up to the end of the slice, or to the first fault in their framing."""

    def __init__(self, file: BinaryIO, start: int, end: int | None, source: str, on_damage: OnDamage) -> None:
        self.place = start
        """Where the last record began."""
        self.seen = False
        """Whether there was any whole one."""
        self.fault = ""
        """What ended it, if not its end."""
        self._span = Span(file, start, end)
        self._end = end
        self._source = source
        self._on_damage = on_damage

    def behind(self) -> int | None:
        """The first record behind the slice."""
        if self._end is None:
            return None
        return self._span.behind if self._span.behind is not None else first_behind(self._source, self.place, self._end)

    def documents(self, keep: Keep | None, scanned: Scanned) -> Iterator[Incoming]:
        """The documents, those only that are to be kept."""
        try:
            for place, record in records_in(self._span):
                self.place = place
                scanned.records += 1
                length = record.content_length
                if length > LIMIT:
                    what = f"a record of {length} bytes, more than one document has"
                    if self._span.is_one_stream():  # in which nothing but reading on leads to the next record
                        scanned.damaged += 1
                        self._on_damage(f"{self._source}, at byte {self.place} of its stream: {what}")
                        continue
                    self.seen, self.fault = True, what
                    return
                head, body, is_whole = parts_of(record)
                if not is_whole:
                    self.seen, self.fault = True, "a record that is cut short"
                    return
                found = self._document(record, head, body, keep, scanned)
                if found is not None:
                    yield found
                self.seen = True
        except OSError as error:
            self.fault = f"the framing is broken: {error}"

    def _document(
        self, record: Record, head: bytes, body: bytes, keep: Keep | None, scanned: Scanned
    ) -> Incoming | None:
        """The document of a record, if it has one that is to be kept."""
        kind, is_cut = int(record.record_type), False
        if kind == RESPONSE:
            status = status_of(head)
            if status is None:
                return None  # of another protocol: a name looked up, a certificate
            if status != _OK:
                scanned.other_status += 1
                return None
            if may_be_encoded(head):
                body, is_cut = self._decoded(head, body, scanned)
        scanned.documents += 1
        scanned.body_bytes += len(body)
        if keep is not None and not keep(body):
            return None
        scanned.passed += 1
        return self._incoming(record, kind, head, body, is_cut=is_cut)

    def _decoded(self, head: bytes, body: bytes, scanned: Scanned) -> tuple[bytes, bool]:
        """The body unpacked, and whether its end is missing; nothing of one that is more than a document has, or
        damaged, for what comes out of that may be anything."""
        try:
            unpacked, found = decoded(head, body)
            why = "a body that is damaged in its coding" if found == "damaged" else ""
        except ArchiveError as error:
            unpacked, found, why = b"", "whole", str(error)
        if why:
            scanned.damaged += 1
            self._on_damage(f"{self._source}, record at byte {self.place}: {why}")
        return b"" if why else unpacked, found == "cut"

    def _incoming(self, record: Record, kind: int, head: bytes, body: bytes, *, is_cut: bool) -> Incoming:
        headers = headers_of(head)
        content_type = value(headers, "content-type") if kind == RESPONSE else record.headers.get("Content-Type") or ""
        url = (record.headers.get("WARC-Target-URI") or "").strip("<>")
        name = _NAMES[kind]
        status = status_of(head)
        moment = _moment(record)
        identity = record.record_id or ""
        cut = (record.headers.get("WARC-Truncated") or "").strip() or ("disconnect" if is_cut else "")
        return Incoming(url, content_type, body, moment, self._source, self.place, identity, name, status, headers, cut)


_NAMES: dict[int, Kind] = {RESPONSE: "response", RESOURCE: "resource", CONVERSION: "conversion"}


def _moment(record: Record) -> str | None:
    """When a record was fetched, or the beginning of the year, month, day or hour that it gives."""
    less = _LESS_PRECISE.fullmatch((record.headers.get("WARC-Date") or "").strip())
    try:
        if less:
            year, *others = (int(part) if part else None for part in less.groups())
            month, day, hour, minute = (part if part is not None else n for part, n in zip(others, _FIRST, strict=True))
            return text_of(datetime(year or 0, month, day, hour, minute, tzinfo=UTC))
        moment = record.record_date
        return text_of(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, AttributeError, TypeError):
        return None
