"""Reports as .doc of Word 97: text in pieces of two widths, tables made of paragraph marks and row properties.

[MS-DOC] is the source of every number here. Three ways of saving: all text in 16 bits; runs of ASCII in pieces of
8 bits; "fast saved", with pieces out of order and deleted text left in the file. Cells are merged by their widths or
by flags.
"""

import random
import struct
from dataclasses import dataclass, field

from tests.generate.layout.article import Article, Line
from tests.generate.layout.grids import Grid, Placed, place
from tests.generate.writers.ole import compound_file

STYLES = tuple(f"{saved}_{merge}" for saved in ("wide", "narrow", "fast") for merge in ("widths", "flags"))
_PAGE = 512
_TEXT = 0x800  # where the text begins in its stream
_IN_TABLE = struct.pack("<HB", 0x2416, 1)
_ROW_END = struct.pack("<HB", 0x2417, 1)
_CENTRED = struct.pack("<HB", 0x2403, 1)
_HIDDEN = struct.pack("<HB", 0x083C, 1)
_COLUMN = 600  # twentieths of a point


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text with its mark (a return, or 7 for cells and rows), its properties, and how much of its end is hidden.

    `hidden` counts units of UTF-16, without the mark.
    """

    text: str
    properties: bytes = b""
    hidden: int = 0


@dataclass(slots=True)
class Stored:
    """Text as it lies in the file: its bytes, the pieces, and the places of paragraph ends and hidden runs."""

    data: bytearray = field(default_factory=bytearray)
    pieces: list[tuple[int, int, bool]] = field(default_factory=list)  # characters, place, 8 bits
    ends: list[tuple[int, bytes]] = field(default_factory=list)
    hidden: list[tuple[int, int]] = field(default_factory=list)


def _row_properties(cells: list[Placed], r: int, merge: str) -> bytes:
    """What the mark at the end of a row says: where its cells end and which of them are merged."""
    edges, flags = [cells[0].c if cells else 0], []
    for p in cells:
        vertical = 0 if p.r1 - p.r == 1 else 0x60 if p.r == r else 0x20
        for column in range(p.c, p.c1) if merge == "flags" else [p.c1 - 1]:
            across = 0 if merge == "widths" or p.c1 - p.c == 1 else 1 if column == p.c else 2
            edges.append(column + 1)
            flags.append(vertical | across)
    body = struct.pack("<B", len(flags)) + b"".join(struct.pack("<h", e * _COLUMN) for e in edges)
    body += b"".join(struct.pack("<HH", f, 0) + b"\0" * 16 for f in flags)
    return _IN_TABLE + _ROW_END + struct.pack("<HH", 0xD608, len(body) + 1) + body


def _table(grid: Grid, merge: str) -> list[Paragraph]:
    placed = place(grid)
    out = []
    for r, row in enumerate(grid.rows):
        cells = sorted((p for p in placed if p.r <= r < p.r1), key=lambda p: p.c)
        hidden = next((c.text for c in row if c.kind == "hidden"), "")
        for p in cells:
            text = p.cell.text.replace("\n", "\x0b") if p.r == r else ""
            more = hidden if p is cells[-1] else ""
            out.append(Paragraph(text + more + "\x07", _IN_TABLE + _CENTRED, _units(more)))
            out += [Paragraph("\x07", _IN_TABLE)] * (p.c1 - p.c - 1 if merge == "flags" else 0)
        out.append(Paragraph("\x07", _row_properties(cells, r, merge)))
    return out


def _paragraphs(articles: list[Article], merge: str) -> list[Paragraph]:
    out = []
    for n, article in enumerate(articles):
        out += [Paragraph("\x0c\r")] if n else []
        for block in article.blocks:
            if isinstance(block, Grid):
                out += [*_table(block, merge), Paragraph("\r")]
            elif block.kind != "image":
                out.append(_line(block))
    return [*out, Paragraph("\r")]


def _line(line: Line) -> Paragraph:
    """A paragraph; a link is a field whose instruction is no text."""
    label, _, target = line.text.partition("|")
    if line.kind == "link":
        return Paragraph(f'\x13 HYPERLINK "{target}" \x14{label}\x15\r')
    return Paragraph(label + "\r", _CENTRED if line.kind == "title" else b"")


def _runs(text: str, saved: str) -> list[tuple[str, bool]]:
    """The text of a paragraph in runs that one piece can hold, each with whether 8 bits are enough."""
    if saved == "wide":
        return [(text, False)]
    runs: list[tuple[str, bool]] = []
    for ch in text:
        small = ch < "\x7f"
        if runs and runs[-1][1] == small:
            runs[-1] = (runs[-1][0] + ch, small)
        else:
            runs.append((ch, small))
    return runs


def _store(paragraphs: list[Paragraph], saved: str, rng: random.Random) -> Stored:
    """Paragraphs put into the stream; a fast save puts later ones before earlier ones, and old text between them."""
    stored = Stored()
    order = list(range(len(paragraphs)))
    if saved == "fast":
        cut = rng.randrange(1, len(order))
        order = order[cut:] + order[:cut]
    pieces: dict[int, list[tuple[int, int, bool]]] = {}
    for n in order:
        paragraph = paragraphs[n]
        if saved == "fast" and rng.random() < 0.02:
            stored.data += "一、本年新收政府信息公开申请数量\x07999\x07".encode("utf-16-le")
            stored.ends.append((_TEXT + len(stored.data), b""))
        pieces[n] = []
        for text, small in _runs(paragraph.text, saved):
            stored.data += b"" if small else b"\0" * (len(stored.data) % 2)
            pieces[n].append((_units(text), _TEXT + len(stored.data), small))
            stored.data += text.encode("cp1252") if small else text.encode("utf-16-le")
        end = _TEXT + len(stored.data)
        stored.ends.append((end, paragraph.properties))
        stored.hidden += _hidden_runs(pieces[n], paragraph.hidden)
    stored.pieces = _joined([piece for n in range(len(paragraphs)) for piece in pieces[n]])
    return stored


def _hidden_runs(pieces: list[tuple[int, int, bool]], hidden: int) -> list[tuple[int, int]]:
    """Where the hidden end of a paragraph lies, without its mark: in each of the pieces that hold a part of it."""
    runs, mark = [], 1
    for count, at, small in reversed(pieces):
        width, last = 1 if small else 2, count - mark
        first = max(last - hidden, 0)
        if first < last:
            runs.append((at + first * width, at + last * width))
        hidden -= last - first
        mark = 0
    return runs


def _joined(pieces: list[tuple[int, int, bool]]) -> list[tuple[int, int, bool]]:
    """Neighbours of one width become one piece."""
    out: list[tuple[int, int, bool]] = []
    for count, at, small in pieces:
        if out and out[-1][2] == small and out[-1][1] + out[-1][0] * (1 if small else 2) == at:
            out[-1] = (out[-1][0] + count, out[-1][1], small)
        else:
            out.append((count, at, small))
    return out


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _piece_table(pieces: list[tuple[int, int, bool]]) -> bytes:
    places, position = [0], 0
    for count, _, _ in pieces:
        position += count
        places.append(position)
    table = struct.pack(f"<{len(places)}I", *places)
    for _, at, small in pieces:
        table += struct.pack("<HIH", 0, at * 2 | 0x40000000 if small else at, 0)
    return b"\x02" + struct.pack("<I", len(table)) + table


def _paragraph_page(runs: list[tuple[int, bytes]], start: int) -> bytes:
    """A page of paragraph properties, filled from both ends."""
    page = bytearray(_PAGE)
    places = [start, *(end for end, _ in runs)]
    page[: 4 * len(places)] = struct.pack(f"<{len(places)}I", *places)
    at, known = _PAGE - 1, {}
    for n, (_, properties) in enumerate(runs):
        if properties not in known:
            body = struct.pack("<H", 0) + properties
            body += b"\0" * (len(body) % 2)
            block = bytes([0, len(body) // 2]) + body
            at = (at - len(block)) // 2 * 2
            page[at : at + len(block)] = block
            known[properties] = at // 2
        page[4 * len(places) + 13 * n] = known[properties]
    page[-1] = len(runs)
    return bytes(page)


def _paragraph_pages(ends: list[tuple[int, bytes]]) -> list[tuple[int, bytes]]:
    """Pages of paragraph properties, each with the place where its text begins."""
    pages: list[tuple[int, bytes]] = []
    runs: list[tuple[int, bytes]] = []
    start, used = _TEXT, 0
    for end, properties in ends:
        size = 17 + (0 if any(p == properties for _, p in runs) else len(properties) + 8)
        if used + size > _PAGE - 8:
            pages.append((start, _paragraph_page(runs, start)))
            start, runs, used = runs[-1][0], [], 0
            size = 17 + len(properties) + 8
        runs.append((end, properties))
        used += size
    pages.append((start, _paragraph_page(runs, start)))
    return pages


def _character_pages(hidden: list[tuple[int, int]], end: int) -> list[tuple[int, bytes]]:
    """Pages of character properties, hidden runs and the plain ones between them; each with where its text begins."""
    pages, places, offsets = [], [_TEXT], []
    for a, b in [*sorted(hidden), (end, end)]:
        for place_, offset in ((a, 0), (b, 0xF0)):
            if place_ > places[-1]:
                places.append(place_)
                offsets.append(offset)
        if len(offsets) > 80:
            pages.append((places[0], _character_page(places, offsets)))
            places, offsets = [places[-1]], []
    return [*pages, (places[0], _character_page(places, offsets))] if offsets else pages


def _character_page(places: list[int], offsets: list[int]) -> bytes:
    page = bytearray(_PAGE)
    page[: 4 * len(places)] = struct.pack(f"<{len(places)}I", *places)
    page[4 * len(places) : 4 * len(places) + len(offsets)] = bytes(offsets)
    page[0x1E0 : 0x1E1 + len(_HIDDEN)] = bytes([len(_HIDDEN)]) + _HIDDEN
    page[-1] = len(offsets)
    return bytes(page)


def _page_table(pages: list[tuple[int, bytes]], end: int, first: int) -> bytes:
    """Where the text of every page of properties begins, and which page of the file it is."""
    starts = [start for start, _ in pages]
    numbers = range(first, first + len(pages))
    return struct.pack(f"<{len(starts) + 1}I", *starts, end) + struct.pack(f"<{len(starts)}I", *numbers)


def _styles() -> bytes:
    """The smallest style sheet: Normal, and empty places for the other fixed styles."""
    name = struct.pack("<H", 6) + "Normal".encode("utf-16-le") + b"\0\0"
    style = struct.pack("<5H", 0, 0xFFF0 | 1, 2, 0, 0) + name + struct.pack("<HHH", 2, 0, 0)
    head = struct.pack("<9H", 15, 10, 1, 0x5B, 15, 0, 0, 0, 0)
    return struct.pack("<H", len(head)) + head + struct.pack("<H", len(style)) + style + b"\0\0" * 14


def _fonts() -> bytes:
    body = struct.pack("<BHBB", 0x16, 400, 134, 0) + b"\0" * 34 + "宋体\0".encode("utf-16-le")
    return struct.pack("<HH", 1, 0) + bytes([len(body)]) + body


def _header(tables: dict[int, tuple[int, int]], characters: int, text_end: int, size: int, saved: str) -> bytes:
    """The file information block: where everything else is."""
    flags = 0x1200 | (0x0004 | 0x0010 if saved == "fast" else 0)
    base = struct.pack("<6HHIBB2HII", 0xA5EC, 0xC1, 0, 0x0804, 0, flags, 0xBF, 0, 0, 0x10, 0, 0, _TEXT, text_end)
    words = struct.pack("<H14H", 14, *[0] * 13, 0x0804)
    longs = struct.pack("<H22I", 22, size, 0, 0, characters, *[0] * 18)
    places = b"".join(struct.pack("<II", *tables.get(n, (0, 0))) for n in range(93))
    return base + words + longs + struct.pack("<H", 93) + places + struct.pack("<H", 0)


def write(articles: list[Article], style: str, rng: random.Random) -> bytes:
    """The articles one after the other as a document in one of STYLES."""
    saved, merge = style.split("_")
    stored = _store(_paragraphs(articles, merge), saved, rng)
    text_end = _TEXT + len(stored.data)
    body = bytes(stored.data) + b"\0" * (-text_end % _PAGE)
    pages = _paragraph_pages(stored.ends)
    first = (_TEXT + len(body)) // _PAGE
    characters_at = first + len(pages)
    character_pages = _character_pages(stored.hidden, text_end)
    body += b"".join(page for _, page in (*pages, *character_pages))
    characters = sum(count for count, _, _ in stored.pieces)
    parts = {
        1: _styles(),
        6: struct.pack("<II", 0, characters) + struct.pack("<HIHI", 0, 0xFFFFFFFF, 0, 0),
        12: _page_table(character_pages, text_end, characters_at),
        13: _page_table(pages, text_end, first),
        15: _fonts(),
        31: b"\0" * 500,
        33: _piece_table(stored.pieces),
    }
    table, places = b"", {}
    for number, data in parts.items():
        places[number] = (len(table), len(data))
        table += data + b"\0" * (-len(data) % 4)
    header = _header(places, characters, text_end, _TEXT + len(body), saved)
    return compound_file({"WordDocument": header.ljust(_TEXT, b"\0") + body, "1Table": table})
