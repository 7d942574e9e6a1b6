"""What goes wrong with characters: text read in a wrong charset, look-alikes, invisible characters, escapes.

`misread` is exact: what a decoder loses here is lost, and `survives` says whether a string is still knowable.
"""

import random
import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace

from tests.generate.layout.article import Article, Line
from tests.generate.layout.grids import C, Grid

Chain = tuple[tuple[str, str], ...]
# (charset of the bytes, charset that they were read in); one pair after the other.
MISREADINGS: dict[str, Chain] = {
    "utf-8_as_gb18030": (("utf-8", "gb18030"),),
    "utf-8_as_gbk": (("utf-8", "gbk"),),
    "utf-8_as_gbk_?": (("utf-8", "gbk?"),),
    "utf-8_as_gbk_twice": (("utf-8", "gb18030"), ("utf-8", "gb18030")),
    "gbk_as_latin-1": (("gb18030", "latin-1"),),
    "gbk_as_cp1252": (("gb18030", "cp1252"),),
    "utf-8_as_latin-1": (("utf-8", "latin-1"),),
    "utf-8_as_cp1252": (("utf-8", "cp1252"),),
    "utf-8_as_latin-1_twice": (("utf-8", "latin-1"), ("utf-8", "latin-1")),
    "utf-8_as_cp1252_twice": (("utf-8", "cp1252"), ("utf-8", "cp1252")),
    "big5_as_gbk": (("big5hkscs", "gb18030"),),
    "gbk_as_big5": (("gb18030", "big5hkscs"),),
}


def _read(data: bytes, charset: str) -> str:
    """What a program takes bytes for; Windows keeps the five bytes that its charset does not have."""
    if charset == "cp1252":
        return "".join(_cp1252(byte) for byte in data)
    if charset.endswith("?"):
        return data.decode(charset[:-1], "replace").replace("\ufffd", "?")
    return data.decode(charset, "replace")


def _cp1252(byte: int) -> str:
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


def misread(text: str, chain: Chain) -> str:
    """`text` written in one charset and read in another, as often as the chain says."""
    for written, read in chain:
        text = _read(text.encode(written, "xmlcharrefreplace"), read)
    return text


def survives(text: str, chain: Chain) -> bool:
    """Whether nothing of a string is lost when it stands between plain characters."""
    for written, read in chain:
        data = text.encode(written, "xmlcharrefreplace")
        try:
            text = data.decode("latin-1" if read == "cp1252" else read.rstrip("?"))
        except UnicodeDecodeError:
            return False
    return True


def _reverse(ranges: tuple[tuple[int, int], ...]) -> dict[str, str]:
    """Usual characters to the look-alikes whose compatibility form they are."""
    table: dict[str, str] = {}
    for first, last in ranges:
        for code in range(first, last + 1):
            usual = unicodedata.normalize("NFKC", chr(code))
            if usual != chr(code) and len(usual) == 1:
                table.setdefault(usual, chr(code))
    return table


_RADICALS = _reverse(((0x2F00, 0x2FD5),))
_COMPATIBLE = _reverse(((0xF900, 0xFAD9),))
# Radicals that have no compatibility form in Unicode, and the characters that they are printed for.
_SUPPLEMENT = dict(zip("长见页民门车飞马风西贝足鱼麦黄齐龙", "⻓⻅⻚⺠⻔⻋⻜⻢⻛⻄⻉⻊⻥⻨⻩⻬⻰", strict=True))
Change = Callable[[str, random.Random], str]


def _look_alikes(table: dict[str, str]) -> Change:
    def change(text: str, rng: random.Random) -> str:
        return "".join(table[ch] if ch in table and rng.random() < 0.7 else ch for ch in text)

    return change


def _sprinkle(characters: str) -> Change:
    def change(text: str, rng: random.Random) -> str:
        return "".join(ch + (rng.choice(characters) if rng.random() < 0.25 else "") for ch in text)

    return change


def _bullets(text: str, rng: random.Random) -> str:
    """A bullet of a symbol font before a label, which has no character of its own."""
    return rng.choice("\uf0b7\uf06c\uf0d8") + text if text and not text[0].isdigit() and rng.random() < 0.3 else text


def _escaped(text: str, rng: random.Random) -> str:
    """References escaped once more, so that a page shows `&#20013;`."""
    form = rng.choice(["&#{};", "&#{};", "&#x{:x};"])
    return "".join(form.format(ord(ch)) if ord(ch) > 0x2E7F else ch for ch in text)


def _bytes_shifted(text: str, rng: random.Random) -> str:
    """The first byte of a character is lost, and all that follow are paired wrongly."""
    data = text.encode("gb18030")
    at = rng.randrange(max(1, len(data) // 2))
    return (data[:at] + data[at + 1 :]).decode("gb18030", "replace") if "20" not in text else text


def _question_marks(text: str, rng: random.Random) -> str:
    """The blanks that indent a paragraph were characters that some charset did not have."""
    return "????" + text


CHANGES: dict[str, Change] = {
    "bytes_shifted": _bytes_shifted,
    "question_marks": _question_marks,
    "kangxi": _look_alikes(_RADICALS),
    "compatibility": _look_alikes(_COMPATIBLE),
    "radicals": _look_alikes({**_RADICALS, **_SUPPLEMENT}),
    "zero_width": _sprinkle("\u200b\ufeff\u00ad\u2060\u200d"),
    "bullets": _bullets,
    "escaped": _escaped,
}


def _changed_grid(grid: Grid, change: Callable[[C], str]) -> Grid:
    rows = [[replace(c, text=change(c)) if c.text else c for c in row] for row in grid.rows]
    return Grid(grid.number, rows, grid.width, grid.marks)


def change_article(article: Article, name: str, rng: random.Random) -> None:
    """One of CHANGES over the whole document; bullets only before labels, and what hurts only in the prose."""
    change = CHANGES[name]
    if name in ("bytes_shifted", "question_marks"):
        article.blocks[:] = [
            replace(b, text=change(b.text, rng)) if isinstance(b, Line) and b.kind == "body" else b
            for b in article.blocks
        ]
        return

    def cell(c: C) -> str:
        return c.text if name == "bullets" and c.kind != "label" else change(c.text, rng)

    def line(block: Line) -> Line:
        return block if name == "bullets" and block.kind != "body" else replace(block, text=change(block.text, rng))

    article.blocks[:] = [line(b) if isinstance(b, Line) else _changed_grid(b, cell) for b in article.blocks]
    if name != "bullets":
        article.title = change(article.title, rng)


def map_article(article: Article, change: Callable[[str], str]) -> None:
    """Every text of the document changed, figures too."""
    article.title = change(article.title)
    article.blocks[:] = [
        replace(b, text=change(b.text)) if isinstance(b, Line) else _changed_grid(b, lambda c: change(c.text))
        for b in article.blocks
    ]


def garble_lines(article: Article, chain: Chain, rng: random.Random) -> None:
    """Some lines of prose and some labels misread, as when one field of a page came from elsewhere; never the title."""

    def cell(c: C) -> str:
        hit = c.kind in ("label", "head") and rng.random() < 0.15
        return misread(c.text, chain) if hit else c.text

    def line(block: Line) -> Line:
        hit = block.kind == "body" and "20" not in block.text and rng.random() < 0.5
        return replace(block, text=misread(block.text, chain)) if hit else block

    for number, block in enumerate(article.blocks):
        if isinstance(block, Line):
            article.blocks[number] = line(block)
            continue
        article.blocks[number] = changed = _changed_grid(block, cell)
        article.unknowable |= _lost_with_labels(block, changed, chain)


def _lost_with_labels(before: Grid, after: Grid, chain: Chain) -> set[str]:
    """The figures whose label lost characters for good, and all of a table whose heads did."""
    ids: set[str] = set()
    for old, new in zip(before.rows, after.rows, strict=True):
        hurt = [a for a, b in zip(old, new, strict=True) if a.text != b.text and not survives(a.text, chain)]
        if any(c.kind == "head" for c in hurt):
            return {c.id for row in after.rows for c in row if c.id}
        if hurt:
            ids |= {c.id for c in new if c.id}
    return ids


BROKEN = "\ue5e5"  # stands in text for a byte that no charset has


def break_figure(article: Article, rng: random.Random) -> str:
    """One digit of a figure of table 3 with two digits or more gets a broken byte; the figure's id, or nothing."""
    found = [
        (grid, row, n)
        for grid in article.grids()
        for row in grid.rows
        for n, c in enumerate(row)
        if c.id.startswith("applications.") and re.fullmatch(r"\d{2,}", c.text)
    ]
    if not found:
        return ""
    _, row, n = rng.choice(found)
    at = rng.randrange(len(row[n].text))
    text = row[n].text
    row[n] = replace(row[n], text=text[:at] + BROKEN + text[at + 1 :])
    article.unknowable.add(row[n].id)
    return row[n].id


def break_label(article: Article, rng: random.Random) -> None:
    """One character of one label of table 3 gets a broken byte."""
    rows = [row for g in article.grids() if g.number == 3 for row in g.rows]
    found = [(row, n) for row in rows for n, c in enumerate(row) if c.kind == "label" and len(c.text) > 5]
    if found:
        row, n = rng.choice(found)
        at = rng.randrange(2, len(row[n].text))
        row[n] = replace(row[n], text=row[n].text[:at] + BROKEN + row[n].text[at + 1 :])
