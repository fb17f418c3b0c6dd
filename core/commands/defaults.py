"""`/defaults`: what a member's lines mean where they say nothing about ratio, quality, count or format."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from core import members
from core.commands.asking import Ask, Command
from core.commands.line import Ordered, parse
from core.commands.names import spoken
from core.commands.paint_form import RATIOS
from core.errors import Refusal
from core.replies import Answer, Button, Choice, ChoiceField, Facts, Form, Reply
from core.requests import Line, Value

NAMES = ("ratio", "tier", "count", "format")
NONE = "none"
CLEARING = (NONE, "clear", "reset", "无", "清空", "清除")
FORMATS = ("jpg", "png", "webp")


def with_defaults(ask: Ask, ordered: Ordered, *, pictures: bool = False) -> Ordered:
    """The order with its member's defaults where neither the line nor a field of its form says otherwise; with `pictures` the shape is theirs."""
    own, said = ask.member.defaults, ask.request.values
    free = {
        "ratio": ordered.ratio is None and ordered.size is None and not pictures,
        "tier": ordered.tier is None and ordered.size is None and ordered.size_class is None,
        "count": ordered.count is None,
        "format": ordered.format is None,
    }
    found = {name: own[name] for name in NAMES if free[name] and name in own and name not in said}
    if "ratio" in found:
        found["ratio"] = _ratio(found["ratio"])
    return dataclasses.replace(ordered, **found)


def _ratio(text: str) -> tuple[int, int]:
    wide, _, high = text.partition(":")
    return int(wide), int(high)


async def defaults(ask: Ask) -> Answer:
    """What is set; set by flags (`/defaults --hd --n 2`) or by the form, cleared by `none`. Refusal `defaults.only` for anything else."""
    text = ask.request.text.strip()
    if ask.request.values:
        return await _save(ask, _chosen(ask))
    if text.lower() in CLEARING or ask.request.subject == NONE:
        return await _save(ask, {})
    if text:
        return await _save(ask, {**ask.member.defaults, **_typed(text)})
    return _shown(ask, Line("defaults.title", tone="title"), ask.member.defaults)


def _typed(text: str) -> Mapping[str, Any]:
    ordered = parse(text)
    plain = Ordered(
        ratio=ordered.ratio, tier=ordered.tier, draft=ordered.draft, count=ordered.count, format=ordered.format
    )
    if plain != ordered:
        raise Refusal("defaults.only")
    ratio = f"{ordered.ratio[0]}:{ordered.ratio[1]}" if ordered.ratio else None
    found = {"ratio": ratio, "tier": ordered.tier, "count": ordered.count, "format": ordered.format}
    return {name: value for name, value in found.items() if value is not None}


def _chosen(ask: Ask) -> Mapping[str, Any]:
    known = _options(ask)
    found: dict[str, Any] = {}
    for name in NAMES:
        value = str(ask.request.values.get(name) or NONE)
        if value != NONE and any(one.value == value for one in known[name]):
            found[name] = int(value) if name == "count" else value
    return found


async def _save(ask: Ask, own: Mapping[str, Any]) -> Answer:
    async with ask.tools.house.records.write() as tx:
        await members.change(tx, ask.member.id, defaults=dict(own))
    return _shown(ask, Line("defaults.saved" if own else "defaults.cleared"), own)


def _shown(ask: Ask, head: Line, own: Mapping[str, Any]) -> Reply:
    rows = tuple((_label(name), _value(own, name)) for name in NAMES)
    typed: dict[str, Value] = {"defaults": spoken("defaults", ask.request.place.platform)}
    buttons = [Button(Line("defaults.button_edit"), "defaults.edit", style="primary")]
    if own:
        buttons.append(Button(Line("defaults.button_clear"), "defaults", NONE))
    parts = (head, Facts(rows), Line("defaults.how", typed, "fact"))
    return Reply(parts, tuple(buttons), private=True, instead=bool(ask.request.subject))


def _label(name: str) -> Line:
    return Line("details.format") if name == "format" else Line(f"paint.field_{name}")


def _value(own: Mapping[str, Any], name: str) -> Value:
    if name not in own:
        return Line(f"defaults.none_{name}")
    match name:
        case "tier":
            return Line(f"defaults.tier_{own[name]}")
        case "count":
            return Line("paint.count", {"n": own[name]})
        case _:
            return str(own[name])


async def edit(ask: Ask) -> Form:
    """The four of them as a form; submitted as `defaults`."""
    own, options = ask.member.defaults, _options(ask)
    fields = tuple(ChoiceField(name, _label(name), options[name], str(own.get(name, NONE))) for name in NAMES)
    return Form("defaults", Line("defaults.title"), fields, submit=Line("defaults.submit"))


def _options(ask: Ask) -> Mapping[str, tuple[Choice, ...]]:
    own = ask.member.defaults.get("ratio", "")
    ratios = (*RATIOS, own) if own and own not in RATIOS else RATIOS
    none = {name: Choice(NONE, Line(f"defaults.none_{name}")) for name in NAMES}
    tiers = (Choice(one, Line(f"paint.tier_{one}", {"points": ask.team.price(one)})) for one in ("sd", "hd"))
    return {
        "ratio": (none["ratio"], *(Choice(one, Line("paint.ratio", {"ratio": one})) for one in ratios)),
        "tier": (none["tier"], *tiers),
        "count": (none["count"], *(Choice(str(n), Line("paint.count", {"n": n})) for n in range(1, 5))),
        "format": (none["format"], *(Choice(one, Line("paint.ratio", {"ratio": one.upper()})) for one in FORMATS)),
    }


VERBS: Mapping[str, Command] = {"defaults": defaults, "defaults.edit": edit}
