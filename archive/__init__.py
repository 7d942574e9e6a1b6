"""The archive: evidence in WARC files, facts in SQLite."""

import archive.quickly  # noqa: F401 - before anything else loads sqlite_utils
from archive.errors import ArchiveBusy, ArchiveError, ArchiveFailing
from archive.filing import Stored
from archive.store import Archive
from archive.storing.evidence import Validators
from archive.storing.memory import KnownColumns
from archive.warc import Exchange

__all__ = [
    "Archive",
    "ArchiveBusy",
    "ArchiveError",
    "ArchiveFailing",
    "Exchange",
    "KnownColumns",
    "Stored",
    "Validators",
]
