"""A part of an archive as an archive of its own: all that is known of some portals, for who crawls them elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlite_utils import Database

from archive import search
from archive.database import open_database, spoken
from archive.errors import ArchiveError
from archive.store import Archive


def cut(archive: Archive, portal_ids: Iterable[str], target: Path) -> None:
    """Makes a new archive at `target` that knows of these portals all that the archive knows, under the same ids.

    Its `warc` folder holds links to the archive's WARC files. A crawl of these portals on it does what it would do on
    the archive, and `gongkai.merging.merge_into` brings home what is new. Agencies, runs and hosts are there whole;
    reports also where only a copy or a twin of theirs is on these portals. Raises ArchiveError, also when there is
    something at `target` already.
    """
    if target.exists():
        raise ArchiveError(f"{target}: is there already")
    with closing(open_database(target)) as part, spoken(target):
        part.execute("PRAGMA foreign_keys = OFF")  # rows come table by table, those that they refer to perhaps later
        part.execute("ATTACH ? AS whole", [str(archive.path)])
        part.execute("BEGIN IMMEDIATE")
        _choose(part, portal_ids)
        for table in _tables(part):
            _copy(part, table)
        search.fill(part)
        note = Cut(
            tuple(row[0] for row in part.execute("SELECT host FROM hosts").fetchall()),
            part.execute("SELECT coalesce(max(run_id), 0) FROM runs").fetchone()[0],
        )
        note_beside(target).write_text(json.dumps(asdict(note)))  # a part without it tells nothing of hosts and runs
        part.execute("COMMIT")
        _link_evidence(part, archive.warc.folder, target.parent / "warc")
        part.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@dataclass(frozen=True, slots=True)
class Cut:
    """With which hosts a part began, and the newest run of that time."""

    hosts: tuple[str, ...]
    run: int


def note_beside(target: Path) -> Path:
    """The file in which that stands."""
    return target.with_name(target.name + ".cut")


def cut_of(target: Path) -> Cut | None:
    """How a part began; None where that cannot be read, as when the disk was full or the cutting killed."""
    try:
        said = json.loads(note_beside(target).read_text())
        return Cut(tuple(map(str, said["hosts"])), int(said["run"]))
    except (OSError, ValueError, TypeError, LookupError):
        return None


def _choose(part: Database, portal_ids: Iterable[str]) -> None:
    """Makes temp.mine (portals), temp.reports and temp.evidence (captures): what the part is about."""
    part.execute("CREATE TEMP TABLE mine (portal_id TEXT PRIMARY KEY)")
    part.conn.executemany("INSERT OR IGNORE INTO temp.mine VALUES (?)", [(portal,) for portal in portal_ids])
    for statement in _CHOICE:
        part.execute(statement)


def _tables(part: Database) -> list[str]:
    left = {"alarms", "coverage_rows", "coverage_day", "run_counts", "derived", "_sqlite_migrations"}
    left |= {"imported_sources", "imported_slices"}  # what is done of an import is for who goes on with it
    rows = part.execute(
        "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    ).fetchall()
    return [name for (name,) in rows if name not in left and not name.startswith("sections_search")]


def _copy(part: Database, table: str) -> None:
    columns = [row[1] for row in part.execute(f"PRAGMA main.table_info({table})").fetchall()]
    names = ", ".join(f'"{name}"' for name in columns)
    part.execute(f"DELETE FROM main.{table}")
    part.execute(
        f"INSERT INTO main.{table} ({names}) SELECT {names} FROM whole.{table} WHERE {_condition(table, columns)}"
    )


def _condition(table: str, columns: list[str]) -> str:
    """Which rows of a table are about the part: by what they say that they are about."""
    if table in _WHOLE:
        return "1"
    if table in _CONDITIONS:
        return _CONDITIONS[table]
    if "report_id" in columns:
        return "report_id IN temp.reports"
    if "capture_id" in columns:
        return "capture_id IN temp.evidence"
    raise ArchiveError(f"no rule which rows of {table} go with a portal")


def _link_evidence(part: Database, evidence: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for (file,) in part.execute("SELECT DISTINCT warc_file FROM captures").fetchall():
        with suppress(FileExistsError):
            (folder / file).symlink_to((evidence / file).resolve())


_WHOLE = frozenset(
    {
        "portals",
        "runs",
        "hosts",
        "figure_definitions",
        "agencies",
        "agency_names",
        "agency_links",
        "agency_decisions",
    }
)
_CONDITIONS = {
    "captures": "capture_id IN temp.evidence",
    "pages": "portal_id IN temp.mine",
    "columns": "portal_id IN temp.mine",
    "links": "portal_id IN temp.mine",
    "lists": "portal_id IN temp.mine",
    "run_portals": "portal_id IN temp.mine",
    "issues": "report_id IN temp.reports OR capture_id IN temp.evidence",
    "decisions": "decision_id IN temp.decided",
    "decision_issues": "decision_id IN temp.decided",
}
_CHOICE = (
    """
    CREATE TEMP TABLE reports AS
    WITH known(agency_id, year) AS (
        SELECT agency_id, year FROM whole.report_revisions WHERE portal_id IN temp.mine
        UNION SELECT r.agency_id, r.year FROM whole.captures c
        JOIN whole.report_captures l ON l.capture_id = c.capture_id
        JOIN whole.report_revisions r ON r.report_id = l.report_id WHERE c.portal_id IN temp.mine)
    SELECT r.report_id FROM whole.report_revisions r JOIN known k ON k.agency_id = r.agency_id AND k.year = r.year
    """,
    "CREATE UNIQUE INDEX temp.reports_id ON reports (report_id)",
    """
    CREATE TEMP TABLE evidence AS
    SELECT capture_id FROM whole.captures WHERE portal_id IN temp.mine
    UNION SELECT capture_id FROM whole.report_captures WHERE report_id IN temp.reports
    UNION SELECT capture_id FROM whole.report_revisions WHERE report_id IN temp.reports
    UNION SELECT capture_id FROM whole.lists WHERE portal_id IN temp.mine
    UNION SELECT capture_id FROM whole.pages WHERE portal_id IN temp.mine AND capture_id IS NOT NULL
    """,
    """
    INSERT INTO temp.evidence SELECT DISTINCT k.page_id FROM whole.captures_read k
    WHERE k.capture_id IN temp.evidence AND k.page_id IS NOT NULL AND k.page_id NOT IN temp.evidence
    """,
    "CREATE UNIQUE INDEX temp.evidence_id ON evidence (capture_id)",
    """
    CREATE TEMP TABLE decided AS
    WITH RECURSIVE line(decision_id) AS (
        SELECT decision_id FROM whole.decisions WHERE report_id IN temp.reports OR reopened_on IN temp.reports
        UNION SELECT d.carried_from FROM whole.decisions d JOIN line USING (decision_id)
        WHERE d.carried_from IS NOT NULL)
    SELECT decision_id FROM line
    """,
)
