"""Pictures to test with, drawn when needed."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image


def drawn(size: tuple[int, int] = (90, 60), mode: str = "RGB") -> Image.Image:
    """A smooth picture of many colours: red grows to the right, green downwards."""
    red = Image.linear_gradient("L").rotate(90).resize(size)
    green = Image.linear_gradient("L").resize(size)
    return Image.merge("RGB", (red, green, Image.new("L", size, 90))).convert(mode)


def saved(image: Image.Image, form: str = "JPEG", **options: Any) -> bytes:
    """The bytes of a picture in one of Pillow's formats."""
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def seen(data: bytes) -> Image.Image:
    """A picture decoded to its last row."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


@pytest.fixture(scope="session")
def noise() -> Callable[[tuple[int, int]], Image.Image]:
    """Pictures that compress badly, which is what size limits are for."""
    return lambda size: Image.merge("RGB", [Image.effect_noise(size, 90) for _ in range(3)])
