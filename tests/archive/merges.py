"""Random histories, fetched by one and by several, whose archives are then joined: `python -m tests.archive.merges`
(`make merges`) goes through many of them; the tests take a few.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Any, Self

import gongkai.merging
from archive.store import Archive
from gongkai.merging import Merged, merge_into
from tests.archive.histories import archive_of, going_back, history, told, whole


class InThisProcess:
    """What `Workers` does, without the seconds that processes take to start."""

    def __init__(self, work: Callable[[Any], Any], count: int = 0) -> None:
        self._work = work

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def run(self, tasks: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
        for task in tasks:
            limits = resource.getrlimit(resource.RLIMIT_CPU)
            try:
                yield task, self._work(task)
            finally:  # the time of the processor that a document may take is for the worker's own process
                resource.setrlimit(resource.RLIMIT_CPU, limits)


def joined(target: Path, sources: Sequence[Path]) -> list[Merged]:
    """Joins archives to a target, one after the other."""
    with Archive.open(target) as archive, archive.lock():
        return [merge_into(archive, source, run_id=0) for source in sources]


def differences(folder: Path, seed: int) -> list[str]:
    """How archives of two or three people, joined in one order, in the other, and into that of one of them, differ from
    the archive of somebody who fetched all of it; and what joining them once more changes."""
    chance = Random(seed)
    fetched = history(chance)
    people = [chance.choice("ABC" if seed % 3 == 0 else "AB") for _ in fetched]
    wanted = told(archive_of(folder / "one", fetched))
    parts = [
        archive_of(folder / person, [one for one, whose in zip(fetched, people, strict=True) if whose == person])
        for person in sorted(set(people))
    ]
    first, *others = parts
    shutil.copytree(first.parent, folder / "first")
    found = []
    for name, sources in (("new", parts), ("reversed", parts[::-1]), ("first", others)):
        target = folder / name / "archive.db"
        found += [f"{name}: {line}" for merged in joined(target, sources) for line in merged.left_out]
        got, before = told(target), whole(target)
        found += [
            f"{name}: {table}: {set(wanted[table]) ^ set(got[table])}"
            for table in wanted
            if wanted[table] != got[table]
        ]
        joined(target, sources)
        after = whole(target)
        found += [f"{name}, twice: {table}" for table in before if before[table] != after[table]]
    return found


def back_differences(folder: Path, seed: int) -> list[str]:
    """What joining archives in which pages go back changes of what counts today, and what it changes once more.

    Nobody who saw one state of a page alone knows how often it went back: so their revisions may be fewer.
    """
    chance = Random(seed)
    fetched = going_back(chance)
    people = [chance.choice("ABC" if seed % 3 == 0 else "AB") for _ in fetched]
    wanted = told(archive_of(folder / "one", fetched))
    parts = [
        archive_of(folder / person, [one for one, whose in zip(fetched, people, strict=True) if whose == person])
        for person in sorted(set(people))
    ]
    found = []
    for name, sources in (("new", parts), ("reversed", parts[::-1])):
        target = folder / name / "archive.db"
        joined(target, sources)
        got, before = told(target), whole(target)
        found += [f"{name}: {table}" for table in ("figures", "panel") if wanted[table] != got[table]]
        joined(target, sources)
        after = whole(target)
        found += [f"{name}, twice: {table}" for table in before if before[table] != after[table]]
    return found


def main() -> None:
    """As many histories as wanted, from a seed on; says which make a difference."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    words = parser.parse_args()
    gongkai.merging.Workers = InThisProcess  # type: ignore[misc, assignment]
    wrong = 0
    for seed in range(words.seed, words.seed + words.count):
        with tempfile.TemporaryDirectory(prefix="gongkai-merges-") as folder:
            back = Path(folder) / "back"
            back.mkdir()
            for line in (*differences(Path(folder), seed), *back_differences(back, seed)):
                wrong += 1
                print(f"{seed}: {line[:1000]}")
    print(f"{words.count} histories, {wrong} differences")
    raise SystemExit(wrong > 0)


if __name__ == "__main__":
    main()
