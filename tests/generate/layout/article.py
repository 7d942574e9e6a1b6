"""What a writer writes: lines and tables in the order of the page, whatever the file format will be."""

from dataclasses import dataclass, field

from tests.generate.layout.grids import Grid
from tests.generate.layout.page import Page


@dataclass(frozen=True, slots=True)
class Line:
    """A line of running text and what it is: title, heading, body, note, caption or signature."""

    text: str
    kind: str = "body"


Block = Line | Grid


@dataclass(slots=True)
class Article:
    """A document to be written: its blocks, the title of the web page, the marks of its page.

    A writer adds to `unknowable` what its way of writing does not show.
    """

    title: str
    blocks: list[Block]
    publisher: str = ""
    year: int = 0
    marks: set[str] = field(default_factory=set)
    unknowable: set[str] = field(default_factory=set)

    def grids(self) -> list[Grid]:
        """Every table in order."""
        return [b for b in self.blocks if isinstance(b, Grid)]


def _lines(texts: list[str] | tuple[str, ...], kind: str = "body") -> list[Block]:
    return [Line(text, kind) for text in texts if text]


def _sections(page: Page) -> list[Block]:
    blocks: list[Block] = []
    for section in page.sections:
        blocks += _lines([section.heading], "heading")
        blocks += _lines(section.notes, "note")
        for grid in section.grids:
            blocks += _lines([m.split(":", 1)[1] for m in sorted(grid.marks) if m.startswith("caption:")], "caption")
            blocks.append(grid)
    return blocks


def make_article(page: Page) -> Article:
    """A report in the order in which it is printed."""
    blocks = _lines(page.identity.lines, "title")
    blocks += _lines(page.opening)
    blocks += [*_lines([page.headings[1]], "heading"), *_lines(page.overview)]
    early = [g for g in page.foreign if len(g.rows[0]) > 2]
    blocks += early
    if not page.annex:
        blocks += _sections(page)
    blocks += [*_lines([page.headings[5]], "heading"), *_lines(page.problems)]
    blocks += [*_lines([page.headings[6]], "heading"), *_lines(page.fees)]
    blocks += [g for g in page.foreign if g not in early]
    blocks += _lines(page.identity.signature, "signature")
    if page.annex:
        blocks += _sections(page)
    return Article(
        page.identity.lines[0], blocks, page.truth.agency.name, page.identity.year, page.marks, page.unknowable
    )
