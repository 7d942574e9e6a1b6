"""One whole document from a recipe: a true report, what goes wrong with it, its bytes and the right answer."""

import random
from dataclasses import dataclass, field, replace

from tests.generate.deviations import cells, damage
from tests.generate.deviations.labels import LABELS
from tests.generate.deviations.pages import PAGES
from tests.generate.deviations.shapes import SHAPES, Deviation
from tests.generate.facts.agencies import Agency
from tests.generate.facts.local import make_local
from tests.generate.facts.titles import make_identity
from tests.generate.facts.truth import Truth, make_truth
from tests.generate.gold import Gold, bare_gold, report_gold
from tests.generate.layout import bare, noise
from tests.generate.layout.article import Article, make_article
from tests.generate.layout.page import Page, make_local_page, make_page, make_statistics_page
from tests.generate.recipes import Recipe
from tests.generate.writers import SUFFIXES, WRITERS
from tests.generate.writers.encode import ALL, Encoding, encode, to_script
from tests.generate.writers.html import render as render_html
from tests.generate.writers.text import ROWLESS
from tests.generate.writers.text import render as render_text

_LOSSY = ("utf-8_as_gb", "gbk_as_big5")
# Readings that lose so many bytes for good that labels and heads can no longer be told for sure: null or true is right.
_LABELS_GONE = frozenset(("utf-8_as_gbk", "utf-8_as_gbk_?", "utf-8_as_gbk_twice", "gbk_as_big5"))
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
    first = replace(first, agency=_writable(first.agency, recipe))
    if recipe.variant("page") != "two_reports":
        return [first]
    other = cells.restyle(make_truth(recipe.number + 50_000, recipe.form), recipe.variant("cells"), style)
    return [first, replace(other, agency=first.agency, year=first.year - 1)]


def _writable(agency: Agency, recipe: Recipe) -> Agency:
    """The agency without characters that the writer of a format or the software of a mirror cannot write."""
    last = (
        "\uffff" if recipe.family == "pdf" else "\u9fff" if recipe.variant("characters") == "pinyin" else chr(0x10FFFF)
    )
    plain = {ord(ch): "溪" for ch in agency.name if ch > last or (last == "\u9fff" and ch < "\u4e00")}
    return replace(agency, name=agency.name.translate(plain), short=agency.short.translate(plain))


def _page(recipe: Recipe, truth: Truth, rng: random.Random) -> Page:
    title = random.Random(f"title {recipe.number}")
    style = recipe.variant("title") or "plain"
    lossy = ALL[recipe.variant("characters") or "utf-8"].misread.startswith(_LOSSY)
    if style.startswith("conflict") and (lossy or recipe.variant("page") == "two_reports"):
        style = "plain"  # of two reports only the years tell which is which; lost characters hide what decides
    identity = make_identity(truth.agency, truth.year, style, title)
    if recipe.kind == "statistics":
        page = make_statistics_page(truth, identity, recipe.variant("shape") or "single", rng)
        if recipe.variant("labels"):
            _DEVIATIONS[recipe.variant("labels")](page, rng)
        return page
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
    page.unknowable |= set(page.truth.cells) if how.misread in _LABELS_GONE else hurt
    page.agency_lost = how.misread.startswith(_LOSSY)


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
        return _document(recipe, data, [bare_gold(pages[0], flags)])
    return _document(recipe, data, [{**report_gold(p), "picture": recipe.kind == "picture"} for p in pages])


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
