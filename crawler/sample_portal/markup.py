"""A document as blocks (titles, headings, paragraphs, tables, a signature), and its two tidy renderings to HTML.

`clean` is what an editor of a portal makes by hand; `plain` is the bare markup of older sites. The tables that a
word processor makes have a module of their own, render_word.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape
from typing import Literal

from crawler.sample_portal.tables import Cell, Row

Role = Literal["title", "heading", "paragraph", "signature"]


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text and what it is for."""

    text: str
    role: Role = "paragraph"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of spanning cells. `break_before` is the first row that stands on the next page, 0 for none."""

    rows: list[Row]
    break_before: int = 0


Block = Text | Table
Renderer = Callable[[Iterable[Block]], str]

_CLEAN = {
    "title": '<p style="text-align: center;"><strong>{}</strong></p>',
    "heading": '<p style="text-indent: 2em;"><strong>{}</strong></p>',
    "paragraph": '<p style="text-indent: 2em;">{}</p>',
    "signature": '<p style="text-align: right;">{}</p>',
}

_PLAIN = {
    "title": '<div align="center"><b>{}</b></div>',
    "heading": "<div><b>　　{}</b></div>",
    "paragraph": "<div>　　{}</div>",
    "signature": '<div align="right">{}</div>',
}


def clean(blocks: Iterable[Block]) -> str:
    """Paragraphs and a bordered table whose spans are all in order."""
    return "\n".join(_clean_table(b) if isinstance(b, Table) else _CLEAN[b.role].format(lines(b.text)) for b in blocks)


def plain(blocks: Iterable[Block]) -> str:
    """The same with the old habits: divs indented by two ideographic spaces, `th` heads, upper-case attributes."""
    return "\n".join(_plain_table(b) if isinstance(b, Table) else _PLAIN[b.role].format(lines(b.text)) for b in blocks)


def lines(text: str) -> str:
    """Text as HTML, with its newlines as line breaks."""
    return escape(text, quote=False).replace("\n", "<br>")


def spans(cell: Cell) -> str:
    """The span attributes of a cell, with a leading space, or nothing."""
    attributes = f' colspan="{cell.colspan}"' if cell.colspan > 1 else ""
    return attributes + (f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else "")


def _clean_table(table: Table) -> str:
    rows = []
    for row in table.rows:
        cells = (
            f'<td{spans(cell)} style="border: 1px solid #000; padding: 5px;">'
            f'<p style="text-align: {"left" if cell.kind == "label" else "center"};">{lines(cell.text)}</p></td>'
            for cell in row
        )
        rows.append(f"<tr>{''.join(cells)}</tr>")
    style = "border-collapse: collapse; width: 100%;"
    return f'<table border="1" cellspacing="0" align="center" style="{style}"><tbody>\n{_join(rows)}\n</tbody></table>'


def _plain_table(table: Table) -> str:
    rows = []
    for row in table.rows:
        tags = ("th" if cell.kind in {"caption", "head"} else "td" for cell in row)
        cells = (f"<{tag}{spans(cell)}>{lines(cell.text)}</{tag}>" for tag, cell in zip(tags, row, strict=True))
        rows.append(f"<TR>{''.join(cells)}</TR>")
    return f'<TABLE border=1 cellSpacing=0 cellPadding=2 width="98%">\n{_join(rows)}\n</TABLE>'


def _join(rows: list[str]) -> str:
    return "\n".join(rows)
