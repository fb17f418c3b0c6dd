"""The form that stands for the flags: prompt, ratio, quality, count, references and the brief's further fields."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from core.commands.asking import Ask
from core.commands.line import LONGEST, Ordered, parse
from core.replies import Choice, ChoiceField, Field, FileField, Form, TextField
from core.requests import FieldValue, Line

RATIOS = ("1:1", "4:3", "3:4", "3:2", "2:3", "16:9", "9:16", "4:5", "21:9")


def form(ask: Ask, ordered: Ordered, subject: str = "") -> Form:
    """The form with what is known filled in. Telegram asks for the words alone: further values can be typed with them."""
    prompt = TextField(
        "prompt", Line("paint.field_prompt"), ordered.prompt, Line("paint.hint_prompt"), lines=4, longest=LONGEST
    )
    if ask.request.place.platform == "telegram":
        return Form("paint", Line("paint.form_title"), (prompt,), subject, Line("paint.form_submit"))
    ratio = f"{ordered.ratio[0]}:{ordered.ratio[1]}" if ordered.ratio else ""
    prices = {tier: ask.team.price(tier) for tier in ("sd", "hd")}
    fields: list[Field] = [
        prompt,
        ChoiceField("ratio", Line("paint.field_ratio"), _ratios(ratio), ratio or "auto"),
        ChoiceField(
            "tier",
            Line("paint.field_tier"),
            tuple(Choice(tier, Line(f"paint.tier_{tier}", {"points": prices[tier]})) for tier in ("sd", "hd")),
            ordered.tier or "sd",
        ),
        ChoiceField(
            "count",
            Line("paint.field_count"),
            tuple(Choice(str(n), Line("paint.count", {"n": n})) for n in range(1, 5)),
            str(ordered.count or (4 if ordered.draft else 1)),
        ),
    ]
    if not subject:
        fields.append(
            FileField("references", Line("paint.field_references"), most=10, hint=Line("paint.hint_references"))
        )
    fields += [
        TextField(
            "avoid", Line("paint.field_avoid"), ordered.avoid, Line("paint.hint_avoid"), required=False, longest=200
        ),
        TextField(
            "label", Line("paint.field_label"), ordered.label, Line("paint.hint_label"), required=False, longest=60
        ),
        TextField(
            "source", Line("paint.field_source"), ordered.source, Line("paint.hint_source"), required=False, longest=200
        ),
    ]
    return Form("paint", Line("paint.form_title"), tuple(fields), subject, Line("paint.form_submit"), preview="price")


def _ratios(chosen: str) -> tuple[Choice, ...]:
    known = (*RATIOS, chosen) if chosen and chosen not in RATIOS else RATIOS
    return (
        Choice("auto", Line("paint.ratio_auto")),
        *(Choice(one, Line("paint.ratio", {"ratio": one})) for one in known),
    )


def ordered_of_form(values: Mapping[str, FieldValue], kept: Mapping[str, Any]) -> Ordered:
    """A submitted form as an order: the prompt field may hold flags too, the form's own fields win, then what was kept."""
    typed = parse(str(values.get("prompt") or ""))
    ordered = over(parse(str(kept["line"])), typed) if kept.get("line") else typed
    found: dict[str, Any] = {}
    ratio = str(values.get("ratio") or "")
    if ":" in ratio:
        wide, _, high = ratio.partition(":")
        found["ratio"] = (int(wide), int(high))
        found["size"] = None
    if values.get("tier") in ("sd", "hd"):
        found["tier"] = values["tier"]
    if str(values.get("count") or "").isdigit():
        found["count"] = int(str(values["count"]))
    for name in ("avoid", "label", "source"):
        if name in values:
            found[name] = str(values[name] or "").strip() or getattr(typed, name)
    return dataclasses.replace(ordered, **found)


def over(before: Ordered, typed: Ordered) -> Ordered:
    """What was said before, with what was typed now in its place."""
    plain = Ordered()
    said = {one.name: getattr(typed, one.name) for one in dataclasses.fields(Ordered)}
    found = {name: value for name, value in said.items() if value != getattr(plain, name)}
    if {"ratio", "size", "size_class"} & set(found):
        found = {"ratio": None, "size": None, "size_class": None} | found
    return dataclasses.replace(before, **{**found, "notes": typed.notes})
