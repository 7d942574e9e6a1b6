"""Holds the byte filter against the reader: what is read as a report must pass it.

    python -m tests.pipelines.sieving --count 5000 --seed 1

Random documents of tests/generate, with every damage that it knows, are built and judged; those that the filter drops
are read. Prints each report that was dropped, and what else passed. Exit 1 if there was any.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator

from pipelines import Capture, extract
from pipelines.sieve import may_be_report
from tests.generate.documents import build
from tests.generate.recipes import Recipe, make_recipe

_TEXTS = ("html", "text")  # of other formats all pass


def is_report(body: bytes) -> bool:
    """Whether the reader finds a report."""
    return any(reading.report for reading in extract(Capture(body)))


def dropped(recipes: Iterable[Recipe], passed: Counter[str] | None = None) -> Iterator[Recipe]:
    """The recipes whose document is a report to the reader, though the filter drops it.

    `passed` counts by kind those that pass.
    """
    for recipe in recipes:
        body = build(recipe).data
        if may_be_report(body):
            if passed is not None:
                passed[recipe.kind] += 1
        elif is_report(body):
            yield recipe


def texts(first: int, count: int) -> list[Recipe]:
    """The recipes of web pages and texts among so many numbers."""
    recipes = map(make_recipe, range(first, first + count))
    return [recipe for recipe in recipes if recipe.family in _TEXTS]


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    recipes = texts(args.seed * 100_000, args.count)
    passed: Counter[str] = Counter()
    lost = list(dropped(recipes, passed))
    for recipe in lost:
        print(f"{recipe.number:07d}  {recipe.words()}")
    noise = sum(recipe.kind == "noise" for recipe in recipes)
    print(f"{len(recipes)} documents, {len(lost)} reports dropped; of {noise} that are none {passed['noise']} passed")
    return int(bool(lost))


if __name__ == "__main__":
    sys.exit(main())
