"""Files with the same figures: an archive, filled by its own functions, and a plain long table, filled with rows.

Both are filled in the same batches, turn by turn, with the same pragmas. Ours holds more: the printed text of each cell
and its place, the panel, and a row for each report. The plain table gets its numbers ready made, in the order of its
key, and its second index at the end, when it can be sorted in one go.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path

from sqlite_utils import Database

from archive.database import open_database
from archive.readings import write_reading
from archive.schema.panel import refresh_panel
from archive.schema.values import value_tables
from archive.search import index_sections
from benchmarks.archive.generated import FIGURES, FORM, FORMS, Agency, Report
from pipelines.model import Reading, Section

BATCH = 1000
"""Reports in a transaction."""

PRAGMAS = ("journal_mode = WAL", "synchronous = FULL", "cache_size = -400000", "mmap_size = 0", "temp_store = FILE")
STATISTICS = ("PRAGMA analysis_limit = 1000", "ANALYZE")
"""What a published file has: the planner is told how large tables and indexes are."""


class Ours:
    """An archive, written to by what `Archive.store` calls once it knows that a report is new."""

    FIGURE_TABLES = (
        *(table.name for table in value_tables().values()),
        "cell_texts",
        "report_places",
        "panel_figures",
        "panel_agency",
        "panel_year",
        "panel_firms",
        "figure_definitions",
        "sqlite_autoindex_figure_definitions_1",
        "sqlite_autoindex_figure_definitions_2",
    )

    def __init__(self, path: Path, bodies: list[Agency]) -> None:
        self.archive: Database = open_database(path)
        self.db: sqlite3.Connection = self.archive.conn
        apply_pragmas(self.db)
        self.bodies = bodies
        self.seconds = 0.0
        self.reports = 0
        self.db.execute("BEGIN")
        self.db.execute(
            "INSERT INTO captures (url, fetched_at, status, content_type, payload_digest, payload_length, truncated,"
            " warc_file, warc_offset, warc_length, member_digest) VALUES ('', '', 200, '', '', 0, '', '', 0, 0, '')"
        )
        self.db.executemany(
            "INSERT INTO agencies (agency_id, name, printed_name, division_code, province, city, county, level, kind)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(n, body.name, *body[:7]) for n, body in enumerate(bodies, 1)],
        )
        self.db.execute("COMMIT")

    def load(self, batch: list[Report]) -> None:
        """Files a batch of new reports in one transaction."""
        started = time.perf_counter()
        self.db.execute("BEGIN IMMEDIATE")
        for report in batch:
            self.reports += 1
            self._revision(report)
            write_reading(self.archive, self.reports, Reading(True, form=FORM.id, forms=FORMS, cells=report.cells))
            refresh_panel(self.archive, report.agency + 1, report.year)
        self.db.execute("COMMIT")
        self.seconds += time.perf_counter() - started

    def _revision(self, report: Report) -> None:
        agency, digest = self.bodies[report.agency], f"{self.reports:064x}"
        self.db.execute(
            "INSERT INTO report_revisions (report_id, agency_id, year, scope, revision, is_current, form, trust,"
            " capture_id, part, cell_count) VALUES (?, ?, ?, ?, 1, 1, ?, 'official', 1, 1, ?)",
            [self.reports, report.agency + 1, report.year, agency.scope, FORM.id, len(report.cells)],
        )
        url = f"https://www.example.gov.cn/xxgk/{report.year}/{self.reports}.html"
        moment = "2025-01-31T02:00:00Z"
        self.db.execute(
            "INSERT INTO report_readings (report_id, agency_printed, title, read_by, url, fetched_at, first_seen,"
            " last_seen, content_digest, figures_digest, reading_digest) VALUES (?, ?, ?, 'html', ?, ?, ?, ?, ?, ?, ?)",
            [
                self.reports,
                agency.name,
                f"{agency.name}{report.year}年政府信息公开工作年度报告",
                url,
                *[moment] * 3,
                *[digest] * 3,
            ],
        )

    def narrate(self, report_ids: Iterable[int], sections: Iterator[tuple[Section, ...]]) -> None:
        """Files the narrative of those reports, with the search index."""
        self.db.execute("BEGIN IMMEDIATE")
        for report_id in report_ids:
            self.db.executemany(
                "INSERT INTO sections (report_id, position, number, heading, text) VALUES (?, ?, ?, ?, ?)",
                [(report_id, n, s.number, s.heading, s.text) for n, s in enumerate(next(sections), 1)],
            )
            index_sections(self.archive, report_id)
        self.db.execute("COMMIT")


class Plain:
    """The long table that anybody would make first, and one of agencies beside it."""

    FIGURE_TABLES = ("long", "long_figure")

    def __init__(self, path: Path, bodies: list[Agency]) -> None:
        self.db = sqlite3.connect(path, isolation_level=None)
        apply_pragmas(self.db)
        self.names = [body.name for body in bodies]
        self.order = sorted(range(len(FIGURES)), key=FIGURES.__getitem__)
        self.figures = [FIGURES[at] for at in self.order]
        self.seconds = 0.0
        self.db.execute(
            "CREATE TABLE agencies (agency TEXT PRIMARY KEY, division_code TEXT, province TEXT, city TEXT, county TEXT,"
            " level TEXT, kind TEXT, scope TEXT) WITHOUT ROWID"
        )
        self.db.execute(
            "CREATE TABLE long (agency TEXT, year INTEGER, figure TEXT, value, PRIMARY KEY (agency, year, figure))"
            " WITHOUT ROWID"
        )
        self.db.execute("BEGIN")
        self.db.executemany("INSERT INTO agencies VALUES (?, ?, ?, ?, ?, ?, ?, ?)", [body[:8] for body in bodies])
        self.db.execute("COMMIT")

    def load(self, batch: list[Report]) -> None:
        """Adds the rows of a batch in one transaction."""
        started = time.perf_counter()
        self.db.execute("BEGIN IMMEDIATE")
        self.db.executemany(
            "INSERT INTO long VALUES (?, ?, ?, ?)",
            (
                (self.names[report.agency], report.year, figure, report.values[at])
                for report in batch
                for figure, at in zip(self.figures, self.order, strict=True)
            ),
        )
        self.db.execute("COMMIT")
        self.seconds += time.perf_counter() - started

    def finish(self) -> None:
        """Makes the second index."""
        started = time.perf_counter()
        self.db.execute("CREATE INDEX long_figure ON long (figure, year, agency, value)")
        self.seconds += time.perf_counter() - started


def code(plain: Path, path: Path, figures: Mapping[str, int]) -> sqlite3.Connection:
    """The plain table once more at `path`, with numbers in place of the names of figures and agencies."""
    db = sqlite3.connect(path, isolation_level=None)
    apply_pragmas(db)
    db.execute("ATTACH ? AS plain", [str(plain)])
    db.execute("CREATE TABLE figures (figure TEXT PRIMARY KEY, id INTEGER) WITHOUT ROWID")
    db.executemany("INSERT INTO figures VALUES (?, ?)", figures.items())
    db.execute(
        "CREATE TABLE agencies (agency_id INTEGER PRIMARY KEY, agency TEXT UNIQUE, division_code TEXT, province TEXT,"
        " city TEXT, county TEXT, level TEXT, kind TEXT, scope TEXT)"
    )
    db.execute("INSERT INTO agencies SELECT NULL, * FROM plain.agencies ORDER BY agency")
    db.execute(
        "CREATE TABLE long (agency INTEGER, year INTEGER, figure INTEGER, value, PRIMARY KEY (agency, year, figure))"
        " WITHOUT ROWID"
    )
    db.execute(
        "INSERT INTO long SELECT a.agency_id, l.year, f.id, l.value FROM agencies a"
        " CROSS JOIN plain.long l USING (agency) CROSS JOIN figures f USING (figure)"
        " ORDER BY a.agency_id, l.year, l.figure"
    )
    db.execute("CREATE INDEX long_figure ON long (figure, year, agency, value)")
    return db


def apply_pragmas(db: sqlite3.Connection, pragmas: Iterable[str] = PRAGMAS) -> None:
    """Sets what is the same for all files."""
    for pragma in pragmas:
        db.execute(f"PRAGMA {pragma}")


def bytes_of(db: sqlite3.Connection, tables: Iterable[str]) -> int:
    """The bytes of all pages of those tables and indexes."""
    # In sum over pages, dbstat gives their number as `pageno`; its sum of bytes overflows at 2 GB.
    pages = dict(db.execute("SELECT name, pageno FROM dbstat WHERE aggregate = TRUE").fetchall())
    return int(db.execute("PRAGMA page_size").fetchone()[0]) * sum(pages.get(table, 0) for table in tables)


def batches(reports: Iterable[Report], size: int = BATCH) -> Iterator[list[Report]]:
    """The reports in lists of that length."""
    reports = iter(reports)
    while batch := list(islice(reports, size)):
        yield batch
