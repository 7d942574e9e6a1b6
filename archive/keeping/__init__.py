"""Keeping the archive: backups that are consistent while a run writes, and getting an archive back from one.

A backup is a folder: `warc/` with the WARC files, which only ever grow and are shared by all generations, and for each
generation a copy of the database and a manifest with the length and digest of every file that belongs to it.
"""

from archive.keeping.backing_up import KEEP, Made, backup
from archive.keeping.copying import Damage
from archive.keeping.restoring import Occupied, Restored, restore

__all__ = ["KEEP", "Damage", "Made", "Occupied", "Restored", "backup", "restore"]
