"""One export from start to end: the tables asked for, in one transaction, each to its file, or one to a stream."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Literal

from sqlite_utils import Database

from archive.database import spoken
from archive.export.cells import csv_lines, json_lines
from archive.export.choosing import Choice, ExportError, Selection, select, typed
from archive.export.files import replaced_file, replaced_folder
from archive.export.package import MARK, PACKAGED, write_package
from archive.export.parquet import write_parquet
from archive.export.stata import Language, write_stata
from archive.publish.publishing import dataset_info
from archive.reading import open_for_reading

Format = Literal["csv", "jsonl", "parquet", "stata", "datapackage"]

SUFFIXES: Mapping[Format, str] = {"csv": ".csv", "jsonl": ".jsonl", "parquet": ".parquet", "stata": ".dta"}
"""How the names of files end."""

FORMATS: tuple[Format, ...] = ("csv", "jsonl", "parquet", "stata", "datapackage")


def export(
    archive: Path,
    tables: Sequence[str],
    to: Path | BinaryIO,
    form: Format,
    choice: Choice,
    *,
    exact: bool = False,
    excel: bool = False,
    labels: Language = "en",
) -> list[Path]:
    """Exports views or tables to a file (one of them), into a folder (any number), or to a stream (CSV, JSON lines).

    Without tables: the panel, and for a data package what `PACKAGED` names. Returns the files, or the folder of a data
    package. Raises ExportError for what cannot be exported so, ArchiveError for an archive that cannot be read.
    """
    names = tuple(dict.fromkeys(tables)) or (PACKAGED if form == "datapackage" else ("panel",))
    with _snapshot(archive) as db:
        selections = [select(db, name, choice) for name in names]
        facts = _facts(db, archive)
        if form == "datapackage":
            if not isinstance(to, Path):
                raise ExportError("a data package is a folder: say which with --to")
            with replaced_folder(to, MARK) as folder:
                write_package(db, [typed(db, selection) for selection in selections], folder, facts, exact=exact)
            return [to]
        if not isinstance(to, Path):
            if len(names) > 1 or form not in ("csv", "jsonl"):
                raise ExportError("only one table, as CSV or JSON lines, goes to standard output")
            _pour(_lines(db, selections[0], form, exact, excel), to)
            return []
        into_folder = to.is_dir() or len(names) > 1
        made = []
        for selection in selections:
            path = to / f"{selection.name}{SUFFIXES[form]}" if into_folder else to
            if path.exists() and path.samefile(archive):
                raise ExportError(f"{path}: is the archive itself")
            with replaced_file(path) as draft:
                if form == "parquet":
                    write_parquet(db, typed(db, selection), draft, facts)
                elif form == "stata":
                    write_stata(db, typed(db, selection), draft, f"{facts['title']} {facts['version']}", labels)
                else:
                    with draft.open("wb") as stream:
                        _pour(_lines(db, selection, form, exact, excel), stream)
            made.append(path)
    return made


@contextmanager
def _snapshot(archive: Path) -> Iterator[Database]:
    db = open_for_reading(archive)
    try:
        with spoken(archive):
            db.execute("BEGIN")
        yield db
    finally:
        db.close()


def _facts(db: Database, archive: Path) -> dict[str, str | int]:
    """Of a published file: as it says. Of an archive: as of now."""
    if db["dataset_info"].exists():
        return {row["name"]: row["value"] for row in db["dataset_info"].rows}
    return dataset_info(db, archive.name, datetime.now(UTC))


def _lines(db: Database, selection: Selection, form: Format, exact: bool, excel: bool) -> Iterator[str]:
    names = [column.name for column in selection.columns]
    if form == "jsonl":
        yield from json_lines(names, selection.rows(db))
        return
    if excel:
        yield "\ufeff"  # by which Excel knows UTF-8
    yield from csv_lines(names, selection.rows(db), exact=exact, end="\r\n" if excel else "\n")


def _pour(lines: Iterable[str], stream: BinaryIO) -> None:
    for line in lines:
        stream.write(line.encode())
    stream.flush()
