"""The short phrases cards are made of: size, tier, references, money."""

from core.generations import GenerationView
from core.replies import Picture
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
    """The effective parameters in one line."""
    label = (Line("card.label", {"label": view.label}),) if view.label else ()
    return (size(view), tier_and_count(view), *reference_names(view), *label)


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
    """What was used and given back, with the balance after; said at every ending."""
    values: dict[str, Value] = {"used": view.charged, "back": view.released, "left": view.points_left}
    if view.charged and view.released:
        return Line("card.used_and_back", values, tone="money")
    if view.charged:
        return Line("card.used", values, tone="money")
    if view.held:
        return Line("card.nothing_used", values, tone="money")
    return Line("card.free", values, tone="money")
