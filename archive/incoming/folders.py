"""Files of a folder as documents, each under an address that is the same on every machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from archive.errors import ArchiveError
from archive.incoming.kinds import kind_of
from archive.incoming.model import Incoming, Keep, OnDamage, Scanned, Slice
from archive.moments import text_of
from archive.payloads import LIMIT


@dataclass(slots=True)
class Contents:
    """What is in a folder and the folders in it, each kind in sorted order."""

    collections: list[Path] = field(default_factory=list)
    """Files that hold many documents."""
    others: list[Path] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    """Folders that cannot be looked into, a line each."""
    looked: dict[str, int] = field(default_factory=dict)
    """When each folder was last changed, in nanoseconds: a file that comes or goes changes that."""

    def is_of_now(self) -> bool:
        """Whether no file has come or gone."""
        try:
            return all(Path(place).stat().st_mtime_ns == moment for place, moment in self.looked.items())
        except OSError:
            return False


def contents_of(folder: Path) -> Contents:
    """What is in a folder.

    Hidden files and folders are passed over, and so are links that lead out of the folder. A file that cannot be
    looked into is one of the others: reading it names what is the matter.
    """
    found = Contents()
    for path in _files(folder, found):
        try:
            holds_many = kind_of(path) != "file"
        except ArchiveError:
            holds_many = False
        (found.collections if holds_many else found.others).append(path)
    return found


def _files(folder: Path, contents: Contents) -> list[Path]:
    home = folder.resolve()
    found = []

    def closed(error: OSError) -> None:
        contents.closed.append(f"{error.filename}: {(error.strerror or str(error)).lower()}")

    for place, names, files in os.walk(folder, onerror=closed):
        contents.looked[place] = Path(place).stat().st_mtime_ns
        names[:] = [name for name in names if not name.startswith(".")]
        for path in (Path(place, name) for name in files if not name.startswith(".")):
            try:
                if path.is_file() and path.resolve().is_relative_to(home):
                    found.append(path)
            except OSError as error:  # a folder that may be listed, but not gone into
                closed(error)
    return sorted(found, key=lambda path: path.relative_to(folder).as_posix())


def files_of(piece: Slice, keep: Keep | None, scanned: Scanned, on_damage: OnDamage) -> Iterator[Incoming]:
    """The files of a slice of a folder, or the one file that the slice names."""
    source = Path(piece.source)
    paths = _others_of(source)[piece.start : piece.end] if source.is_dir() else [source]
    home = source if source.is_dir() else source.parent
    for path in paths:
        scanned.records += 1
        try:
            body, changed = _content(path)
        except (OSError, ArchiveError) as error:
            scanned.damaged += 1
            on_damage(f"{path}: {(getattr(error, 'strerror', None) or str(error)).lower()}")
            continue
        scanned.documents += 1
        scanned.body_bytes += len(body)
        if keep is None or keep(body):
            scanned.passed += 1
            yield Incoming(_address(path, home), "", body, changed, str(path), 0, "", "file")


def _content(path: Path) -> tuple[bytes, str]:
    """The bytes of a file, and when it was last changed. Raises ArchiveError for one larger than a document is."""
    status = path.stat()
    if status.st_size > LIMIT:
        raise ArchiveError(f"{status.st_size} bytes are more than one document has")
    return path.read_bytes(), text_of(datetime.fromtimestamp(status.st_mtime, UTC))


def _others_of(folder: Path) -> list[Path]:
    """The files that are no collections; a process works off many slices of one folder, and lists it once, unless
    something has come or gone: a process may live longer than a folder stays as it is."""
    known = _listed.get(folder)
    if known is None or not known.is_of_now():
        _listed.clear()
        _listed[folder] = known = contents_of(folder)
    return known.others


_listed: dict[Path, Contents] = {}


def _address(path: Path, home: Path) -> str:
    name = f"{home.resolve().name}/{path.relative_to(home).as_posix()}"
    return "file:" + quote(name, errors="surrogateescape")  # the bytes of the name, whatever their encoding
