"""The command, and the comparison of both archives."""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

import benchmarks.million as about
from benchmarks.archive.generated import YEARS, Agency
from benchmarks.million.asking import GROWN, KEYED, Asked
from benchmarks.million.bodies import STEADY_BODIES, bodies_for
from benchmarks.million.filling import Filled, Filling, fill, reports_in
from benchmarks.million.nightly import Night, Took

_LINEAR, _CONSTANT = 1.25, 1.5
_TURNS, _MORE = 20, 500
"""How often reports are added to either archive in turn, and how many at most at once."""
_LINE = "{:40} {:>14} {:>14} {:>8}"


def main(argv: list[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=about.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=1_000_000)
    parser.add_argument("--beside", type=int, default=100_000, help="reports in the smaller archive")
    parser.add_argument("--rounds", type=int, default=7, help="how often each question is asked")
    parser.add_argument("--changes", type=int, default=1000, help="reports that are new or changed in the night")
    parser.add_argument("--folder", type=Path, help="where the archives are made")
    parser.add_argument("--keep", action="store_true", help="leave them in the folder, to measure again")
    args = parser.parse_args(argv)
    if args.keep and args.folder is None:
        parser.error("--keep needs --folder")
    folder = args.folder if args.keep else Path(tempfile.mkdtemp(prefix="gongkai-million-", dir=args.folder))
    try:
        table = _Table()
        _compare(folder, (args.beside, args.reports), args.rounds, args.changes, table)
    finally:
        if not args.keep:
            shutil.rmtree(folder)
    return table.verdict()


class _Table:
    """The lines as they are measured, and the worst of them."""

    def __init__(self) -> None:
        self.failed: list[str] = []

    def head(self, sizes: tuple[int, int]) -> None:
        print(_LINE.format("", *(f"{size:,}" for size in sizes), "growth"))

    def line(self, name: str, small: float, large: float, form: str, most: float | None = None) -> None:
        """A measure of both archives; `most` is by how much it may grow, None for what is for information."""
        growth = large / small if small else 1.0
        said = f"  (at most {most})" if most else ""
        print(_LINE.format(name, form.format(small), form.format(large), f"{growth:.2f}") + said, flush=True)
        if most and growth > most:
            self.failed.append(name)

    def verdict(self) -> int:
        """The last line, and the exit code."""
        print(f"\ngrows too much: {', '.join(self.failed)}" if self.failed else "\nnothing grows too much")
        return 1 if self.failed else 0


def _compare(folder: Path, sizes: tuple[int, int], rounds: int, changes: int, table: _Table) -> None:
    places = [folder / f"{size}" / "archive.db" for size in sizes]
    steady = min(STEADY_BODIES, sizes[0] // len(YEARS) // 2)
    bodies = [bodies_for(size, steady) for size in sizes]
    filled = []
    for place, those in zip(places, bodies, strict=True):
        place.parent.mkdir(parents=True, exist_ok=True)
        filled.append(fill(place, those))
    table.head((filled[0].reports, filled[1].reports))
    _load(places, filled, table)
    _ask(places, rounds, table)
    _load_more(places, bodies, table)
    _upsert(places, bodies, changes, table)


def _load(places: list[Path], filled: list[Filled], table: _Table) -> None:
    small, large = (place.stat().st_size / reports_in(place) for place in places)
    table.line("bytes a report", small, large, "{:,.0f}", _LINEAR)
    small, large = (1000 * sum(side.cpu) / side.reports for side in filled)
    table.line("filling, CPU of a report", small, large, "{:.2f} ms")
    small, large = (side.reports / sum(side.wall) for side in filled)
    table.line("filling, reports a second that passed", small, large, "{:,.0f}")
    small, large = (side.growth() for side in filled)
    table.line("filling, last fifth beside the second", small, large, "{:.2f}")


def _load_more(places: list[Path], bodies: list[list[Agency]], table: _Table) -> None:
    """One was filled long after the other, and the machine may have had other work then; so more is filed by turns."""
    sides = [Filling(place, those) for place, those in zip(places, bodies, strict=True)]
    most = min(map(len, bodies)) // _TURNS
    small, large = zip(*([side.more(min(_MORE, most)) for side in sides] for _ in range(_TURNS)), strict=True)
    for side in sides:
        side.close()
    table.line(
        "load, CPU of a report", 1000 * statistics.mean(small), 1000 * statistics.mean(large), "{:.2f} ms", _LINEAR
    )


def _ask(places: list[Path], rounds: int, table: _Table) -> None:
    sides = [Asked(place) for place in places]
    for name, question in {**KEYED, **GROWN}.items():
        warm = [[side.warm(question) for side in sides] for _ in range(rounds)]
        small, large = (statistics.median(row[at][0] for row in warm) for at in (0, 1))
        lines = [warm[0][at][1] for at in (0, 1)]
        if name in GROWN:
            small, large = (1000 * time / count for time, count in zip((small, large), lines, strict=True))
            table.line(f"{name} ({lines[0]:,} and {lines[1]:,})", small, large, "{:,.1f} µs", _CONSTANT)
            continue
        if lines[0] != lines[1]:
            raise ValueError(f"{name}: {lines[0]} and {lines[1]} lines")
        table.line(f"{name} ({lines[0]:,})", small, large, "{:,.1f} ms", _CONSTANT)
        cold = [[side.cold(question) for side in sides] for _ in range(3)]
        table.line("  from the disk", *(statistics.median(row[at] for row in cold) for at in (0, 1)), "{:,.0f} ms")


def _upsert(places: list[Path], bodies: list[list[Agency]], changes: int, table: _Table) -> None:
    nights = [Night(place, those) for place, those in zip(places, bodies, strict=True)]
    taken: list[list[Took]] = [[], []]
    while len(taken[0]) < changes:
        for night, took in zip(nights, taken, strict=True):
            took += night.changes(min(50, changes - len(took)))
    outcomes = [dict(night.outcomes) for night in nights]
    ends = [night.end() for night in nights]
    if any(outcome != {"new": changes // 2, "revised": changes // 2} for outcome in outcomes):
        raise ValueError(f"not what was to be filed: {outcomes}")
    small, large = (sum(took.wall for took in side) for side in taken)
    table.line(f"{changes:,} changes in a night", small, large, "{:.1f} s", _CONSTANT)
    small, large = (1000 * statistics.median(took.wall for took in side) for side in taken)
    table.line("  each", small, large, "{:.1f} ms", _CONSTANT)
    small, large = (1000 * statistics.mean(took.cpu for took in side) for side in taken)
    table.line("  of the processor", small, large, "{:.1f} ms", _CONSTANT)
    table.line("  opening the archive", *(1000 * night.opened.wall for night in nights), "{:.0f} ms")
    table.line("end of the run, with coverage", *(end.cpu for end in ends), "{:.2f} s")


if __name__ == "__main__":
    sys.exit(main())
