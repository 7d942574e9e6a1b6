"""Reports as pictures that only optical recognition reads: a long screenshot (PNG), a photo (JPEG), a scan in a PDF."""

import io
import random
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFilter
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from tests.generate.layout.article import Article
from tests.generate.writers.paper import Look, Paper, Sheet
from tests.generate.writers.pixelfont import noto


@dataclass(frozen=True, slots=True)
class Camera:
    """Dots for a point, how far the sheet is turned at most, how much grain there is, and the quality of JPEG."""

    scale: float
    turn: float = 0.0
    grain: float = 0.0
    quality: int = 85


STYLES = {
    "clean": Camera(2.0),
    "large": Camera(2.8),
    "small": Camera(1.5),
    "soft": Camera(2.2, 0.5, 0.12),
    "rough": Camera(2.0, 1.5, 0.2, 40),
}


def _draw(sheet: Sheet, look: Look, scale: float) -> Image.Image:
    picture = Image.new("L", (round(look.width * scale), round(look.height * scale)), 255)
    draw = ImageDraw.Draw(picture)
    for x0, y0, x1, y1 in sheet.rules:
        draw.line((x0 * scale, y0 * scale, x1 * scale, y1 * scale), fill=0, width=max(1, round(scale / 2)))
    for text in sheet.texts:
        size = round(text.size * scale)
        draw.text((text.x * scale, text.y * scale), text.text, fill=0, font=noto(size), anchor="ls")
    return picture


def _worn(picture: Image.Image, camera: Camera, rng: random.Random) -> Image.Image:
    """Turned a little, a little out of focus, on paper that is not quite white."""
    angle = rng.uniform(-camera.turn, camera.turn)
    turned = picture.rotate(angle, fillcolor=255, resample=Image.Resampling.BICUBIC)
    noise = Image.frombytes("L", picture.size, rng.randbytes(picture.width * picture.height))
    paper = noise.point(lambda v: 255 - v // 4)
    return Image.blend(turned.filter(ImageFilter.GaussianBlur(0.6)), paper, camera.grain)


def _sheets(articles: list[Article], style: str, rng: random.Random) -> list[Image.Image]:
    look = Look(size=10)
    paper = Paper(look, rng)
    for article in articles:
        paper.add_article(article)
    camera = STYLES[style]
    pictures = [_draw(sheet, look, camera.scale) for sheet in paper.sheets]
    return [_worn(p, camera, rng) for p in pictures] if camera.grain else pictures


def _joined(pictures: list[Image.Image]) -> Image.Image:
    out = Image.new("L", (pictures[0].width, sum(p.height for p in pictures)), 255)
    top = 0
    for picture in pictures:
        out.paste(picture, (0, top))
        top += picture.height
    return out


def _image(articles: list[Article], style: str, rng: random.Random, kind: str) -> bytes:
    out = io.BytesIO()
    _joined(_sheets(articles, style, rng)).save(out, kind, quality=STYLES[style].quality)
    return out.getvalue()


def write_png(articles: list[Article], style: str, rng: random.Random) -> bytes:
    """One long picture without loss."""
    return _image(articles, style, rng, "PNG")


def write_jpg(articles: list[Article], style: str, rng: random.Random) -> bytes:
    """One long picture with loss."""
    return _image(articles, style, rng, "JPEG")


def write_scan(articles: list[Article], style: str, rng: random.Random) -> bytes:
    """A PDF whose pages are pictures."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=True)
    for picture in _sheets(articles, style, rng):
        data = io.BytesIO()
        picture.save(data, "JPEG", quality=STYLES[style].quality)
        canvas.drawImage(ImageReader(io.BytesIO(data.getvalue())), 0, 0, 595, 842)
        canvas.showPage()
    canvas.save()
    return out.getvalue()
