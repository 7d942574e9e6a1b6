"""Pictures of a report (PNG, JPEG, GIF, BMP, TIFF, WebP): opened with care, then read page by page by the optical
reader."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable, Iterator
from typing import cast

from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from pipelines.confined import confined
from pipelines.documents.formats import Unreadable
from pipelines.model import Document

MOST_PIXELS = 40_000_000
SECONDS, MEGABYTES = 300.0, 1500
"""For all pages of a document: the optical reader needs more of both than others do."""
_SHORTEST_SIDE = 100  # pixels: what is smaller is an icon
_FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP")


def read_image(body: bytes) -> Document:
    """The document of one picture, or of all pages of a TIFF. Raises Unreadable for what is damaged, tiny or huge."""
    with _opened(body) as image:
        return read_pages(_pages(image))


def read_pages(pages: Iterable[Image.Image]) -> Document:
    """The document of pictures of pages, in order; they are taken one by one, and no more of them than are read."""
    with confined(SECONDS, MEGABYTES):
        try:
            # Inside these limits, because the libraries alone are larger than the reader of other formats may be.
            from pipelines.documents.ocr.pages import document_of
        except ModuleNotFoundError as missing:
            reason = f"reading this format needs the package {missing.name}, which is not installed"
            raise Unreadable(reason) from missing
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


def _in_rgb(image: Image.Image) -> Image.Image:
    """A page upright, on white where it is transparent."""
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
        return upright.convert("RGB")
    except (OSError, ValueError, SyntaxError, EOFError) as fault:
        raise Unreadable("the picture is damaged or cut off") from fault


def _in_eight_bits(image: Image.Image) -> Image.Image:
    """Pictures of 16 and 32 bits a pixel, which a plain conversion cuts off at 255, by their whole range."""
    if not image.mode.startswith(("I", "F")):
        return image
    wide = image.convert("F")
    _, highest = cast("tuple[float, float]", wide.getextrema())
    full = next(white for white in (1.0, 255.0, 65_535.0, max(float(highest), 1.0)) if highest <= white)
    return wide.point(lambda value: value * (255 / full) + 0).convert("L")
