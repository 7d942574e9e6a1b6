"""Documents as a word processor pastes them into a portal: nested spans, empty `o:p`, labels in pieces.

What is imitated: `MsoNormal` paragraphs with fonts on every run; heads broken as 商业 / 企业; a label split over
several spans; a non-breaking space in empty cells; head rows and data rows that do not share their column edges; and
the table that a page break cuts in two, whose rows after the break have lost the labels on their left.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from html import escape

from crawler.sample_portal.markup import Block, Table, Text, spans
from crawler.sample_portal.tables import Cell, Row

_BROKEN_HEADS = {
    "自然人": "自然\n人",
    "商业企业": "商业\n企业",
    "科研机构": "科研\n机构",
    "社会公益组织": "社会\n公益\n组织",
    "法律服务机构": "法律服\n务机构",
    "总计": "总\n计",
    "结果维持": "结果\n维持",
    "结果纠正": "结果\n纠正",
    "其他结果": "其他\n结果",
    "尚未审结": "尚未\n审结",
}
_ALIGN = {"title": "center", "heading": "left", "paragraph": "justify", "signature": "right"}
_FONT = {"title": "方正小标宋简体", "heading": "黑体", "paragraph": "仿宋_GB2312", "signature": "仿宋_GB2312"}
_OP = "<span lang=EN-US><o:p></o:p></span>"


def word(blocks: Iterable[Block]) -> str:
    """The body of a document pasted from a word processor."""
    return "\n".join(_table(block) if isinstance(block, Table) else _paragraph(block) for block in blocks)


def _paragraph(text: Text) -> str:
    size = "22.0pt" if text.role == "title" else "16.0pt"
    indent = "text-indent:32.0pt;" if text.role in {"heading", "paragraph"} else ""
    runs = "".join(_run(piece, size, _FONT[text.role]) for piece in _pieces(text.text, 36))
    align = _ALIGN[text.role]
    style = f"text-align:{align};{indent}line-height:28.0pt;mso-line-height-rule:exactly"
    return f"<p class=MsoNormal align={align} style='{style}'>{runs}{_OP}</p>"


def _run(text: str, size: str, font: str) -> str:
    style = f"font-size:{size};font-family:{font};mso-bidi-font-family:{font}"
    return f"<span style='{style}'>{_latin(text)}</span>"


def _latin(text: str) -> str:
    """Latin letters and digits get a nested span of their own language."""
    pieces: list[str] = []
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or text[end].isascii() != text[start].isascii():
            piece = escape(text[start:end], quote=False)
            pieces.append(f"<span lang=EN-US>{piece}</span>" if text[start].isascii() else piece)
            start = end
    return "".join(pieces)


def _pieces(text: str, length: int) -> Iterator[str]:
    for start in range(0, len(text), length):
        yield text[start : start + length]


def _table(table: Table) -> str:
    rows = _uneven(table.rows)
    if not table.break_before:
        return _part(rows)
    first, second = _break(rows, table.break_before)
    return _part(first) + f"\n<p class=MsoNormal>{_OP}</p>\n" + _part(second)


def _part(rows: list[Row]) -> str:
    lines = []
    for number, row in enumerate(rows):
        cells = "".join(_cell(cell) for cell in row)
        lines.append(f"<tr style='mso-yfti-irow:{number};height:19.85pt'>{cells}</tr>")
    attributes = "class=MsoNormalTable border=0 cellspacing=0 cellpadding=0"
    style = "border-collapse:collapse;mso-yfti-tbllook:1184;mso-padding-alt:0cm 0cm 0cm 0cm"
    return f"<table {attributes} style='{style}'>\n" + "\n".join(lines) + "\n</table>"


def _cell(cell: Cell) -> str:
    text = _BROKEN_HEADS.get(cell.text, cell.text) if cell.kind == "head" else cell.text
    shown = [_label(line) if cell.kind in {"label", "group"} else _latin(line) for line in text.split("\n")]
    content = "<br>".join(shown) or "<span lang=EN-US>&nbsp;</span>"
    align = "left" if cell.kind == "label" else "center"
    style = "border:solid windowtext 1.0pt;padding:0cm 5.4pt 0cm 5.4pt"
    span = f"<span style='font-size:10.5pt;font-family:宋体'>{content}{_OP}</span>"
    return f"<td{spans(cell)} style='{style}'><p class=MsoNormal align={align}>{span}</p></td>"


def _label(text: str) -> str:
    """A label whose number, and whose second half, are runs of their own."""
    pieces = _pieces(text, 7)
    return "".join(f"<span style='mso-hansi-font-family:宋体'>{_latin(piece)}</span>" for piece in pieces)


def _uneven(rows: list[Row]) -> list[Row]:
    """Table 2 on five columns: heads span 1+1+2+1 of them, data rows 1+2+1+1; the other tables as they are."""
    if rows[0][0].kind != "caption":
        return rows
    uneven: list[Row] = []
    for row in rows:
        if len(row) == 4 and row[1].colspan == 1:
            wide = 2 if row[1].kind == "head" else 1
            uneven.append([replace(c, colspan=2) if i == wide else c for i, c in enumerate(row)])
        else:
            uneven.append([*row[:-1], replace(row[-1], colspan=row[-1].colspan + 1)])
    return uneven


def _break(rows: list[Row], at: int) -> tuple[list[Row], list[Row]]:
    """Cut a table 3 before row `at`: no label that spans rows is printed again on the next page.

    The new table has two label columns, for 三 is gone; rows whose own group was cut begin with their label.
    """
    first = [[_shorten(c, at - number) for c in row] for number, row in enumerate(rows[:at])]
    second: list[Row] = []
    open_rows = max(c.rowspan - (at - n) for n, row in enumerate(rows[:at]) for c in row if c.text[:1] in "（(")
    for number, row in enumerate(rows[at:]):
        label = row[0]
        if number < open_rows or label.colspan == 3:
            label = replace(label, colspan=2)
        second.append([label, *row[1:]])
    return first, second


def _shorten(cell: Cell, rows_left: int) -> Cell:
    return replace(cell, rowspan=min(cell.rowspan, rows_left))
