"""The line of `/paint`, read: flags out of the words, the prompt kept verbatim."""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from core.commands.line.flags import ALL, BY_NAME, COUNT, DRAFT_PICTURES, LONGEST, MEASURES, Flag, Takes, value_of
from core.commands.line.ordered import Ordered
from core.commands.line.tail import Tail, read_tail
from core.commands.line.words import (
    APOSTROPHES,
    DASHES,
    QUOTES,
    Word,
    after_dashes,
    bare,
    fold,
    is_flag,
    rejoin,
    unquoted,
    words,
)
from core.errors import Refusal
from core.requests import Line

_ATTACHED = re.compile(r"[=＝:：]")
_GLUED = re.compile(r"([a-z]+)(\d.*)", re.DOTALL)
_SEED = re.compile(r"seed=(\S*)")
_STUCK = re.compile(f"[^{DASHES}\\s]((?:--|[—－]{{1,2}})([A-Za-zＡ-Ｚａ-ｚ]+))(?![A-Za-z0-9])")
_STUCK_LAST = re.compile(
    r"(?:(?<=[\u4e00-\u9fff，,、])[1-4１-４两]张|(?<=[，,、])(?:[横竖方](?:版|图)?|[一三四]张|草稿|标清|高清|私密|[24][kK]))$"
)
"""`一只猫横4张`, `一只猫，横`: what would be a flag had a blank stood before it."""
ALIKE = 0.5
"""Names no more alike than this are no misspelling of each other: `--chaos` is not meant for `--ratio`."""
_PUNCTUATION = ",，;；、。.!！"


@dataclass(frozen=True, slots=True)
class Setting:
    """One flag as found: where, which, its value, and how it was typed."""

    at: int
    flag: Flag
    value: str
    shown: str


def parse(text: str) -> Ordered:
    """What a typed line asks for. An empty prompt is no error here (the caller opens a form).

    Raises `Refusal`: an unknown flag (names the nearest), a missing, bad or out-of-range value, --iw with --scale,
    one of --w and --h alone, more than 800 characters of prompt and avoid text.
    """
    text = text.replace("\r\n", "\n")
    every = words(text)
    kept, found = _take_flags(text, every)
    kept, seeds = _take_seeds(kept)
    tail = read_tail(text, kept, any(setting.flag.slot == "template" for setting in found))
    found += seeds + [Setting(at, ALL[name], value, shown) for at, name, value, shown in tail.settings]
    order = _settled(sorted(found, key=lambda setting: setting.at), tail)
    order = replace(order, prompt=rejoin(text, every, tail.kept), notes=(*order.notes, *_stuck(tail.kept)))
    check_length(order.prompt, order.avoid)
    return order


def _stuck(kept: Sequence[Word]) -> tuple[Line, ...]:
    """A note for what looks like a flag but sticks to the word before it (`一只猫--hd`): the rule keeps it as words, and its typist has to know."""
    plain = [word.text for word in kept if not QUOTES.intersection(word.text)]
    found = [one[1] for text in plain for one in _STUCK.finditer(text) if fold(one[2]) in BY_NAME]
    if kept and plain and kept[-1].text == plain[-1] and (last := _STUCK_LAST.search(plain[-1].rstrip(_PUNCTUATION))):
        found.append(last[0])
    return (Line("line.kept_flag", {"flag": found[0]}),) if found else ()


def check_length(prompt: str, avoid: str = "", *, limit: int = LONGEST) -> None:
    """`Refusal` with the count when prompt and avoid text are over 800 characters, or a model's fewer (ask again once a template is in)."""
    limit = min(limit, LONGEST)
    if (count := len(prompt) + len(avoid)) > limit:
        raise Refusal("line.too_long", {"count": count, "limit": limit, "over": count - limit}, field="prompt")


def _take_flags(text: str, every: Sequence[Word]) -> tuple[list[Word], list[Setting]]:
    """The words that are left, and the dashed flags found among them."""
    kept: list[Word] = []
    found: list[Setting] = []
    at = 0
    while at < len(every):
        word = every[at]
        at += 1
        if not is_flag(word.text):
            kept.append(word)
            continue
        flag, attached = _named(word.text)
        until = at
        while until < len(every) and every[until].line == word.line and not is_flag(every[until].text):
            until += 1
        value, used = _value(text, flag, word, attached, every[at:until])
        found.append(Setting(word.start, flag, value, text[word.start : every[at + used - 1].end]))
        at += used
    return kept, found


def _named(typed: str) -> tuple[Flag, str]:
    """`—ar=16:9` -> the flag and the value attached to it; `Refusal` for a flag nobody has."""
    body = after_dashes(typed)
    cut = _ATTACHED.search(body)
    name = fold(body[: cut.start()] if cut else body).rstrip(_PUNCTUATION)
    attached = body[cut.end() :] if cut else ""
    if name in BY_NAME:
        return BY_NAME[name], attached
    glued = _GLUED.fullmatch(fold(body))
    if glued and (flag := BY_NAME.get(glued[1])) and flag.takes is Takes.WORD:
        return flag, glued[2]
    nearest = max(BY_NAME, key=lambda known: difflib.SequenceMatcher(None, known, name).ratio())
    if difflib.SequenceMatcher(None, nearest, name).ratio() <= ALIKE:
        raise Refusal("line.strange_flag", {"flag": typed[:40]})
    raise Refusal("line.unknown_flag", {"flag": typed[:40], "nearest": f"--{nearest}"})


def _value(text: str, flag: Flag, word: Word, attached: str, following: Sequence[Word]) -> tuple[str, int]:
    """The value of a flag and how many of the words that follow it (on its line, up to the next flag) it used."""
    if flag.takes is Takes.NOTHING:
        if attached:
            raise Refusal("line.takes_nothing", {"flag": flag.info.flag})
        return "", 0
    if flag.takes is Takes.TEXT:
        begin = word.end - len(attached)
        value = unquoted(text[begin : following[-1].end] if following else attached)
        used = len(following)
    elif attached:
        value, used = unquoted(attached), 0
    else:
        value, used = _one(text, following)
    if not value:
        raise Refusal("line.value_missing", {"flag": flag.info.flag, "meaning": flag.info.meaning})
    return value, used + _measured(flag, value, following[used:])


def _measured(flag: Flag, value: str, following: Sequence[Word]) -> int:
    """1 where a lone measure word follows the number of a count (`--n 3 张`): it is no part of the prompt."""
    counted = flag.slot == "count" and COUNT.fullmatch(fold(value)) is not None
    return int(counted and bool(following) and bare(following[0].text) in MEASURES)


def _one(text: str, following: Sequence[Word]) -> tuple[str, int]:
    """One word, or several held together by apostrophes; what is used is counted in words."""
    if not following:
        return "", 0
    first = following[0]
    closer = APOSTROPHES.get(first.text[0])
    for number, last in enumerate(following if closer else (), start=1):
        whole = text[first.start : last.end]
        if closer and len(whole) > 1 and whole.endswith(closer):
            return unquoted(whole), number
    return unquoted(first.text), 1


def _take_seeds(kept: Sequence[Word]) -> tuple[list[Word], list[Setting]]:
    """`seed=1234` counts wherever it stands."""
    left: list[Word] = []
    found: list[Setting] = []
    for word in kept:
        seed = _SEED.fullmatch(fold(word.text).rstrip(_PUNCTUATION))
        if seed:
            found.append(Setting(word.start, ALL["seed"], seed[1], word.text))
        else:
            left.append(word)
    return left, found


def _settled(found: Sequence[Setting], tail: Tail) -> Ordered:
    """All settings applied in the order typed; the last of a repeated one wins and is noted."""
    order = Ordered(gaps=tail.gaps)
    notes = list(tail.notes)
    seen: set[str] = set()
    for setting in _with_sides(found):
        changed = setting.flag.apply(order, value_of(setting.flag, setting.value))
        if setting.flag.slot in seen and changed != order:
            notes.append(
                Line("line.repeated", {"what": Line(f"line.slot_{setting.flag.slot}"), "kept": setting.shown[:60]})
            )
        seen.add(setting.flag.slot)
        order = changed
    if order.weight is not None and order.scale is not None:
        raise Refusal("line.iw_and_scale")
    if order.draft and order.count is None:
        order = replace(order, count=DRAFT_PICTURES)
    if order.size and order.ratio:
        (width, height), (across, down) = order.size, order.ratio
        if abs(width * down - height * across) > 0.02 * width * down:
            notes.append(Line("line.size_over_ratio", {"size": f"{width}x{height}", "ratio": f"{across}:{down}"}))
        order = replace(order, ratio=None, more=())
    return replace(order, notes=tuple(notes))


def _with_sides(found: Sequence[Setting]) -> list[Setting]:
    """--w and --h joined into one --size where the later of them stands; the later of two --w wins."""
    sides: Mapping[str, list[Setting]] = {
        slot: [one for one in found if one.flag.slot == slot] for slot in ("width", "height")
    }
    if not any(sides.values()):
        return list(found)
    if not all(sides.values()):
        given, missing = ("--w", "--h") if sides["width"] else ("--h", "--w")
        raise Refusal("line.half_size", {"given": given, "missing": missing})
    width, height = sides["width"][-1], sides["height"][-1]
    for side in (width, height):
        if not value_of(side.flag, side.value).isdecimal():
            raise Refusal(
                "line.bad_value",
                {"flag": side.flag.info.flag, "value": side.value[:40], "wants": Line("line.wants_side")},
            )
    value = f"{value_of(width.flag, width.value)}x{value_of(height.flag, height.value)}"
    joined = Setting(max(width.at, height.at), ALL["size"], value, value)
    rest = [one for one in found if one.flag.slot not in sides]
    return sorted([*rest, joined], key=lambda setting: setting.at)
