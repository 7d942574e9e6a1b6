"""A TrueType font made of squares: every character is drawn small by Pillow and its dark dots become little boxes.

PDF producers embed subsets of TrueType fonts; the font that the project has is of another kind, which the PDF library
cannot embed. The characters of a document are all that a font of this kind holds.
"""

import io
import struct
from functools import cache
from itertools import groupby
from pathlib import Path

import cvttf_NotoSansCJK_Regular
from PIL import Image, ImageDraw, ImageFont

DOTS = 16  # a character is a square of so many dots
UNIT = 64  # font units of one dot
EM = DOTS * UNIT


@cache
def noto(size: int) -> ImageFont.FreeTypeFont:
    """The font that pictures are drawn with."""
    folder = Path(cvttf_NotoSansCJK_Regular.__file__).parent
    return ImageFont.truetype(next(folder.glob("*.otf")), size, layout_engine=ImageFont.Layout.BASIC)


@cache
def _outline(character: str) -> bytes:
    """The character as a TrueType glyph: one box for every run of dark dots in a row."""
    picture = Image.new("1", (DOTS, DOTS), 1)
    ImageDraw.Draw(picture).text((0, -4), character, font=noto(DOTS), fill=0)
    boxes = []
    for y in range(DOTS):
        x = 0
        for light, run in groupby(picture.getpixel((x, y)) for x in range(DOTS)):
            length = len(list(run))
            if not light:
                boxes.append((x * UNIT, (DOTS - 1 - y) * UNIT, (x + length) * UNIT, (DOTS - y) * UNIT))
            x += length
    return _glyph(boxes)


def _glyph(boxes: list[tuple[int, int, int, int]]) -> bytes:
    if not boxes:
        return b""
    edges = [f(b[i] for b in boxes) for f, i in ((min, 0), (min, 1), (max, 2), (max, 3))]
    ends = [4 * n + 3 for n in range(len(boxes))]
    corners = [p for x0, y0, x1, y1 in boxes for p in ((x0, y0), (x0, y1), (x1, y1), (x1, y0))]
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in zip([(0, 0), *corners], corners, strict=False)]
    data = struct.pack(">5h", len(boxes), *edges) + struct.pack(f">{len(ends)}H", *ends) + b"\0\0"
    data += b"\x01" * len(corners)  # every point lies on the outline
    data += b"".join(struct.pack(">h", dx) for dx, _ in steps) + b"".join(struct.pack(">h", dy) for _, dy in steps)
    return data + b"\0" * (-len(data) % 4)


def _cmap(characters: str) -> bytes:
    """Character to glyph, one group each; glyph 0 stands for all others."""
    groups = b"".join(struct.pack(">3I", ord(ch), ord(ch), n) for n, ch in enumerate(characters, 1))
    table = struct.pack(">HHIII", 12, 0, 16 + len(groups), 0, len(characters)) + groups
    return struct.pack(">HH", 0, 1) + struct.pack(">HHI", 3, 10, 12) + table


def _name(name: str) -> bytes:
    values = [(1, name), (2, "Regular"), (3, name), (4, name), (6, name)]
    records, text = b"", b""
    for id_, value in values:
        data = value.encode("utf-16-be")
        records += struct.pack(">6H", 3, 1, 0x409, id_, len(data), len(text))
        text += data
    return struct.pack(">3H", 0, len(values), 6 + len(records)) + records + text


def width(character: str) -> int:
    """How far a character moves on: half a square for those of ASCII."""
    return EM // 2 if character < "\x80" else EM


def _tables(characters: str, name: str) -> dict[bytes, bytes]:
    glyphs = [b"", *(_outline(ch) for ch in characters)]
    offsets = [0]
    for glyph in glyphs:
        offsets.append(offsets[-1] + len(glyph))
    count = len(glyphs)
    widths = [EM, *(width(ch) for ch in characters)]
    head = struct.pack(">IIIIHHQQ4hHHhhh", 0x10000, 0x10000, 0, 0x5F0F3CF5, 3, EM, 0, 0, 0, 0, EM, EM, 0, 8, 2, 1, 0)
    hhea = struct.pack(">I3hH11hH", 0x10000, EM, -EM // 4, 0, EM, 0, 0, EM, 1, 0, 0, 0, 0, 0, 0, 0, count)
    maxp = struct.pack(">I14H", 0x10000, count, 999, 256, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0)
    os2 = struct.pack(">HhHHH11h", 3, EM, 400, 5, 0, *[0] * 11) + b"\0" * 10 + struct.pack(">4I", 1, 0, 0, 0)
    os2 += b"NONE" + struct.pack(
        ">3H3h2H2I2h3H", 0x40, 32, 0xFFFF, EM, -EM // 4, 0, EM, EM // 4, 1, 0, EM // 2, EM, 0, 32, 1
    )
    return {
        b"OS/2": os2,
        b"cmap": _cmap(characters),
        b"glyf": b"".join(glyphs) or b"\0\0\0\0",
        b"head": head,
        b"hhea": hhea,
        b"hmtx": b"".join(struct.pack(">Hh", w, 0) for w in widths),
        b"loca": b"".join(struct.pack(">I", o) for o in offsets),
        b"maxp": maxp,
        b"name": _name(name),
        b"post": struct.pack(">IIhhIIIII", 0x30000, 0, -100, 50, 0, 0, 0, 0, 0),
    }


def make_font(characters: str, name: str) -> io.BytesIO:
    """A font file with exactly these characters."""
    tables = _tables("".join(sorted(set(characters))), name)
    directory, body = b"", b""
    start = 12 + 16 * len(tables)
    for tag, data in tables.items():
        directory += struct.pack(">4sIII", tag, _checksum(data), start + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    return io.BytesIO(struct.pack(">IHHHH", 0x10000, len(tables), 128, 3, 32) + directory + body)


def _checksum(data: bytes) -> int:
    padded = data + b"\0" * (-len(data) % 4)
    words: tuple[int, ...] = struct.unpack(f">{len(padded) // 4}I", padded)
    return sum(words) & 0xFFFFFFFF
