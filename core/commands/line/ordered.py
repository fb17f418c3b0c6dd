"""What a typed `/paint` line asks for: the effective parameters, typed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from core.requests import Line

SizeClass = Literal["2K", "4K"]
Tier = Literal["sd", "hd"]
Format = Literal["jpg", "png", "webp"]


@dataclass(frozen=True, slots=True)
class Ordered:
    """One parsed line. None means "not said": defaults (member, channel, model) are the caller's.

    `prompt` is verbatim with its line breaks, without the flags ("" when nothing but flags was typed). `ratio` is
    (width, height) as typed, None when an exact `size` (pixels) rules; `more` are further ratios of the same brief,
    each a painting of its own. `size_class` is never set together with `size`.
    `draft` implies tier "sd" and has a count (4 unless said). `avoid` is --no, `weight` --iw and `scale` --scale in
    0..1, never both. `gaps` are the `key=value` words of a line with `template`. `label` is --for, `source` --src.
    `notes` say what the parser decided (a repeated flag); orders that differ in notes only are equal.
    """

    prompt: str = ""
    ratio: tuple[int, int] | None = None
    more: tuple[tuple[int, int], ...] = ()
    size: tuple[int, int] | None = None
    size_class: SizeClass | None = None
    count: int | None = None
    tier: Tier | None = None
    draft: bool = False
    seed: int | None = None
    avoid: str = ""
    weight: float | None = None
    scale: float | None = None
    template: str | None = None
    gaps: Mapping[str, str] = field(default_factory=dict, hash=False)
    label: str = ""
    source: str = ""
    private: bool = False
    watermark: bool | None = None
    format: Format | None = None
    notes: tuple[Line, ...] = field(default=(), compare=False)
