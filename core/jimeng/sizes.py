"""The size of a painting: recommended sizes, any other ratio within a row's rules, and a Refusal that names the range
where it cannot be."""

from itertools import product
from math import sqrt

from core.errors import Refusal
from core.jimeng.models import Model, Size, Tier

LONG_SIDE = {"4k": 4096, "8k": 8192}
CLOSE = 0.015
"""A shape this near (relative) to a recommended one is that one: a phone's 4032x3024 is 4:3, and so is 1599x1200."""


def size_for(
    row: Model, tier: Tier, ratio: tuple[int, int] = (1, 1), *, exact: Size | None = None, nearest: bool = False
) -> Size:
    """(width, height) in pixels for a row and tier: the exact size when asked, else the recommended size of the ratio
    or one computed within the rules.

    `ratio` is any pair of whole numbers, such as (16, 9) or a reference's own size. With `nearest` a shape beyond the
    row's range is brought to its edge (a reference's ratio), without it refused. An upscaler answers with the ratio
    at its long side. Raises Refusal `jimeng.ratio_range`, `jimeng.size_area`, `jimeng.size_side`.
    """
    if row.resolution:
        return _enlarged(row, exact or ratio)
    if exact is not None:
        return _exact(row, exact)
    wide, high = ratio
    shape = wide / high
    low, top = row.ratio
    if not low * 0.999 <= shape <= top * 1.001:
        if not nearest:
            raise Refusal("jimeng.ratio_range", {"ratio": f"{wide}:{high}", **_ratios(row)}, field="ratio")
        shape = min(max(shape, low), top)
    for width, height in row.sd if tier == "sd" else row.hd:
        if abs(shape - width / height) <= CLOSE * shape:
            return width, height
        if abs(shape - height / width) <= CLOSE * shape:
            return height, width
    return _computed(row, tier, shape)


def _exact(row: Model, exact: Size) -> Size:
    step = row.exact_step
    width, height = (max(step, round(side / step) * step) for side in exact)
    smallest, largest = row.side
    if not all(smallest <= side <= largest for side in (width, height)):
        raise Refusal(
            "jimeng.size_side", {"size": _size(exact), "least": str(smallest), "most": str(largest)}, field="size"
        )
    least, most = row.area
    if not least <= width * height <= most:
        raise Refusal(
            "jimeng.size_area",
            {"size": _size(exact), "least": _size(_square(least)), "most": _size(_square(most))},
            field="size",
        )
    if not _shapely(row, width, height):
        raise Refusal("jimeng.ratio_range", {"ratio": _size(exact), **_ratios(row)}, field="size")
    return width, height


def _computed(row: Model, tier: Tier, shape: float) -> Size:
    """The size nearest to the tier's area and then to the shape, in steps, within every rule."""
    square = (row.sd if tier == "sd" else row.hd)[0]
    smallest, largest = row.side
    height = sqrt(square[0] * square[1] / shape)
    shrink = min(1.0, largest / max(height, height * shape))
    height *= max(shrink, smallest / min(height, height * shape))
    step = row.step
    near = [[(int(side // step) + more) * step for more in (0, 1, -1)] for side in (height * shape, height)]
    fitting = [(width, high) for width, high in product(*near) if _allowed(row, width, high)]
    if not fitting:
        raise Refusal("jimeng.ratio_range", {"ratio": f"{shape:.2f}", **_ratios(row)}, field="ratio")
    return min(fitting, key=lambda size: (abs(size[0] / size[1] - shape) / shape, -size[0] * size[1]))


def _allowed(row: Model, width: int, height: int) -> bool:
    least, most = row.area
    smallest, largest = row.side
    return (
        least <= width * height <= most
        and all(smallest <= side <= largest for side in (width, height))
        and _shapely(row, width, height)
    )


def _shapely(row: Model, width: int, height: int) -> bool:
    return row.ratio[0] * height <= width + 1e-6 and width <= row.ratio[1] * height + 1e-6


def _enlarged(row: Model, shape: Size) -> Size:
    long = LONG_SIDE.get(row.resolution, LONG_SIDE["4k"])
    return (
        (long, round(long * shape[1] / shape[0])) if shape[0] >= shape[1] else (round(long * shape[0] / shape[1]), long)
    )


def _square(area: int) -> Size:
    side = round(sqrt(area))
    return side, side


def _size(size: Size) -> str:
    return f"{size[0]}×{size[1]}"


def _ratios(row: Model) -> dict[str, str]:
    """The row's range in words: 1:3 and 3:1, or 1:16 and 16:1."""
    low, top = row.ratio
    return {"least": f"1:{1 / low:.4g}", "most": f"{top:.4g}:1"}
