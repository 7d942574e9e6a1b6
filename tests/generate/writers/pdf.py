"""Reports as PDF with a text layer, in the ways of several producers: rules as lines, thin boxes or cell frames, fonts
embedded or not, every character on its own, digits in another font, no rules at all."""

import io
import random
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from tests.generate.layout.article import Article
from tests.generate.layout.grids import GridRow
from tests.generate.writers.paper import Look, Paper, Sheet, Text, text_width
from tests.generate.writers.pixelfont import make_font

CHINESE = "STSong-Light"  # known to every reader, not embedded
EMBEDDED = "Pixel"


@dataclass(frozen=True, slots=True)
class Producer:
    """How a program writes: its look and font, its rules (lines, boxes, frames), how it cuts text into runs."""

    look: Look = field(default_factory=Look)
    font: str = CHINESE
    rules: str = "lines"
    runs: str = "lines"
    shaded: bool = False


_FOOTER = "- {n} -"
PRODUCERS: dict[str, Producer] = {
    "ruled": Producer(Look(footer=_FOOTER)),
    "thin_boxes": Producer(font=EMBEDDED, rules="boxes", runs="fonts"),
    "cell_frames": Producer(Look(repeat_heads=True, footer="{n}"), rules="frames", runs="fonts"),
    "cut_rows": Producer(Look(cut_rows=True, footer=_FOOTER, size=10)),
    "narrow": Producer(Look(upright=True, footer="第 {n} 页"), EMBEDDED),
    "landscape": Producer(Look(842, 595, size=10), rules="boxes"),
    "horizontal": Producer(Look(rules="horizontal", repeat_heads=True), EMBEDDED),
    "borderless": Producer(Look(rules="none", footer=_FOOTER)),
    "characters": Producer(Look(footer="— {n} —"), runs="characters"),
    "shaded": Producer(Look(repeat_heads=True, cut_rows=True), EMBEDDED, rules="frames", shaded=True),
}


def _runs(text: Text, how: str, rng: random.Random) -> Iterator[Text]:
    """A line as its producer cuts it into runs."""
    if how == "lines":
        yield text
        return
    pieces = list(text.text) if how == "characters" else re.findall(r"[!-~]+|[^!-~]+", text.text)
    x = text.x
    for piece in pieces:
        if piece.strip():
            yield Text(x, text.y, text.size, piece)
        x += text_width(piece, text.size)


def _draw_rules(canvas: Canvas, sheet: Sheet, producer: Producer, height: float) -> None:
    if producer.shaded:
        for x0, y0, x1, y1, head in sheet.boxes:
            canvas.setFillGray(0.85 if head else 1)
            canvas.rect(x0, height - y1, x1 - x0, y1 - y0, stroke=0, fill=1)
        canvas.setFillGray(0)
    if producer.rules == "frames" and sheet.boxes:
        for x0, y0, x1, y1, _ in sheet.boxes:
            canvas.rect(x0, height - y1, x1 - x0, y1 - y0)
        return
    for x0, y0, x1, y1 in sorted(set(sheet.rules)):
        if producer.rules == "boxes":
            canvas.rect(x0, height - y1, max(x1 - x0, 0.5), max(y1 - y0, 0.5), stroke=0, fill=1)
        else:
            canvas.line(x0, height - y0, x1, height - y1)


def _draw(canvas: Canvas, sheet: Sheet, producer: Producer, font: str, rng: random.Random) -> None:
    height = producer.look.height
    canvas.setLineWidth(0.5)
    _draw_rules(canvas, sheet, producer, height)
    for text in sheet.texts:
        for run in _runs(text, producer.runs, rng):
            digits = producer.runs == "fonts" and run.text.isascii()
            canvas.setFont("Times-Roman" if digits else font, run.size)
            canvas.drawString(run.x, height - run.y, run.text)
    canvas.showPage()


def _font(sheets: list[Sheet], wanted: str) -> str:
    """The font of a document; text that the common font lacks needs the embedded one."""
    characters = {ch for sheet in sheets for text in sheet.texts for ch in text.text}
    common = all(ch < "\x7f" or _is_common(ch) for ch in characters)
    if wanted == CHINESE and common:
        pdfmetrics.registerFont(UnicodeCIDFont(CHINESE))
        return CHINESE
    text = "".join(sorted(characters))
    name = f"{EMBEDDED}{zlib.crc32(text.encode()):08x}"  # the library keeps fonts by name
    if name not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(name, make_font(text, name)))
    return name


def _is_common(ch: str) -> bool:
    try:
        ch.encode("gbk")
    except UnicodeEncodeError:
        return False
    return True


def _lose_blanks(rows: list[GridRow]) -> set[str]:
    """Without rules nothing says where a blank cell is: the figures of its row are not known."""
    lost: set[str] = set()
    for row in rows:
        figures = [c for c in row if c.kind == "value"]
        if any(not c.text for c in figures):
            lost |= {c.id for c in figures if c.id}
    return lost


def write(articles: list[Article], style: str, rng: random.Random) -> bytes:
    """The articles one after the other as a PDF of one of PRODUCERS."""
    producer = PRODUCERS[style]
    paper = Paper(producer.look, rng)
    for n, article in enumerate(articles):
        if n:
            paper.new_page()
        if producer.look.rules != "all":
            article.unknowable |= _lose_blanks([row for grid in article.grids() for row in grid.rows])
        paper.add_article(article)
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(producer.look.width, producer.look.height), invariant=True)
    canvas.setTitle(articles[0].title if rng.random() < 0.5 else "untitled")
    font = _font(paper.sheets, producer.font)
    for sheet in paper.sheets:
        _draw(canvas, sheet, producer, font, rng)
    canvas.save()
    return out.getvalue()
