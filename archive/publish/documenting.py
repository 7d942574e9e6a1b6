"""The lists of columns in docs/archive.md, and the questions to begin with: `python -m archive.publish.documenting`.

`make docs` calls it. What stands between two marks is replaced; the rest of the page is written by people.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from archive.publish.codebook import Column, Relation, codebook, value_lists
from archive.questions import questions
from archive.schema.panel import indicators
from archive.schema.values import value_tables

PAGE = Path("docs/archive.md")

_PARTS = ("questions", "views", "tables", "published", "values")
_MOST_VALUES = 8


def updated(page: str) -> str:
    """The page with each marked part written anew. Raises ValueError when a mark is missing."""
    for part in _PARTS:
        begin, end = f"<!-- codebook: {part} -->\n", f"\n<!-- end of {part} -->"
        before, began, rest = page.partition(begin)
        _, ended, after = rest.partition(end)
        if not (began and ended):
            raise ValueError(f"the page lacks a mark: {begin.strip()} … {end.strip()}")
        written = "\n".join(_lines(part))
        page = f"{before}{begin}{written}\n{end}{after}"
    return page


def _lines(part: str) -> Iterator[str]:
    if part == "questions":
        return _questions()
    return _lists() if part == "values" else (line for relation in _of(part) for line in _section(relation))


def _questions() -> Iterator[str]:
    """Each question with why it is asked, and its query."""
    for number, question in enumerate(questions(), 1):
        yield from ("", f"**{number}. {question.english}** {question.chinese}", "")
        yield from (f"{question.why} {question.why_chinese}", "", "```sql", question.sql, "```")


def _of(part: str) -> list[Relation]:
    return [relation for relation in codebook().values() if relation.part == part]


def _section(relation: Relation) -> Iterator[str]:
    yield from ("", f"### `{relation.name}`", "")
    yield f"{_cell(relation.english)} {relation.chinese}。"
    yield from ("", "| column | type | meaning | 含义 |", "|---|---|---|---|")
    made, line = _made(relation)
    yield from (_row(column) for column in relation.columns.values() if column.name not in made)
    if made:
        yield line


def _lists() -> Iterator[str]:
    """The values of the columns that have a list of them."""
    yield from ("", "| list | value | meaning | 含义 |", "|---|---|---|---|")
    for name, values in value_lists().items():
        for value in values:
            if value.value:
                cells = (name.replace("_", " "), f"`{value.value}`", value.english, value.chinese)
                yield f"| {' | '.join(_cell(cell) for cell in cells)} |"


def _made(relation: Relation) -> tuple[set[str], str]:
    """The columns of a table that only repeat the form files or the panel, and what one line says of all of them."""
    if relation.name == "panel_figures":
        return {indicator.id for indicator in indicators()}, "| the indicators | | those of `panel` | 各项指标 |"
    for table in value_tables().values():
        if relation.name == table.name:
            line = "| the figures | | one column each, named by the figure without its table | 各数据项 |"
            return {*table.figures.values()}, line
    return set(), ""


def _row(column: Column) -> str:
    english, chinese = column.english, column.chinese
    if column.values and len(column.values) <= _MOST_VALUES:
        english += "; " + " ".join(f"`{value.value}`" for value in column.values if value.value)
    if column.unit:
        chinese += f"（{column.unit}）"
    if column.note_english:
        english, chinese = f"{english}. {column.note_english}", f"{chinese}。{column.note_chinese}"
    return f"| `{column.name}` | {column.type} | {_cell(english)} | {_cell(chinese)} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(updated(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
