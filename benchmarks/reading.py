"""How long it takes from the bytes of a page to its figures and sections, beside general tools on the same pages.

    python -m benchmarks.reading [--pages 220] [--rounds 3]

The pages are random true reports as web pages, one of ten in traditional characters. Each round reads all of them with
each reader in turn, on one core; what is printed are the medians of the rounds, in processor time.
`trafilatura.extract`
and `pandas.read_html` together give a page's text and its tables, and know nothing yet of labels, figures and sums.
"""

from __future__ import annotations

import argparse
import io
import os
import statistics
import time
import warnings
from collections.abc import Callable
from dataclasses import replace
from itertools import count, islice
from typing import Any

import lxml.html
import pandas
import trafilatura

from pipelines import extract
from pipelines.decode import decode
from pipelines.documents.html import read_html
from pipelines.documents.mapped import in_simplified
from pipelines.forms.read import read_forms
from pipelines.identify import identify
from pipelines.model import Capture
from pipelines.narrative import sections_of
from pipelines.normalize import repair
from tests.generate.documents import build
from tests.generate.recipes import make_recipe

_LINE = "{:34} {:8.2f} ms a page   {:6.1f} × bare parse"


def pages(wanted: int) -> list[bytes]:
    """Generated reports as HTML; every tenth in traditional characters, no other damage to their text."""
    recipes = (recipe for number in count(700_000) if (recipe := make_recipe(number)).family == "html")
    tables = (recipe.without("characters") for recipe in recipes if recipe.kind == "tables")
    traditional = ("characters", "traditional", "traditional")
    return [
        build(replace(recipe, chosen=(*recipe.chosen, traditional)) if number % 10 == 0 else recipe).data
        for number, recipe in enumerate(islice(tables, wanted))
    ]


def ours(body: bytes) -> object:
    """Everything: decoded, repaired, figures proved, sections, identity, issues."""
    return extract(Capture(body))


def theirs(body: bytes) -> object:
    """The page's text and its tables."""
    return trafilatura.extract(body), pandas.read_html(io.BytesIO(body))


def bare(body: bytes) -> object:
    """The parsed tree and nothing else."""
    return lxml.html.document_fromstring(body)


def per_page(read: Callable[[bytes], object], bodies: list[bytes]) -> float:
    """Milliseconds of processor time for a page."""
    started = time.process_time()
    for body in bodies:
        read(body)
    return 1000 * (time.process_time() - started) / len(bodies)


def shares(bodies: list[bytes]) -> dict[str, float]:
    """Milliseconds a page of each step of the reader."""
    spent: dict[str, float] = {}

    def step(name: str, work: Callable[..., Any], *given: Any) -> Any:
        started = time.process_time()
        made = work(*given)
        spent[name] = spent.get(name, 0.0) + time.process_time() - started
        return made

    for body in bodies:
        text = step("decode and repair", lambda body=body: repair(decode(body)))
        document = step("HTML to paragraphs and grids", read_html, text.text)
        if text.script == "traditional":
            document = step("traditional to simplified", in_simplified, document, text.script)
        who = step("agency, year, scope", identify, document)
        step("figures and rules", read_forms, document, who.year, who.agency)
        step("sections", sections_of, document)
    return {name: 1000 * seconds / len(bodies) for name, seconds in spent.items()}


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=220)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    bodies = pages(args.pages)
    readers = {"ours: bytes to figures": ours, "trafilatura + pandas.read_html": theirs, "bare lxml.html parse": bare}
    for read in readers.values():
        per_page(read, bodies[:5])  # what is loaded once is not measured
    rounds = [{name: per_page(read, bodies) for name, read in readers.items()} for _ in range(args.rounds)]
    medians = {name: statistics.median(times[name] for times in rounds) for name in readers}
    mine, general, parse = medians.values()
    size = sum(map(len, bodies)) // len(bodies)
    print(f"{len(bodies)} pages of {size:,} bytes, {args.rounds} rounds, one core of {os.cpu_count()}")
    for name, milliseconds in medians.items():
        print(_LINE.format(name, milliseconds, milliseconds / parse))
    print(f"ratio: {general / mine:.1f} times faster than trafilatura + pandas; {mine / parse:.1f} times a bare parse")
    print("where the time goes:")
    for name, milliseconds in sorted(shares(bodies).items(), key=lambda item: -item[1]):
        print(f"  {name:32} {milliseconds:6.2f} ms a page")


if __name__ == "__main__":
    main()
