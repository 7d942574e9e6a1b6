"""What came of the batches, on the disk until it is written: memory is the same for a thousand captures and a million.

A line of JSON for each batch. The file has no name, so that nothing is left of it however the program ends; it lies
beside the archive, where there is room for what it holds.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from archive.captured import Origin
from archive.database import spoken
from archive.rereading import ReadAgain
from gongkai.rereading.reading import Failed, Reread
from pipelines.model import Attachment, Context, FigureCell, Indicator, Issue, Reading, Section, Text

_KINDS: Mapping[str, Any] = {
    kind.__name__: kind
    for kind in (
        Reread, ReadAgain, Failed, Origin, Context, Reading, FigureCell, Indicator, Attachment, Issue, Section, Text,
    )
}  # fmt: skip
"""Of what an answer consists, beside tuples, mappings, numbers and text."""


class Spool:
    """Answers in the order in which they came; to be used as a context manager, and read as often as need be."""

    def __init__(self, archive: Path) -> None:
        folder = archive.absolute().parent
        self._folder = folder if os.access(folder, os.W_OK) else Path(tempfile.gettempdir())
        with spoken(self._folder):
            self._file = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115 - closed with the spool

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, answer: Reread) -> None:
        """Keeps an answer. Raises ArchiveError when the disk will not take it."""
        line = json.dumps(_plain(answer), separators=(",", ":")).encode("ascii") + b"\n"
        with spoken(self._folder):
            self._file.seek(0, os.SEEK_END)
            self._file.write(line)
            self._file.flush()

    def answers(self) -> Iterator[Reread]:
        """All that is kept; what is added meanwhile is not among them."""
        end, place = self._file.seek(0, os.SEEK_END), 0
        while place < end:
            self._file.seek(place)
            line = self._file.readline()
            place = self._file.tell()
            answer: Reread = _object(json.loads(line))
            yield answer


def _plain(value: Any) -> Any:
    """Lists that begin with what they are, around what JSON knows."""
    if isinstance(value, tuple):
        return ["tuple", *map(_plain, value)]
    if isinstance(value, Decimal):
        return ["Decimal", str(value)]
    if isinstance(value, Mapping):
        return ["dict", *([name, _plain(held)] for name, held in value.items())]
    if is_dataclass(value):
        return [type(value).__name__, *(_plain(getattr(value, field.name)) for field in fields(value))]
    return value


def _object(plain: Any) -> Any:
    if not isinstance(plain, list):
        return plain
    kind, *held = plain
    if kind == "tuple":
        return tuple(map(_object, held))
    if kind == "Decimal":
        return Decimal(held[0])
    if kind == "dict":
        return {name: _object(value) for name, value in held}
    return _KINDS[kind](*map(_object, held))
