"""What flows between the rooms: captures in, documents between, readings out.

Plain frozen data and nothing else, so that the crawler, the archive and the command line can share it without
knowing how any of it is made. Ids of figures and checks are those of `data/forms/*.yaml`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from dataclasses import dataclass as often_made
else:

    def often_made(*, frozen: bool, slots: bool) -> Callable[[type], type]:
        """`dataclass` for what a page has hundreds of: the type checker alone forbids to change it.

        To forbid it at run time too makes the making of one three times as slow, and with it the reading of a page.
        Between processes one goes as its values alone, without their names, in half the time.
        """

        def made(plain: type) -> type:
            whole: Any = dataclass(slots=slots, unsafe_hash=frozen)(plain)
            values = attrgetter(*(each.name for each in fields(whole)))
            whole.__reduce__ = lambda one: (whole, values(one))
            return whole

        return made


Level = Literal["error", "warning", "info"]
State = Literal["number", "blank", "slash", "dash", "word", "unreadable"]
Scope = Literal["own", "area"]
Trust = Literal["official", "mirror", "unknown"]


@dataclass(frozen=True, slots=True)
class Capture:
    """One fetched response: the payload with transfer and content encoding undone, and what came with it."""

    body: bytes
    url: str = ""
    """The address that answered; for a file on disk, its path."""
    content_type: str = ""
    """The `Content-Type` header as sent; empty when there was none."""


@dataclass(frozen=True, slots=True)
class Context:
    """What the page that linked here said about it; weaker evidence than the document's own words."""

    title: str = ""
    agency: str = ""
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Issue:
    """Something a person should look at. `figure` is the cell (of a sum rule: the total), `figures` all concerned."""

    code: str
    level: Level
    message: str
    figure: str | None = None
    figures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """Decoded text and the proof of how it was decoded."""

    text: str
    encoding: str
    reason: str
    script: Literal["simplified", "traditional", "none"] = "none"
    mixed: bool = True
    """Whether a text that is not traditional may still have lines or cells that are."""
    repairs: tuple[str, ...] = ()
    """Names of what was put right, in the order in which it was done."""
    damaged: tuple[str, ...] = ()
    """What is wrong with the text still, each with how much of it there is; nothing of it can be undone with proof."""


@often_made(frozen=True, slots=True)
class Cell:
    """One table cell: its text, and the grid rectangle that it covers (0-based).

    A `colspan` of 0 marks text that stands between the cells of its row: some cell there is damaged.
    """

    text: str
    row: int
    column: int
    rowspan: int = 1
    colspan: int = 1
    printed: str | None = None
    """The text in the script of the source, where `text` was converted from traditional characters."""
    legible: bool = True
    """False where a picture shows ink that cannot be read with certainty: neither a number nor a blank."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with its spans expanded: `rows[i]` holds the cells that *start* in row i, from left to right.

    `ruled` tells whether row ends are facts (HTML) or were guessed from the layout of running text; `number` counts
    the grids of a document from 1.
    """

    number: int
    rows: tuple[tuple[Cell, ...], ...]
    ruled: bool = True


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of prose between the tables."""

    text: str
    block: int | None = None
    """Lines with the same number stand in one block of the page and are parted by line breaks only; None: not known."""
    linked: bool = False
    """Whether the whole line is a link, and so speaks of another page."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that the page links to, by absolute URL where the page's own address is known."""

    url: str
    label: str


@dataclass(frozen=True, slots=True)
class Document:
    """Paragraphs and grids of one capture in reading order, with what the page says about itself."""

    blocks: tuple[Paragraph | Grid, ...]
    kind: str
    """How it was read: `html`, `text`, … (`read_by` of the contract)."""
    title: str = ""
    """The page's own title element, if it has one."""
    metas: Mapping[str, str] = field(default_factory=dict)
    """The standard meta tags of government sites, names in lower case."""
    lead: tuple[Paragraph, ...] = ()
    """Paragraphs of the page above the article: navigation, but often the title and its date line too."""
    attachments: tuple[Attachment, ...] = ()
    images: int = 0
    """Pictures inside the article, which may be tables that nobody typed."""
    issues: tuple[Issue, ...] = ()

    @property
    def paragraphs(self) -> list[str]:
        return [block.text for block in self.blocks if isinstance(block, Paragraph)]

    @property
    def grids(self) -> list[Grid]:
        return [block for block in self.blocks if isinstance(block, Grid)]


@often_made(frozen=True, slots=True)
class FigureCell:
    """One value cell of a form: what is printed, where, and the exact number if there is one.

    `value` is an exact decimal in the form's unit (whole numbers have exponent 0); None when the cell is blank, a
    mark, a word, or could not be proved. `state` tells which.
    """

    figure: str
    value: Decimal | None
    raw: str
    where: str
    state: State
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Indicator:
    """A statistic outside the national forms: label, unit, the head of its column, and the number."""

    label: str
    unit: str
    column: str
    value: Decimal | None
    raw: str
    where: str


@dataclass(frozen=True, slots=True)
class Section:
    """One numbered section of the narrative, without its tables."""

    number: int
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader made of one report in one capture (the object of the contract, `gongkai extract`)."""

    report: bool
    reason: str | None = None
    part: int = 1
    agency: str | None = None
    year: int | None = None
    scope: Scope | None = None
    evidence: Mapping[str, str | None] = field(default_factory=dict)
    title: str | None = None
    form: str | None = None
    forms: Mapping[str, str] = field(default_factory=dict)
    read_by: str | None = None
    cells: tuple[FigureCell, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    issues: tuple[Issue, ...] = ()
    sections: tuple[Section, ...] = ()
    text: Text | None = None
    """`text.text` is the repaired text in the script of the source; the sections are simplified."""

    @property
    def figures(self) -> dict[str, Decimal | None]:
        return {cell.figure: cell.value for cell in self.cells}
