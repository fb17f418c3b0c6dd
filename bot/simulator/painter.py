"""Draws a simulated result: deterministic from prompt, seed and size, with its references in it and a caption below."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources, util
from io import BytesIO
from math import sqrt
from random import Random
from typing import Any

from PIL import Image, ImageDraw, ImageFont, ImageOps, PngImagePlugin

from bot.simulator import scenery, subjects
from bot.simulator.scenery import Palette, mix

FONT_PACKAGE, FONT_FILE = "pylopdf_fonts_zh_cn", "NotoSansSC-Regular.otf"
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
CANVAS_MOST = 4_000_000
"""Pixels drawn at most: more than asked smooths the edges of small pictures, fewer keeps large ones quick."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One picture: `size` in pixels exactly; `scale` 0..1 is the weight of the words against the references (encoded
    files).

    `enlarge` only enlarges the first reference. `logo` and `meta` are a poll's `logo_info` and `aigc_meta`.
    """

    prompt: str
    seed: int
    size: tuple[int, int]
    scale: float = 0.5
    png: bool = False
    enlarge: bool = False
    references: tuple[bytes, ...] = ()
    logo: Mapping[str, Any] = field(default_factory=dict)
    meta: Mapping[str, Any] = field(default_factory=dict)


def paint(wanted: Wanted) -> bytes:
    """The encoded picture (PNG or JPEG). Takes processor time: call it in a thread."""
    if wanted.enlarge:
        image = _open(wanted.references[0]).resize(wanted.size, Image.Resampling.LANCZOS)
    else:
        image = _compose(wanted)
        _caption(image, wanted)
    if wanted.logo.get("add_logo"):
        image = _marked(image, wanted.logo)
    out = BytesIO()
    told = json.dumps(dict(wanted.meta), ensure_ascii=False) if wanted.meta else ""
    if wanted.png:
        info = PngImagePlugin.PngInfo()
        if told:
            info.add_itxt("AIGC", told)
        image.save(out, "PNG", compress_level=1, pnginfo=info)
    else:
        image.save(out, "JPEG", quality=90, comment=told.encode())
    return out.getvalue()


def _compose(wanted: Wanted) -> Image.Image:
    random = Random(f"{wanted.prompt}\n{wanted.seed}")
    words = wanted.prompt.lower()
    width, height = wanted.size
    more = min(2.0, sqrt(CANVAS_MOST / (width * height)))
    size = max(1, round(width * more)), max(1, round(height * more))
    palette = scenery.palette_of(words, random)
    image = scenery.sky(size, palette, random)
    ground = scenery.hills(image, palette, random)
    if wanted.references:
        image = _blended(image, palette, wanted)
    _subject(image, palette, words, ground, random)
    return image.resize(wanted.size, Image.Resampling.BICUBIC, reducing_gap=2.0)


def _subject(image: Image.Image, palette: Palette, words: str, ground: float, random: Random) -> None:
    width, height = image.size
    figure = subjects.figure_of(words, random)
    unit = min(width * 0.62, height * 0.52)
    middle = width * random.choice((0.36, 0.5, 0.5, 0.64))
    base = height * min(0.93, ground + 0.09)
    draw = ImageDraw.Draw(image)
    shadow = mix(palette.near, palette.ink, 0.55)
    draw.ellipse((middle - unit * 0.42, base - unit * 0.045, middle + unit * 0.42, base + unit * 0.055), shadow)
    figure(subjects.Brush(draw, middle, base, unit, palette, random, words))


def _blended(scene: Image.Image, palette: Palette, wanted: Wanted) -> Image.Image:
    """The references side by side with soft seams, toned by the palette, the scene laid over them by the words'
    weight."""
    width, height = scene.size
    count = len(wanted.references)
    base = Image.new("RGB", scene.size)
    for number, encoded in enumerate(wanted.references):
        picture = ImageOps.fit(_open(encoded), scene.size, Image.Resampling.BILINEAR)
        if number == 0:
            base = picture
            continue
        seam, soft = width * number // count, max(1, width // 12)
        mask = Image.new("L", scene.size)
        mask.paste(255, (seam + soft // 2, 0, width, height))
        ramp = Image.linear_gradient("L").rotate(90).resize((soft, height))
        mask.paste(ramp, (seam - soft // 2, 0))
        base.paste(picture, (0, 0), mask)
    toned = ImageOps.colorize(ImageOps.grayscale(base), palette.ink, mix(palette.light, (255, 255, 255), 0.5))
    base = Image.blend(base, toned, 0.15 + 0.35 * wanted.scale)
    return Image.blend(base, scene, 0.1 + 0.5 * wanted.scale)


def _caption(image: Image.Image, wanted: Wanted) -> None:
    """Size, seed and the prompt in small type on a dark strip; without a Chinese font only what Latin letters can
    say."""
    width, height = image.size
    letter = max(12, round(min(image.size) / 52))
    strip = round(letter * 2.1)
    shade = image.crop((0, height - strip, width, height))
    image.paste(Image.blend(shade, Image.new("RGB", shade.size, (12, 14, 22)), 0.62), (0, height - strip))
    draw = ImageDraw.Draw(image)
    font, chinese = font_of(letter)
    facts = f"{width}×{height} · seed {wanted.seed}" + (" · 模拟" if chinese else " · simulated")
    room = width - letter * 2
    long = draw.textlength(facts, font)
    middle = height - strip / 2
    draw.text((width - letter - long, middle), facts, (214, 218, 230), font, anchor="lm")
    words = " ".join(wanted.prompt.split())
    if chinese or words.isascii():
        fitting = _fitted(draw, words, font, room - long - letter * 2)
        draw.text((letter, middle), fitting, (245, 245, 240), font, anchor="lm")


def _fitted(draw: ImageDraw.ImageDraw, words: str, font: Font, room: float) -> str:
    if draw.textlength(words, font) <= room:
        return words
    low, high = 0, len(words)
    while low < high:
        half = (low + high + 1) // 2
        low, high = (half, high) if draw.textlength(words[:half] + "…", font) <= room else (low, half - 1)
    return words[:low] + "…" if low else ""


def _marked(image: Image.Image, logo: Mapping[str, Any]) -> Image.Image:
    """The visible AI label: position 0 bottom right, 1 bottom left, 2 top left, 3 top right; language 0 Chinese, 1
    English."""
    font, chinese = font_of(max(14, round(min(image.size) / 34)))
    text = "Generated by AI" if logo.get("language") == 1 or not chinese else "AI生成"
    if own := str(logo.get("logo_text_content") or ""):
        text = own if chinese or own.isascii() else text
    layer = Image.new("RGBA", image.size)
    draw = ImageDraw.Draw(layer)
    wide, high = draw.textlength(text, font), min(image.size) / 34
    edge, foot = min(image.size) / 40, min(image.size) / 16
    position = logo.get("position", 0)
    x = edge if position in (1, 2) else image.width - edge - wide
    y = edge if position in (2, 3) else image.height - foot - high
    seen = round(255 * min(1.0, max(0.0, float(logo.get("opacity", 1)))))
    draw.text((x + 1, y + 1), text, (0, 0, 0, seen * 2 // 3), font)
    draw.text((x, y), text, (255, 255, 255, seen), font)
    return Image.alpha_composite(image.convert("RGBA"), layer).convert("RGB")


@cache
def font_of(letter: int) -> tuple[Font, bool]:
    """A font of that size in pixels, and whether it has Chinese: Noto Sans SC where its package is installed."""
    if util.find_spec(FONT_PACKAGE) is None:
        return ImageFont.load_default(letter), False
    with resources.as_file(resources.files(FONT_PACKAGE) / FONT_FILE) as file:
        return ImageFont.truetype(str(file), letter), True


def _open(encoded: bytes) -> Image.Image:
    with Image.open(BytesIO(encoded)) as picture:
        upright: Image.Image = ImageOps.exif_transpose(picture)
        return upright.convert("RGB")
