"""From the tables of a document to figures: which blocks of which form are printed, and what their cells say.

The form is chosen for each block by its own heads and rows, never by page or year: pages that mix the forms are real.
Every figure of a printed block is in the result; one that cannot be read or proved is null with an issue naming it.
Lists that belong to no form are indicators.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from pipelines.forms.applications import read_applications
from pipelines.forms.blocks import BlockReading
from pipelines.forms.disclosure import read_disclosure
from pipelines.forms.glued import glued_lines
from pipelines.forms.indicators import read_indicators
from pipelines.forms.others import without_others
from pipelines.forms.recognised import proved, unreviewed
from pipelines.forms.review import read_review
from pipelines.forms.rules import judge
from pipelines.forms.statistics import read_statistics
from pipelines.forms.stream import lines_of
from pipelines.forms.units import units_stated
from pipelines.model import Document, FigureCell, Grid, Indicator, Issue, Paragraph


@dataclass(frozen=True, slots=True)
class FormsReading:
    """All figures of a document, the form of each block, what else is counted, and what is wrong with them."""

    cells: tuple[FigureCell, ...] = ()
    forms: dict[str, str] = field(default_factory=dict)
    issues: tuple[Issue, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    prose: Document | None = None
    """The document without the lists that were read from its running text."""
    why: dict[str, str] = field(default_factory=dict)
    """What decided for the form of each block."""

    @property
    def form(self) -> str | None:
        """The one form of all blocks, `mixed`, `other` for indicators alone, or None when no table is printed.

        Table 4 is the same in all forms.
        """
        kinds = {form for block, form in self.forms.items() if not block.startswith("review_litigation")}
        kinds = kinds or set(self.forms.values())
        if not kinds:
            return "other" if self.indicators else None
        return kinds.pop() if len(kinds) == 1 else "mixed"


def read_forms(document: Document, year: int | None = None, agency: str | None = None) -> FormsReading:
    """Read every statutory block of a document; `year` decides only where a block itself cannot."""
    texts = (text for item in document.blocks for text in _texts_of(item))
    stated = units_stated(texts)
    statistics, rest = read_statistics(document, year, stated)
    indicators, faults, rest = read_indicators(rest, year)
    own, left_out = without_others(rest, year)
    blocks = [*_numbered_tables(own, year, stated), *statistics]
    cells = tuple(cell for block in blocks for cell in block.cells)
    forms = {block.block: block.form for block in blocks}
    issues = [issue for block in blocks for issue in block.issues]
    if document.kind == "ocr":
        cells, taken = proved(cells, forms)
        readable = {cell.figure for cell in cells if cell.state != "unreadable"}
        issues = [issue for issue in issues if issue.code != "cell_unreadable" or issue.figure not in readable]
        issues += [*taken, *unreviewed(cells)]
    why = {block.block: block.why for block in blocks}
    issues += [*left_out, *faults, *judge(cells, forms, agency)]
    return FormsReading(cells, forms, tuple(issues), indicators, rest, why)


def _texts_of(item: Paragraph | Grid) -> Iterator[str]:
    return iter((item.text,)) if isinstance(item, Paragraph) else (cell.text for row in item.rows for cell in row)


def _numbered_tables(document: Document, year: int | None, stated: Collection[str]) -> list[BlockReading]:
    """The blocks of tables 2, 3 and 4, which the forms since 2019 share."""
    lines = lines_of(document.grids)
    applications = read_applications(lines, drawn=document.kind.startswith("pdf"))
    if not applications and (glued := glued_lines(document.paragraphs)):
        lines = [*lines, *glued]
        applications = read_applications(lines)
    likely = _likely_form(applications, year)
    unread = any(issue.code == "row_unreadable" for block in applications for issue in block.issues)
    disclosure = read_disclosure(lines, likely, blanks_lost=unread, stated=stated)
    if not applications and disclosure:
        likely = Counter(block.form for block in disclosure).most_common(1)[0][0]
    return [*disclosure, *applications, *read_review(lines, likely)]


def _likely_form(applications: Iterable[BlockReading], year: int | None) -> str:
    for block in applications:
        return block.form
    return "f2019" if year is not None and year <= 2020 else "f2021"
