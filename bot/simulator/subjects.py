"""What stands in a simulated picture: simple figures drawn from a word of the prompt."""

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, pi, sin
from random import Random

from PIL import ImageDraw

from bot.simulator.scenery import Colour, Palette, mix


@dataclass(frozen=True, slots=True)
class Brush:
    """Draws in units of the figure's height: x to the right of its middle, y upwards from the ground."""

    draw: ImageDraw.ImageDraw
    middle: float
    ground: float
    unit: float
    palette: Palette
    random: Random
    words: str = ""

    def at(self, x: float, y: float) -> tuple[float, float]:
        """The pixel of a point."""
        return self.middle + x * self.unit, self.ground - y * self.unit

    def blob(self, x: float, y: float, wide: float, high: float, colour: Colour) -> None:
        """An ellipse around a point."""
        left, top = self.at(x - wide, y + high)
        right, low = self.at(x + wide, y - high)
        self.draw.ellipse((left, top, right, low), colour)

    def shape(self, points: list[tuple[float, float]], colour: Colour) -> None:
        """A filled polygon."""
        self.draw.polygon([self.at(*point) for point in points], colour)

    def box(self, x: float, y: float, right: float, top: float, colour: Colour, radius: float = 0.0) -> None:
        """A filled (rounded) rectangle between two corners."""
        (left, low), (far, high) = self.at(x, y), self.at(right, top)
        self.draw.rounded_rectangle((left, high, far, low), radius * self.unit, colour)

    def stroke(self, points: list[tuple[float, float]], wide: float, colour: Colour) -> None:
        """A thick line with round ends and joints."""
        thick = max(1, round(wide * self.unit))
        placed = [self.at(*point) for point in points]
        self.draw.line(placed, colour, thick, joint="curve")
        for x, y in (placed[0], placed[-1]):
            self.draw.ellipse((x - thick / 2, y - thick / 2, x + thick / 2, y + thick / 2), colour)


def _cat(brush: Brush) -> None:
    fur, light = brush.palette.ink, mix(brush.palette.ink, brush.palette.light, 0.22)
    if any(word in brush.words for word in ("橘", "橙", "orange", "ginger")):
        fur, light = (222, 132, 58), (250, 226, 190)
    elif any(word in brush.words for word in ("白", "white")):
        fur, light = (236, 234, 230), (255, 255, 255)
    curl = [(0.22 + 0.22 * sin(turn / 8 * pi), 0.05 + 0.32 * turn / 8) for turn in range(9)]
    brush.stroke(curl, 0.075, fur)
    brush.shape([(-0.26, 0), (-0.22, 0.34), (-0.1, 0.6), (0.1, 0.6), (0.24, 0.34), (0.3, 0)], fur)
    brush.blob(0, 0.2, 0.29, 0.21, fur)
    brush.blob(0, 0.24, 0.13, 0.2, light)
    brush.blob(0, 0.72, 0.2, 0.17, fur)
    for side in (-1, 1):
        brush.shape([(side * 0.19, 0.74), (side * 0.17, 0.98), (side * 0.04, 0.86)], fur)
        brush.shape([(side * 0.155, 0.8), (side * 0.15, 0.92), (side * 0.08, 0.85)], brush.palette.accent)
        brush.blob(side * 0.08, 0.74, 0.035, 0.042, brush.palette.accent)
        brush.blob(side * 0.08, 0.74, 0.012, 0.036, brush.palette.ink)
        brush.blob(side * 0.1, 0.03, 0.085, 0.05, fur)
    brush.shape([(-0.022, 0.675), (0.022, 0.675), (0, 0.65)], brush.palette.accent)


def _fox(brush: Brush) -> None:
    coat, white, dark = (214, 96, 42), (250, 240, 228), brush.palette.ink
    brush.shape([(0.2, 0.06), (0.42, 0.1), (0.62, 0.4), (0.56, 0.58), (0.4, 0.42)], coat)
    brush.blob(0.57, 0.53, 0.07, 0.08, white)
    brush.shape([(-0.25, 0), (-0.2, 0.4), (-0.08, 0.6), (0.1, 0.58), (0.26, 0.3), (0.32, 0)], coat)
    brush.shape([(-0.14, 0.06), (-0.15, 0.42), (0, 0.52), (0.04, 0.2)], white)
    brush.shape([(-0.26, 0.78), (0, 0.9), (0.2, 0.76), (-0.02, 0.52)], coat)
    brush.shape([(-0.22, 0.74), (-0.1, 0.72), (-0.02, 0.53)], white)
    brush.shape([(0.17, 0.74), (0.06, 0.72), (-0.02, 0.53)], white)
    for side in (-1, 1):
        brush.shape([(side * 0.23, 0.76), (side * 0.2, 1.02), (side * 0.04, 0.86)], coat)
        brush.shape([(side * 0.19, 0.84), (side * 0.185, 0.95), (side * 0.11, 0.87)], dark)
        brush.blob(side * 0.085 - 0.01, 0.74, 0.022, 0.028, dark)
        brush.box(side * 0.12 - 0.05, 0, side * 0.12 + 0.05, 0.12, dark, 0.03)
    brush.blob(-0.02, 0.54, 0.03, 0.025, dark)


def _dog(brush: Brush) -> None:
    coat, light, dark = (196, 150, 98), (240, 222, 190), brush.palette.ink
    brush.stroke([(0.26, 0.12), (0.4, 0.28), (0.42, 0.44)], 0.07, coat)
    brush.shape([(-0.25, 0), (-0.2, 0.4), (-0.1, 0.58), (0.12, 0.58), (0.24, 0.34), (0.3, 0)], coat)
    brush.blob(-0.02, 0.26, 0.12, 0.2, light)
    brush.blob(0, 0.74, 0.2, 0.19, coat)
    for side in (-1, 1):
        brush.blob(side * 0.21, 0.72, 0.075, 0.17, mix(coat, dark, 0.45))
        brush.blob(side * 0.075, 0.78, 0.026, 0.032, dark)
        brush.blob(side * 0.11, 0.03, 0.09, 0.05, light)
    brush.blob(0, 0.66, 0.11, 0.085, light)
    brush.blob(0, 0.7, 0.042, 0.03, dark)
    brush.blob(0, 0.605, 0.03, 0.035, (222, 110, 112))


def _mountain(brush: Brush) -> None:
    rock, snow = mix(brush.palette.far, brush.palette.ink, 0.55), mix(brush.palette.light, (255, 255, 255), 0.6)
    for x, high, wide in ((-0.75, 0.72, 0.62), (0.7, 0.84, 0.7), (0.0, 1.25, 0.86)):
        face = mix(rock, brush.palette.far, 0.35)
        brush.shape([(x - wide, -0.12), (x, high), (x + wide, -0.12)], face)
        brush.shape([(x, high), (x + wide, -0.12), (x + wide * 0.16, -0.12), (x - wide * 0.07, high * 0.55)], rock)
        edge = [(x - wide * 0.28, high * 0.7), (x - wide * 0.12, high * 0.64), (x - wide * 0.02, high * 0.72)]
        edge += [(x + wide * 0.1, high * 0.6), (x + wide * 0.28, high * 0.69)]
        brush.shape([(x, high), *edge], snow)


def _city(brush: Brush) -> None:
    lit = brush.palette.accent if brush.palette.night else mix(brush.palette.light, brush.palette.accent, 0.25)
    x = -1.35
    while x < 1.3:
        wide, high = brush.random.uniform(0.13, 0.26), brush.random.uniform(0.35, 1.1)
        wall = mix(brush.palette.ink, brush.palette.far, brush.random.uniform(0.05, 0.4))
        brush.box(x, -0.1, x + wide, high, wall)
        if brush.random.random() < 0.35:
            brush.stroke([(x + wide / 2, high), (x + wide / 2, high + 0.16)], 0.012, wall)
        y = 0.06
        while y < high - 0.08:
            for column in range(max(1, int(wide / 0.055)) - 1):
                if brush.random.random() < (0.55 if brush.palette.night else 0.4):
                    left = x + 0.025 + column * 0.055
                    brush.box(left, y, left + 0.028, y + 0.04, lit)
            y += 0.075
        x += wide + brush.random.uniform(0.0, 0.03)


def _flower(brush: Brush) -> None:
    green = mix((70, 140, 80), brush.palette.near, 0.35)
    for x, high, size in ((-0.42, 0.62, 0.75), (0.44, 0.7, 0.8), (0.0, 0.95, 1.0)):
        brush.stroke([(x * 0.7, -0.05), (x * 0.9, high * 0.5), (x, high)], 0.03, green)
        brush.shape([(x * 0.85, high * 0.3), (x * 0.85 + 0.2, high * 0.52), (x * 0.9, high * 0.5)], green)
        petal = mix(brush.palette.accent, (255, 255, 255), brush.random.uniform(0.0, 0.45))
        for ring, reach in ((petal, 0.17), (mix(petal, brush.palette.ink, 0.18), 0.1)):
            for turn in range(8):
                angle = turn / 8 * 2 * pi + (0.4 if reach < 0.15 else 0)
                far = reach * size
                brush.blob(x + cos(angle) * far, high + sin(angle) * far, 0.095 * size, 0.095 * size, ring)
        brush.blob(x, high, 0.085 * size, 0.085 * size, (247, 200, 80))


def _cup(brush: Brush) -> None:
    wall, shade = mix(brush.palette.light, (255, 255, 255), 0.5), mix(brush.palette.light, brush.palette.ink, 0.25)
    table = mix(brush.palette.near, brush.palette.ink, 0.35)
    brush.blob(0, -0.02, 0.62, 0.1, table)
    brush.blob(0, 0.0, 0.5, 0.075, mix(wall, shade, 0.3))
    brush.blob(0.36, 0.36, 0.19, 0.19, wall)
    brush.blob(0.36, 0.36, 0.11, 0.11, mix(brush.palette.far, brush.palette.near, 0.6))
    brush.shape([(-0.36, 0.66), (0.36, 0.66), (0.26, 0.03), (-0.26, 0.03)], wall)
    brush.shape([(0.12, 0.66), (0.36, 0.66), (0.26, 0.03), (0.1, 0.03)], mix(wall, shade, 0.35))
    brush.box(-0.33, 0.3, 0.315, 0.44, brush.palette.accent)
    brush.blob(0, 0.66, 0.36, 0.075, mix(wall, shade, 0.2))
    brush.blob(0, 0.655, 0.31, 0.055, (92, 58, 40))
    for x in (-0.13, 0.0, 0.13):
        steam = [(x + 0.035 * sin(turn / 2), 0.76 + turn * 0.035) for turn in range(9)]
        brush.stroke(steam, 0.016, mix(brush.palette.sky[2], (255, 255, 255), 0.6))


def _product(brush: Brush) -> None:
    glass, cap = mix(brush.palette.accent, (255, 255, 255), 0.25), brush.palette.ink
    brush.blob(0, 0.0, 0.55, 0.09, mix(brush.palette.near, (255, 255, 255), 0.35))
    brush.blob(0, 0.05, 0.55, 0.09, mix(brush.palette.near, (255, 255, 255), 0.55))
    brush.box(-0.22, 0.06, 0.22, 0.7, glass, 0.07)
    brush.box(0.1, 0.1, 0.17, 0.66, mix(glass, (255, 255, 255), 0.55), 0.03)
    brush.box(-0.1, 0.7, 0.1, 0.8, mix(glass, cap, 0.35))
    brush.box(-0.13, 0.8, 0.13, 1.0, cap, 0.03)
    brush.box(-0.17, 0.24, 0.17, 0.5, (250, 248, 240), 0.02)
    brush.box(-0.1, 0.4, 0.1, 0.43, cap)
    brush.box(-0.1, 0.32, 0.05, 0.34, mix(cap, glass, 0.4))


def _person(brush: Brush) -> None:
    skin, hair = (240, 200, 172), brush.palette.ink
    coat = brush.palette.accent
    brush.shape([(-0.17, 0), (-0.12, 0.34), (0.12, 0.34), (0.17, 0), (0.05, 0), (0, 0.22), (-0.05, 0)], hair)
    brush.shape([(-0.13, 0.68), (0.13, 0.68), (0.26, 0.22), (-0.26, 0.22)], coat)
    for side in (-1, 1):
        brush.stroke([(side * 0.12, 0.64), (side * 0.23, 0.46), (side * 0.2, 0.32)], 0.07, mix(coat, hair, 0.25))
        brush.blob(side * 0.2, 0.3, 0.035, 0.035, skin)
    brush.box(-0.035, 0.64, 0.035, 0.74, skin)
    brush.blob(0, 0.85, 0.135, 0.15, hair)
    brush.shape([(-0.135, 0.84), (0.135, 0.84), (0.16, 0.62), (0.06, 0.7), (-0.06, 0.7), (-0.16, 0.62)], hair)
    brush.blob(0, 0.82, 0.095, 0.11, skin)
    brush.shape([(-0.11, 0.86), (0.11, 0.88), (0.09, 0.95), (-0.09, 0.95)], hair)
    brush.stroke([(-0.15, 0.66), (0, 0.63), (0.15, 0.66)], 0.05, mix(coat, (255, 255, 255), 0.55))


def _tree(brush: Brush) -> None:
    bark = mix(brush.palette.ink, (90, 60, 40), 0.6)
    leaf = mix(brush.palette.accent, brush.palette.near, 0.45)
    brush.shape([(-0.07, -0.03), (-0.035, 0.5), (0.035, 0.5), (0.08, -0.03)], bark)
    brush.stroke([(0, 0.36), (0.18, 0.56)], 0.03, bark)
    brush.stroke([(0, 0.32), (-0.17, 0.52)], 0.03, bark)
    for _ in range(26):
        x, y = brush.random.gauss(0, 0.17), brush.random.gauss(0.74, 0.12)
        size = brush.random.uniform(0.09, 0.16)
        brush.blob(x, y, size, size * 0.9, mix(leaf, brush.palette.light, brush.random.uniform(0.0, 0.4)))


def _boat(brush: Brush) -> None:
    water = mix(brush.palette.near, brush.palette.sky[1], 0.35)
    for row in range(5):
        y = -0.02 - row * 0.055
        brush.box(-0.6 + row * 0.04, y - 0.012, 0.62 - row * 0.09, y, mix(water, brush.palette.light, 0.35), 0.006)
    brush.shape([(-0.42, 0.16), (0.46, 0.16), (0.3, 0.0), (-0.28, 0.0)], brush.palette.ink)
    brush.box(-0.015, 0.16, 0.015, 1.0, brush.palette.ink)
    brush.shape([(0.03, 0.96), (0.03, 0.22), (0.42, 0.22)], brush.palette.accent)
    brush.shape([(-0.03, 0.86), (-0.03, 0.24), (-0.32, 0.24)], mix(brush.palette.light, (255, 255, 255), 0.6))


def _house(brush: Brush) -> None:
    wall, roof = mix(brush.palette.light, (255, 255, 255), 0.4), brush.palette.accent
    brush.box(0.2, 0.6, 0.31, 0.92, mix(roof, brush.palette.ink, 0.4))
    brush.box(-0.42, -0.03, 0.42, 0.5, wall)
    brush.shape([(-0.54, 0.48), (0, 0.95), (0.54, 0.48)], roof)
    brush.box(-0.09, -0.03, 0.09, 0.28, brush.palette.ink, 0.03)
    glow = (255, 214, 120) if brush.palette.night else mix(brush.palette.sky[0], (255, 255, 255), 0.3)
    for x in (-0.32, 0.18):
        brush.box(x, 0.2, x + 0.15, 0.37, glow, 0.015)
    brush.blob(0, 0.64, 0.08, 0.08, glow)


def _balloon(brush: Brush) -> None:
    cloth, stripe = brush.palette.accent, mix(brush.palette.light, (255, 255, 255), 0.5)
    brush.blob(0, 0.98, 0.34, 0.36, cloth)
    brush.blob(0, 0.98, 0.2, 0.36, stripe)
    brush.blob(0, 0.98, 0.08, 0.36, cloth)
    brush.shape([(-0.27, 0.78), (0.27, 0.78), (0.08, 0.5), (-0.08, 0.5)], mix(cloth, brush.palette.ink, 0.12))
    for side in (-1, 1):
        brush.stroke([(side * 0.075, 0.52), (side * 0.06, 0.4)], 0.01, brush.palette.ink)
    brush.box(-0.085, 0.28, 0.085, 0.41, (140, 96, 60), 0.02)


Figure = Callable[[Brush], None]
BY_WORD: tuple[tuple[tuple[str, ...], Figure], ...] = (
    (("猫", "咪", "cat", "kitten"), _cat),
    (("狐", "fox"), _fox),
    (("狗", "犬", "dog", "puppy"), _dog),
    (("杯", "咖啡", "茶", "cup", "mug", "coffee", "tea"), _cup),
    (("商品", "产品", "香水", "瓶", "护肤", "口红", "product", "bottle", "perfume"), _product),
    (("人", "女孩", "男孩", "模特", "少女", "person", "girl", "boy", "woman", "man ", "portrait"), _person),
    (("城", "楼", "街", "霓虹", "city", "skyline", "street", "neon"), _city),
    (("花", "玫瑰", "樱", "flower", "rose", "blossom"), _flower),
    (("船", "帆", "海", "湖", "boat", "sail", "sea", "lake"), _boat),
    (("房", "屋", "家", "house", "cabin", "home"), _house),
    (("树", "林", "森", "枫", "tree", "forest", "maple"), _tree),
    (("气球", "balloon"), _balloon),
    (("山", "峰", "mountain", "peak", "hill"), _mountain),
)
BY_SEED: tuple[Figure, ...] = (_tree, _boat, _house, _balloon)


def figure_of(words: str, random: Random) -> Figure:
    """The figure a word of the prompt names, else one by seed."""
    by_seed = random.choice(BY_SEED)
    return next((figure for names, figure in BY_WORD if any(name in words for name in names)), by_seed)
