"""The short phrases cards are made of: size, tier, references, money."""

import dataclasses

from core.generations import GenerationView
from core.jimeng.models import BUILT_IN
from core.replies import Button, Picture
from core.requests import Line, Value

PROMPT_SHOWN = 200


def tier_and_count(view: GenerationView) -> Line:
    """`4 张草稿`, `1 张高清`: a final is named as such."""
    kind = "final" if view.parent_kind == "final" else view.tier
    return Line(f"card.count_{kind}", {"n": view.count})


def size(view: GenerationView) -> str:
    """`16:9 1664×936`."""
    return f"{view.ratio} {view.width}×{view.height}".strip()


def reference_names(view: GenerationView) -> tuple[Value, ...]:
    """`图1 图2` as one phrase, nothing without references."""
    if not view.references:
        return ()
    names = tuple(Line("card.reference", {"n": at}) for at in range(1, len(view.references) + 1))
    return (Line("card.references", {"names": names}),)


def seed(view: GenerationView) -> tuple[Value, ...]:
    """`seed 1234` where the model takes one."""
    return () if view.seed is None else (Line("card.seed", {"seed": str(view.seed)}),)


def what(view: GenerationView) -> tuple[Value, ...]:
    """The effective parameters in one line; those that are as always are not told."""
    label = (Line("card.label", {"label": view.label}),) if view.label else ()
    return (size(view), tier_and_count(view), *reference_names(view), *label, *_asked(view))


def _asked(view: GenerationView) -> tuple[Value, ...]:
    found: list[Value] = []
    if view.weight is not None:
        found.append(Line("card.weight", {"weight": reference_weight(view)}))
    if view.format:
        found.append(view.format.upper())
    if view.private:
        found.append(Line("card.private"))
    if not view.watermark:
        found.append(Line("card.unlabelled"))
    return tuple(found)


def taken_back(view: GenerationView) -> tuple[Value, ...]:
    """How many of its pictures were cancelled before Jimeng had them."""
    cancelled = sum(task.status == "cancelled" for task in view.tasks)
    return (Line("card.taken_back", {"n": cancelled}),) if cancelled else ()


def retries(view: GenerationView) -> tuple[Value, ...]:
    """How often it was tried in vain before it was given up; nothing where the first try told all."""
    return (Line("card.retried", {"n": view.retries}),) if view.retries else ()


def reference_weight(view: GenerationView) -> str:
    """How much the references count, 0 to 1 as `--iw` takes it: the record holds the text weight in its model's own unit."""
    weight = view.weight or 0.0
    unit = next((row.scale for row in BUILT_IN if row.req_key == view.model), "")
    return f"{1 - weight / (100 if unit.endswith('100') or weight > 1 else 1):.2g}"


def for_others(view: GenerationView) -> GenerationView:
    """As anybody but its owner reads it: without their balance."""
    return dataclasses.replace(view, points_left=None)


def pictures(view: GenerationView) -> tuple[Picture, ...]:
    """Every kept picture in order; the alt text holds no words of a private prompt."""
    key = "card.alt_private" if view.private else "card.alt"
    found = []
    for task in view.kept:
        if task.image is not None:
            values: dict[str, Value] = {"n": task.number, "id": view.id, "prompt": view.prompt_typed[:80]}
            found.append(Picture(task.image.id, Line(key, values), task.number, task.image.width, task.image.height))
    return tuple(found)


def money(view: GenerationView) -> Line:
    """What was used and given back, with the balance after for whom it concerns; said at every ending."""
    values: dict[str, Value] = {"used": view.charged, "back": view.released}
    if view.charged:
        said = Line("card.used_and_back" if view.released else "card.used", values)
    else:
        said = Line("card.nothing_used" if view.held else "card.free", values)
    left = () if view.points_left is None else (Line("card.left", {"left": view.points_left}),)
    return Line("card.facts", {"facts": (said, *left)}, tone="money")


def again(view: GenerationView) -> Button:
    """Once more, at the price it had: where it would cost something else by now, pressing it shows that first."""
    points = view.price * view.count
    label = Line("card.button_again_for", {"points": points}) if points else Line("card.button_again")
    return Button(label, "again", view.id)


def held(view: GenerationView) -> Line:
    """What is set aside while it is painted."""
    if not view.held:
        return Line("card.free_plain")
    if view.points_left is None:
        return Line("card.held", {"held": view.held})
    return Line("card.held_left", {"held": view.held, "left": view.points_left})
