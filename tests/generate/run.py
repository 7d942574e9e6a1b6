"""Writes random documents, runs the reader over them and prints where it fails.

    python -m tests.generate.run --count 2500 --seed 1 --out DIR
    python -m tests.generate.run --count 300 --seed 1 --family html --out DIR --keep-failing
    python -m tests.generate.run --only 100042 --out DIR --keep-failing --explain
    python -m tests.generate.run --count 0 --pictures 30 --out DIR

The same number gives the same document; its file name is that number. `--keep-failing` lists the documents that fail;
`--explain` undoes one choice of each after the other and names those without which it is read right. Exit 1 if a figure
was wrong, silent or invented, a fault of a source was not flagged, or half a percent of all figures is missing.
"""

import argparse
import collections
import json
import os
import shlex
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.generate import matrix
from tests.generate.documents import Document, build
from tests.generate.matrix import Judged
from tests.generate.recipes import PICTURES, Recipe, make_recipe
from tests.generate.score import Answer, Gold, judge

BATCH = 100


@dataclass(frozen=True, slots=True)
class Reader:
    """The command that reads files, the seconds that a batch may take, and the folder of the documents."""

    command: str
    timeout: float
    out: Path


def ask(reader: Reader, files: list[Path]) -> dict[str, list[Answer]]:
    """The reader's answers by path; a batch that dies is asked again file by file."""
    answers: dict[str, list[Answer]] = collections.defaultdict(list)
    lines = _run(reader, files)
    if len({a["source"] for a in lines}) < len(files) and len(files) > 1:
        lines = [a for file in files for a in _run(reader, [file])]
    for answer in lines:
        answers[answer["source"]].append(answer)
    return answers


def _run(reader: Reader, files: list[Path]) -> list[Answer]:
    command = [*shlex.split(reader.command), *map(str, files)]
    quiet = {**os.environ, "OMP_NUM_THREADS": "1"}
    try:
        done = subprocess.run(command, capture_output=True, timeout=reader.timeout, check=False, env=quiet)
    except subprocess.TimeoutExpired:
        return []
    return [json.loads(x) for x in done.stdout.decode("utf-8", "replace").splitlines() if x.startswith("{")]


def read_batch(recipes: list[Recipe], reader: Reader) -> list[tuple[Judged, list[Gold]]]:
    """Documents built, written, read and judged."""
    documents = [build(recipe) for recipe in recipes]
    for document in documents:
        (reader.out / document.name).write_bytes(document.data)
    answers = ask(reader, [reader.out / d.name for d in documents])
    return [(Judged(d.recipe, judge(d.gold, answers[str(reader.out / d.name)])), d.gold) for d in documents]


def read_all(recipes: list[Recipe], reader: Reader, jobs: int) -> list[Judged]:
    """All documents in batches, some at a time; the right answers go to gold.jsonl, in the format of the scorer."""
    reader.out.mkdir(parents=True, exist_ok=True)
    size = max(1, min(BATCH, -(-len(recipes) // jobs)))
    batches = [recipes[n : n + size] for n in range(0, len(recipes), size)]
    judged = []
    with (
        ProcessPoolExecutor(jobs) as pool,
        (reader.out / "gold.jsonl").open("w", encoding="utf-8") as gold_file,
    ):
        for results in pool.map(read_batch, batches, [reader] * len(batches)):
            for one, gold in results:
                judged.append(one)
                gold_file.writelines(json.dumps(g, ensure_ascii=False) + "\n" for g in gold)
    return judged


def explain(failing: list[Judged], reader: Reader) -> dict[int, str]:
    """For each failing document the choices that, undone alone, let it be read right."""
    built: dict[Path, tuple[int, str, Document]] = {}
    for one in failing:
        for axis, _, _ in one.recipe.chosen if one.recipe.kind != "noise" else ():
            other = build(one.recipe.without(axis))
            folder = reader.out / "explain" / axis
            folder.mkdir(parents=True, exist_ok=True)
            (folder / other.name).write_bytes(other.data)
            built[folder / other.name] = (one.recipe.number, axis, other)
    answers = ask(reader, list(built)) if built else {}
    guilty: dict[int, list[str]] = collections.defaultdict(list)
    for path, (number, axis, other) in built.items():
        if not judge(other.gold, answers[str(path)]).bad():
            guilty[number].append(axis)
    return {
        one.recipe.number: " and ".join(f"{a}={one.recipe.variant(a)}" for a in guilty[one.recipe.number])
        or "(no single choice)"
        for one in failing
    }


def report(judged: list[Judged], reader: Reader, *, why: bool) -> None:
    """Each failing document: its choices and its first five failures."""
    failing = [j for j in judged if j.result.bad() and j.result.failures]
    causes = explain(failing, reader) if why else {}
    for one in failing:
        print(f"\n{one.recipe.number:07d}  {one.recipe.words()}")
        if one.recipe.number in causes:
            print("    needs: " + causes[one.recipe.number])
        worst = ("SILENT", "invented", "key", "refused", "not flagged")
        rank = sorted(one.result.failures, key=lambda x: not x.startswith(worst))
        for line in rank[:5]:
            print("    " + line)
        if len(rank) > 5:
            print(f"    … and {len(rank) - 5} more")


def _numbers(args: argparse.Namespace) -> list[int]:
    if args.only:
        return list(args.only)
    first = args.seed * 100_000
    numbers = [first + n for n in range(args.count)] + [first + PICTURES + n for n in range(args.pictures)]
    return [n for n in numbers if not args.family or make_recipe(n).family in args.family]


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=2500)
    parser.add_argument("--pictures", type=int, default=0, help="documents that need optical recognition")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--family", action="append", help="only this family of formats; may be given again")
    parser.add_argument("--only", type=int, action="append", help="the number of one document; may be given again")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--command", default=".venv/bin/gongkai extract")
    parser.add_argument("--timeout", type=float, default=600, help="seconds for a batch of documents")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--keep-failing", action="store_true", help="list every failing document")
    parser.add_argument("--explain", action="store_true", help="with --keep-failing: undo one choice after the other")
    parser.add_argument("--brief", action="store_true", help="print only the totals")
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> int:
    """The command."""
    args = _arguments(argv)
    reader = Reader(args.command, args.timeout, args.out)
    judged = read_all([make_recipe(n) for n in _numbers(args)], reader, args.jobs)
    written = [j for j in judged if j.recipe.kind != "picture"]
    pictures = [j for j in judged if j.recipe.kind == "picture"]
    if not args.brief:
        print(matrix.full(written))
    if args.keep_failing:
        report(judged, reader, why=args.explain)
    thin = matrix.thin_cells(written) if len(written) >= 2000 and not args.family else []
    print(*(f"under {matrix.LEAST} documents: {cell}" for cell in thin), sep="\n", end="\n" if thin else "")
    totals = matrix.totals(written)
    print(matrix.summary("all", totals))
    if pictures:
        print(matrix.pictures(pictures))
        print(matrix.summary("pictures", matrix.totals(pictures)))
    return int(not matrix.verdict(totals) or bool(thin) or bool(matrix.totals(pictures)["silent"]))


if __name__ == "__main__":
    sys.exit(main())
