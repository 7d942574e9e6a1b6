"""Puts known faults into a copy of the reader and sees whether the generator finds them: a net is tried with fish.

    python -m tests.generate.faults              all faults of faults.yaml
    python -m tests.generate.faults --only 3     the third

Every fault is an exact replacement of text that must stand once in its file. The same documents are read by the
untouched reader and by the one with the fault; the fault is found if the score is worse. Exit 1 if one is not.

A fault may name the documents that should show it: by format (`family`), by what they were dealt (`meets`), or by what
they are given (`given`) where it takes two deviations at once, which chance deals to one document in a thousand.
"""

import argparse
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, reduce
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
    """A replacement in one file, what it is, and the documents that should show it.

    `family` are formats (pdf) or styles of them (pdf:cut_rows), `meets` columns of the matrix, one of which a document
    was dealt, `given` variants by axis that every document gets (they are then all of statutory tables).
    """

    file: str
    old: str
    new: str
    why: str
    meets: tuple[str, ...] = ()
    family: tuple[str, ...] = WEB
    given: Mapping[str, str] = field(default_factory=dict)


def load(path: Path) -> list[Fault]:
    """The faults of a file."""
    entries: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    return [Fault(**{k: tuple(v) if isinstance(v, list) else v for k, v in e.items()}) for e in entries]


_dealt = cache(make_recipe)


def recipes(fault: Fault, seed: int) -> tuple[Recipe, ...]:
    """The first documents of a seed that the fault should show in."""
    dealt = (_dealt(seed * 100_000 + n) for n in range(20_000))
    fitting = islice((recipe for recipe in dealt if _fits(recipe, fault)), DOCUMENTS)
    return tuple(reduce(lambda r, choice: r.having(*choice), fault.given.items(), recipe) for recipe in fitting)


def _fits(recipe: Recipe, fault: Fault) -> bool:
    """Whether a document is of the formats of a fault, was dealt what it needs, and can be given the rest."""
    if not {recipe.family, f"{recipe.family}:{recipe.style}"} & set(fault.family):
        return False
    met = not fault.meets or bool({column for _, column, _ in recipe.chosen} & set(fault.meets))
    return met and (not fault.given or recipe.kind == "tables")


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


def read(documents: tuple[Recipe, ...], paths: tuple[Path, ...], command: str, jobs: int) -> Counter[str]:
    """The counts of a run over these documents with these folders first on the path."""
    with tempfile.TemporaryDirectory() as out:
        first = ":".join(map(str, paths))
        # Without PYTHONSAFEPATH the working directory, and so the sound reader, would come before the folders.
        reader = Reader(f"env PYTHONSAFEPATH=1 PYTHONPATH={first} {command}", 600, Path(out))
        return totals(read_all(list(documents), reader, jobs))


@cache
def read_soundly(documents: tuple[Recipe, ...], command: str, jobs: int) -> Counter[str]:
    """The same by the untouched reader; many faults are shown by the same documents."""
    return read(documents, (ROOT,), command, jobs)


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
        documents = recipes(fault, 1)
        with tempfile.TemporaryDirectory() as folder:
            infect(fault, Path(folder))
            sound = read_soundly(documents, args.command, args.jobs)
            faulty = read(documents, (Path(folder), ROOT), args.command, args.jobs)
        good = found(sound, faulty)
        escaped += not good
        shown = ", ".join(f"{k} {sound[k]} → {faulty[k]}" for k in (*WORSE, "missing") if sound[k] != faulty[k])
        print(
            f"{'found  ' if good else 'ESCAPED'} {number}. {fault.why} ({fault.file}): {shown or 'no difference'}",
            flush=True,
        )
    return int(escaped > 0)


if __name__ == "__main__":
    sys.exit(main())
