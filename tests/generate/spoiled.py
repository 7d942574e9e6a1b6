"""What scanners, cameras and picture formats do to a page: each condition is a function of a picture and chance."""

import io
import random
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

Spoil = Callable[[Image.Image, random.Random], Image.Image]


def small(image: Image.Image, rng: random.Random) -> Image.Image:
    """Shrunk to 0.6 of its size, as pictures in pages are."""
    return image.resize((round(image.width * 0.6), round(image.height * 0.6)), Image.Resampling.BICUBIC)


def noisy(image: Image.Image, rng: random.Random) -> Image.Image:
    """Grain over everything, then JPEG of quality 40."""
    return _jpeg(_grain(image, 12, rng), 40)


def tilted(image: Image.Image, rng: random.Random) -> Image.Image:
    """Put into the scanner askew by one and a half degrees."""
    angle = rng.choice([-1.5, 1.5])
    return image.rotate(angle, Image.Resampling.BICUBIC, fillcolor="white")


def photographed(image: Image.Image, rng: random.Random) -> Image.Image:
    """A hand-held photograph: perspective, a shadow, a soft lens, grain, JPEG of quality 70."""
    width, height = image.size
    slip = [rng.uniform(0.005, 0.02) * width for _ in range(8)]
    corners = (
        (-slip[0], -slip[1]), (-slip[2], height + slip[3]), (width + slip[4], height + slip[5]),
        (width + slip[6], -slip[7]),
    )  # fmt: skip
    flat = image.transform(
        image.size,
        Image.Transform.QUAD,
        [value for corner in corners for value in corner],
        Image.Resampling.BICUBIC,
        fillcolor=(225, 222, 215),
    )
    light = np.linspace(1.0, rng.uniform(0.55, 0.7), width)[None, :, None]
    light = light * np.linspace(rng.uniform(0.85, 1.0), 1.0, height)[:, None, None]
    shaded = Image.fromarray((np.asarray(flat) * light).astype(np.uint8))
    return _jpeg(_grain(shaded.filter(ImageFilter.GaussianBlur(0.8)), 6, rng), 70)


def stamped(image: Image.Image, rng: random.Random) -> Image.Image:
    """A red seal over whatever stands in the lower half, as seals are: it lets the print through."""
    width, height = image.size
    seal = Image.new("RGB", image.size, "white")
    pen = ImageDraw.Draw(seal)
    size = round(width * 0.19)
    x, y = rng.randint(width // 5, width * 3 // 5), rng.randint(height // 2, height * 3 // 4)
    pen.ellipse((x, y, x + size, y + size), outline=(220, 40, 40), width=max(3, size // 28))
    pen.regular_polygon((x + size // 2, y + size // 2, size // 7), 5, fill=(220, 40, 40))
    return ImageChops.multiply(image, seal)


def _grain(image: Image.Image, sigma: float, rng: random.Random) -> Image.Image:
    chance = np.random.default_rng(rng.randrange(2**32))
    pixels = np.asarray(image).astype(np.float32) + chance.normal(0, sigma, (image.height, image.width, 1))
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def _jpeg(image: Image.Image, quality: int) -> Image.Image:
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=quality)
    return Image.open(stream).convert("RGB")


CONDITIONS: dict[str, Spoil] = {
    "clean": lambda image, rng: image,
    "small": small,
    "noisy": noisy,
    "tilted": tilted,
    "photographed": photographed,
    "stamped": stamped,
}
