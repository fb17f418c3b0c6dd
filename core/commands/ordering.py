"""From a typed line to an order: defaults, the model, its size, the price, and a note for each value the bot had to change."""

from math import sqrt

from core.commands.asking import Ask
from core.commands.line import DRAFT_PICTURES, Ordered, check_length, fill
from core.commands.recalled import model_for
from core.errors import Refusal
from core.generations import stored_image
from core.jimeng.models import Model, Tier, scale_for, seed_for
from core.jimeng.sizes import size_for
from core.painting import Order
from core.painting.orders import random_seed
from core.requests import Line, Value

TEXTS = {"label": 60, "source": 200}
"""Characters these may have: they stand on every card and in every list."""
FOUR_K = 4096 * 4096
SD_AREA = 2_720_000
"""Pixels half-way between a 1K and a 2K picture: a larger exact size is HD."""


async def order_of(
    ask: Ask,
    ordered: Ordered,
    references: tuple[str, ...],
    *,
    parent: tuple[str, str, int] = ("", "", 0),
    template_id: int | None = None,
) -> Order:
    """The order of a parsed line with stored references. `parent` is (id, kind, picture). Refusals name what to change; nothing is held yet."""
    notes = list(ordered.notes)
    _check_texts(ordered)
    tier = _tier(ordered, notes)
    row = await model_for(ask, tier, len(references))
    prompt = _prompt_sent(ask, row, ordered, notes)
    wanted = await _shape(ask, ordered, references)
    width, height = _size(row, tier, ordered, wanted, notes)
    return Order(
        prompt_typed=fill(ordered.prompt, ordered.gaps) if ordered.template else ordered.prompt,
        prompt_sent=prompt,
        ratio=_ratio_name(ordered, wanted, width, height),
        width=width,
        height=height,
        tier=tier,
        count=ordered.count or (DRAFT_PICTURES if ordered.draft else 1),
        price=ask.team.price(tier),
        model=row.req_key,
        seed=_seed(row, ordered, notes),
        seed_typed=ordered.seed is not None and row.seed,
        avoid=ordered.avoid,
        label=ordered.label,
        source=ordered.source,
        private=ordered.private,
        watermark=_watermark(ask, ordered, notes),
        format=ordered.format or "",
        weight=_scale(row, ordered, references, notes),
        references=references,
        parent_id=parent[0] or None,
        parent_kind=parent[1],
        parent_picture=parent[2],
        template_id=template_id,
        notes=tuple(notes),
    )


def _check_texts(ordered: Ordered) -> None:
    for name, flag, text in (("label", "--for", ordered.label), ("source", "--src", ordered.source)):
        if len(text) > TEXTS[name]:
            values: dict[str, Value] = {"flag": flag, "count": len(text), "most": TEXTS[name]}
            raise Refusal("line.text_too_long", values, field=name)


def _tier(ordered: Ordered, notes: list[Line]) -> Tier:
    large = ordered.size is not None and ordered.size[0] * ordered.size[1] > SD_AREA
    if ordered.tier == "sd" and large and ordered.size is not None:
        raise Refusal("paint.size_needs_hd", {"size": f"{ordered.size[0]}×{ordered.size[1]}"}, field="size")
    if ordered.tier == "sd" and ordered.size_class is not None:
        notes.append(Line("paint.note_sd", {"asked": ordered.size_class}))
    if ordered.tier is not None:
        return ordered.tier
    if ordered.size_class is not None or large:
        notes.append(Line("paint.note_hd"))
        return "hd"
    return "sd"


def _prompt_sent(ask: Ask, row: Model, ordered: Ordered, notes: list[Line]) -> str:
    prompt = fill(ordered.prompt, ordered.gaps) if ordered.template else ordered.prompt
    if not ordered.avoid:
        check_length(prompt, limit=row.prompt_longest)
        return prompt
    notes.append(Line("paint.note_avoid"))
    joined = "，画面里不要出现：" if ask.language == "zh" else ". Must not appear: "
    sent = f"{prompt}{joined}{ordered.avoid}"
    check_length(sent, limit=row.prompt_longest)  # the words that join them count too
    return sent


async def _shape(ask: Ask, ordered: Ordered, references: tuple[str, ...]) -> tuple[int, int]:
    """The ratio asked, else the first reference's, else square."""
    if ordered.ratio is not None:
        return ordered.ratio
    if references:
        async with ask.tools.house.records.read() as tx:
            first = await stored_image(tx, references[0])
        if first is not None:
            return first.width, first.height
    return 1, 1


def _size(row: Model, tier: Tier, ordered: Ordered, wanted: tuple[int, int], notes: list[Line]) -> tuple[int, int]:
    """What the model paints of the shape that is wanted, as near as it can to an exact size."""
    exact = _exact(ordered, tier, wanted)
    width, height = size_for(row, tier, wanted, exact=exact, nearest=ordered.ratio is None and exact is None)
    if ordered.size and (width, height) != ordered.size:
        notes.append(
            Line("paint.note_size", {"asked": f"{ordered.size[0]}×{ordered.size[1]}", "got": f"{width}×{height}"})
        )
    return width, height


def _exact(ordered: Ordered, tier: Tier, shape: tuple[int, int]) -> tuple[int, int] | None:
    if ordered.size is not None:
        return ordered.size
    if ordered.size_class != "4K" or tier == "sd":
        return None
    wide = sqrt(FOUR_K * shape[0] / shape[1])
    return int(wide) // 16 * 16, int(FOUR_K / wide) // 16 * 16


def _ratio_name(ordered: Ordered, wanted: tuple[int, int], width: int, height: int) -> str:
    if ordered.ratio is not None:
        return f"{ordered.ratio[0]}:{ordered.ratio[1]}"
    if ordered.size is None and wanted == (1, 1):
        return "1:1"
    shapes = ((1, 1), (4, 3), (3, 2), (16, 9), (21, 9), (5, 4), (2, 1), (3, 1))
    for long, short in shapes:
        if abs(width / height - long / short) < 0.02 * long / short:
            return f"{long}:{short}"
        if abs(height / width - long / short) < 0.02 * long / short:
            return f"{short}:{long}"
    return ""


def _seed(row: Model, ordered: Ordered, notes: list[Line]) -> int | None:
    if not row.seed:
        if ordered.seed is not None:
            notes.append(Line("paint.note_no_seed"))
        return None
    return random_seed() if ordered.seed is None else seed_for(row, ordered.seed)


def _scale(row: Model, ordered: Ordered, references: tuple[str, ...], notes: list[Line]) -> float | None:
    scale = 1 - ordered.weight if ordered.weight is not None else ordered.scale
    if scale is None:
        return None
    if not references or row.scale == "none":
        notes.append(Line("paint.note_no_scale"))
        return None
    return scale_for(row, scale)


def _watermark(ask: Ask, ordered: Ordered, notes: list[Line]) -> bool:
    if ordered.watermark is None:
        return ask.team.label
    if ordered.watermark is False and not ask.team.unlabelled:
        notes.append(Line("paint.note_label"))
        return True
    return ordered.watermark
