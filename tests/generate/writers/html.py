"""A page as HTML, in the hands of several editors: clean, a portal's, Word, upper-case tags, omitted end tags."""

import html as entities
import random
from collections.abc import Callable
from dataclasses import dataclass

from tests.generate.layout.article import Article, Block, Line
from tests.generate.layout.grids import C, Grid, GridRow
from tests.generate.writers.surroundings import after, before, hidden_copy

CellText = Callable[[C, random.Random], str]


@dataclass(frozen=True, slots=True)
class Hand:
    """How one editor writes cells, rows, tables and paragraphs."""

    cell: CellText
    paragraph: str = "<p>{}</p>"
    upper: bool = False
    quoted: bool = True
    heads_th: bool = False
    end_tags: bool = True
    sections: bool = False


def _escape(text: str) -> str:
    return entities.escape(text, quote=False).replace("\n", "<br>")


def _plain(c: C, rng: random.Random) -> str:
    return _escape(c.text)


def _portal(c: C, rng: random.Random) -> str:
    text = _escape(c.text) or "&nbsp;"
    return f'<p style="text-indent: 0em;text-align:center">{text}</p>'


def _word(c: C, rng: random.Random) -> str:
    """Word: nested spans, o:p, runs of digits and characters split over spans."""
    if not c.text:
        return (
            "<p class=MsoNormal><span lang=EN-US style='font-family:\"Times New Roman\"'>&nbsp;<o:p></o:p></span></p>"
        )
    parts = [c.text]
    if len(c.text) > 2 and "&#" not in c.text and rng.random() < 0.5:
        at = rng.randrange(1, len(c.text))
        parts = [c.text[:at], c.text[at:]]
    font = "<span lang=EN-US style='font-size:10.5pt;mso-bidi-font-family:宋体'><font face=\"宋体\">{}</font></span>"
    body = "".join(font.format(_escape(p)) for p in parts)
    space = rng.choice(["", "&nbsp;", " ", "\n      ", "<o:p></o:p>"])
    return f"<p class=MsoNormal align=center style='text-align:center'>{body}{space}</p>"


def _broken(c: C, rng: random.Random) -> str:
    """Heads and labels broken with <br>, or over two paragraphs; never numbers."""
    if c.kind in ("value", "serial", "foreign") or len(c.text) < 3 or "&#" in c.text:
        return _escape(c.text)
    at = len(c.text) // 2 if len(c.text) < 7 else rng.randrange(2, len(c.text) - 1)
    left, right = _escape(c.text[:at]), _escape(c.text[at:])
    return rng.choice(
        [
            f"{left}<br>{right}",
            f"{left}<br/>\n{right}",
            f"<p>{left}</p><p>{right}</p>",
            f"<div>{left}</div>\n<div>{right}</div>",
        ]
    )


def _vertical(c: C, rng: random.Random) -> str:
    """Every character of a short head on a line of its own."""
    if c.kind in ("value", "serial", "foreign") or len(c.text) > 8 or "&#" in c.text:
        return _escape(c.text)
    return "<br>".join(_escape(ch) for ch in c.text)


def _padded(c: C, rng: random.Random) -> str:
    """Tabs, newlines and zero-width characters around the text."""
    text = "".join(ch + rng.choice(["", "", "\u200b"]) for ch in c.text) if c.kind != "value" else c.text
    return f"\r\n\t\t\t{_escape(text)}\u200b  \r\n\t\t"


HANDS: dict[str, Hand] = {
    "clean": Hand(_plain),
    "portal": Hand(_portal, '<p style="text-indent: 2em;">{}</p>', sections=True),
    "word": Hand(
        _word, "<p class=MsoNormal style='text-indent:28.0pt'><span lang=EN-US>{}</span><o:p></o:p></p>", quoted=False
    ),
    "capitals": Hand(_plain, "<P>{}</P>", upper=True, quoted=False),
    "th": Hand(_plain, heads_th=True, sections=True),
    "sloppy": Hand(_plain, "<p>{}", end_tags=False, quoted=False),
    "broken": Hand(_broken, "<div>{}</div>"),
    "vertical": Hand(_vertical, "<div><span>{}</span></div>"),
    "padded": Hand(_padded, "{}<br/>"),
}


def _attributes(c: C, hand: Hand) -> str:
    pairs = [(n, v) for n, v in (("colspan", c.colspan), ("rowspan", c.rowspan)) if v > 1]
    form = '{}="{}"' if hand.quoted else "{}={}"
    text = "".join(" " + form.format(n, v) for n, v in pairs)
    return text.upper() if hand.upper else text


# Marks that add to a figure's cell what nobody sees or what is no part of it.
_ADDED = {
    "footnotes": (0.1, ("<sup>1</sup>", "<sup>[2]</sup>", "<sup>①</sup>", '<sup><a href="#fn1">1</a></sup>')),
    "hidden_spans": (
        0.2,
        (
            '<span style="display:none">99</span>',
            "<span style='display: none;'>7</span>",
            "<span hidden>8</span>",
        ),
    ),
    "comments": (0.2, ("<!-- 88 -->",)),
}


def _cell(c: C, hand: Hand, marks: set[str], rng: random.Random) -> str:
    if c.kind == "hidden":
        return f'<td style="display:none">{c.text}</td>'
    tag = "th" if hand.heads_th and c.kind in ("head", "caption", "label", "group") else "td"
    inner = hand.cell(c, rng)
    if c.kind == "value" and c.text and c.text[-1].isdigit():
        for mark, (share, texts) in _ADDED.items():
            if mark in marks and rng.random() < share:
                inner += rng.choice(texts)
    end = f"</{tag}>" if hand.end_tags else ""
    start = f"<{tag}{_attributes(c, hand)}>"
    return (start.upper() if hand.upper else start) + inner + (end.upper() if hand.upper else end)


def _row(row: GridRow, hand: Hand, marks: set[str], rng: random.Random) -> str:
    cells = ("\n" if rng.random() < 0.5 else "").join(_cell(c, hand, marks, rng) for c in row)
    end = "</tr>" if hand.end_tags else ""
    start = "<tr>"
    return (start.upper() if hand.upper else start) + cells + (end.upper() if hand.upper else end)


def table(grid: Grid, hand: Hand, marks: set[str], rng: random.Random) -> str:
    """One table."""
    rows = [_row(r, hand, marks, rng) for r in grid.rows]
    if "hidden_rows" in marks and grid.number:
        rows.insert(rng.randrange(1, len(rows) + 1), hidden_copy(grid, rng))
    if hand.sections and grid.number == 3:
        rows = ["<thead>", *rows[:3], "</thead><tbody>", *rows[3:], "</tbody>"]
    elif hand.sections:
        rows = ["<tbody>", *rows, "</tbody>"]
    border = ' border="1" cellspacing="0"' if hand.quoted else " border=1 width=600"
    text = f"<table{border}>\n" + "\n".join(rows) + "\n</table>"
    if hand.upper:
        text = text.replace("<table", "<TABLE").replace("</table>", "</TABLE>")
    if "layout" in marks:
        text = f'<table width="100%"><tr><td align="center">{text}</td></tr></table>'
    return text


def _title(lines: list[str], rng: random.Random) -> str:
    if len(lines) == 1:
        return rng.choice(
            ["<h1>{}</h1>", '<div class="title">{}</div>', '<p style="text-align:center"><b>{}</b></p>']
        ).format(_escape(lines[0]))
    if rng.random() < 0.5:
        return "<h1>" + "<br/>".join(_escape(x) for x in lines) + "</h1>"
    return "\n".join(f'<p align="center"><strong>{_escape(x)}</strong></p>' for x in lines)


def _block(block: Block, hand: Hand, marks: set[str], rng: random.Random) -> str:
    if isinstance(block, Grid):
        return table(block, hand, marks, rng)
    if block.kind == "signature":
        return f'<p align="right">{_escape(block.text)}</p>'
    if block.kind == "image":
        return f'<p align="center"><img src="/upload/{block.text}" alt=""></p>'
    if block.kind == "link":
        label, _, target = block.text.partition("|")
        return f'<p><a href="{target}">{_escape(label)}</a></p>'
    return hand.paragraph.format(_escape(block.text))


def body(article: Article, hand: Hand, rng: random.Random) -> str:
    """The document itself: title, lines and tables in order."""
    lines = [b.text for b in article.blocks if isinstance(b, Line) and b.kind == "title"]
    parts = [_title(lines, rng)] if lines else []
    previous: Block | None = None
    for block in article.blocks:
        if isinstance(block, Line) and block.kind == "title":
            continue
        if isinstance(block, Grid) and isinstance(previous, Grid):
            parts.append(rng.choice(["", hand.paragraph.format("&nbsp;"), "<br>"]))
        parts.append(_block(block, hand, article.marks, rng))
        previous = block
    return "\n".join(parts)


def render(articles: list[Article], hand_name: str, charset: str | None, rng: random.Random) -> str:
    """The whole HTML document, one article after the other; `charset` is what it declares, None for nothing."""
    article = articles[0]
    hand = HANDS[hand_name]
    meta = f'<meta charset="{charset}">' if charset else ""
    if charset and rng.random() < 0.5:
        meta = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">'
    title = article.title + ("_政府信息公开年报_门户网站" if "site_title" in article.marks else "")
    inner = "\n<hr>\n".join(body(a, hand, rng) for a in articles)
    if "div_soup" in article.marks:
        inner = f'<div class="main"><div><div class="con"><span></span>{inner}</div></div></div>'
    if "outer_layout" in article.marks:
        inner = f'<table><tr><td width="20%">栏目导航<br>政务公开</td><td>{inner}</td></tr></table>'
    return (
        f"<!DOCTYPE html>\n<html><head>{meta}<title>{_escape(title)}</title></head>\n<body>\n"
        f"{before(article, rng)}{inner}{after(article, rng)}\n</body></html>\n"
    )
