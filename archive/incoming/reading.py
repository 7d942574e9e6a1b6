"""The documents of a slice, whatever its source is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from archive.errors import ArchiveError
from archive.incoming.folders import files_of
from archive.incoming.kinds import kind_of
from archive.incoming.lines import texts_of
from archive.incoming.model import Incoming, Keep, OnDamage, Reach, Scanned, Slice
from archive.incoming.warcs import documents_of

_READERS = {"lines": texts_of, "file": files_of, "folder": files_of}


def records_of(
    piece: Slice,
    *,
    keep: Keep | None = None,
    scanned: Scanned | None = None,
    on_damage: OnDamage | None = None,
    reach: Reach | None = None,
) -> Iterator[Incoming]:
    """The documents that start in a slice, in its order and in bounded memory.

    `keep` judges a body before anything else is made of it; what it refuses is only counted. `scanned` is added to as
    the scan goes. `on_damage` is told, in one line each, of what cannot be read; the scan goes on behind it.

    `reach` is told where a slice of WARC begins and ends in truth.

    Of WARC: responses of HTTP with status 200, resources and conversions (WET); not requests, metadata, revisits.

    Raises ArchiveError when the source cannot be opened.
    """
    path = Path(piece.source)
    kind = kind_of(path)
    scanned, on_damage = scanned if scanned is not None else Scanned(), on_damage or _ignored
    try:
        if kind == "warc":
            yield from documents_of(piece, keep, scanned, on_damage, reach if reach is not None else Reach())
        else:
            yield from _READERS[kind](piece, keep, scanned, on_damage)
    except OSError as error:
        raise ArchiveError(f"{path}: {(error.strerror or str(error)).lower()}") from error


def _ignored(what: str) -> None:
    """Nobody wants to know."""
