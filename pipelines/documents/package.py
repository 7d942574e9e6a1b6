"""A zip package of XML parts (docx, xlsx), opened with the distrust that a file from the web deserves.

What the zip directory claims is checked before anything is read, and what is inflated is counted, since claims lie.
Parts are parsed without entities, and only those that a reader asks for.
"""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pipelines.documents.formats import Unreadable
from pipelines.documents.office_xml import parse_xml

_MOST_ENTRIES = 2_000
_LARGEST_SUM = 100 * 1024 * 1024
_HIGHEST_RATIO, _RATIO_COUNTS_FROM = 200, 8 * 1024 * 1024
_LARGEST_PART = 32 * 1024 * 1024
_CHUNK = 1 << 16
_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError, KeyError)


class Package:
    """The parts of one package by name. Names are compared without case, as Office does."""

    def __init__(self, body: bytes) -> None:
        # The directory is read whole by the library, so its size has to be known before.
        if body.count(b"PK\x01\x02") > _MOST_ENTRIES:
            raise Unreadable(f"a zip package of more than {_MOST_ENTRIES} parts")
        try:
            self._zip = zipfile.ZipFile(BytesIO(body))
        except _FAULTS as fault:
            raise Unreadable("the file is cut off or damaged: its zip directory cannot be read") from fault
        entries = [entry for entry in self._zip.infolist() if not entry.filename.endswith("/")]
        total = sum(entry.file_size for entry in entries)
        if total > _LARGEST_SUM or (total > _RATIO_COUNTS_FROM and total > _HIGHEST_RATIO * len(body)):
            raise Unreadable(f"a zip package of {len(body)} bytes that unpacks to {total}")
        if any(entry.flag_bits & 1 for entry in entries):
            raise Unreadable("the file is encrypted")
        self._entries = {_plain(entry.filename): entry for entry in entries}

    @property
    def names(self) -> list[str]:
        """The names of all parts, in lower case."""
        return list(self._entries)

    def read(self, name: str) -> bytes | None:
        """The bytes of a part; None when there is none of that name."""
        if _plain(name) not in self._entries:
            return None
        chunks, size = [], 0
        for chunk in self.chunks(name):
            chunks.append(chunk)
            size += len(chunk)
            if size > _LARGEST_PART:
                raise Unreadable(f"{name!r} unpacks to more than {_LARGEST_PART} bytes")
        return b"".join(chunks)

    def chunks(self, name: str) -> Iterator[bytes]:
        """The bytes of a part as they are unpacked, for parts that are not kept whole; nothing for a missing one."""
        entry = self._entries.get(_plain(name))
        if entry is None:
            return
        size = 0
        try:
            with self._zip.open(entry) as part:
                while chunk := part.read(_CHUNK):
                    size += len(chunk)
                    if size > _LARGEST_SUM:
                        raise Unreadable(f"{name!r} unpacks to more than {_LARGEST_SUM} bytes")  # noqa: TRY301
                    yield chunk
        except Unreadable:
            raise
        except _FAULTS as fault:
            raise Unreadable(f"the file is damaged: {name!r} cannot be unpacked") from fault

    def xml(self, name: str) -> Any | None:
        """The root element of a part; None when there is no such part."""
        data = self.read(name)
        return None if data is None else parse_xml(data, name)

    def related(self, name: str) -> dict[str, tuple[str, str]]:
        """What a part points to ('' for the package itself): id -> (kind, name of the part)."""
        folder, file = posixpath.split(name)
        root = self.xml(posixpath.join(folder, "_rels", f"{file}.rels"))
        found: dict[str, tuple[str, str]] = {}
        for relation in root if root is not None else ():
            if relation.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target") or ""))
                found[relation.get("Id") or ""] = posixpath.basename(relation.get("Type") or ""), target.lstrip("/")
        return found

    def of_kind(self, name: str, kind: str) -> str | None:
        """The first part of a kind that a part points to and that is there."""
        named = (target for found, target in self.related(name).values() if found == kind)
        return next((target for target in named if _plain(target) in self._entries), None)


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()
