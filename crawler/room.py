"""How much room a disk has left for an archive: a run begins with enough, and ends in order before there is none."""

from __future__ import annotations

import shutil
from pathlib import Path

from archive import ArchiveFailing
from crawler.options import MEGABYTE


def too_little(archive: Path, floor: float) -> ArchiveFailing | None:
    """What there is to say when the disk of an archive has less than so many bytes left."""
    folder = next(place for place in (archive.absolute(), *archive.absolute().parents) if place.is_dir())
    free = shutil.disk_usage(folder).free
    if free >= floor:
        return None
    left = f"{free / MEGABYTE:.0f} MB of disk left, and a run stops below {floor / MEGABYTE:.0f}"
    return ArchiveFailing(f"{folder}: {left} (setting disk_floor_mb)")
