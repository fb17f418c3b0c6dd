"""An order written as the line that gives it again."""

import re

from core.commands.line.flags import DRAFT_PICTURES
from core.commands.line.ordered import Ordered
from core.commands.line.words import APOSTROPHES, CLOSERS, QUOTES, is_flag, unquoted, words


def write(order: Ordered) -> str:
    """The text after `/paint` for an order `parse` gave: parse(write(order)) == order.

    Flags follow the prompt, on a line of their own where quotes in the prompt could swallow them.
    """
    out = order.prompt
    loose = any(mark in QUOTES for mark in order.prompt.rpartition("\n")[2])
    for piece, whole in _pieces(order):
        out += ("\n" if loose or not whole else " ") + piece if out else piece
        loose = not whole
    return out


def _pieces(order: Ordered) -> list[tuple[str, bool]]:
    """Flags with values, each with whether it may share its line with others."""
    plain: list[tuple[str, object]] = [
        ("--ar", ",".join(f"{wide}:{high}" for wide, high in (order.ratio, *order.more)) if order.ratio else None),
        ("--size", f"{order.size[0]}x{order.size[1]}" if order.size else order.size_class),
        ("--n", None if order.draft and order.count == DRAFT_PICTURES else order.count),
        ("--seed", order.seed),
        ("--iw", _number(order.weight)),
        ("--scale", _number(order.scale)),
        ("--wm", None if order.watermark is None else "on" if order.watermark else "off"),
        ("--format", order.format),
    ]
    pieces = [(f"{flag} {value}", True) for flag, value in plain if value is not None]
    if order.tier:
        pieces.append(("--draft" if order.draft else f"--{order.tier}", True))
    if order.private:
        pieces.append(("--private", True))
    if order.template is not None:
        pieces.append(_quoted("--tpl ", order.template, one=True))
        pieces += [_quoted(f"{name}=", value, one=True, gap=True) for name, value in order.gaps.items()]
    for flag, text in (("--no ", order.avoid), ("--for ", order.label), ("--src ", order.source)):
        if text:
            pieces.append(_quoted(flag, text, one=False))
    return pieces


def _number(value: float | None) -> str | None:
    return None if value is None else f"{value:.6f}".rstrip("0").rstrip(".")


def _quoted(before: str, value: str, *, one: bool, gap: bool = False) -> tuple[str, bool]:
    """`--for Spring sale`, quoted where it needs to be. `one`: it must be one word; `gap`: no apostrophes around it."""
    value = re.sub(r"\s*\n\s*", " ", value)
    if not _needs_quotes(value, one):
        return before + value, True
    pairs = {**CLOSERS, **({} if gap or not one else APOSTROPHES)}
    for opener, closers in pairs.items():
        if not any(mark in value for mark in opener + closers):
            return f"{before}{opener}{value}{closers[0]}", True
    return before + value, False


def _needs_quotes(value: str, one: bool) -> bool:
    found = words(value)
    if one and len(found) != 1:
        return True
    return (
        unquoted(value) != value or any(mark in QUOTES for mark in value) or any(is_flag(word.text) for word in found)
    )
