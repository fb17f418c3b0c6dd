"""Every flag of the paint line in one table: how it may be written, what it takes, and what it does to an order."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from typing import cast

from core.commands.line.ordered import Format, Ordered
from core.commands.line.words import fold
from core.errors import Refusal
from core.requests import Line

LONGEST = 800
"""Characters of prompt and avoid text together (Jimeng's own limit)."""
MOST_PICTURES = 4
MOST_RATIOS = 4
DRAFT_PICTURES = 4
MOST_SEED = 2_147_483_647
SIDES = (64, 8192)
"""Pixels a side may have in a line; what a model really takes is the model's to say."""
RATIO = re.compile(r"(\d{1,5})\s*[:x×*/]\s*(\d{1,5})")
SIZE = re.compile(r"(\d{1,5})\s*[x×*]\s*(\d{1,5})")
NUMERALS = {sign: str(number) for number, sign in enumerate("一二三四五六七八九十", 1)} | {"两": "2"}
"""Counts as they are said; 十张 is told its range like 10张."""
MEASURES = ("张", "幅", "个", "pics")
"""What is counted, as people say it after the number of `--n`: `--n 3张`, `--n 3 pics`."""
_WHOLE = re.compile(r"[+-]?\d{1,18}")
_SHARE = re.compile(r"\d{0,6}\.?\d{1,9}|\d{1,6}\.")
_SHAPES = {
    "横": (16, 9), "横版": (16, 9), "横图": (16, 9), "landscape": (16, 9),
    "竖": (9, 16), "竖版": (9, 16), "竖图": (9, 16), "portrait": (9, 16),
    "方": (1, 1), "方图": (1, 1), "square": (1, 1),
}  # fmt: skip
_QUALITIES = {"draft": "draft", "sd": "sd", "hd": "hd", "草稿": "draft", "标清": "sd", "高清": "hd"}
_SWITCH = {"on": True, "开": True, "yes": True, "true": True, "off": False, "关": False, "no": False, "false": False}
_FORMATS = {"jpg": "jpg", "jpeg": "jpg", "png": "png", "webp": "webp"}


class Takes(Enum):
    """What follows a flag: nothing, one word (or quoted), or text up to the next flag or the end of the line."""

    NOTHING = "nothing"
    WORD = "word"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class FlagInfo:
    """A flag for people: its spelling, meaning, values worth offering, other spellings, and the group it belongs to."""

    flag: str
    meaning: Line
    values: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    group: str = ""


@dataclass(frozen=True, slots=True)
class Flag:
    """A flag for the parser. `slot` is the parameter it sets (two flags of one slot overrule each other)."""

    info: FlagInfo
    names: tuple[str, ...]
    slot: str
    takes: Takes
    apply: Callable[[Ordered, str], Ordered]


def _bad(flag: str, value: str, wants: str) -> Refusal:
    return Refusal("line.bad_value", {"flag": flag, "value": value[:40], "wants": Line(f"line.wants_{wants}")})


def whole(flag: str, text: str, low: int, high: int) -> int:
    """A whole number within [low, high]; `Refusal` names the range."""
    if not _WHOLE.fullmatch(text.strip()):
        raise Refusal("line.bad_number", {"flag": flag, "value": text[:40], "low": low, "high": high})
    if not low <= int(text) <= high:
        raise Refusal("line.out_of_range", {"flag": flag, "value": text[:40], "low": low, "high": high})
    return int(text)


def said(count: str) -> str:
    """`两张`, `3幅` or `四` -> a number; anything else as it is."""
    number = next((count.removesuffix(word) for word in MEASURES if count.endswith(word)), count)
    return NUMERALS.get(number, number)


def _share(flag: str, text: str) -> float:
    if not _SHARE.fullmatch(text):
        raise Refusal("line.bad_share", {"flag": flag, "value": text[:40]})
    if float(text) > 1:
        raise Refusal("line.out_of_range", {"flag": flag, "value": text[:40], "low": 0, "high": 1})
    return round(float(text), 6)


def _ratio(order: Ordered, text: str) -> Ordered:
    """`16:9`, `横`, or several with commas: one brief in several shapes."""
    first, *more = dict.fromkeys(_one_ratio(one.strip(), text) for one in re.split("[,、]", text))
    if len(more) >= MOST_RATIOS:
        raise Refusal("line.too_many_ratios", {"n": len(more) + 1, "most": MOST_RATIOS})
    return replace(order, ratio=first, more=tuple(more))


def _one_ratio(text: str, typed: str) -> tuple[int, int]:
    if text in _SHAPES:
        return _SHAPES[text]
    found = RATIO.fullmatch(text)
    if not found or not int(found[1]) or not int(found[2]):
        raise _bad("--ar", typed, "ratio")
    return int(found[1]), int(found[2])


def _size(order: Ordered, text: str) -> Ordered:
    if text == "2k" or text == "4k":
        return replace(order, size=None, size_class="2K" if text == "2k" else "4K")
    found = SIZE.fullmatch(text)
    if not found:
        raise _bad("--size", text, "size")
    width, height = (whole("--size", found[side], *SIDES) for side in (1, 2))
    return replace(order, size=(width, height), size_class=None)


def _quality(order: Ordered, text: str) -> Ordered:
    match _QUALITIES.get(text):
        case "draft":
            return replace(order, draft=True, tier="sd")
        case "hd":
            return replace(order, draft=False, tier="hd")
        case "sd":
            return replace(order, tier="sd")
        case _:
            raise _bad("--q", text, "quality")


def _watermark(order: Ordered, text: str) -> Ordered:
    if text not in _SWITCH:
        raise _bad("--wm", text, "switch")
    return replace(order, watermark=_SWITCH[text])


def _format(order: Ordered, text: str) -> Ordered:
    if text not in _FORMATS:
        raise _bad("--format", text, "format")
    return replace(order, format=cast(Format, _FORMATS[text]))


def _side(order: Ordered, text: str) -> Ordered:
    raise AssertionError("--w and --h are joined into --size before they are applied")


W, T = Takes.WORD, Takes.TEXT
_TABLE: tuple[tuple[str, str, Takes, str, tuple[str, ...], tuple[str, ...], Callable[[Ordered, str], Ordered]], ...] = (
    # names, slot, takes, group, values worth offering, also accepted, what it does
    ("ar aspect ratio", "ratio", W, "shape", ("1:1", "4:3", "3:4", "16:9", "9:16", "3:2", "2:3", "21:9", "1:1,9:16,16:9"),
     ("--aspect", "16:9", "横", "竖", "方"), _ratio),
    ("size", "size", W, "shape", ("2K", "4K", "2048x2048", "2048x1152"), ("2K", "4K"), _size),
    ("w width", "width", W, "shape", ("2048",), ("--width",), _side),
    ("h height", "height", W, "shape", ("1152",), ("--height",), _side),
    ("n count", "count", W, "quality", ("1", "2", "3", "4"), ("-n", "4张"),
     lambda order, text: replace(order, count=whole("--n", said(text), 1, MOST_PICTURES))),
    ("sd", "tier", Takes.NOTHING, "quality", (), ("标清",), lambda order, _: _quality(order, "sd")),
    ("hd", "tier", Takes.NOTHING, "quality", (), ("高清",), lambda order, _: _quality(order, "hd")),
    ("draft", "tier", Takes.NOTHING, "quality", (), ("草稿",), lambda order, _: _quality(order, "draft")),
    ("q quality", "tier", W, "quality", ("draft", "sd", "hd"), ("--quality",), _quality),
    ("seed", "seed", W, "content", ("1234",), ("seed=1234",),
     lambda order, text: replace(order, seed=whole("--seed", text, 0, MOST_SEED))),
    ("no avoid negative", "avoid", T, "content", (), ("禁用",),
     lambda order, text: replace(order, avoid=text)),
    ("iw", "weight", W, "content", ("0.3", "0.5", "0.8"), (),
     lambda order, text: replace(order, weight=_share("--iw", text))),
    ("scale", "scale", W, "content", ("0.3", "0.5", "0.8"), (),
     lambda order, text: replace(order, scale=_share("--scale", text))),
    ("tpl template", "template", W, "team", (), ("--template", "模板"),
     lambda order, text: replace(order, template=text)),
    ("for label", "label", T, "team", (), ("用途",), lambda order, text: replace(order, label=text)),
    ("src source", "source", T, "team", (), ("--source", "来源"), lambda order, text: replace(order, source=text)),
    ("private", "private", Takes.NOTHING, "team", (), ("私密",), lambda order, _: replace(order, private=True)),
    ("wm watermark", "watermark", W, "output", ("on", "off"), ("--watermark",), _watermark),
    ("format", "format", W, "output", ("jpg", "png", "webp"), (), _format),
)  # fmt: skip

ALL: dict[str, Flag] = {
    (spellings := names.split())[0]: Flag(
        FlagInfo(f"--{spellings[0]}", Line(f"line.meaning_{spellings[0]}"), values, also, group),
        tuple(spellings), slot, takes, apply,
    )
    for names, slot, takes, group, values, also, apply in _TABLE
}  # fmt: skip
"""Flags by their first name, without dashes."""
BY_NAME: dict[str, Flag] = {name: flag for flag in ALL.values() for name in flag.names}
FLAGS: tuple[FlagInfo, ...] = tuple(flag.info for flag in ALL.values())
"""For completion and help, in the order they are explained."""

BARE: dict[str, tuple[str, str]] = {
    **{word: ("ar", word) for word in _SHAPES if not word.isascii()},
    "2k": ("size", "2k"), "4k": ("size", "4k"), "私密": ("private", ""),
    "草稿": ("draft", ""), "标清": ("sd", ""), "高清": ("hd", ""),
}  # fmt: skip
"""Words that count as a flag without any dash, at the end of the line: word -> flag, value."""
KEYWORDS = {"禁用": "no", "用途": "for", "来源": "src", "模板": "tpl"}
"""Chinese flag names followed by a value, at the end of the line."""
COUNT = re.compile(rf"\d{{1,3}}|[{''.join(NUMERALS)}]")
_BARE_COUNT = re.compile(rf"({COUNT.pattern})张")
_BARE_RATIO = re.compile(r"[1-9]\d?:[1-9]\d?")
_BARE_SIZE = re.compile(r"\d{3,5}[x×*]\d{3,5}")


def bare_word(word: str) -> tuple[str, str] | None:
    """What a folded word at the end of a line stands for: `4张` -> ("n", "4"); None when it is just a word."""
    if word in BARE:
        return BARE[word]
    if found := _BARE_COUNT.fullmatch(word):
        return "n", said(found[1])
    if _BARE_RATIO.fullmatch(word):
        return "ar", word
    return ("size", word) if _BARE_SIZE.fullmatch(word) else None


def value_of(flag: Flag, text: str) -> str:
    """A value as its flag reads it: typed values are folded, a person's words are not."""
    return text if flag.takes is T or flag.slot == "template" else fold(text).strip(",;、。 ")
