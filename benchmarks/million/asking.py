"""The questions that are put to both archives, and what each of them takes."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from sqlite_utils import Database

from archive.reading import reading
from archive.search import find
from benchmarks.million.bodies import GROWING, STEADY
from benchmarks.million.written import OFTEN, RARE

_PANEL = "SELECT * FROM panel WHERE province = ? AND year BETWEEN 2015 AND 2024 ORDER BY agency, year"

Question = Callable[[Database], int]
"""Asks, and returns the number of lines of the answer."""


def _panel(province: str) -> Question:
    return lambda db: len(db.execute(_PANEL, [province]).fetchall())


def _search(typed: str, **filters: object) -> Question:
    return lambda db: len(find(db, typed, **filters))  # type: ignore[arg-type]


def _figures(db: Database) -> int:
    (agency,) = db.execute("SELECT name FROM agencies WHERE agency_id = 20").fetchone()
    return len(db.execute("SELECT * FROM figures WHERE agency = ? AND year = 2021", [agency]).fetchall())


KEYED: Mapping[str, Question] = {
    "panel of a province, ten years": _panel(STEADY),
    "figures of an agency and year": _figures,
    f"search, {RARE}": _search(RARE),
    f"search, {OFTEN}": _search(OFTEN),
    f"search, {OFTEN} in a province": _search(OFTEN, province=STEADY, year=2020),
}
"""The answers are as large in both archives, and should take as long."""

GROWN: Mapping[str, Question] = {"panel of a province that grows, a line": _panel(GROWING)}
"""The larger archive has more to say; what counts is the time of a line."""


class Asked:
    """An archive to which questions are put."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def cold(self, question: Question) -> float:
        """Milliseconds that pass until the answer is there, with nothing of the file in memory."""
        with self.path.open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        with reading(self.path) as db:
            started = time.perf_counter()
            question(db)
            return 1000 * (time.perf_counter() - started)

    def warm(self, question: Question) -> tuple[float, int]:
        """Milliseconds of the processor, asked for the second time; and how many lines the answer has."""
        with reading(self.path) as db:
            question(db)
            started = time.process_time()
            lines = question(db)
            return 1000 * (time.process_time() - started), lines
