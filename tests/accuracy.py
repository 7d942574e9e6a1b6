"""Measures how exactly documents are read and writes docs/accuracy.md from it: `make accuracy`.

    python -m tests.accuracy --count 2500 --pictures 30 --fuzz 20000 --keep DIR

Every number in the page comes from here and is not edited by hand. `--keep` holds the counts of each part, so that a
part is not run again if its counts are there already.
"""

from __future__ import annotations

import argparse
import ast
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.fuzz.run import COUNTS
from tests.fuzz.run import run as run_fuzz
from tests.generate.matrix import totals
from tests.generate.recipes import PICTURES, make_recipe
from tests.generate.run import Reader, read_all

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "accuracy.md"
KNOWN = ROOT / "tests" / "pipelines" / "test_known_failures.py"
REAL = ROOT.parent / "shared"
_COLUMNS = ("documents", "printed", "right", "wrong", "silent", "invented", "missing")

Table = dict[str, dict[str, int]]


def generated(numbers: list[int]) -> Table:
    """The counts of generated documents by family of formats, and of all together."""
    with tempfile.TemporaryDirectory() as out:
        judged = read_all([make_recipe(n) for n in numbers], Reader(".venv/bin/gongkai extract", 900, Path(out)), 2)
    families = sorted({one.recipe.family for one in judged})
    table = {name: dict(totals([j for j in judged if j.recipe.family == name])) for name in families}
    return table | {"all": dict(totals(judged))}


def fuzzed(count: int) -> Table:
    """The counts of a fuzz run."""
    names = sorted(path.name for path in (REAL / "reports").glob("*.*"))
    real = tuple(name for name in names if name.endswith((".txt", ".html", ".pdf", ".docx")))
    return {"all": dict(run_fuzz(1, list(range(count)), 2, real, 20))}


def real_reports() -> str:
    """The last line of the scorer over the real reports with known answers; why not, where they are not at hand."""
    score = REAL / "score"
    if not score.exists():
        return "(the real reports are not beside this checkout)"
    done = subprocess.run([score], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip().splitlines()[-1]


def known_failures() -> list[tuple[str, str]]:
    """(test, what fails) of every failure that is known and kept by a test."""
    tree = ast.parse(KNOWN.read_text(encoding="utf-8"))
    tests = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
    return [(test.name, " ".join((ast.get_docstring(test) or "").split())) for test in tests]


def page(written: Table, pictures: Table, fuzz: Table, real: str) -> str:
    """The page, from counts."""
    rest = fuzz["all"]
    found = ", ".join(f"{rest.get(name, 0):,} {name}" for name in COUNTS)
    failures = "\n".join(f"* {what} (`{name}`)" for name, what in known_failures())
    documents = sum(row["documents"] for name, row in written.items() if name != "all")
    return f"""# How exactly documents are read

Written by `make accuracy`; not edited by hand. A figure is *right* if it is what is printed (null for a blank, a
mark or a word), *missing* if it is null though printed, *wrong* if it is another number; *silent* if it is wrong
and no issue names it; *invented* if the document does not print it.

## Real reports

Nine reports of seven agencies with answers read by hand and checked by the sum rules, in HTML, PDF and four styles
of flattened text: {real}.

## Generated reports

{documents:,} random true reports by a generator that knows nothing of the reader: the tables of 2014, 2019 and 2021
and mixtures of them, local lists, and documents that are no report, written in every format with some ninety kinds
of damage and deviation (spans, torn and floating rows, page breaks, misprints, remarks, blanks, encodings under
wrong labels, text decoded wrongly). What damage truly destroys is not asked for; there null or the printed number
counts as right. The matrix of deviations and formats, at least ten documents in every cell, is printed by `make
generate`.

{_table(written)}

## Pictures

Recognised in drawn pictures and scans, some of them small, rough, crooked or photographed. Every figure carries a
warning (`ocr_unreviewed`) until somebody has compared it, so none is silent.

{_table(pictures)}

## Damaged on purpose

Real and generated documents of every format with bytes flipped, tags cut, cells dropped, spans of 1,000,000,
elements nested 20,000 deep, 300,000 cells: {found}. Exceptions are faults that escape; slow is over 5 seconds of
the processor, big over 500 MB; silent are figures that differ from what the damaged document prints, without an
issue.

## Known failures

Each is kept by a test that fails as soon as it is mended:

{failures}
"""


def _table(counts: Table) -> str:
    head = "| | " + " | ".join((*_COLUMNS, "missing %")) + " |\n|---" + "|---:" * (len(_COLUMNS) + 1) + "|\n"
    rows = []
    for name, row in counts.items():
        share = 100 * row.get("missing", 0) / max(1, row.get("printed", 0))
        rows.append(f"| {name} | " + " | ".join(f"{row.get(c, 0):,}" for c in _COLUMNS) + f" | {share:.2f} |")
    return head + "\n".join(rows)


def _kept(folder: Path | None, name: str, measure: Callable[[], Table]) -> Table:
    path = folder / f"{name}.json" if folder else None
    if path and path.exists():
        table: Table = json.loads(path.read_text(encoding="utf-8"))
        return table
    print(f"measuring: {name}", file=sys.stderr, flush=True)
    table = measure()
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(table, indent=1), encoding="utf-8")
    return table


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=2500)
    parser.add_argument("--pictures", type=int, default=30)
    parser.add_argument("--fuzz", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path)
    args = parser.parse_args()
    first = args.seed * 100_000
    written = _kept(args.keep, "generated", lambda: generated([first + n for n in range(args.count)]))
    pictures = _kept(args.keep, "pictures", lambda: generated([first + PICTURES + n for n in range(args.pictures)]))
    fuzz = _kept(args.keep, "fuzz", lambda: fuzzed(args.fuzz))
    PAGE.write_text(page(written, pictures, fuzz, real_reports()), encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}", file=sys.stderr)


if __name__ == "__main__":
    main()
