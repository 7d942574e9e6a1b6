"""What every view, table and column of the archive means, in English and Chinese.

Figures are explained by the form files, indicators by `data/panel.yaml`, everything else by `data/codebook.yaml`. The
published file carries the codebook as a table, exports take their types and labels from it, and the columns in
docs/archive.md are written from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, get_args

from archive.schema.panel import indicators
from archive.schema.values import form_column, value_tables
from archive.shipped import shipped
from pipelines.forms.definitions import FigureDefinition, FormError, all_figures
from pipelines.forms.files import load_yaml

Type = Literal["integer", "number", "text", "moment", "date"]
"""`number`: an INTEGER, or a REAL where there are decimals; `moment`: UTC, YYYY-MM-DDTHH:MM:SSZ; `date`: YYYY-MM-DD."""

Part = Literal["views", "tables", "published"]
"""Views, tables, and the tables that only the published file has."""


@dataclass(frozen=True, slots=True)
class Value:
    """One of the values that a column may take."""

    value: str
    chinese: str
    english: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its label is what fits beside it, its note what else there is to know."""

    name: str
    type: Type
    chinese: str
    english: str
    unit: str | None = None
    note_chinese: str = ""
    note_english: str = ""
    values: tuple[Value, ...] = ()

    @property
    def unit_english(self) -> str | None:
        return _file()["units"].get(self.unit, self.unit) if self.unit else None


@dataclass(frozen=True, slots=True)
class Relation:
    """A view or a table."""

    name: str
    part: Part
    chinese: str
    english: str
    key: tuple[str, ...]
    """The columns that tell one row from another."""
    columns: Mapping[str, Column]

    @property
    def kind(self) -> str:
        return "view" if self.part == "views" else "table"


@cache
def codebook() -> Mapping[str, Relation]:
    """All views and tables of an archive and of the published file, by name. Raises FormError for a faulty file."""
    return {name: _relation(name, part, entry) for part in get_args(Part) for name, entry in _file()[part].items()}


def value_lists() -> Mapping[str, tuple[Value, ...]]:
    """The lists of values of the file, by name; those that follow from the form files are not among them."""
    return {name: _values(name) for name in _file()["values"]}


@cache
def _file() -> dict[str, Any]:
    data: dict[str, Any] = load_yaml(shipped("codebook.yaml"))
    return data


def _relation(name: str, part: Part, entry: dict[str, Any]) -> Relation:
    columns = {column.name: column for item in entry["columns"] for column in _columns(item, name)}
    missing = set(entry["key"]) - columns.keys()
    if missing:
        raise FormError(f"codebook.yaml: {name} has no column {', '.join(sorted(missing))}")
    return Relation(name, part, entry["zh"], entry["en"], tuple(entry["key"]), columns)


def _columns(item: str | dict[str, dict[str, Any]], where: str) -> Iterator[Column]:
    """One item of a list of columns: a name that is described elsewhere, a `+group`, or a name with its description."""
    if isinstance(item, dict):
        ((name, entry),) = item.items()
        yield _column(name, entry)
    elif not item.startswith("+"):
        if item not in _file()["columns"]:
            raise FormError(f"codebook.yaml: the column {item} of {where} is not described")
        yield _column(item, _file()["columns"][item])
    elif item[1:] in _file()["groups"]:
        for name in _file()["groups"][item[1:]]:
            yield _column(name, _file()["columns"][name])
    else:
        what, _, of = item[1:].partition(" of ")
        yield from _MADE[what](of)


def _column(name: str, entry: dict[str, Any]) -> Column:
    kind = entry.get("type", "text")
    if kind not in get_args(Type):
        raise FormError(f"codebook.yaml: the column {name} is of an unknown type, {kind}")
    return Column(
        name,
        kind,
        entry["zh"],
        entry["en"],
        entry.get("unit"),
        entry.get("note_zh", ""),
        entry.get("note_en", ""),
        _values(entry["values"]) if "values" in entry else (),
    )


@cache
def _values(name: str) -> tuple[Value, ...]:
    """A list of values: one of the file's, or the rows, columns or figures of a statutory table."""
    if name in _file()["values"]:
        return tuple(Value(str(value), entry["zh"], entry["en"]) for value, entry in _file()["values"][name].items())
    what, _, of = name.partition(" of ")
    figures = [figure for figure in all_figures().values() if figure.table == of or not of]
    label: dict[str, Callable[[FigureDefinition], tuple[str, str, str]]] = {
        "rows": lambda figure: (figure.row, figure.row_label, figure.row_english),
        "columns": lambda figure: (figure.column, figure.column_label, figure.column_english),
        "figures": lambda figure: (figure.id, *figure_labels(figure)),
    }
    found: dict[str, Value] = {}
    for value, zh, en in map(label[what], figures):
        found.setdefault(value, Value(value, zh, en))
    return tuple(found.values())


def figure_labels(figure: FigureDefinition) -> tuple[str, str]:
    """What a figure is, in Chinese and in English: its row, and its column where the table has several."""
    if not figure.column:
        return figure.row_label, figure.row_english
    return f"{figure.row_label}：{figure.column_label}", f"{figure.row_english}: {figure.column_english}"


def _figures(table: str) -> Iterator[Column]:
    """A column for each figure of a statutory table, named without the table."""
    for figure, column in value_tables()[table].figures.items():
        found = all_figures()[figure]
        kind: Type = "number" if found.kind == "amount" else "integer"
        yield Column(column, kind, *figure_labels(found), unit=found.unit)


def _forms(table: str) -> Iterator[Column]:
    for block in value_tables()[table].forms:
        part = block.partition(".")[2]
        zh, en = ("表格的格式", "form of the table") if not part else (f"表块{part}的格式", f"form of the block {part}")
        yield Column(form_column(block), "text", zh, en, values=_values("form"))


def _columns_of(table: str) -> Iterator[Column]:
    seen: set[str] = set()
    for figure in all_figures().values():
        if figure.table == table and figure.column not in seen:
            seen.add(figure.column)
            yield Column(figure.column, "integer", figure.column_label, figure.column_english, figure.unit)


def _indicators(_: str) -> Iterator[Column]:
    for indicator in indicators():
        notes = indicator.breaks.items()
        yield Column(
            indicator.id,
            "number" if indicator.unit.endswith("元") else "integer",
            indicator.label,
            indicator.english,
            indicator.unit,
            " ".join(f"{form}：{note.chinese}" for form, note in notes),
            " ".join(f"{form}: {note.english}" for form, note in notes),
        )


_MADE: Mapping[str, Callable[[str], Iterator[Column]]] = {
    "figures": _figures,
    "forms": _forms,
    "columns": _columns_of,
    "indicators": _indicators,
}
