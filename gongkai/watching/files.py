"""Where logs and reports lie beside the archive, and how many of them stay.

A report takes its place in one step, so that who looks at the latest sees a whole one.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path


def new_log(archive: Path) -> Path:
    """An empty log for a night that begins now, in `logs/` beside the archive. Raises OSError."""
    folder = archive.parent / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    for number in range(100):
        path = folder / (f"nightly-{stamp}.log" if not number else f"nightly-{stamp}-{number}.log")
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))
        except FileExistsError:
            continue
        return path
    raise FileExistsError(f"{folder}: a hundred logs of one second")


def keep_newest_logs(archive: Path, number: int) -> None:
    """Removes the oldest logs but so many; 0 keeps all."""
    _keep_newest(sorted((archive.parent / "logs").glob("nightly-*.log")), number)


def reports_of(archive: Path) -> Path:
    """The folder of the reports."""
    return archive.parent / "reports"


def write_report(archive: Path, run_id: int, text: str, page: str) -> Path:
    """Writes the report of a run, twice: under its number, and as the latest. Returns the page. Raises OSError."""
    folder = reports_of(archive)
    folder.mkdir(parents=True, exist_ok=True)
    for name in (f"night-{run_id}", "latest"):
        _replace(folder / f"{name}.txt", text)
        _replace(folder / f"{name}.html", page)
    return folder / f"night-{run_id}.html"


def keep_newest_reports(archive: Path, number: int) -> None:
    """Removes the reports of the oldest runs but so many; 0 keeps all."""
    for kind in ("txt", "html"):
        found = [path for path in reports_of(archive).glob(f"night-*.{kind}") if path.stem[6:].isdecimal()]
        _keep_newest(sorted(found, key=lambda path: int(path.stem[6:])), number)


def _keep_newest(paths: list[Path], number: int) -> None:
    for path in paths[:-number] if number else []:
        path.unlink(missing_ok=True)


def _replace(path: Path, content: str) -> None:
    draft = path.with_name(f".{path.name}.draft")
    try:
        with draft.open("w", encoding="utf-8", errors="replace") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
