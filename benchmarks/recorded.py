"""Runs benchmarks, keeps what they print, and makes docs/performance.md of it.

    python -m benchmarks.recorded [NAME…]      runs those (all, if none is named), then makes the page
    python -m benchmarks.recorded --page       makes the page of what was kept before

With `--folder FOLDER` those that make much (importing, million) leave it there, and take up again what is there.

What a benchmark prints is kept in benchmarks/results, with the machine, the day and the commit. Figures of one run may
be compared with each other; between runs the machine may have had other work, so that only ratios mean anything.
Ends with 1 when a benchmark did not keep its bound.
"""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

_HERE = Path(__file__).parent
RESULTS = _HERE / "results"
PAGE = _HERE.parent / "docs" / "performance.md"


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One command that prints ratios, and what they must be."""

    name: str
    heading: str
    bound: str
    options: tuple[str, ...] = ()
    keeping: tuple[str, ...] = ()
    """The options after which the folder is named where it leaves what it makes."""

    @property
    def command(self) -> str:
        """As it is typed."""
        return " ".join(("python -m", f"benchmarks.{self.name}", *self.options))


BENCHMARKS = (
    Benchmark("crawling", "Crawling", "at least 0.5 of the rate of a bare Scrapy spider"),
    Benchmark("importing", "Importing", "at most 1.5 times as long as merely iterating the records", (), ("--folder",)),
    Benchmark("rereading", "Reading again", "two workers at least 1.6 times as fast as one"),
    Benchmark("spreading", "Past one machine", "at most half of a crawl's processor time is the coordinator's"),
    Benchmark(
        "million",
        "A million reports",
        "size and load linear, keyed questions and changes near-constant",
        (),
        ("--keep", "--folder"),
    ),
    Benchmark("archive", "Beside a plain table", "smaller and quicker in every line"),
    Benchmark("reading", "Reading one page", "for comparison"),
    Benchmark("portals", "Thirty portals and three hundred", "cost a portal the same within a fifth"),
    Benchmark("searching", "The search index", "for comparison"),
)

_INTRODUCTION = """# Performance

Made by `python -m benchmarks.recorded` from what the benchmarks print; nothing on this page is written by hand. Each
is a command that anybody can run, compares in one run what is comparable, and ends with 1 when its bound is not kept.
What follows from the figures for one machine and for fifty stands in [scale.md](scale.md).
"""


_NOT_YET = ("NOT RECORDED yet.", "", "")


def main(argv: list[str] | None = None) -> int:
    """The command."""
    names = [benchmark.name for benchmark in BENCHMARKS]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(names))
    parser.add_argument("--folder", help="where those that make much leave it")
    parser.add_argument("--page", action="store_true", help="run nothing, make the page only")
    args = parser.parse_args(argv)
    unknown = set(args.names) - set(names)
    if unknown:
        parser.error(f"no benchmark is called {sorted(unknown)[0]}")
    wanted = [] if args.page else [one for one in BENCHMARKS if one.name in args.names or not args.names]
    kept = [_run(benchmark, args.folder) for benchmark in wanted]
    PAGE.write_text(page(), encoding="utf-8")
    return 0 if all(kept) else 1


def page() -> str:
    """docs/performance.md as it follows from what is kept."""
    return "\n".join((_INTRODUCTION, *map(_section, BENCHMARKS)))


def _run(benchmark: Benchmark, folder: str | None) -> bool:
    """Runs one, shows and keeps what it prints; whether it kept its bound."""
    kept = (*benchmark.keeping, folder) if folder and benchmark.keeping else ()
    command = [sys.executable, "-m", f"benchmarks.{benchmark.name}", *benchmark.options, *kept]
    print(f"$ {benchmark.command}", file=sys.stderr)
    lines: list[str] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=_HERE.parent) as running:
        assert running.stdout is not None
        for line in running.stdout:
            print(line, end="", flush=True)
            lines.append(line.rstrip())
    RESULTS.mkdir(exist_ok=True)
    said = "\n".join(lines).strip()
    _result(benchmark).write_text(f"{_circumstances(running.returncode)}\n\n{said}\n", encoding="utf-8")
    return running.returncode == 0


def _section(benchmark: Benchmark) -> str:
    kept = _result(benchmark)
    circumstances, _, said = kept.read_text(encoding="utf-8").partition("\n\n") if kept.exists() else _NOT_YET
    about = (importlib.import_module(f"benchmarks.{benchmark.name}").__doc__ or "").strip()
    told = "\n\n".join(part for part in about.split("\n\n") if not part.startswith("    "))
    return (
        f"## {benchmark.heading}\n\n{told}\n\nBound: {benchmark.bound}. {circumstances}\n\n"
        f"```console\n$ {benchmark.command}\n{said.rstrip()}\n```\n"
    )


def _result(benchmark: Benchmark) -> Path:
    return RESULTS / f"{benchmark.name}.txt"


def _circumstances(code: int) -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=_HERE, check=False
    ).stdout.strip()
    return (
        f"{'Kept' if code == 0 else 'NOT KEPT'} on {datetime.now(UTC):%Y-%m-%d}"
        f"{f' at {commit}' if commit else ''}: {os.cpu_count()} cores, {memory:.0f} GB of memory, {platform.system()},"
        f" Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}."
    )


if __name__ == "__main__":
    sys.exit(main())
