"""What each document is: dealt like cards, so that every deviation meets every format often enough, not by chance.

Families of formats take turns, so do the kinds of document within a family. For every axis (tables, labels, cells,
title, what is around, characters) there is a deck with each column of the matrix once and the rest of it "nothing";
decks are shuffled and dealt to the end before a new one begins. Within a column its variants take turns. The number of
a document says all: document n of seed s has the number s * 100000 + n; numbers from 90000 on are pictures.
"""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from tests.generate.deviations.cells import CELLS, STATISTICS_CELLS
from tests.generate.deviations.labels import LABELS
from tests.generate.deviations.pages import PAGES
from tests.generate.deviations.shapes import SHAPES
from tests.generate.facts.local import FAMILIES
from tests.generate.facts.titles import TITLES
from tests.generate.layout import bare, noise
from tests.generate.writers import STYLES
from tests.generate.writers.encode import ENCODINGS
from tests.generate.writers.surroundings import MARKS

_TURNS = "html pdf text docx html xls text doc html rtf text xlsx html pdf text docx xls doc rtf xlsx".split()
_KINDS = ["tables"] * 3 + ["statistics"] + ["tables"] * 3 + ["noise"] + ["tables"] * 3 + ["statistics"] + ["tables"] * 2
_KINDS += ["local", "noise", "tables", "statistics", "tables", "bare"]
_FORMS = ["f2021"] * 8 + ["f2019"] * 3 + ["mixed_table3", "mixed_block1"]
PICTURES = 90_000
_PICTURE_TURNS = ("png", "jpg", "scan")

Columns = dict[str, tuple[str, ...]]


def _columns(table: Mapping[str, Iterable[str]]) -> Columns:
    return {column: tuple(variants) for column, variants in table.items()}


AXES: dict[str, dict[str, Columns]] = {
    "tables": {
        "shape": _columns(SHAPES),
        "labels": _columns(LABELS),
        "cells": _columns(CELLS),
        "page": _columns(PAGES),
        "title": _columns(TITLES),
        "around": {mark: (mark,) for mark in MARKS},
        "characters": _columns(ENCODINGS),
    },
    "statistics": {
        "shape": {
            "2014: one table": ("single", "titled", "unitless"),
            "2014: halves": ("halves",),
            "2014: codes, cuts": ("coded", "apart", "cut", "beijing"),
        },
        "labels": {"2014: labels": ("half_width", "label_spaces", "full_width_labels", "other_numbering")},
        "cells": _columns(STATISTICS_CELLS),
    },
    "local": {"shape": {"local statistics": tuple(FAMILIES)}},
    "noise": {"shape": {"no report: forms": tuple(noise.FORMS), "no report: texts": tuple(noise.TEXTS)}},
    "bare": {"shape": {"no tables": tuple(bare.KINDS)}},
}
# How many cards a deck has: 26 and 13 of a report's tables, so that 2,000 documents deal ten decks to every family.
_DECKS = {"statistics": 3, "local": 1, "noise": 2, "bare": 1}

_WEB = "only web pages have surroundings"
_BYTES = "the format has no charset of its own"
_MIRROR = "mirrors rewrite web pages"
_PAPER = "references are a matter of markup; nobody types or prints them"
_SHOWN = "the format hides nothing between shown cells"
_LINES = ("some lines misread", "prose hurt", "escaped twice", "radicals", "invisible", "traditional")


def _impossible(family: str) -> dict[str, str]:
    """The columns that a family cannot show, and why."""
    why: dict[str, str] = {}
    if family != "html":
        why |= dict.fromkeys(MARKS, _WEB)
    if family not in ("html", "text"):
        why |= {c: _MIRROR if c == "pinyin" else _BYTES for c in ENCODINGS if c not in _LINES}
        why["escaped twice"] = _PAPER
    if family in ("text", "pdf", "xls", "xlsx"):
        why["hidden"] = _SHOWN
    return why


IMPOSSIBLE = {family: _impossible(family) for family in STYLES}
# Variants that a family cannot show, though others of their column it can.
_ONLY_WEB = {"rowspan_wrong", *(name for name, how in bare.KINDS.items() if how.web)}


@dataclass(frozen=True, slots=True)
class Recipe:
    """All choices of one document; `chosen` are (axis, column, variant). The same recipe gives the same bytes."""

    number: int
    family: str
    style: str
    kind: str
    form: str
    chosen: tuple[tuple[str, str, str], ...]

    def variant(self, axis: str) -> str:
        """What was chosen on an axis; empty for nothing."""
        return next((v for a, _, v in self.chosen if a == axis), "")

    def without(self, axis: str) -> "Recipe":
        """The recipe with the choice on one axis undone."""
        return replace(self, chosen=tuple(c for c in self.chosen if c[0] != axis))

    def having(self, axis: str, variant: str) -> "Recipe":
        """The recipe with this choice on one axis, whatever was dealt there. Raises ValueError for an unknown one."""
        for column, variants in AXES[self.kind][axis].items():
            if variant in variants:
                return replace(self, chosen=(*self.without(axis).chosen, (axis, column, variant)))
        raise ValueError(f"no {axis} of a document of kind {self.kind} is called {variant!r}")

    def words(self) -> str:
        """All choices in one line."""
        return " ".join(
            [f"{self.family}:{self.style}", self.form or self.kind, *(f"{a}={v}" for a, _, v in self.chosen)]
        )


def _turn(cycle: Sequence[str], n: int) -> tuple[str, int]:
    """Whose turn it is at n, and how many turns it had before."""
    name = cycle[n % len(cycle)]
    return name, n // len(cycle) * cycle.count(name) + cycle[: n % len(cycle)].count(name)


def _deal(cards: list[str], n: int, key: str) -> tuple[str, int]:
    """Card n of shuffled decks that are dealt one after the other, and the number of its deck."""
    deck = n // len(cards)
    shuffled = list(cards)
    random.Random(f"{key} {deck}").shuffle(shuffled)
    return shuffled[n % len(cards)], deck


def allowed(family: str, kind: str, axis: str) -> Columns:
    """The columns of an axis that a family can show, each with its variants."""
    shown = {}
    for column, variants in AXES[kind][axis].items():
        fitting = tuple(v for v in variants if family == "html" or v not in _ONLY_WEB)
        if fitting and column not in IMPOSSIBLE[family]:
            shown[column] = fitting
    return shown


def _choose(seed: int, family: str, kind: str, axis: str, turn: int) -> tuple[str, str, str] | None:
    columns = allowed(family, kind, axis)
    size = _DECKS.get(kind) or (26 if family in ("html", "text") else 13)
    if axis == "cells" and kind == "statistics" and family in ("html", "text"):
        size = 6
    cards = [*columns, *[""] * (size - len(columns))]
    column, deck = _deal(cards, turn, f"{seed} {family} {kind} {axis}")
    if not column:
        return None
    start = random.Random(f"{seed} {family} {kind} {column}").randrange(100)
    return axis, column, columns[column][(start + deck) % len(columns[column])]


def _title(seed: int, family: str, kind: str, turn: int) -> tuple[str, str, str] | None:
    """Documents of every other kind have titles too: one of five is unusual."""
    rng = random.Random(f"{seed} {family} {kind} title {turn}")
    names = [(c, t) for c, titles in TITLES.items() for t in titles]
    return ("title", *rng.choice(names)) if kind in ("statistics", "local") and rng.random() < 0.2 else None


def make_recipe(number: int) -> Recipe:
    """The recipe of the document with this number."""
    seed, n = divmod(number, 100_000)
    if n >= PICTURES:
        return _picture_recipe(number, seed, n - PICTURES)
    family, i = _turn(_TURNS, n)
    kind, turn = _turn(_KINDS, i)
    style, _ = _deal(list(STYLES[family]), i, f"{seed} {family} style")
    form = _deal(_FORMS, turn, f"{seed} {family} form")[0] if kind == "tables" else "f2014" * (kind == "statistics")
    chosen = [_choose(seed, family, kind, axis, turn) for axis in AXES[kind] if allowed(family, kind, axis)]
    if kind != "tables":
        chosen.append(_title(seed, family, kind, turn))
    return Recipe(number, family, style, kind, form, tuple(c for c in chosen if c))


def _picture_recipe(number: int, seed: int, n: int) -> Recipe:
    """A picture of tables as they are, in some of them with blanks or other figures."""
    family, i = _turn(_PICTURE_TURNS, n)
    style, _ = _deal(list(STYLES[family]), i, f"{seed} {family} style")
    form, _ = _deal(["f2021"] * 3 + ["f2019"], n, f"{seed} picture form")
    cells, _ = _deal(["", "", "", "blank_zeros", "thousands", "money"], n, f"{seed} picture cells")
    return Recipe(number, family, style, "picture", form, (("cells", "picture", cells),) if cells else ())
