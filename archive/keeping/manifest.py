"""The manifest of a generation: which files belong to it, how long they are, and their digests.

A generation exists when its manifest does, which is written last. A WARC file may since have grown in the backup: what
counts is its beginning, as long as the manifest says.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from archive.errors import ArchiveError
from archive.keeping.copying import Damage
from archive.keeping.placing import taking_place

LAYOUT = 1
"""Of the folder and of the manifest; a program refuses one that is newer than it knows."""

_STAMP = r"[0-9]{8}T[0-9]{6}Z"
_MANIFEST = re.compile(rf"manifest-({_STAMP})\.json")
_DATABASE = re.compile(rf"archive-({_STAMP})\.db")
_WARC_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,250}")
_DIGEST = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of a generation: the digest is that of its first `length` bytes."""

    name: str
    length: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What belongs to one generation."""

    made_at: str
    archive: str
    """Where the archive lay."""
    identity: str | None
    """The digest of the first capture, which is the same for the life of an archive; null: there is none yet."""
    program: str
    counts: Mapping[str, int]
    database: Kept
    warc: tuple[Kept, ...]
    damaged: tuple[Damage, ...] = ()
    """What was damaged or missing already when it was backed up."""


def warc_name(name: str) -> str:
    """The name, if it is one of a file in `warc/` and no path to elsewhere. Raises ArchiveError."""
    if not _WARC_NAME.fullmatch(name):
        raise ArchiveError(f"not the name of a WARC file: {name[:100]!r}")
    return name


def database_of(stamp: str) -> str:
    return f"archive-{stamp}.db"


def manifest_of(stamp: str) -> str:
    return f"manifest-{stamp}.json"


def stamps(folder: Path) -> list[str]:
    """The moments of the generations in a backup, oldest first."""
    return sorted(match[1] for path in folder.iterdir() if (match := _MANIFEST.fullmatch(path.name)))


def stray_databases(folder: Path) -> list[Path]:
    """Copies of the database to which no manifest belongs, since the backup was killed before it wrote one."""
    whole = set(stamps(folder))
    found = [(path, match[1]) for path in folder.iterdir() if (match := _DATABASE.fullmatch(path.name))]
    return [path for path, stamp in found if stamp not in whole]


def write_manifest(folder: Path, stamp: str, manifest: Manifest) -> Path:
    path = folder / manifest_of(stamp)
    with taking_place(path) as draft:
        text = json.dumps({"layout": LAYOUT, **asdict(manifest)}, ensure_ascii=False, indent=1)
        draft.write_text(text + "\n", encoding="utf-8")
    return path


def read_manifest(path: Path) -> Manifest:
    """Raises ArchiveError for one that cannot be read, is of a newer program, or names files outside the backup."""
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
        if given["layout"] > LAYOUT:
            raise ArchiveError(f"{path}: made by a newer version of gongkai; please update gongkai")
        return Manifest(
            made_at=str(given["made_at"]),
            archive=str(given["archive"]),
            identity=given["identity"],
            program=str(given["program"]),
            counts={str(name): int(number) for name, number in given["counts"].items()},
            database=_kept(given["database"], _DATABASE),
            warc=tuple(_kept(file, _WARC_NAME) for file in given["warc"]),
            damaged=tuple(Damage(**each) for each in given["damaged"]),
        )
    except OSError as error:
        raise ArchiveError(f"{path}: {error.strerror or error}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ArchiveError(f"{path}: damaged, or no manifest of a backup ({type(error).__name__}: {error})") from error


def _kept(given: dict[str, Any], pattern: re.Pattern[str]) -> Kept:
    kept = Kept(str(given["name"]), int(given["length"]), str(given["sha256"]))
    if not pattern.fullmatch(kept.name) or kept.length < 0 or not _DIGEST.fullmatch(kept.sha256):
        raise ValueError(f"{kept.name[:100]!r} cannot be a file of it")
    return kept
