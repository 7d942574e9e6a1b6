"""The command, and the comparison of both tables."""

from __future__ import annotations

import argparse
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from pathlib import Path

import benchmarks.archive as about
from archive.questions import questions
from benchmarks.archive import narratives
from benchmarks.archive.asked import PLAIN, coded
from benchmarks.archive.generated import FIGURES, YEARS, Agency, agencies, divisions, reports
from benchmarks.archive.loading import BATCH, STATISTICS, Ours, Plain, batches, bytes_of, code

_LINE = "{:34} {:>12} {:>12} {:>9} {:>12}"


def main(argv: list[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=about.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=5, help="how often each question is asked")
    parser.add_argument("--narratives", type=int, default=20_000, help="how many of the reports get their texts, too")
    parser.add_argument("--folder", type=Path, help="where the files are made, and removed; 10 GB for all")
    args = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-", dir=args.folder) as folder:
        return _run(Path(folder), args.reports, args.rounds, args.narratives)


def _run(folder: Path, wanted: int, rounds: int, narrated: int) -> int:
    bodies = agencies(-(-wanted // len(YEARS)), divisions())
    ours, plain = Ours(folder / "ours.db", bodies), Plain(folder / "plain.db", bodies)
    plain.db.execute(f"PRAGMA temp_store_directory = '{folder}'")
    _load(ours, plain, bodies)
    figures = {figure: n for n, figure in enumerate(sorted(FIGURES), 1)}
    number = code(folder / "plain.db", folder / "coded.db", figures)
    _say("coded in integers")
    for db in (ours.db, plain.db, number):
        for statement in STATISTICS:
            db.execute(statement)
    count = ours.reports
    print(f"{count:,} reports of {len(FIGURES)} cells, {len(bodies):,} agencies; SQLite {sqlite3.sqlite_version},")
    print(f"{os.cpu_count()} cores, {_memory():.0f} GB of memory\n")
    print(_LINE.format("", "plain", "ours", "ratio", "in integers"))
    sizes = [bytes_of(side.db, side.FIGURE_TABLES) / count for side in (plain, ours)]
    ratios = [_line("bytes of the figures a report", *sizes, bytes_of(number, Plain.FIGURE_TABLES) / count, "{:,.0f}")]
    ratios.append(_line("load", plain.seconds, ours.seconds, None, "{:,.1f} s"))
    equal = True
    for question in questions():
        sides = ((plain.db, PLAIN[question.id]), (ours.db, question.sql), (number, coded(PLAIN[question.id], figures)))
        same, (theirs, mine, integers) = _ask(sides, rounds)
        equal &= same
        ratios.append(_line(question.id, theirs, mine, integers, "{:,.1f} ms", "" if same else "  ANSWERS DIFFER"))
    for side in (plain.db, number):
        side.close()
    _narrate(ours, folder / "ours.db", min(narrated, count))
    print(f"\nratio: at least {min(ratios):.2f} times smaller and quicker than the plain table in every line")
    return 0 if equal and min(ratios) >= 1 else 1


def _load(ours: Ours, plain: Plain, bodies: list[Agency]) -> None:
    told = time.monotonic()
    for n, batch in enumerate(batches(reports(bodies))):
        for side in (ours, plain) if n % 2 else (plain, ours):
            side.load(batch)
        if time.monotonic() - told > 20:
            told = time.monotonic()
            _say(f"{ours.reports:,} reports: ours {ours.seconds:.0f} s, plain {plain.seconds:.0f} s")
    plain.finish()
    _say(f"{ours.reports:,} reports: ours {ours.seconds:.0f} s, plain with its index {plain.seconds:.0f} s")
    for side in (ours, plain):
        side.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _ask(sides: tuple[tuple[sqlite3.Connection, str], ...], rounds: int) -> tuple[bool, list[float]]:
    """Whether all give the same answer, and the median milliseconds of each. The first time is not counted."""
    answers = [db.execute(sql).fetchall() for db, sql in sides]
    taken: list[list[float]] = [[] for _ in sides]
    for _ in range(rounds):
        for (db, sql), times in zip(sides, taken, strict=True):
            started = time.process_time()
            db.execute(sql).fetchall()
            times.append(1000 * (time.process_time() - started))
    same = bool(answers[0]) and all(answer == answers[0] for answer in answers)
    return same, [statistics.median(times) for times in taken]


def _narrate(ours: Ours, path: Path, wanted: int) -> None:
    """Adds narratives to the first of the reports, and prints what that makes of the file."""
    before, texts, told = path.stat().st_size, narratives.sections(), time.monotonic()
    for first in range(1, wanted + 1, BATCH):
        ours.narrate(range(first, min(first + BATCH, wanted + 1)), texts)
        if time.monotonic() - told > 20:
            told = time.monotonic()
            _say(f"{first - 1:,} narratives")
    ours.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    bare, added = before / ours.reports, (path.stat().st_size - before) / wanted
    characters = ours.db.execute("SELECT sum(length(text)) FROM sections").fetchone()[0] / wanted
    index = bytes_of(ours.db, _search_tables(ours.db)) / wanted
    print(
        f"\nwhole file: {bare + added:,.0f} bytes a report; without narrative {bare:,.0f}, with agencies and readings;"
    )
    print(f"sections of {characters:,.0f} characters and search {added:,.0f}, of which the search {index:,.0f}")


def _search_tables(db: sqlite3.Connection) -> list[str]:
    return [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE name LIKE 'sections_search%'")]


def _line(name: str, theirs: float, mine: float, integers: float | None, form: str, remark: str = "") -> float:
    ratio = theirs / mine
    shown = "" if integers is None else form.format(integers)
    print(_LINE.format(name, form.format(theirs), form.format(mine), f"{ratio:.2f}", shown) + remark, flush=True)
    return ratio


def _memory() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9


def _say(progress: str) -> None:
    print(progress, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
