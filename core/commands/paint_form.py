"""The form that stands for the flags: prompt, ratio, quality, count, references and the brief's further fields."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from core.commands.asking import Ask
from core.commands.line import DRAFT_PICTURES, LONGEST, Ordered, parse
from core.errors import Refusal
from core.replies import Choice, ChoiceField, Field, FileField, Form, TextField
from core.requests import FieldValue, Line

RATIOS = ("1:1", "4:3", "3:4", "3:2", "2:3", "16:9", "9:16", "4:5", "21:9")

OPTIONAL = ("ratio", "tier", "count", "references", "avoid", "label", "source")
"""Fields an admin may switch off (`form_off`), in the order they are asked; a form without words is none."""


def form(ask: Ask, ordered: Ordered, subject: str = "", *, files: bool = True) -> Form:
    """The form with what is known filled in; what is known of a field that is off still holds.

    Telegram asks for the words alone: further values can be typed with them.
    """
    prompt = TextField(
        "prompt", Line("paint.field_prompt"), ordered.prompt, Line("paint.hint_prompt"), lines=4, longest=LONGEST
    )
    title, submit = Line("paint.form_title"), Line("paint.form_submit")
    if ask.request.place.platform == "telegram":
        return Form("paint", title, (prompt,), subject, submit)
    hint = Line(f"paint.hint_references_{ask.request.place.platform}")
    pictures = (FileField("references", Line("paint.field_references"), most=10, hint=hint),) if files else ()
    fields = (prompt, *_choices(ask, ordered), *pictures, *_brief(ordered))
    shown = tuple(one for one in fields if one.name not in ask.team.form_off)
    return Form("paint", title, shown, subject, submit, preview="price")


def _choices(ask: Ask, ordered: Ordered) -> tuple[Field, ...]:
    """Ratio, quality and count."""
    ratio = f"{ordered.ratio[0]}:{ordered.ratio[1]}" if ordered.ratio else ""
    known = (*RATIOS, ratio) if ratio and ratio not in RATIOS else RATIOS
    ratios = (
        Choice("auto", Line("paint.ratio_auto")),
        *(Choice(one, Line("paint.ratio", {"ratio": one})) for one in known),
    )
    tiers = tuple(Choice(tier, Line(f"paint.tier_{tier}", {"points": ask.team.price(tier)})) for tier in ("sd", "hd"))
    counts = tuple(Choice(str(n), Line("paint.count", {"n": n})) for n in range(1, 5))
    tier = ordered.tier or ("hd" if ordered.size_class else "sd")
    count = ordered.count or (DRAFT_PICTURES if ordered.draft else 1)
    return (
        ChoiceField("ratio", Line("paint.field_ratio"), ratios, ratio or "auto"),
        ChoiceField("tier", Line("paint.field_tier"), tiers, tier),
        ChoiceField("count", Line("paint.field_count"), counts, str(count)),
    )


def _brief(ordered: Ordered) -> tuple[Field, ...]:
    """What must not appear, for what it is, and where the references come from."""

    def field(name: str, value: str, longest: int) -> TextField:
        hint = Line(f"paint.hint_{name}")
        return TextField(name, Line(f"paint.field_{name}"), value, hint, required=False, longest=longest)

    return (field("avoid", ordered.avoid, 200), field("label", ordered.label, 60), field("source", ordered.source, 200))


def ordered_of_form(values: Mapping[str, FieldValue], kept: Mapping[str, Any]) -> Ordered:
    """A submitted form as an order: flags typed among the words win, for a default in a field is no choice; then the fields, then what was kept.

    Fields are read by the rules of their flags: what somebody sends need not be what was offered.
    """
    typed = parsed(values, "prompt")
    ordered = over(parse(str(kept["line"])), typed) if kept.get("line") else typed
    found: dict[str, Any] = {}
    ratio = str(values.get("ratio") or "")
    if ratio and not (typed.ratio or typed.size or typed.size_class):
        chosen = None if ratio == "auto" else parsed({"ratio": f"--ar {ratio}"}, "ratio").ratio
        more = ordered.more if chosen == ordered.ratio else ()  # a form shows the first of several
        found = {"ratio": chosen, "more": more, "size": None} if chosen else {"ratio": None, "more": ()}
    if typed.tier is None and values.get("tier") in ("sd", "hd"):
        found |= {"tier": values["tier"], "draft": False}
    if typed.count is None and values.get("count"):
        found["count"] = parsed({"count": f"--n {values['count']}"}, "count").count
    for name in ("avoid", "label", "source"):
        if name in values:
            found[name] = str(values[name] or "").strip() or getattr(typed, name)
    return dataclasses.replace(ordered, **found)


def parsed(values: Mapping[str, FieldValue], name: str) -> Ordered:
    """The line in a form's field. Refusals of the line at that field, so that the form comes back as it was filled in."""
    try:
        return parse(str(values.get(name) or ""))
    except Refusal as refusal:
        raise Refusal(refusal.key, refusal.values, field=name) from refusal


OVERRULED = {
    "ratio": ("size", "more"),
    "size": ("ratio", "more", "size_class"),
    "size_class": ("size",),
    "tier": ("draft",),
    "weight": ("scale",),
    "scale": ("weight",),
}
"""What a newly typed value puts aside."""


def over(before: Ordered, typed: Ordered) -> Ordered:
    """What was said before, with what was typed now in its place."""
    plain = Ordered()
    said = {one.name: getattr(typed, one.name) for one in dataclasses.fields(Ordered)}
    found = {name: value for name, value in said.items() if value != getattr(plain, name)}
    aside = {other: getattr(plain, other) for name in found for other in OVERRULED.get(name, ())}
    return dataclasses.replace(before, **{**aside, **found, "notes": typed.notes})
