"""One damaged document from a seed and a number: what it is made from, what is done to it, what it prints afterwards.

A plan lists the changes, each with its own randomness, so that any of them can be left out to find the guilty one.
"""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from tests.fuzz import in_bulk, in_bytes, in_cells, in_rows, in_source, in_words
from tests.fuzz.bases import CLEAR, FORMS, MODES, make_base
from tests.fuzz.printed import label_key
from tests.fuzz.sheet import Sheet, is_label, row_of
from tests.generate.facts.titles import TITLES
from tests.generate.layout.article import make_article
from tests.generate.writers import STYLES, SUFFIXES, WRITERS
from tests.generate.writers.encode import ALL, encode
from tests.generate.writers.html import render as render_html
from tests.generate.writers.surroundings import MARKS
from tests.generate.writers.text import render as render_text

TABLES: dict[str, tuple[Callable[[Sheet, random.Random], None], ...]] = {
    "cells": in_cells.CHANGES,
    "rows": in_rows.CHANGES,
    "words": in_words.CHANGES,
}
SOURCE: dict[str, tuple[in_source.Change, ...]] = {
    "any": in_source.IN_ANY,
    "markup": in_source.IN_MARKUP,
    "lines": in_source.IN_LINES,
    "bulk": in_bulk.CHANGES,
}
# What is damaged, by share: tables, source, bytes, tables and source; two documents spliced; the size; real documents.
_SHARES = {"tables": 55, "source": 19, "bytes": 9, "both": 10, "splice": 3, "bulk": 0.6, "real": 3.4}


_FAMILIES = {"html": 58, "text": 30, "pdf": 3, "docx": 3, "doc": 2, "rtf": 1, "xls": 1.5, "xlsx": 1.5}
# Where writing moves or loses cells: tabs and expanded pipes have a fixed width, glued cells no borders at all, and a
# printed page parts its labels.
_ELSEWHERE = (
    "text:tabs", "text:tabs_floating", "text:pipes_expanded", "text:glued", "text:repeats_removed",
    "text:printed_lines",
)  # fmt: skip
# Texts that do without blank cells: a row that lost one to a blank and has another twice looks whole.
_DROPPING = (
    "text:pipes_padded_dropped", "text:pipes_bare_dropped", "text:cell_lines_dropped", "text:value_lines",
    "text:row_lines", "text:pipes_tight", "text:pipe_starts", "text:printed_lines",
)  # fmt: skip
# Formats with a grid of fixed columns, in which a lost cell moves all others: changes that leave the grid as it is.
_STEADY = frozenset(change.__name__ for change in (*in_cells.STEADY, *in_rows.STEADY, *in_words.CHANGES))
_TITLES = tuple(title for titles in TITLES.values() for title in titles)
# Those that need nothing done to the text of the page first.
_ENCODINGS = tuple(
    name for name, how in ALL.items() if not (how.change or how.partly or how.broken in ("label", "figure"))
)


_LEGIBLE = tuple(name for name in _ENCODINGS if not (ALL[name].misread or ALL[name].script))


@dataclass(frozen=True, slots=True)
class Step:
    """One change: its stage, its name, and the salt of its randomness."""

    stage: str
    name: str
    salt: int


@dataclass(frozen=True, slots=True)
class Plan:
    """All choices of one document; the same plan gives the same bytes."""

    seed: int
    number: int
    format: str
    form: str = "f2021"
    mode: str = "sums"
    deviation: str = "none"
    title: str = "plain"
    encoding: str = "utf-8"
    marks: tuple[str, ...] = ()
    spliced: bool = False
    steps: tuple[Step, ...] = ()

    @property
    def suffix(self) -> str:
        """How the name of the document's file ends."""
        family, _, name = self.format.partition(":")
        return Path(name).suffix if family == "real" else SUFFIXES[family]

    @property
    def markup(self) -> bool:
        """Whether the document is HTML."""
        return self.suffix == ".html"

    @property
    def plain(self) -> bool:
        """Whether the document is text that can be damaged as such, HTML or not."""
        return self.suffix in (".html", ".txt")

    def __str__(self) -> str:
        choices = [self.format, self.form, self.mode, self.deviation, self.encoding, *self.marks]
        steps = ", ".join(f"{step.stage}.{step.name}" for step in self.steps)
        return " ".join(choices) + (" spliced" if self.spliced else "") + f": {steps or 'nothing'}"


@dataclass(frozen=True, slots=True)
class Printed:
    """What one report of a document prints: its numbers by id, and the ids of each row by the key of its label.

    `loose` are the numbers of rows whose label is damaged: the reader may know whose they are, and may not.
    """

    numbers: dict[str, set[Decimal]]
    columns: dict[str, list[str]]
    loose: dict[str, set[Decimal]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """The document and what is known of it. `tracked`: each number is known by its place, not only as printed."""

    plan: Plan
    data: bytes
    printed: list[Printed] = field(default_factory=list)
    tracked: bool = False


def make_plan(seed: int, number: int, real: tuple[str, ...] = ()) -> Plan:
    """Random choices. `real` names documents that may be damaged too, without their folder."""
    rng = random.Random(f"plan {seed} {number}")
    target = rng.choices(list(_SHARES), list(_SHARES.values()))[0]
    if target == "real" and real:
        plan = Plan(seed, number, f"real:{rng.choice(real)}")
        return replace(plan, steps=_steps(rng, ["any", "markup" if plan.markup else "lines", "bytes"], plan))
    family = rng.choices(list(_FAMILIES), list(_FAMILIES.values()))[0]
    plan = Plan(
        seed,
        number,
        f"{family}:{rng.choice(STYLES[family])}",
        rng.choices(list(FORMS), list(FORMS.values()))[0],
        rng.choices(list(MODES), list(MODES.values()))[0],
        rng.choice(CLEAR) if rng.random() < 0.45 else "none",
        rng.choice(_TITLES) if rng.random() < 0.15 else "plain",
        rng.choice(_ENCODINGS if target == "tables" else _LEGIBLE) if rng.random() < 0.15 else "utf-8",
        tuple(sorted(rng.sample(MARKS, 1))) if family == "html" and rng.random() < 0.2 else (),
        target == "splice" and family in ("html", "text"),
    )
    written = ["any", "markup" if plan.markup else "lines", "markup" if plan.markup else "lines"]
    stages = {
        "tables": [*TABLES, "cells"],
        "bytes": ["bytes"],
        "both": [*TABLES, *written, "bytes"],
        "splice": ["any"],
        "bulk": ["bulk"],
    }.get(target, written)
    return replace(plan, steps=_steps(rng, stages, plan))


def _steps(rng: random.Random, stages: list[str], plan: Plan) -> tuple[Step, ...]:
    """One to four changes, few more often than many, in the order in which documents are made."""
    if not plan.plain:  # what is no text has only tables and bytes
        stages = [stage for stage in stages if stage not in SOURCE] or ["bytes"]
    if plan.format == "text:repeats_removed":  # what is exchanged there need not show
        stages = [stage for stage in stages if stage != "words"]
    chosen = [rng.choice(stages) for _ in range(rng.choice([1, 1, 1, 2, 2, 3, 4]))]
    order = [*TABLES, *SOURCE, "bytes"]
    steps = []
    for salt, stage in enumerate(sorted(chosen, key=order.index)):
        changes: tuple[Callable[..., object], ...] = {**TABLES, **SOURCE, "bytes": in_bytes.CHANGES}[stage]
        if stage in TABLES and not plan.plain:
            changes = tuple(change for change in changes if change.__name__ in _STEADY)
        steps.append(Step(stage, rng.choice(changes).__name__, salt))
    return tuple(steps)


def build(plan: Plan, folder: Path | None = None) -> Case:
    """The document of a plan; `folder` holds the real documents."""
    if plan.format.startswith("real:"):
        assert folder is not None
        name = plan.format.removeprefix("real:")
        data = (folder / name).read_bytes()
        if plan.plain:
            data = _source(plan, data.decode("utf-8", "replace")).encode("utf-8", "surrogatepass")
        return Case(plan, _bytes(plan, data), _known(folder).get(name, []))
    sheet = Sheet(make_base(plan.seed * 1_000_000 + plan.number, plan.form, plan.mode, plan.deviation, plan.title))
    columns = _columns(sheet)
    sheet.page.marks |= set(plan.marks)
    for step in plan.steps:
        if step.stage in TABLES:
            _change(TABLES[step.stage], step)(sheet, _randomness(plan, step))
    if plan.format in _DROPPING:
        in_cells.drop_all_blanks(sheet, random.Random(0))
    numbers, loose = sheet.printed()
    printed = [Printed(numbers, columns | _columns(sheet), loose)]
    tracked = all(step.stage in TABLES for step in plan.steps) and not plan.spliced and plan.format not in _ELSEWHERE
    if not plan.plain:
        rng = random.Random(f"write {plan.seed} {plan.number}")
        family, style = plan.format.split(":")
        data = WRITERS[family]([make_article(sheet.page)], style, rng)
        return Case(plan, _bytes(plan, data), printed, tracked)
    rendered = _render(plan, sheet)
    if plan.spliced:
        rendered, other = _splice(plan, rendered)
        printed = [Printed(_merged(numbers, other.numbers), printed[0].columns | other.columns, loose)]
    return Case(plan, _bytes(plan, _encode(plan, _source(plan, rendered))), printed, tracked)


def _render(plan: Plan, sheet: Sheet) -> str:
    family, style = plan.format.split(":")
    rng = random.Random(f"render {plan.seed} {plan.number}")
    article = make_article(sheet.page)
    if family == "html":
        return render_html([article], style, ALL[plan.encoding].declared, rng)
    return render_text([article], style, rng)


def _source(plan: Plan, source: str) -> str:
    for step in plan.steps:
        if step.stage in SOURCE:
            source = _change(SOURCE[step.stage], step)(source, _randomness(plan, step))
    return source


def _bytes(plan: Plan, data: bytes) -> bytes:
    for step in plan.steps:
        if step.stage == "bytes":
            data = _change(in_bytes.CHANGES, step)(data, _randomness(plan, step))
    return data


def _encode(plan: Plan, source: str) -> bytes:
    rng = random.Random(f"encode {plan.seed} {plan.number}")
    try:
        return encode(source, plan.encoding, rng, markup=plan.markup)
    except UnicodeEncodeError:
        return source.encode("utf-8", "surrogatepass")


def _splice(plan: Plan, source: str) -> tuple[str, Printed]:
    """The beginning of one document and the end of another of the same making."""
    rng = random.Random(f"splice {plan.seed} {plan.number}")
    sheet = Sheet(make_base(rng.randrange(10**9), rng.choice(list(FORMS)), plan.mode, "none", "plain"))
    other = _render(plan, sheet)
    at, on = rng.randint(0, len(source)), rng.randint(0, len(other))
    return source[:at] + other[on:], Printed(sheet.printed()[0], _columns(sheet))


def _columns(sheet: Sheet) -> dict[str, list[str]]:
    """The ids of each row by the key of its label; of table 4, which has none, by the empty key."""
    columns: dict[str, list[str]] = {}
    for row in sheet.rows():
        ids = [cell.id for cell in row if cell.id]
        labels = [cell.text for cell in row if is_label(cell)]
        key = "" if ids and ids[0].startswith("review") else label_key(labels[-1]) if labels else None
        if ids and key is not None:
            columns.setdefault(key, sheet.order.get(row_of(ids[0]), []))
    return columns


def _merged(one: dict[str, set[Decimal]], other: dict[str, set[Decimal]]) -> dict[str, set[Decimal]]:
    return {id_: one.get(id_, set()) | other.get(id_, set()) for id_ in {**one, **other}}


def _change(changes: tuple[Callable[..., Any], ...], step: Step) -> Callable[..., Any]:
    return next(change for change in changes if change.__name__ == step.name)


def _randomness(plan: Plan, step: Step) -> random.Random:
    return random.Random(f"{plan.seed} {plan.number} {step.salt} {step.name}")


@cache
def _known(folder: Path) -> dict[str, list[Printed]]:
    """The answers to real documents, where somebody wrote them down."""
    answers = folder / "gold.jsonl"
    known: dict[str, list[Printed]] = {}
    for line in answers.read_text(encoding="utf-8").splitlines() if answers.exists() else ():
        gold = json.loads(line)
        numbers = {i: {Decimal(str(n))} for i, n in gold.get("figures", {}).items() if n is not None}
        known.setdefault(gold["file"], []).append(Printed(numbers, {}))
    return known
