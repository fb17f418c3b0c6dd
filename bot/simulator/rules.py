"""What each model of the simulator takes and refuses (50215), and what it will draw: the parameter tables of the real
pages."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any

from bot.simulator.answers import Business

SIZE_AREA = (1024 * 1024, 4096 * 4096)
RATIO_WORD = re.compile(r"(?<!\d)(\d{1,2})\s*[::]\s*(\d{1,2})(?!\d)")
COUNT_WORD = re.compile(r"(?<!\d)(\d{1,2})\s*(?:张|幅|images?|pictures?)", re.IGNORECASE)
GROUP_MOST = 15


@dataclass(frozen=True, slots=True)
class Rule:
    """One model: how many references by which fields, which numbers it knows, and the file it makes."""

    references: tuple[int, int] = (0, 0)
    bytes_allowed: bool = False
    reference_bytes: int = 15_000_000
    area: tuple[int, int] = (512 * 512, 2048 * 2048)
    side: tuple[int, int] = (1, 16_384)
    scale: type[int] | type[float] | None = None
    scale_range: tuple[float, float] = (0, 1)
    seed: bool = False
    group: bool = False
    prompt: bool = True
    png: bool = False
    upscale: bool = False
    step: int = 1


BIG = Rule(references=(0, 10), area=SIZE_AREA, scale=float, group=True, png=True)
RULES: Mapping[str, Rule] = {
    "jimeng_t2i_v40": BIG,
    "jimeng_seedream46_cvtob": Rule(
        references=(0, 14), area=SIZE_AREA, scale=int, scale_range=(1, 100), group=True, png=True
    ),
    "jimeng_t2i_v31": Rule(seed=True),
    "jimeng_t2i_v30": Rule(seed=True),
    "jimeng_i2i_v30": Rule(
        references=(1, 1),
        bytes_allowed=True,
        reference_bytes=4_700_000,
        area=(1, 2016 * 2016),
        side=(512, 2016),
        scale=float,
        seed=True,
        step=16,
    ),
    "jimeng_i2i_seed3_tilesr_cvtob": Rule(
        references=(1, 1),
        bytes_allowed=True,
        reference_bytes=4_700_000,
        scale=int,
        scale_range=(0, 100),
        prompt=False,
        png=True,
        upscale=True,
    ),
}


@dataclass(frozen=True, slots=True)
class Order:
    """A checked submit: what to draw. `size` is (0, 0) where the references decide; `seed` is -1 where none was
    given."""

    prompt: str
    size: tuple[int, int]
    seed: int
    scale: float
    links: tuple[str, ...]
    encoded: tuple[str, ...]
    count: int
    long_side: int = 0


def read(rule: Rule, body: Mapping[str, Any]) -> Order:
    """The order in a submit's body. Raises Business(50215) when a parameter breaks the model's rules."""
    prompt = body.get("prompt", "")
    _must(isinstance(prompt, str) and (bool(prompt.strip()) or not rule.prompt) and len(prompt) <= 3000)
    links, encoded = _list(body, "image_urls"), _list(body, "binary_data_base64")
    _must(rule.references[0] <= len(links) + len(encoded) <= rule.references[1])
    _must(rule.bytes_allowed or not encoded)
    seed = _number(body, "seed", int, -1, 2**31 - 1, -1) if rule.seed else -1
    scale = 0.5
    if rule.scale is not None:
        low, high = rule.scale_range
        scale = _number(body, "scale", rule.scale, low, high, (high + low) / 2) / high
    single = body.get("force_single", False)
    _must(isinstance(single, bool) and isinstance(body.get("use_pre_llm", True), bool))
    wanted = COUNT_WORD.search(prompt) if rule.group and not single else None
    count = max(1, min(int(wanted[1]), GROUP_MOST - len(links))) if wanted else 1
    resolution = body.get("resolution", "4k")
    _must(not rule.upscale or resolution in ("4k", "8k"))
    long_side = (8192 if resolution == "8k" else 4096) if rule.upscale else 0
    return Order(prompt, _size(rule, body, prompt), int(seed), float(scale), links, encoded, count, long_side)


def _size(rule: Rule, body: Mapping[str, Any], prompt: str) -> tuple[int, int]:
    """Width and height count together only; without them the area of `size`, or 1328², in the shape the prompt
    names."""
    width, height = body.get("width"), body.get("height")
    if rule.upscale:
        return 0, 0
    if width and height:
        low, high = rule.side
        _must(all(type(side) is int and low <= side <= high for side in (width, height)))
        _must(rule.area[0] <= width * height <= rule.area[1])
        narrow, wide = _ratios(rule, body)
        _must(narrow - 1e-3 <= width / height <= wide + 1e-3)
        return _stepped(rule, width), _stepped(rule, height)
    if not rule.group:
        return 1328, 1328
    area = _number(body, "size", int, *SIZE_AREA, 2048 * 2048)
    shape = RATIO_WORD.search(prompt)
    ratio = min(max(int(shape[1]) / max(1, int(shape[2])), 1 / 3), 3.0) if shape else 1.0
    return int(sqrt(area * ratio)), int(sqrt(area / ratio))


def _ratios(rule: Rule, body: Mapping[str, Any]) -> tuple[float, float]:
    if not rule.group:
        return 1 / 3, 3.0
    return (
        float(_number(body, "min_ratio", float, 1 / 16, 16, 1 / 3)),
        float(_number(body, "max_ratio", float, 1 / 16, 16, 3.0)),
    )


def _stepped(rule: Rule, side: int) -> int:
    """Image-to-image 3.0 answers in multiples of 16 within 512..1536; the others with exactly what was asked."""
    return side if rule.step == 1 else max(512, min(1536, round(side / rule.step) * rule.step))


def _list(body: Mapping[str, Any], name: str) -> tuple[str, ...]:
    given = body.get(name) or []
    _must(isinstance(given, list) and all(isinstance(one, str) and one for one in given))
    return tuple(given)


def _number(body: Mapping[str, Any], name: str, kind: type, low: float, high: float, default: float) -> float:
    """A number of the right type: a float may be written as a whole number, an int never as a fraction, a bool is
    neither."""
    given = body.get(name)
    if given is None:
        return default
    fits = type(given) is int or (kind is float and type(given) is float)
    _must(fits and low <= given <= high)
    return float(given) if kind is float else int(given)


def _must(right: bool) -> None:
    if not right:
        raise Business(50215)
