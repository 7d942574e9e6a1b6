"""The statutory forms as data: `data/forms/*.yaml`, loaded once and checked for sense.

Everything that must know a label, a unit or a sum rule asks here: the reader, the rules, the archive's codebook. A new
form is a new file. docs/forms.md explains the format.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal

from pipelines.forms.files import load_yaml
from pipelines.forms.labels import label_key
from pipelines.model import Level

Kind = Literal["count", "signed", "amount"]
"""What a column may hold: whole numbers, whole numbers with a sign, decimals."""


class FormError(ValueError):
    """Raised when a form file contradicts itself; the message names the file and the entry."""


@dataclass(frozen=True, slots=True)
class Label:
    """One row or column head: its id, the official wording, and the keys under which it is recognised."""

    id: str
    text: str
    wordings: tuple[str, ...]
    """The official wording and the others met on real pages."""
    keys: frozenset[str]
    unit: str | None = None
    kind: Kind = "count"
    parent: str | None = None
    is_group: bool = False
    number: str = ""
    """The row's place in a list, as the form numbers it (三（一）2); elsewhere the number is part of the wording."""
    is_shared: bool = False
    """Whether tables that are not this form print the label too, so that it does not tell the form."""
    english: str = ""
    """The label for readers of English. Nothing is recognised by it."""


@dataclass(frozen=True)
class Block:
    """The smallest part of a table that is printed or left out as a whole, and for which a form is chosen."""

    id: str
    table: str
    layout: Literal["blocks", "matrix", "line", "list"]
    caption: str
    columns: tuple[Label, ...]
    rows: tuple[Label, ...]
    """Group rows (which hold no values) included, in printed order; for a `line` block the single data row."""
    english: str = ""

    @property
    def is_list(self) -> bool:
        """Whether the block has one column of values, and each row a unit of its own."""
        return self.layout == "list"

    def value_rows(self) -> tuple[Label, ...]:
        return self._value_rows

    @cached_property
    def _value_rows(self) -> tuple[Label, ...]:
        return tuple(row for row in self.rows if not row.is_group)

    def figure(self, row: Label, column: Label) -> str:
        return f"{self.table}.{row.id}.{column.id}" if column.id else f"{self.table}.{row.id}"

    def figures(self) -> tuple[str, ...]:
        return self._figures

    @cached_property
    def depths(self) -> dict[str, int]:
        """How many groups of rows each row stands in, by its id."""
        depths: dict[str, int] = {}
        for row in self.rows:  # a group stands above its rows
            depths[row.id] = depths[row.parent] + 1 if row.parent in depths else 0
        return depths

    @cached_property
    def _figures(self) -> tuple[str, ...]:
        return tuple(figure for row in self.value_rows() for figure in self.figures_of[row.id])

    @cached_property
    def figures_of(self) -> dict[str, tuple[str, ...]]:
        """The figures of each row, by its id."""
        return {row.id: tuple(self.figure(row, column) for column in self.columns) for row in self.rows}

    @cached_property
    def places(self) -> dict[str, int]:
        """The place of each figure in the order in which the form prints them."""
        return {figure: place for place, figure in enumerate(self._figures)}


@dataclass(frozen=True, slots=True)
class Rule:
    """One check of a form, written out over its cells: `terms` against `equals`, filed under `total`."""

    id: str
    severity: Level
    relation: str
    terms: tuple[str, ...]
    equals: tuple[str, ...]
    total: str
    operands: frozenset[str] = field(init=False)
    """All figures that must be known for the rule to be judged."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "operands", frozenset((*self.terms, *self.equals)))


@dataclass(frozen=True, slots=True)
class FigureDefinition:
    """What one figure id means, over all forms that print it."""

    id: str
    forms: tuple[str, ...]
    table: str
    row: str
    column: str
    """Empty for a list, whose rows have one value."""
    row_label: str
    column_label: str
    unit: str | None
    row_english: str = ""
    column_english: str = ""
    kind: Kind = "count"


@dataclass(frozen=True, slots=True)
class Table:
    """The heading of a statutory table, in Chinese and English."""

    id: str
    title: str
    english: str


@dataclass(frozen=True, slots=True)
class Form:
    """A statutory layout: its blocks in printed order and its rules."""

    id: str
    name: str
    basis: str
    blocks: tuple[Block, ...]
    rules: tuple[Rule, ...]
    english: str = ""
    headings: tuple[Table, ...] = ()

    def tables(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(block.table for block in self.blocks))


def forms_folder() -> Path:
    """Where the form files lie: beside this module in an installed wheel, in `data/forms` of a checkout."""
    packaged = Path(__file__).with_name("data")
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "data" / "forms"


@cache
def load_forms() -> dict[str, Form]:
    """All forms by id, newest first. Raises FormError when a file does not make sense."""
    forms = [_form(path) for path in sorted(forms_folder().glob("*.yaml"), reverse=True)]
    return {form.id: form for form in forms}


@cache
def all_figures() -> dict[str, FigureDefinition]:
    """Every figure id of every form, in printed order of the newest form that has it."""
    found: dict[str, FigureDefinition] = {}
    for form in load_forms().values():
        for block in form.blocks:
            for row in block.value_rows():
                for column in block.columns:
                    figure = block.figure(row, column)
                    known = found.get(figure)
                    found[figure] = FigureDefinition(
                        figure,
                        (*(known.forms if known else ()), form.id),
                        block.table,
                        row.id,
                        column.id,
                        known.row_label if known else row.text,
                        known.column_label if known else column.text,
                        known.unit if known else row.unit or column.unit,
                        known.row_english if known else row.english,
                        known.column_english if known else column.english,
                        known.kind if known else row.kind if block.is_list else column.kind,
                    )
    return found


def _form(path: Path) -> Form:
    data = load_yaml(path)
    blocks: list[Block] = []
    for table in data["tables"]:
        blocks += _blocks(table)
    headings = tuple(Table(table["id"], table["title"], _english(table)) for table in data["tables"])
    form = Form(data["id"], data["name"], data["basis"], tuple(blocks), (), data.get("english", data["name"]), headings)
    known = [figure for block in blocks for figure in block.figures()]
    if len(known) != len(set(known)):
        raise FormError(f"{path.name}: a figure id occurs twice")
    rules = tuple(rule for check in data.get("checks", []) for rule in _rules(check, form))
    for rule in rules:
        for figure in (*rule.terms, *rule.equals, rule.total):
            if figure not in known:
                raise FormError(f"{path.name}: check {rule.id} names {figure}, which the form does not have")
    return replace(form, rules=rules)


def _blocks(table: dict[str, Any]) -> list[Block]:
    match table["layout"]:
        case "matrix":
            columns = tuple(_label(column, table.get("unit")) for column in table["columns"])
            rows = tuple(_label(row) for row in table["rows"])
            return [Block(table["id"], table["id"], "matrix", table["title"], columns, rows, _english(table))]
        case "line":
            return [
                Block(
                    f"{table['id']}.{part['id']}",
                    table["id"],
                    "line",
                    part["label"],
                    tuple(_label(column, table.get("unit")) for column in part["columns"]),
                    (_label({"id": part["id"], "label": part["label"], "english": _english(part)}),),
                    _english(part),
                )
                for part in table["blocks"]
            ]
        case "list":
            # One column, without an id: a figure is <table>.<row>.
            column = _label({"id": "", "label": table["head"], "english": table.get("head_english", table["head"])})
            rows = tuple(_label(row) for row in table["rows"])
            return [Block(table["id"], table["id"], "list", table["title"], (column,), rows, _english(table))]
        case "blocks":
            return [
                Block(
                    f"{table['id']}.{part['id']}",
                    table["id"],
                    "blocks",
                    part["caption"],
                    tuple(_label(column) for column in part["columns"]),
                    tuple(_label(row) for row in part["rows"]),
                    _english(part),
                )
                for part in table["blocks"]
            ]
    raise FormError(f"table {table['id']}: unknown layout {table['layout']!r}")


def _english(part: dict[str, Any]) -> str:
    """The name of a table or block for readers of English; a file that has none is a form all the same."""
    return str(part.get("english") or part.get("title") or part.get("caption") or part["label"])


def _label(entry: dict[str, Any], unit: str | None = None) -> Label:
    wordings = (entry["label"], *entry.get("variants", ()))
    return Label(
        entry["id"],
        entry["label"],
        wordings,
        frozenset(label_key(wording) for wording in wordings),
        entry.get("unit", unit),
        entry.get("type", "count"),
        entry.get("parent"),
        entry.get("kind") == "group",
        entry.get("number", ""),
        entry.get("shared", False),
        entry.get("english", entry["label"]),
    )


def _rules(check: dict[str, Any], form: Form) -> list[Rule]:
    severity, relation = check["severity"], check.get("relation", "sums_to")
    if severity == "none":
        return []
    if "tables" in check:
        cells = [f for block in form.blocks if block.table in check["tables"] for f in block.figures()]
        return [Rule(check["id"], severity, relation, (cell,), (), cell) for cell in cells]
    rules = []
    for item in _each(check["each"], form) if "each" in check else [""]:
        terms = tuple(term.replace("*", item) for term in check["terms"])
        equals = tuple(term.replace("*", item) for term in check.get("equals", ()))
        rules.append(Rule(check["id"], severity, relation, terms, equals, check["total"].replace("*", item)))
    return rules


def _each(over: str | list[str], form: Form) -> list[str]:
    """`applications.columns`, `active_disclosure.art20_1.rows`, `review_litigation.blocks`, or the ids themselves."""
    if isinstance(over, list):
        return over
    name, _, part = over.rpartition(".")
    blocks = [block for block in form.blocks if name in (block.id, block.table)]
    if not blocks:
        raise FormError(f"form {form.id}: there is no block {name}")
    if part == "columns":
        return [column.id for column in blocks[0].columns]
    return [row.id for block in blocks for row in block.value_rows()]
