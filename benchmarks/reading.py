"""How long it takes from the bytes of a page to its figures and sections, beside general tools on the same pages.

    python -m benchmarks.reading [--pages 220] [--rounds 5]

The pages are random true reports as web pages, one of ten in traditional characters. Each round reads all of them with
each reader in turn, on one core. Of each page the shortest of its times counts, for every reader alike: what else a
machine does can only add to it. `trafilatura.extract` and `pandas.read_html` together give a page's text and its
tables, and know nothing yet of labels, figures and sums.
"""

from __future__ import annotations

import argparse
import io
import os
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

_STEPS = (
    "decode and repair",
    "HTML to paragraphs and grids",
    "traditional to simplified",
    "agency, year, scope",
    "figures and rules",
    "sections",
)
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


def times(read: Callable[[bytes], object], bodies: list[bytes]) -> list[float]:
    """The seconds that each page takes."""
    taken = []
    for body in bodies:
        started = time.perf_counter()
        read(body)
        taken.append(time.perf_counter() - started)
    return taken


def per_page(rounds: list[list[float]]) -> float:
    """Milliseconds for a page, of the shortest times that each page took."""
    shortest = [min(taken) for taken in zip(*rounds, strict=True)]
    return 1000 * sum(shortest) / len(shortest)


def steps(body: bytes) -> dict[str, float]:
    """The seconds that each step of the reader takes for a page."""
    spent: dict[str, float] = dict.fromkeys(_STEPS, 0.0)

    def step(name: str, work: Callable[..., Any], *given: Any) -> Any:
        started = time.perf_counter()
        made = work(*given)
        spent[name] = time.perf_counter() - started
        return made

    text = step("decode and repair", lambda: repair(decode(body)))
    document = step("HTML to paragraphs and grids", read_html, text.text)
    if text.script == "traditional":
        document = step("traditional to simplified", in_simplified, document, text.script)
    who = step("agency, year, scope", identify, document)
    step("figures and rules", read_forms, document, who.year, who.agency)
    step("sections", sections_of, document)
    return spent


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=220)
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    bodies = pages(args.pages)
    readers = {"ours: bytes to figures": ours, "trafilatura + pandas.read_html": theirs, "bare lxml.html parse": bare}
    for read in readers.values():
        times(read, bodies[:5])  # what is loaded once is not measured
    rounds = [{name: times(read, bodies) for name, read in readers.items()} for _ in range(args.rounds)]
    shortest = {name: per_page([taken[name] for taken in rounds]) for name in readers}
    mine, general, parse = shortest.values()
    size = sum(map(len, bodies)) // len(bodies)
    print(f"{len(bodies)} pages of {size:,} bytes, {args.rounds} rounds, one core of {os.cpu_count()}")
    for name, milliseconds in shortest.items():
        print(_LINE.format(name, milliseconds, milliseconds / parse))
    print(f"ratio: {general / mine:.1f} times faster than trafilatura + pandas; {mine / parse:.1f} times a bare parse")
    print("where the time goes:")
    spent = [[steps(body) for body in bodies] for _ in range(args.rounds)]
    shares = {name: per_page([[page[name] for page in taken] for taken in spent]) for name in _STEPS}
    for name, milliseconds in sorted(shares.items(), key=lambda item: -item[1]):
        print(f"  {name:32} {milliseconds:6.2f} ms a page")


if __name__ == "__main__":
    main()
