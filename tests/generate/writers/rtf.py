"""Reports as .rtf: characters as bytes of GBK, as Unicode with or without bytes to fall back on; merged cells by their
widths or by flags."""

import random
from collections.abc import Callable

from tests.generate.layout.article import Article, Line
from tests.generate.layout.grids import Grid, Placed, place

_HEAD = (
    r"{\rtf1\ansi\ansicpg936\deff1\uc1{\fonttbl{\f0\froman\fcharset0{\*\panose 02020603050405020304}Times New Roman;}"
    r"{\f1\fnil\fcharset134{\*\falt SimSun}\'cb\'ce\'cc\'e5;}}{\colortbl;\red0\green0\blue0;}"
    r"{\stylesheet{\s0\snext0 Normal;}{\s1\sbasedon0 heading 1;}}"
    r"{\*\generator Riched20 10.0.19041;}{\info{\title 2001}{\author 3}{\creatim\yr2024\mo1\dy5}{\nofpages4}}"
    "\n"
)
_SPECIAL = {"\\": "\\\\", "{": "\\{", "}": "\\}", "\n": "\\line ", "\t": "\\tab "}


def _utf16(ch: str) -> list[int]:
    data = ch.encode("utf-16-le", "surrogatepass")
    return [int.from_bytes(data[n : n + 2], "little", signed=True) for n in range(0, len(data), 2)]


def _bytes(ch: str) -> str:
    return "".join(f"\\'{byte:02x}" for byte in ch.encode("gbk"))


def _as_unicode(ch: str) -> str:
    return "".join(f"\\u{n}?" for n in _utf16(ch))


def _as_bytes(ch: str) -> str:
    try:
        return _bytes(ch)
    except UnicodeEncodeError:
        return _as_unicode(ch)


def _as_both(ch: str) -> str:
    """The code point and the bytes for readers that know none."""
    try:
        return f"\\uc2\\u{_utf16(ch)[0]}{_bytes(ch)}\\uc1 "
    except UnicodeEncodeError:
        return _as_unicode(ch)


CODES: dict[str, Callable[[str], str]] = {"gbk": _as_bytes, "unicode": _as_unicode, "both": _as_both}
STYLES = tuple(f"{code}_{merge}" for code in CODES for merge in ("widths", "flags"))


def _text(text: str, code: str) -> str:
    return "".join(_SPECIAL.get(ch) or (ch if " " <= ch < "\x7f" else CODES[code](ch)) for ch in text)


def _run(text: str, code: str, rng: random.Random) -> str:
    """A text, sometimes in groups with their own format."""
    if len(text) < 2 or rng.random() < 0.6:
        return r"{\f1\fs21 " + _text(text, code) + "}" if rng.random() < 0.5 else _text(text, code)
    at = rng.randrange(1, len(text))
    return r"{\rtlch\fcs1 \af0 \ltrch\fcs0 \f1\b " + _text(text[:at], code) + "}{" + _text(text[at:], code) + "}"


def _definitions(cells: list[Placed], r: int, merge: str) -> str:
    """Where the cells of a row end, and how they hang together."""
    out = r"\trowd\trgaph108\trleft-108"
    for p in cells:
        flags = ""
        if p.r1 - p.r > 1:
            flags += r"\clvmgf" if p.r == r else r"\clvmrg"
        columns = range(p.c, p.c1) if merge == "flags" else [p.c1 - 1]
        for column in columns:
            merged = (r"\clmgf" if column == p.c else r"\clmrg") if len(columns) > 1 else ""
            out += flags + merged + rf"\clbrdrt\brdrs\cellx{900 * (column + 1)}"
    return out


def _row(placed: list[Placed], r: int, width: int, style: str, hidden: list[str], rng: random.Random) -> str:
    code, merge = style.split("_")
    cells = sorted((p for p in placed if p.r <= r < p.r1), key=lambda p: p.c)
    definitions = _definitions(cells, r, merge)
    out = definitions + "\n"
    for p in cells:
        text = _run(p.cell.text, code, rng) if p.r == r and p.cell.text else ""
        if hidden and p is cells[-1]:
            text += r"{\v " + _text(hidden[0], code) + "}"
        out += r"\pard\intbl\qc " + text + r"\cell" + "\n"
        out += (r"\pard\intbl\cell" + "\n") * (p.c1 - p.c - 1 if merge == "flags" else 0)
    return out + (definitions if rng.random() < 0.5 else "") + r"\row" + "\n"


def _table(grid: Grid, style: str, rng: random.Random) -> str:
    placed = place(grid)
    hidden = [[c.text for c in row if c.kind == "hidden"] for row in grid.rows]
    return "".join(_row(placed, r, grid.width, style, hidden[r], rng) for r in range(len(grid.rows)))


def _paragraph(line: Line, style: str, rng: random.Random) -> str:
    text = line.text.partition("|")[0] if line.kind == "link" else line.text
    align = {"title": r"\qc", "signature": r"\qr"}.get(line.kind, r"\fi480")
    return rf"\pard\plain{align} " + _run(text, style.split("_")[0], rng) + "\\par\n"


def write(articles: list[Article], style: str, rng: random.Random) -> bytes:
    """The articles one after the other in the way of one of STYLES."""
    out = _HEAD
    for n, article in enumerate(articles):
        out += r"\page " if n else ""
        for block in article.blocks:
            if isinstance(block, Grid):
                out += _table(block, style, rng) + "\\pard\\par\n"
            elif block.kind != "image":
                out += _paragraph(block, style, rng)
    return (out + "}\n").encode("ascii")
