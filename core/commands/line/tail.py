"""The end of the line: words that are flags without dashes, Chinese flag names, a template's `key=value` words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from core.commands.line.flags import COUNT, KEYWORDS, RATIO, bare_word, said
from core.commands.line.words import Word, after_dashes, bare, fold, unquoted
from core.requests import Line

_GAP = re.compile(r"([^\W\d]\w*)[=＝](.*)", re.DOTALL)
_KEYWORD = re.compile(f"({'|'.join(KEYWORDS)})[:：=＝]?")
WIDEST = 3
HIGHEST = 21
TALL = frozenset(
    {(8, 10), (8, 11), (9, 16), (9, 18), (9, 19), (9, 20), (9, 21), (10, 16), (11, 14), (14, 11), (16, 10)}
)
"""A bare ratio beyond 3:1 or 1:3 or with a side over 21 is a score or a time of day, not a picture; so is one with minutes
after the colon (10:15), but for those people use."""


@dataclass(slots=True)
class Tail:
    """What was found: the words left, settings as (position, flag, value, as typed), gaps by name, and notes."""

    kept: list[Word]
    settings: list[tuple[int, str, str, str]] = field(default_factory=list)
    gaps: dict[str, str] = field(default_factory=dict)
    notes: list[Line] = field(default_factory=list)


def read_tail(text: str, kept: Sequence[Word], template: bool) -> Tail:
    """Read from the end until a plain word stands there. `template`: a --tpl was given, `key=value` words fill gaps."""
    tail = Tail(list(kept))
    if not template and _take_first_template(tail):
        template = True
    if template:
        _take_gaps(tail)
    while tail.kept and (_take_bare(tail) or _take_keyword(text, tail)):
        pass
    return tail


def _take_first_template(tail: Tail) -> bool:
    """`模板 NAME 商品=杯子 雪天`: at the beginning of the line further words may follow, where a gap is filled among them."""
    if not tail.kept or after_dashes(tail.kept[0].text) != "模板":
        return False
    first, *rest = tail.kept
    name = unquoted(rest[0].text) if rest else ""
    if not name or not any(_GAP.fullmatch(word.text) for word in rest[1:]):
        return False
    tail.settings.append((first.start, "tpl", name, f"模板 {name}"))
    tail.kept = rest[1:]
    return True


def _take_gaps(tail: Tail) -> None:
    left = []
    for word in tail.kept:
        if found := _GAP.fullmatch(word.text):
            name, value = found[1], unquoted(found[2])
            if tail.gaps.get(name, value) != value:
                tail.notes.append(Line("line.repeated", {"what": name, "kept": word.text[:60]}))
            tail.gaps[name] = value
        else:
            left.append(word)
    tail.kept = left


def _take_bare(tail: Tail) -> bool:
    """`横`, `4张`, `16:9`, `2K` as the last word."""
    last = tail.kept[-1]
    if (
        bare(last.text) == "张" and len(tail.kept) > 1
    ):  # `4 张`: what people write who put a blank between digits and signs
        count = tail.kept[-2]
        if COUNT.fullmatch(fold(count.text)) and count.line == last.line:
            tail.settings.append((count.start, "n", said(fold(count.text)), f"{count.text} 张"))
            del tail.kept[-2:]
            return True
    found = bare_word(bare(after_dashes(last.text)))
    if not found:
        return False
    name, value = found
    if name == "ar" and (sides := RATIO.fullmatch(value)) and not _paintable(int(sides[1]), int(sides[2])):
        tail.notes.append(Line("line.kept_ratio", {"word": last.text[:40]}))
        return False
    tail.settings.append((last.start, name, value, last.text))
    tail.kept.pop()
    return True


def _paintable(width: int, height: int) -> bool:
    used = max(width, height) <= HIGHEST and (height < 10 or (width, height) in TALL)
    return used and width <= WIDEST * height and height <= WIDEST * width


def _take_keyword(text: str, tail: Tail) -> bool:
    """`禁用 文字 水印` or `用途：春节` at the end of the last line; `模板 NAME` may be followed by its gaps only."""
    line = tail.kept[-1].line
    for at in range(len(tail.kept) - 1, -1, -1):
        word = tail.kept[at]
        if word.line != line:
            return False
        body = after_dashes(word.text)
        found = _KEYWORD.match(body)
        if not found or (found.end() < len(body) and found[0] == found[1]):
            continue
        rest = tail.kept[at + 1 :]
        attached = body[found.end() :]
        if KEYWORDS[found[1]] == "tpl":
            return _take_template(tail, at, attached, rest)
        value = unquoted(" ".join([attached, *_runs(text, rest)]))
        if not value:
            return False
        tail.settings.append((word.start, KEYWORDS[found[1]], value, f"{found[1]} {value}"))
        del tail.kept[at:]
        return True
    return False


def _runs(text: str, rest: Sequence[Word]) -> list[str]:
    """Words as they stood, with their own spacing where nothing was taken out between them."""
    pieces: list[str] = []
    for previous, word in zip([None, *rest], rest, strict=False):
        gap = text[previous.end : word.start] if previous else ""
        if previous and not gap.strip():
            pieces[-1] += gap + word.text
        else:
            pieces.append(word.text)
    return pieces


def _take_template(tail: Tail, at: int, attached: str, rest: Sequence[Word]) -> bool:
    name, gaps = (attached, rest) if attached else (rest[0].text, rest[1:]) if rest else ("", rest)
    if not unquoted(name) or not all(_GAP.fullmatch(word.text) for word in gaps):
        return False
    tail.settings.append((tail.kept[at].start, "tpl", unquoted(name), f"模板 {name}"))
    tail.kept = [*tail.kept[:at], *gaps]
    _take_gaps(tail)
    return True
