"""One whole document from a seed: a true report, how it is printed, what goes wrong, its bytes and the right answer."""

import random
from dataclasses import dataclass, field, replace
from decimal import Decimal

from tests.generate import cells, deviations, html, labels, noise, text, titles
from tests.generate.encode import ENCODINGS, encode
from tests.generate.page import Page, make_page
from tests.generate.surroundings import MARKS
from tests.generate.truth import Truth, make_truth

STRUCTURE = {**deviations.STRUCTURE, **labels.STRUCTURE}
FORMS = ("f2021", "f2019", "mixed_table3", "mixed_block1")
# What only markup can do; in flattened text these change nothing.
_MARKUP_ONLY = ("rowspan_wrong", "hidden_column")
# Styles of text in which nothing marks where a row ends: a serial number before a label belongs to either row.
_ROWLESS = ("value_lines", "pipe_lines", "glued", "repeats_removed")


@dataclass(frozen=True, slots=True)
class Recipe:
    """All choices of one document; the same recipe gives the same bytes."""

    seed: int
    form: str
    format: str
    structure: str
    cells: str
    title: str
    encoding: str
    marks: tuple[str, ...] = ()
    noise: str = ""

    def choices(self) -> dict[str, str]:
        """Each dimension and what was chosen in it."""
        if self.noise:
            return {"noise": self.noise}
        marks = "+".join(self.marks) or "none"
        return {
            "form": self.form,
            "format": self.format,
            "structure": self.structure,
            "cells": self.cells,
            "title": self.title,
            "encoding": self.encoding,
            "marks": marks,
        }


@dataclass(frozen=True, slots=True)
class Document:
    """Bytes, the file suffix and a gold line for every report in it."""

    recipe: Recipe
    data: bytes
    suffix: str
    gold: list[dict[str, object]] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The file name: the seed says everything."""
        return f"{self.recipe.seed:07d}{self.suffix}"


def _pick(rng: random.Random, share: float, names: list[str], usual: str) -> str:
    return rng.choice(names) if rng.random() < share else usual


def make_recipe(seed: int) -> Recipe:
    """Random choices; most documents have few deviations, so that a failure points somewhere."""
    rng = random.Random(f"recipe {seed}")
    if rng.random() < 0.06:
        return Recipe(seed, "", "clean", "none", "plain", "plain", "utf-8", noise=rng.choice(list(noise.KINDS)))
    form = rng.choices(FORMS, (60, 24, 8, 8))[0]
    format_ = "html:" + rng.choice(list(html.HANDS)) if rng.random() < 0.65 else "text:" + rng.choice(list(text.STYLES))
    structure = _pick(rng, 0.75, [*STRUCTURE, "two_reports"], "none")
    style = _pick(rng, 0.5, list(cells.STYLES), "plain")
    title = _pick(rng, 0.5, list(titles.STYLES), "plain")
    encoding = _pick(rng, 0.3, list(ENCODINGS), "utf-8")
    marks = ()
    if format_.startswith("html:") and rng.random() < 0.4:
        marks = tuple(sorted(rng.sample(MARKS, rng.choice([1, 1, 2]))))
    return Recipe(seed, form, format_, structure, style, title, encoding, marks)


def _number(value: int | Decimal | None) -> int | float | None:
    return float(value) if isinstance(value, Decimal) else value


def _gold(page: Page, truth: Truth) -> dict[str, object]:
    """The answer; figures that the document cannot show are null, their true values under `unknowable`."""
    figures = {i: None if i in page.unknowable else _number(c.value) for i, c in truth.cells.items()}
    for block in truth.blocks:
        for row, _ in block.rows:
            for column, _ in block.heads:
                figures.setdefault(f"active_disclosure.{row}.{column}", None)
    unknowable: dict[str, object] = {
        i: _number(truth.cells[i].value) for i in sorted(page.unknowable) if i in truth.cells
    }
    figures |= dict.fromkeys(page.optional)
    return {
        "report": True,
        "agency": list(page.identity.agencies),
        "year": truth.year,
        "form": truth.form,
        "figures": figures,
        "unknowable": unknowable | page.optional,
        "must_flag": [] if page.unknowable else list(truth.must_flag),
        "may_flag": list(truth.must_flag),
    }


def _page(recipe: Recipe, truth: Truth, rng: random.Random) -> Page:
    identity = titles.make_identity(truth.agency, truth.year, recipe.title, random.Random(f"title {recipe.seed}"))
    page = make_page(truth, identity, rng)
    page.marks = set(recipe.marks)
    if recipe.structure in STRUCTURE and not (recipe.format.startswith("text:") and recipe.structure in _MARKUP_ONLY):
        STRUCTURE[recipe.structure](page, rng)
    return page


def _pages(recipe: Recipe, rng: random.Random) -> list[Page]:
    """The report; where two stand in one document, also that of the year before, by the same agency."""
    style = random.Random(f"cells {recipe.seed}")
    truths = [cells.restyle(make_truth(recipe.seed, recipe.form), recipe.cells, style)]
    if recipe.structure == "two_reports":
        other = cells.restyle(make_truth(recipe.seed + 50_000, recipe.form), recipe.cells, style)
        truths.append(replace(other, agency=truths[0].agency, year=truths[0].year - 1))
    return [_page(recipe, truth, rng) for truth in truths]


def _text_is_unclear(page: Page, recipe: Recipe, style: str) -> None:
    """Notes the figures that flattened text cannot show, though the table did."""
    if recipe.structure == "serial_column" and style in _ROWLESS:
        page.unknowable |= {i for i in page.truth.cells if i.startswith("applications.")}
    after = [m.split(":", 1)[1] for m in page.marks if m.startswith("after:")]
    page.unknowable |= {i for i in page.truth.cells for row in after if i.startswith(row + ".")}


def build(recipe: Recipe) -> Document:
    """The document that a recipe describes."""
    rng = random.Random(f"document {recipe.seed}")
    if recipe.noise:
        data = noise.KINDS[recipe.noise](rng).encode()
        return Document(recipe, data, ".html", [{"file": f"{recipe.seed:07d}.html", "report": False}])
    pages = _pages(recipe, rng)
    kind, style = recipe.format.split(":")
    if kind == "html":
        rendered = html.render(pages, style, ENCODINGS[recipe.encoding].declared, rng)
    else:
        rendered = text.render(pages, style, rng)
        for page in pages:
            _text_is_unclear(page, recipe, style)
    try:
        data = encode(rendered, recipe.encoding, rng, markup=kind == "html")
    except UnicodeEncodeError:
        data = encode(rendered, "utf-8", rng, markup=False)
    suffix = ".html" if kind == "html" else ".txt"
    return Document(recipe, data, suffix, [{"file": f"{recipe.seed:07d}{suffix}", **_gold(p, p.truth)} for p in pages])
