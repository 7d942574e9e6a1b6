"""Puts known faults into a copy of the reader and sees whether the generator finds them: a net is tried with fish.

    python -m tests.generate.faults              all faults of faults.yaml
    python -m tests.generate.faults --only 3     the third

Every fault is an exact replacement of text that must stand once in its file. The same documents are read by the
untouched reader and by the one with the fault; the fault is found if the score is worse. Exit 1 if one is not.
"""

import argparse
import shutil
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import yaml

from tests.generate.matrix import BAD, MISSING, totals
from tests.generate.recipes import Recipe, make_recipe
from tests.generate.run import Reader, read_all

ROOT = Path(__file__).parents[2]
COPIED = ("pipelines", "data/forms")
DOCUMENTS = 60
WEB = ("html", "text")
WORSE = (*BAD, "key_wrong", "states", "unnamed")


@dataclass(frozen=True, slots=True)
class Fault:
    """A replacement in one file, what it is, and the documents that should show it."""

    file: str
    old: str
    new: str
    why: str
    meets: tuple[str, ...] = ()
    family: tuple[str, ...] = WEB


def load(path: Path) -> list[Fault]:
    """The faults of a file."""
    entries: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    return [
        Fault(e["file"], e["old"], e["new"], e["why"], tuple(e.get("meets", ())), tuple(e.get("family", WEB)))
        for e in entries
    ]


def recipes(fault: Fault, seed: int) -> list[Recipe]:
    """The first documents of a seed that the fault should show in."""
    dealt = (make_recipe(seed * 100_000 + n) for n in range(20_000))
    fitting = (
        r
        for r in dealt
        if r.family in fault.family and (not fault.meets or {c for _, c, _ in r.chosen} & set(fault.meets))
    )
    return list(islice(fitting, DOCUMENTS))


def infect(fault: Fault, folder: Path) -> None:
    """A copy of the reader in `folder`, with the fault.

    Raises ValueError where the old text does not stand exactly once in the file.
    """
    for part in COPIED:
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    path = folder / fault.file
    source = path.read_text(encoding="utf-8")
    if source.count(fault.old) != 1:
        raise ValueError(f"{fault.file}: {source.count(fault.old)} places hold {fault.old!r}, wanted one")
    path.write_text(source.replace(fault.old, fault.new), encoding="utf-8")


def read(fault: Fault, paths: list[Path], command: str, jobs: int) -> Counter[str]:
    """The counts of a run with these folders first on the path."""
    with tempfile.TemporaryDirectory() as out:
        first = ":".join(map(str, paths))
        reader = Reader(f"env PYTHONPATH={first} {command}", 600, Path(out))
        return totals(read_all(recipes(fault, 1), reader, jobs))


def found(sound: Counter[str], faulty: Counter[str]) -> bool:
    """Whether the faulty reader is visibly worse than the sound one."""
    lost = faulty["missing"] - sound["missing"]
    return any(faulty[k] > sound[k] for k in WORSE) or lost > MISSING * faulty["printed"]


def main(argv: list[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--faults", type=Path, default=Path(__file__).with_name("faults.yaml"))
    parser.add_argument("--only", type=int, help="the number of one fault, from 1")
    parser.add_argument("--command", default=".venv/bin/gongkai extract")
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args(argv)
    escaped = 0
    for number, fault in enumerate(load(args.faults), 1):
        if args.only not in (None, number):
            continue
        with tempfile.TemporaryDirectory() as folder:
            infect(fault, Path(folder))
            sound = read(fault, [ROOT], args.command, args.jobs)
            faulty = read(fault, [Path(folder), ROOT], args.command, args.jobs)
        good = found(sound, faulty)
        escaped += not good
        shown = ", ".join(f"{k} {sound[k]} → {faulty[k]}" for k in (*WORSE, "missing") if sound[k] != faulty[k])
        print(f"{'found  ' if good else 'ESCAPED'} {number}. {fault.why} ({fault.file}): {shown or 'no difference'}")
    return int(escaped > 0)


if __name__ == "__main__":
    sys.exit(main())
