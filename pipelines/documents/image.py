"""Pictures of a report (PNG, JPEG, GIF, BMP, TIFF, WebP): opened with care, then read page by page by the optical reader."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable, Iterator

import numpy as np
from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from pipelines.documents.formats import Unreadable
from pipelines.documents.ocr.engine import Picture
from pipelines.documents.ocr.pages import document_of
from pipelines.model import Document

MOST_PIXELS = 40_000_000
_SHORTEST_SIDE = 100  # pixels: what is smaller is an icon
_FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP")


def read_image(body: bytes) -> Document:
    """The document of one picture, or of all pages of a TIFF. Raises Unreadable for what is damaged, tiny or huge."""
    with _opened(body) as image:
        return read_pages(_pages(image))


def read_pages(pages: Iterable[Image.Image]) -> Document:
    """The document of pictures of pages, in order; they are taken one by one, and no more of them than are read."""
    return document_of(_in_rgb(page) for page in pages)


def _opened(body: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(body), formats=_FORMATS)
    except Image.DecompressionBombError as bomb:
        raise Unreadable("the picture has more pixels than are read") from bomb
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as fault:
        raise Unreadable("the picture is damaged or of an unknown kind") from fault
    return image


def _pages(image: Image.Image) -> Iterator[Image.Image]:
    """The pages of a TIFF; of an animated picture the first frame."""
    if image.format != "TIFF":
        yield image
        return
    yield from ImageSequence.Iterator(image)


def _in_rgb(image: Image.Image) -> Picture:
    """The pixels of a page, upright, on white where it is transparent."""
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise Unreadable(f"a picture of {width} × {height} pixels is larger than is read")
    if min(width, height) < _SHORTEST_SIDE:
        raise Unreadable(f"a picture of {width} × {height} pixels is too small to be read")
    try:
        upright = ImageOps.exif_transpose(_in_eight_bits(image))
        if upright.has_transparency_data:
            paper = Image.new("RGBA", upright.size, "white")
            upright = Image.alpha_composite(paper, upright.convert("RGBA"))
        return np.asarray(upright.convert("RGB"))
    except (OSError, ValueError, SyntaxError, EOFError) as fault:
        raise Unreadable("the picture is damaged or cut off") from fault


def _in_eight_bits(image: Image.Image) -> Image.Image:
    """Pictures of 16 and 32 bits a pixel are cut off at 255 by a plain conversion: their range is scaled first."""
    if not image.mode.startswith(("I", "F")):
        return image
    values = np.asarray(image, dtype=np.float64)
    if image.mode.startswith("I;16") or values.max(initial=0) > 255:
        values = values / max(65_535.0 if image.mode.startswith("I") else float(values.max()), 1.0) * 255
    return Image.fromarray(values.clip(0, 255).astype(np.uint8))
