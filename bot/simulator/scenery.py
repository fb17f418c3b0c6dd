"""The ground of a simulated picture: a palette, a sky with its light, hills behind hills; all from words and a seed."""

from dataclasses import dataclass
from math import pi, sin
from random import Random

from PIL import Image, ImageDraw, ImageFilter

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Palette:
    """Sky from top to horizon, the light in it, the land from far to near, and two colours for the subject."""

    sky: tuple[Colour, Colour, Colour]
    light: Colour
    far: Colour
    near: Colour
    ink: Colour
    accent: Colour
    night: bool = False


def _rgb(text: str) -> Colour:
    return int(text[0:2], 16), int(text[2:4], 16), int(text[4:6], 16)


def _palette(sky: str, light: str, far: str, near: str, ink: str, accent: str, *, night: bool = False) -> Palette:
    top, middle, low = (_rgb(colour) for colour in sky.split())
    return Palette((top, middle, low), _rgb(light), _rgb(far), _rgb(near), _rgb(ink), _rgb(accent), night)


DAWN = _palette("5b7db1 e8a7a1 fde3c0", "fff4d6", "b58ea6", "4f4a6b", "2c2a40", "f26b5b")
NOON = _palette("3f8fd6 8cc6ef e6f5fb", "fffbe6", "8fbfae", "3f7f5f", "23413a", "f2b134")
DUSK = _palette("2b2a5e a84c79 f7a35c", "ffd98a", "7c4a6e", "2a2240", "17142b", "ff7e5f")
NIGHT = _palette("080d24 1b2a56 44507f", "f6f1d5", "2f3d6b", "0e1530", "060a1a", "ffcf5c", night=True)
NEON = _palette("120a2a 4a1a6b c2417f", "7df9ff", "4b2a75", "170d33", "0a0618", "ff4fa3", night=True)
MINT = _palette("9fd8cb d6efe2 fbf9ec", "ffffff", "a9d3bd", "4d8f82", "274b4a", "ef8354")
ROSE = _palette("c77d9b f0b7c0 fbe8e0", "fff6ee", "d5a0b0", "8c5672", "4a2c45", "e05a6d")
AUTUMN = _palette("6c8ba4 d9b48f f8e3b6", "fff0c2", "c98b52", "7a3e1d", "3a1f14", "e2622b")
SNOW = _palette("7d9cc0 c6d8ea f4f8fb", "ffffff", "c9d6e6", "eef3f8", "39455c", "d6453d")
SEA = _palette("2f6fa8 7fb6d9 dff1f5", "fff7da", "5f9dbb", "1f5f86", "123650", "f4d35e")
INK = _palette("d9d6cd e9e6dd f5f3ec", "c8453b", "a9a8a3", "4a4a48", "222222", "b8402f")

BY_WORD = (
    (("霓虹", "赛博", "neon", "cyber"), NEON),
    (("水墨", "国画", "ink wash", "sumi"), INK),
    (("夜", "星", "月", "night", "star", "moon"), NIGHT),
    (("雪", "冬", "冰", "snow", "winter", "ice"), SNOW),
    (("秋", "枫", "autumn", "fall leaves", "maple"), AUTUMN),
    (("海", "湖", "浪", "江", "sea", "ocean", "lake", "beach"), SEA),
    (("日落", "黄昏", "夕阳", "晚霞", "sunset", "dusk"), DUSK),
    (("晨", "日出", "dawn", "sunrise", "morning"), DAWN),
    (("春", "樱", "粉", "spring", "blossom", "pink"), ROSE),
    (("薄荷", "茶", "mint", "tea"), MINT),
)
BY_SEED = (NOON, DAWN, DUSK, MINT, ROSE, AUTUMN, SEA, NIGHT)


def palette_of(words: str, random: Random) -> Palette:
    """The palette a word of the prompt names, else one by seed."""
    by_seed = random.choice(BY_SEED)
    return next((palette for names, palette in BY_WORD if any(name in words for name in names)), by_seed)


def mix(one: Colour, other: Colour, part: float) -> Colour:
    """`part` (0..1) of the way from one colour to another."""
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(one, other, strict=True))
    return red, green, blue


def sky(size: tuple[int, int], palette: Palette, random: Random) -> Image.Image:
    """A gradient with a sun or moon in its glow, stars at night, clouds by day."""
    width, height = size
    column = Image.new("RGB", (1, 64))
    for row in range(64):
        part = row / 63 / 0.72
        top, middle, low = palette.sky
        colour = mix(top, middle, part * 2) if part < 0.5 else mix(middle, low, min(1.0, part * 2 - 1))
        column.putpixel((0, row), colour)
    image = column.resize(size, Image.Resampling.BICUBIC)
    centre = width * random.uniform(0.18, 0.82), height * random.uniform(0.16, 0.4)
    radius = min(size) * random.uniform(0.06, 0.1)
    _glow(image, centre, radius, palette)
    draw = ImageDraw.Draw(image)
    if palette.night:
        _stars(draw, size, random)
    x, y = centre
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), palette.light)
    if palette.night:
        for dx, dy, part in ((-0.3, -0.2, 0.22), (0.25, 0.3, 0.28), (0.3, -0.38, 0.13)):
            cx, cy, crater = x + dx * radius, y + dy * radius, part * radius
            draw.ellipse((cx - crater, cy - crater, cx + crater, cy + crater), mix(palette.light, palette.sky[2], 0.22))
    else:
        _clouds(image, palette, random)
    return image


def _glow(image: Image.Image, centre: tuple[float, float], radius: float, palette: Palette) -> None:
    side = int(radius * 9)
    halo = Image.radial_gradient("L").point(lambda level: max(0, 150 - level) if level < 150 else 0)
    halo = halo.resize((side, side), Image.Resampling.BILINEAR)
    corner = round(centre[0] - side / 2), round(centre[1] - side / 2)
    image.paste(Image.new("RGB", (side, side), palette.light), corner, halo)


def _stars(draw: ImageDraw.ImageDraw, size: tuple[int, int], random: Random) -> None:
    width, height = size
    for _ in range(140):
        x, y = random.uniform(0, width), random.uniform(0, height * 0.62)
        spark = random.uniform(0.0006, 0.0018) * max(size)
        draw.ellipse(
            (x - spark, y - spark, x + spark, y + spark), mix((120, 130, 170), (255, 255, 245), random.random())
        )


def _clouds(image: Image.Image, palette: Palette, random: Random) -> None:
    """Soft clouds: drawn small, blurred, laid over the sky."""
    width, height = image.size
    small = Image.new("L", (max(8, width // 8), max(8, height // 8)))
    draw = ImageDraw.Draw(small)
    for _ in range(random.randint(3, 6)):
        x, y = random.uniform(0, small.width), random.uniform(0.06, 0.5) * small.height
        for _ in range(7):
            wide = small.width * random.uniform(0.03, 0.09)
            dx, dy = random.uniform(-2.2, 2.2) * wide, random.uniform(-0.25, 0.2) * wide
            draw.ellipse(
                (x + dx - wide, y + dy - wide * 0.42, x + dx + wide, y + dy + wide * 0.42), random.randint(110, 190)
            )
    mask = small.filter(ImageFilter.GaussianBlur(small.width / 90)).resize(image.size, Image.Resampling.BILINEAR)
    image.paste(Image.new("RGB", image.size, mix(palette.sky[2], (255, 255, 255), 0.6)), (0, 0), mask)


def hills(image: Image.Image, palette: Palette, random: Random, layers: int = 4) -> float:
    """Hills behind hills, the far ones in the colour of the air; gives the height (0..1) of the nearest ground."""
    width, height = image.size
    draw = ImageDraw.Draw(image)
    level = 0.52
    for layer in range(layers):
        part = layer / (layers - 1)
        level = 0.52 + 0.27 * part
        swing = (0.085 - 0.05 * part) * random.uniform(0.8, 1.3)
        waves = [(random.uniform(0.6, 2.6), random.uniform(0, 2 * pi), random.uniform(0.35, 1.0)) for _ in range(4)]
        line = []
        for step in range(97):
            x = step / 96
            rise = sum(power * sin(x * pi * 2 * speed + shift) for speed, shift, power in waves) / 2
            line.append((x * width, (level - swing * rise) * height))
        colour = mix(mix(palette.sky[2], palette.far, 0.35 + 0.65 * part), palette.near, part**1.3)
        draw.polygon([(0, height), *line, (width, height)], colour)
    return level
