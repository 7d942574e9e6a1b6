"""Writes random documents, runs the reader over them and prints where it fails.

    python -m tests.generate.run --count 300 --seed 1 --out DIR
    python -m tests.generate.run --count 300 --seed 1 --out DIR --keep-failing
    python -m tests.generate.run --only 42 --out DIR --keep-failing --explain

The same count and seed give the same documents. Document n of seed s has the number s * 100000 + n, and its file name
is that number. `--keep-failing` lists the documents that fail; `--explain` undoes one deviation of each after the other
and names those without which it is read right.
"""

import argparse
import collections
import json
import shlex
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.generate.documents import Document, Recipe, build, make_recipe
from tests.generate.score import Answer, Result, judge

BATCH = 100
COUNTS = (
    "documents",
    "key_wrong",
    "wrong",
    "silent",
    "invented",
    "missing",
    "unknowable",
    "unflagged",
    "alarms",
    "taken",
    "refused",
    "part_missing",
    "crash",
)
USUAL = {
    "structure": "none",
    "cells": "plain",
    "title": "plain",
    "encoding": "utf-8",
    "marks": (),
    "format": "html:clean",
}


def write(documents: list[Document], out: Path) -> None:
    """The documents and gold.jsonl, in the format of the scorer."""
    out.mkdir(parents=True, exist_ok=True)
    for document in documents:
        (out / document.name).write_bytes(document.data)
    lines = [json.dumps(g, ensure_ascii=False) for d in documents for g in d.gold]
    (out / "gold.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def ask(command: str, files: list[Path], timeout: float) -> dict[str, list[Answer]]:
    """The reader's answers by path; a batch that dies is asked again file by file."""
    answers: dict[str, list[Answer]] = collections.defaultdict(list)
    for start in range(0, len(files), BATCH):
        batch = files[start : start + BATCH]
        lines = _run(command, batch, timeout)
        if len({a["source"] for a in lines}) < len(batch) and len(batch) > 1:
            lines = [a for file in batch for a in _run(command, [file], timeout)]
        for answer in lines:
            answers[answer["source"]].append(answer)
    return answers


def _run(command: str, files: list[Path], timeout: float) -> list[Answer]:
    try:
        done = subprocess.run(
            [*shlex.split(command), *map(str, files)], capture_output=True, timeout=timeout, check=False
        )
    except subprocess.TimeoutExpired:
        return []
    return [json.loads(x) for x in done.stdout.decode("utf-8", "replace").splitlines() if x.startswith("{")]


def matrix(documents: list[Document], results: dict[str, Result]) -> str:
    """A line for every choice of every dimension, only those of the counts that occur."""
    table: dict[tuple[str, str], collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for document in documents:
        counts = results[document.name].counts
        rows = list(document.recipe.choices().items())
        if not document.recipe.noise:
            rows.append(("format × structure", f"{document.recipe.format} × {document.recipe.structure}"))
        for key in [("all", "all"), *rows]:
            table[key].update(counts)
    head = f"{'':48}" + "".join(f"{c[:10]:>11}" for c in COUNTS)
    lines = [head]
    for (dimension, choice), counts in sorted(table.items()):
        failing = any(counts[c] for c in COUNTS if c not in ("documents", "unknowable"))
        if dimension == "format × structure" and not failing:
            continue
        lines.append(f"{dimension + ': ' + choice:48.48}" + "".join(f"{counts[c] or '.':>11}" for c in COUNTS))
    return "\n".join(lines)


def variants(recipe: Recipe) -> dict[str, Recipe]:
    """The recipe with one unusual choice undone, for each of them."""
    return {
        d: replace(recipe, **{d: usual})
        for d, usual in USUAL.items()  # type: ignore[arg-type]
        if getattr(recipe, d) != usual and not recipe.noise
    }


def explain(failing: list[Document], args: argparse.Namespace) -> dict[str, str]:
    """For each failing document the choices that, undone alone, let it be read right."""
    built: dict[tuple[str, str], tuple[Document, Path]] = {}
    for document in failing:
        for dimension, variant in variants(document.recipe).items():
            other = build(variant)
            folder = args.out / "explain" / dimension
            folder.mkdir(parents=True, exist_ok=True)
            (folder / other.name).write_bytes(other.data)
            built[document.name, dimension] = (other, folder / other.name)
    answers = ask(args.command, [path for _, path in built.values()], args.timeout)
    guilty: dict[str, list[str]] = collections.defaultdict(list)
    for (name, dimension), (other, path) in built.items():
        if not judge(other.gold, answers[str(path)]).bad():
            guilty[name].append(dimension)
    return {
        d.name: " and ".join(f"{x}={getattr(d.recipe, x)}" for x in guilty[d.name]) or "(no single choice)"
        for d in failing
    }


def report(documents: list[Document], results: dict[str, Result], args: argparse.Namespace) -> None:
    """Each failing document: its choices and its first five failures."""
    failing = [d for d in documents if results[d.name].bad()]
    causes = explain(failing, args) if args.explain else {}
    for document in failing:
        result = results[document.name]
        print(f"\n{document.name}  " + " ".join(f"{k}={v}" for k, v in document.recipe.choices().items()))
        if document.name in causes:
            print("    needs: " + causes[document.name])
        rank = sorted(result.failures, key=lambda x: not x.startswith(("SILENT", "invented", "key", "refused")))
        for line in rank[:5]:
            print("    " + line)
        if len(rank) > 5:
            print(f"    … and {len(rank) - 5} more")


def main(argv: list[str] | None = None) -> int:
    """The command; exit 1 if a figure was wrong without a word or invented, or the reader died."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, action="append", help="the number of one document; may be given again")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--command", default=".venv/bin/gongkai extract")
    parser.add_argument("--timeout", type=float, default=300, help="seconds for a batch of documents")
    parser.add_argument("--keep-failing", action="store_true", help="list every failing document")
    parser.add_argument("--explain", action="store_true", help="with --keep-failing: undo one choice after the other")
    args = parser.parse_args(argv)
    numbers: list[int] = args.only or [args.seed * 100_000 + n for n in range(args.count)]
    documents = [build(make_recipe(n)) for n in numbers]
    write(documents, args.out)
    answers = ask(args.command, [args.out / d.name for d in documents], args.timeout)
    results = {d.name: judge(d.gold, answers[str(args.out / d.name)]) for d in documents}
    print(matrix(documents, results))
    if args.keep_failing:
        report(documents, results, args)
    total: collections.Counter[Any] = sum((r.counts for r in results.values()), collections.Counter())
    return int(bool(total["silent"] or total["invented"] or total["crash"] or total["taken"]))


if __name__ == "__main__":
    sys.exit(main())
