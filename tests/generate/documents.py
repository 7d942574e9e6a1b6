"""One whole document from a recipe: a true report, what goes wrong with it, its bytes and the right answer."""

import random
import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from tests.generate.deviations import cells, damage
from tests.generate.deviations.labels import LABELS
from tests.generate.deviations.pages import PAGES
from tests.generate.deviations.shapes import SHAPES, Deviation
from tests.generate.facts.local import make_local
from tests.generate.facts.titles import make_identity
from tests.generate.facts.truth import Cell, Truth, failing_checks, make_truth
from tests.generate.layout import bare, noise
from tests.generate.layout.article import Article, make_article
from tests.generate.layout.page import Page, make_local_page, make_page, make_statistics_page
from tests.generate.recipes import Recipe
from tests.generate.writers import SUFFIXES, WRITERS
from tests.generate.writers.encode import ALL, Encoding, encode, to_script
from tests.generate.writers.html import render as render_html
from tests.generate.writers.text import ROWLESS
from tests.generate.writers.text import render as render_text

Gold = dict[str, Any]
_DEVIATIONS: dict[str, Deviation] = {
    name: change
    for table in (SHAPES, LABELS, PAGES)
    for variants in table.values()
    for name, change in variants.items()
}


@dataclass(frozen=True, slots=True)
class Document:
    """Bytes, the file suffix and a gold line for every report in it."""

    recipe: Recipe
    data: bytes
    suffix: str
    gold: list[Gold] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The file name: the number says everything."""
        return f"{self.recipe.number:07d}{self.suffix}"


def _truths(recipe: Recipe) -> list[Truth]:
    """The report; where two stand in one document, also that of the year before, by the same agency."""
    style = random.Random(f"cells {recipe.number}")
    first = cells.restyle(make_truth(recipe.number, recipe.form), recipe.variant("cells"), style)
    if recipe.variant("page") != "two_reports":
        return [first]
    other = cells.restyle(make_truth(recipe.number + 50_000, recipe.form), recipe.variant("cells"), style)
    return [first, replace(other, agency=first.agency, year=first.year - 1)]


def _page(recipe: Recipe, truth: Truth, rng: random.Random) -> Page:
    title = random.Random(f"title {recipe.number}")
    identity = make_identity(truth.agency, truth.year, recipe.variant("title") or "plain", title)
    if recipe.kind == "statistics":
        return make_statistics_page(truth, identity, recipe.variant("shape") or "single", rng)
    page = make_page(truth, identity, rng)
    if recipe.kind == "tables":
        page.marks = {recipe.variant("around")} - {""}
        if identity.conflict:
            page.marks -= {"metadata", "other_publisher", "sidebar", "navigation"}  # their dates would decide
        for axis in ("page", "shape", "labels"):
            if recipe.variant(axis):
                _DEVIATIONS[recipe.variant(axis)](page, rng)
    return page


def _pages(recipe: Recipe, rng: random.Random) -> list[Page]:
    if recipe.kind == "local":
        report = make_local(recipe.number, recipe.variant("shape") or "yearly")
        title = random.Random(f"title {recipe.number}")
        identity = make_identity(report.agency, report.year, recipe.variant("title") or "plain", title)
        return [make_local_page(report, identity, rng)]
    form = "f2021" if recipe.kind in ("bare", "picture") and not recipe.form else recipe.form
    return [_page(recipe, truth, rng) for truth in _truths(replace(recipe, form=form))]


def _unclear_in_text(page: Page, recipe: Recipe) -> None:
    """Notes the figures that flattened text cannot show, though the table did."""
    rows = [m.partition(":")[2] for m in page.marks if m.startswith(("after:", "torn:"))]
    if recipe.style in ROWLESS:
        rows += [m.partition(":")[2] for m in page.marks if m.startswith("lost:")]
        if recipe.variant("shape") == "serial_column":
            rows.append("applications")
    page.unknowable |= {i for i in page.truth.cells for row in rows if i.startswith(row + ".")}


def _damage(article: Article, how: Encoding, rng: random.Random, *, whole: bool) -> None:
    """What goes wrong with the characters before the document is written; `whole` where a writer takes no codec."""
    if how.broken == "figure":
        broken = damage.break_figure(article, rng)
        article.unknowable |= _same_row(article, broken) if broken and not whole else set()
    if how.broken == "label":
        damage.break_label(article, rng)
    if how.change:
        damage.change_article(article, how.change, rng)
    if how.misread and how.partly:
        damage.garble_lines(article, damage.MISREADINGS[how.misread], rng)
    if whole and how.script:
        damage.map_article(article, lambda text: to_script(text, how.script))


def _same_row(article: Article, id_: str) -> set[str]:
    row = id_.rpartition(".")[0] + "."
    return {c.id for g in article.grids() for r in g.rows for c in r if c.id.startswith(row)}


def _note_misread(page: Page, how: Encoding) -> None:
    """Figures whose own characters a wrong reading destroys, and the agency where its name is hurt."""
    if not how.misread or how.partly:
        return
    chain = damage.MISREADINGS[how.misread]
    hurt = {i for i, c in page.truth.cells.items() if not c.raw.isascii() and not damage.survives(c.raw, chain)}
    page.unknowable |= hurt
    page.agency_lost = how.misread.startswith(("utf-8_as_gb", "gbk_as_big5"))


def build(recipe: Recipe) -> Document:
    """The document that a recipe describes."""
    rng = random.Random(f"document {recipe.number}")
    if recipe.kind == "noise":
        article = noise.KINDS[recipe.variant("shape") or "news"](rng)
        data = _write(recipe, [article], "utf-8", rng)
        return _document(recipe, data, [{"report": False}])
    pages = _pages(recipe, rng)
    articles = [make_article(page) for page in pages]
    flags: tuple[str, ...] = ()
    if recipe.kind == "bare":
        how = bare.KINDS[recipe.variant("shape") or "nothing"]
        how.change(articles[0], rng)
        flags = how.flags
    name = recipe.variant("characters") or "utf-8"
    for page, article in zip(pages, articles, strict=True):
        _damage(article, ALL[name], rng, whole=recipe.family not in ("html", "text"))
        _note_misread(page, ALL[name])
    data = _write(recipe, articles, name, rng)
    if recipe.family == "text":
        for page in pages:
            _unclear_in_text(page, recipe)
    if recipe.kind == "bare":
        return _document(recipe, data, [_bare_gold(pages[0], flags)])
    return _document(recipe, data, [{**_gold(p), "picture": recipe.kind == "picture"} for p in pages])


def _document(recipe: Recipe, data: bytes, gold: list[Gold]) -> Document:
    document = Document(recipe, data, SUFFIXES[recipe.family], gold)
    for line in gold:
        line["file"] = document.name
    return document


def _write(recipe: Recipe, articles: list[Article], encoding: str, rng: random.Random) -> bytes:
    if recipe.family not in ("html", "text"):
        return WRITERS[recipe.family](articles, recipe.style, rng)
    if recipe.family == "html":
        return encode(render_html(articles, recipe.style, ALL[encoding].declared, rng), encoding, rng, markup=True)
    text = render_text(articles, recipe.style, rng)
    try:
        return encode(text, encoding, rng, markup=False)
    except UnicodeEncodeError:
        return text.encode()


def _number(value: int | Decimal | None) -> int | float | None:
    return float(value) if isinstance(value, Decimal) else value


def _key(page: Page) -> Gold:
    """Agency and year as they are right."""
    return {
        "report": True,
        "agency": list(page.identity.agencies),
        "agency_lost": page.agency_lost,
        "year": page.identity.stated_year,
        "form": page.truth.form,
    }


def _bare_gold(page: Page, flags: tuple[str, ...]) -> Gold:
    return {**_key(page), "agency": None, "figures": {}, "unknowable": {}, "any_flag": list(flags), "form": None}


def _gold(page: Page) -> Gold:
    """The answer; figures that the document cannot show are null, their true values under `unknowable`."""
    truth = page.truth
    figures = {i: None if i in page.unknowable else _number(c.value) for i, c in truth.cells.items()}
    for block in truth.blocks:
        for row, _ in block.rows:
            for column, _ in block.heads:
                figures.setdefault(f"active_disclosure.{row}.{column}", None)
    unknowable: Gold = {i: _number(truth.cells[i].value) for i in sorted(page.unknowable) if i in truth.cells}
    figures |= dict.fromkeys(page.optional)
    must, may = _flags(page)
    return {
        **_key(page),
        "figures": figures,
        "unknowable": unknowable | page.optional,
        "states": {i: s for i, c in truth.cells.items() if i not in page.unknowable and (s := _state(c.raw, c.value))},
        "must_flag": must,
        "may_flag": may,
        "indicators": page.indicators,
    }


def _state(raw: str, value: int | Decimal | None) -> str:
    """What a cell without a number is, as far as nobody can argue about it."""
    if value is not None:
        return ""
    if not raw:
        return "blank"
    if raw == "/":
        return "slash"
    if re.fullmatch(r"[-—－]+", raw):
        return "dash"
    return "word" if not re.search(r"[0-9０-９]", raw) else ""


def _flags(page: Page) -> tuple[list[str], list[str]]:
    """The issues that must be raised, and all that may be."""
    truth = page.truth
    known = {i: c for i, c in truth.cells.items() if i not in page.unknowable}
    must = set(failing_checks(known, truth.applications_form))
    may = set(truth.must_flag)
    if page.identity.conflict:
        must.add("year_conflict")
    judgement = _prose(page, known)
    must |= {PROSE} if judgement == "contradicts" else set()
    may |= {PROSE} if judgement == "open" else set()
    return sorted(must), sorted(must | may)


PROSE = "prose_contradicts_table"
_NOT_KNOWN = Cell("", None)


def _prose(page: Page, known: dict[str, Cell]) -> str:
    """What the prose's numbers of applications are to table 3: agrees, contradicts, or open where a figure is not known."""
    values = [known.get(f"applications.{r}.total", _NOT_KNOWN).value for r in ("new_received", "carried_in")]
    numbers = [int(v) for v in values if v is not None]
    if not page.stated or not page.truth.applications_form:
        return "agrees"
    if len(numbers) < 2:
        return "open"
    return "agrees" if page.stated <= {numbers[0], sum(numbers)} else "contradicts"
