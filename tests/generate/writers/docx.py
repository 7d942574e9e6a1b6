"""Reports as .docx: merged cells in the ways of Word, WPS and a library, with the markup that editors leave behind.

What must not be read is there too: deleted text of tracked changes, hidden runs, the second copy of a text box.
"""

import io
import random
import zipfile
from collections.abc import Callable
from html import escape

import docx
from docx.document import Document as WordDocument

from tests.generate.layout.article import Article, Block, Line
from tests.generate.layout.grids import C, Grid, Placed, place

_NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_PARTS = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/word/document.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
    ),
    "_rels/.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
        'Target="word/document.xml"/></Relationships>'
    ),
}
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def _run(text: str, properties: str = "") -> str:
    """A run; breaks and tabs in it are elements."""
    parts = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(p)}</w:t>' if p else "" for p in text.split("\n"))
    return f"<w:r><w:rPr>{properties}</w:rPr>{parts}</w:r>"


def _split_runs(text: str, rng: random.Random) -> str:
    """The same text in several runs, with the marks of a spelling checker and a bookmark between them."""
    cuts = sorted(rng.sample(range(1, len(text)), min(len(text) - 1, 2))) if len(text) > 1 else []
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    between = [
        '<w:proofErr w:type="spellStart"/>',
        '<w:bookmarkStart w:id="0" w:name="_GoBack"/><w:bookmarkEnd w:id="0"/>',
        "",
    ]
    fonts = '<w:rFonts w:hint="eastAsia" w:ascii="宋体" w:eastAsia="宋体"/><w:sz w:val="20"/>'
    return "".join(_run(p, fonts) + rng.choice(between) for p in pieces)


def _revised(text: str, rng: random.Random) -> str:
    """A text that was changed: the new one inserted, an old one deleted."""
    author = f'w:id="{rng.randrange(10**6)}" w:author="a" w:date="2024-01-05T09:00:00Z"'
    old = f"<w:del {author}><w:r><w:delText>{rng.randint(2, 99)}</w:delText></w:r></w:del>"
    return rng.choice(["", old]) + f"<w:ins {author}>{_run(text)}</w:ins>" + rng.choice(["", old])


Runs = Callable[[str, random.Random], str]
_RUNS: dict[str, Runs] = {
    "word": lambda text, rng: _run(text),
    "wps": _split_runs,
    "controls": lambda text, rng: _run(text),
    "revisions": lambda text, rng: _revised(text, rng) if text.isdigit() and rng.random() < 0.3 else _run(text),
    "nested": lambda text, rng: _run(text),
    "text_box": _split_runs,
}
STYLES = (*_RUNS, "python_docx")


def _paragraph(text: str, style: str, rng: random.Random, hidden: str = "") -> str:
    inner = _RUNS[style](text, rng) if text else ""
    if hidden:
        inner += _run(hidden, "<w:vanish/>")
    return f"<w:p>{inner}</w:p>"


def _cell(p: Placed, first: bool, style: str, rng: random.Random, hidden: str) -> str:
    properties = f'<w:tcW w:w="{900 * (p.c1 - p.c)}" w:type="dxa"/>'
    if p.c1 - p.c > 1:
        properties += f'<w:gridSpan w:val="{p.c1 - p.c}"/>'
    if p.r1 - p.r > 1:
        properties += (
            '<w:vMerge w:val="restart"/>' if first else rng.choice(["<w:vMerge/>", '<w:vMerge w:val="continue"/>'])
        )
    texts = p.cell.text.split("\n") if first and rng.random() < 0.5 else [p.cell.text if first else ""]
    inner = "".join(_paragraph(t, style, rng, hidden if t is texts[-1] else "") for t in texts)
    if style == "controls" and first and p.cell.text and rng.random() < 0.3:
        inner = f'<w:sdt><w:sdtPr><w:id w:val="7"/></w:sdtPr><w:sdtContent>{inner}</w:sdtContent></w:sdt>'
    cell = f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"
    if style == "controls" and rng.random() < 0.1:
        cell = f"<w:sdt><w:sdtContent>{cell}</w:sdtContent></w:sdt>"
    return cell


def _row(placed: list[Placed], r: int, width: int, style: str, hidden: list[str], rng: random.Random) -> str:
    """One row: cells that begin here and the continued parts of those from above; empty ends may be left out."""
    cells = sorted((p for p in placed if p.r <= r < p.r1), key=lambda p: p.c)
    after = 0
    if style == "wps":
        while len(cells) > 1 and cells[-1].cell.kind == "pad" and not cells[-1].cell.text:
            after += cells[-1].c1 - cells[-1].c
            cells.pop()
    end = cells[-1].c1 if cells else 0
    extra = f'<w:gridAfter w:val="{after}"/>' if after else ""
    inner = "".join(_cell(p, p.r == r, style, rng, hidden[0] if hidden and p is cells[-1] else "") for p in cells)
    if end + after < width:
        inner += "<w:tc><w:tcPr/><w:p/></w:tc>"
    row = f"<w:tr><w:trPr>{extra}</w:trPr>{inner}</w:tr>"
    if style == "controls" and rng.random() < 0.15:
        row = f"<w:sdt><w:sdtContent>{row}</w:sdtContent></w:sdt>"
    return row


def _table(grid: Grid, style: str, rng: random.Random) -> str:
    placed = place(grid)
    columns = '<w:gridCol w:w="900"/>' * grid.width
    hidden = [[c.text for c in row if c.kind == "hidden"] for row in grid.rows]
    rows = "".join(_row(placed, r, grid.width, style, hidden[r], rng) for r in range(len(grid.rows)))
    return (
        '<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/><w:tblLayout w:type="fixed"/></w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>"
    )


def _text_box(lines: list[str]) -> str:
    """Lines in a text box, once for new programs and once for old ones."""
    inner = "".join(f"<w:p>{_run(line)}</w:p>" for line in lines)
    return (
        '<w:p><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:inline><a:graphic><a:graphicData>'
        f"<wps:wsp><wps:txbx><w:txbxContent>{inner}</w:txbxContent></wps:txbx></wps:wsp></a:graphicData></a:graphic>"
        "</wp:inline></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>"
        f"<w:txbxContent>{inner}</w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )


def _body(article: Article, style: str, rng: random.Random) -> str:
    titles = [b.text for b in article.blocks if isinstance(b, Line) and b.kind == "title"]
    boxed = style == "text_box" and bool(titles)
    parts = [_text_box(titles)] if boxed else []
    previous: Block | None = None
    for block in article.blocks:
        if isinstance(block, Grid):
            parts += ["<w:p/>"] if isinstance(previous, Grid) else []
            parts.append(_table(block, style, rng))
        elif block.kind != "image" and not (boxed and block.kind == "title"):
            parts.append(_paragraph(block.text.partition("|")[0] if block.kind == "link" else block.text, style, rng))
        previous = block
    body = "".join(parts)
    if style == "controls":
        body = f"<w:sdt><w:sdtContent>{body}</w:sdtContent></w:sdt>"
    if style == "nested":
        body = (
            '<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w="9000"/></w:tblGrid><w:tr><w:tc><w:tcPr/>'
            f"{body}<w:p/></w:tc></w:tr></w:tbl>"
        )
    return body


def write(articles: list[Article], style: str, rng: random.Random) -> bytes:
    """The articles one after the other in the way of one of STYLES."""
    if style == "python_docx":
        return _write_with_library(articles)
    body = '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'.join(_body(a, style, rng) for a in articles)
    document = f"{_HEAD}<w:document {_NAMESPACES}><w:body>{body}<w:p/><w:sectPr/></w:body></w:document>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in (*_PARTS.items(), ("word/document.xml", document)):
            data = text if text.startswith("<?xml") else _HEAD + text
            package.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _write_with_library(articles: list[Article]) -> bytes:
    word = docx.Document()
    for article in articles:
        for block in article.blocks:
            if isinstance(block, Grid):
                _library_table(word, block)
            elif block.kind != "image":
                word.add_paragraph(block.text.partition("|")[0] if block.kind == "link" else block.text)
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


def _library_table(word: WordDocument, grid: Grid) -> None:
    """A table whose cells the library merges; it keeps the merged ones as empty paragraphs."""
    table = word.add_table(len(grid.rows), grid.width)
    cells = [list(row.cells) for row in table.rows]
    for p in place(grid):
        start: C = p.cell
        corner = cells[p.r][p.c]
        corner.text = start.text
        if p.r1 - p.r > 1 or p.c1 - p.c > 1:
            corner.merge(cells[p.r1 - 1][p.c1 - 1])
