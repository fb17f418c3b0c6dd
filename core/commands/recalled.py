"""A painting's record as the order that gives it again, fitted to what can be painted today."""

import dataclasses
from typing import Literal

from core import generations
from core.alerts import alert
from core.commands.asking import Ask
from core.commands.line import Ordered
from core.errors import Refusal
from core.generations import GenerationView
from core.jimeng.models import Model, NoLink, Tier, scale_for
from core.jimeng.sizes import size_for
from core.painting import Order
from core.requests import Line


async def model_for(ask: Ask, tier: Tier, references: int, final: Literal["", "upscale", "again"] = "") -> Model:
    """The model of a request. Refusal `paint.no_link` where several references need a link and none is set up: the admins learn which setting."""
    try:
        return ask.tools.models.choose(tier, references, can_link=ask.tools.can_link, final=final)
    except NoLink as error:
        async with ask.tools.house.records.write() as tx:
            await alert(tx, "no_link", Line("paint.no_link_alert"))
        raise Refusal("paint.no_link", field="references") from error


def row_of(ask: Ask, model: str) -> Model | None:
    """The model's row, None where the configuration has it no more."""
    return next((one for one in ask.tools.models.rows if one.req_key == model), None)


def tier_of(tier: str) -> Tier:
    """A stored tier as models know it."""
    return "hd" if tier == "hd" else "sd"


def price_of(ask: Ask, view: GenerationView) -> int:
    """What a picture of it costs now; enlarging one is a final, however often."""
    row = row_of(ask, view.model)
    return ask.team.price("final" if row is not None and row.resolution else tier_of(view.tier))


async def source_of(ask: Ask, view: GenerationView) -> GenerationView:
    """What words and references are taken from: the draft of a final, else the painting itself."""
    if view.parent_kind != "final" or not view.parent_id:
        return view
    async with ask.tools.house.records.read() as tx:
        draft = await generations.load(tx, view.parent_id)
    return view if draft is None or draft.deleted is not None else draft


def recalled(ask: Ask, view: GenerationView) -> Ordered:
    """Its parameters as a line would say them; the seed whether typed or ours."""
    row = row_of(ask, view.model)
    ratio = _ratio(view, row)
    return Ordered(
        prompt=view.prompt_typed,
        ratio=ratio,
        size=None if ratio else (view.width, view.height),
        count=view.count,
        tier=tier_of(view.tier),
        seed=view.seed,
        scale=_house_scale(row, view.weight),
        avoid=view.avoid,
        label=view.label,
        source=view.source,
        private=view.private,
        watermark=None if view.watermark == ask.team.label else view.watermark,
        format=view.format if view.format in ("jpg", "png", "webp") else None,  # type: ignore[arg-type]
    )


def shareable(ask: Ask, view: GenerationView) -> Ordered:
    """As `recalled`, without what is its member's own affair: for whom, from where, and the file."""
    ordered = recalled(ask, view)
    seed = ordered.seed if view.seed_typed else None
    return dataclasses.replace(
        ordered, seed=seed, label="", source="", private=False, watermark=None, format=None, scale=None
    )


def _ratio(view: GenerationView, row: Model | None) -> tuple[int, int] | None:
    """Its ratio, where that alone gives its size again; None where the size was an exact one."""
    wide, _, high = view.ratio.partition(":")
    if not high or row is None:
        return None
    shape = (int(wide), int(high))
    try:
        usual = size_for(row, tier_of(view.tier), shape)
    except Refusal:
        return None
    return shape if usual == (view.width, view.height) else None


def _house_scale(row: Model | None, weight: float | None) -> float | None:
    """A stored weight, which is in its model's unit, as 0..1."""
    if row is None or weight is None or row.scale == "none":
        return None
    return round(weight / (1 if row.scale == "0..1" else 100), 2)


async def paintable(ask: Ask, order: Order) -> Order:
    """A repeated order as the house paints today: on another model where its own is gone or needs a link, with the label the team wants.

    Refusal `paint.no_link` and those of sizes.
    """
    if not order.watermark and ask.team.label and not ask.team.unlabelled:
        order = dataclasses.replace(order, watermark=True, notes=(*order.notes, Line("paint.note_label")))
    row = row_of(ask, order.model)
    if row is not None and not (order.references and row.transport == "link" and not ask.tools.can_link):
        return order
    return fitted(ask, order, await model_for(ask, tier_of(order.tier), len(order.references)))


def fitted(ask: Ask, order: Order, row: Model) -> Order:
    """The order on another model: its size by the ratio, its weight in the new unit, its seed where the model takes one."""
    wide, _, high = order.ratio.partition(":")
    shape = (int(wide), int(high)) if high else (order.width, order.height)
    width, height = size_for(row, tier_of(order.tier), shape, nearest=True)
    lost = order.seed is not None and not row.seed
    scale = _house_scale(row_of(ask, order.model), order.weight) if order.references else None
    return dataclasses.replace(
        order,
        model=row.req_key,
        width=width,
        height=height,
        weight=scale_for(row, scale),
        seed=None if lost else order.seed,
        seed_typed=order.seed_typed and not lost,
        notes=(*order.notes, Line("paint.note_close")) if lost else order.notes,
    )
