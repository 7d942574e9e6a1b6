"""What a check is given, and what it gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from sqlite_utils import Database

from archive.locking import holder
from crawler.options import Options

Level = Literal["ok", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Finding:
    """How something is, in one line, and what to do about it."""

    level: Level
    check: str
    message: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Patient:
    """The installation that is examined. A check of the archive is only asked when there is a `db`."""

    archive: Path
    portals: Path
    options: Options
    folder: Path
    """Where `gongkai.toml` is."""
    thorough: bool
    now: datetime
    db: Database | None = None

    @property
    def warc(self) -> Path:
        return self.archive.parent / "warc"

    @property
    def opened(self) -> Database:
        assert self.db is not None
        return self.db

    def has(self, *tables: str) -> bool:
        """Whether the archive has tables that a later version of gongkai added."""
        return set(tables) <= set(self.opened.table_names())

    def writer(self) -> int | None:
        """The process that writes to the archive, or None. Where the system does not tell, nobody is known to."""
        try:
            return holder(self.archive)
        except OSError:
            return None


Check = Callable[[Patient], Iterator[Finding]]


def listed(names: list[str], most: int = 5) -> str:
    """The first of many names, and how many there are beside."""
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")
