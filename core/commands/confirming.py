"""A price above the team's threshold: shown with its cheaper ways, agreed once, or dropped."""

import dataclasses
from collections.abc import Mapping
from math import gcd
from typing import Any

from core import drafts
from core.commands.asking import Ask, Command
from core.commands.line import Ordered, parse, write
from core.commands.placing import orders_of, take_all, total
from core.errors import Refusal
from core.painting import Order
from core.records.lines import line_of, written
from core.replies import Answer, Button, Part, Quote, Reply
from core.requests import Line


async def confirmation(ask: Ask, ordered: Ordered, orders: tuple[Order, ...]) -> Reply:
    """The price above the team's threshold, with cheaper ways where there are any; nothing is held yet."""
    order, shapes = orders[0], len(orders)
    pictures = order.count * shapes
    shown = {"asked": total(orders)}
    buttons = [(f"paint.button_{order.tier}", pictures, "asked")]
    drafted = ask.team.price("sd") * pictures
    if order.tier == "hd" and drafted < shown["asked"]:
        shown["sd"] = drafted
        buttons.append(("paint.button_sd", pictures, "sd"))
    if order.count > 1:
        shown["one"] = order.price * shapes
        buttons.append((f"paint.button_{order.tier}", shapes, "one"))
    ways = [way for way in buttons if shown[way[2]] <= ask.member.points]
    if not ways:
        raise Refusal("points.not_enough", {"need": shown["asked"], "have": ask.member.points})
    async with ask.tools.house.records.write() as tx:
        draft = await drafts.put(tx, "confirm", _waiting(ask, ordered, order) | {"shown": shown})
    parts: tuple[Part, ...] = (
        Line(
            "paint.confirm" if ways == buttons else "paint.confirm_short",
            {"points": shown["asked"], "have": ask.member.points},
            tone="title",
        ),
        Quote(order.prompt_typed[:200]),
        *((_pack(orders),) if shapes > 1 else ()),
        *(dataclasses.replace(note, tone="fact") for note in order.notes),
    )
    offered = tuple(
        Button(Line(key, {"n": n, "points": shown[how]}), "paint.go", f"{draft}.{how}", "plain" if at else "primary")
        for at, (key, n, how) in enumerate(ways)
    )
    return Reply(parts, (*offered, Button(Line("paint.button_never_mind"), "paint.drop", draft)), private=True)


def _waiting(ask: Ask, ordered: Ordered, order: Order) -> dict[str, Any]:
    """What a confirmed price paints, as JSON."""
    return {
        "member": ask.member.id,
        "line": write(ordered),
        "notes": [written(note) for note in ordered.notes],
        "references": list(order.references),
        "parent": [order.parent_id or "", order.parent_kind, order.parent_picture],
        "template": order.template_id,
    }


def _pack(orders: tuple[Order, ...]) -> Line:
    """That one brief is painted in several shapes; with one seed where the model takes one."""
    key = "paint.pack" if orders[0].seed is None else "paint.pack_seed"
    return Line(key, {"ratios": tuple(one.ratio for one in orders)}, tone="fact")


async def go(ask: Ask) -> Answer | None:
    """A confirmed price: the order as it was kept, or its cheaper form; pressing twice is one painting, and a price changed meanwhile is asked again."""
    draft, _, how = ask.request.subject.partition(".")
    kept = await _agreed(ask, draft)
    ordered = dataclasses.replace(parse(kept["line"]), notes=tuple(line_of(note) for note in kept["notes"]))
    if how == "sd":
        ordered = _in_sd(ordered)
    elif how == "one":
        ordered = dataclasses.replace(ordered, count=1)
    id_, kind, picture = kept["parent"]
    orders = await orders_of(
        ask, ordered, tuple(kept["references"]), parent=(id_, kind, picture), template_id=kept["template"]
    )
    if total(orders) != kept["shown"].get(how):
        again = await confirmation(ask, ordered, orders)
        return dataclasses.replace(again, parts=(Line("paint.price_changed"), *again.parts), instead=True)
    accepted, partly = await take_all(ask, orders, f"draft:{draft}")
    async with ask.tools.house.records.write() as tx:  # its words stand on the painting now, and go when that goes
        await drafts.replace(tx, "confirm", draft, {"member": ask.member.id, "taken": accepted.generation_id})
    if not accepted.new:
        raise Refusal("paint.confirmed_before", {"id": accepted.generation_id})
    return partly or Reply((Line("paint.confirmed", {"points": total(orders)}),), private=True, instead=True)


async def _agreed(ask: Ask, draft: str) -> Mapping[str, Any]:
    """What waits for its member's word. Refusal `paint.confirm_gone`, `paint.confirmed_before`."""
    async with ask.tools.house.records.read() as tx:
        kept = await drafts.get(tx, "confirm", draft)
    if kept is None or kept["member"] != ask.member.id:
        raise Refusal("paint.confirm_gone")
    if "taken" in kept:
        raise Refusal("paint.confirmed_before", {"id": kept["taken"]})
    return kept


def _in_sd(ordered: Ordered) -> Ordered:
    """The same in standard quality: an exact size gives way to its ratio."""
    ratio = ordered.ratio
    if ordered.size is not None:
        width, height = ordered.size
        common = gcd(width, height)
        ratio = (width // common, height // common)
    return dataclasses.replace(ordered, tier="sd", draft=False, ratio=ratio, size=None, size_class=None)


async def drop(ask: Ask) -> Answer:
    """Never mind: the draft is forgotten."""
    await _agreed(ask, ask.request.subject)
    async with ask.tools.house.records.write() as tx:
        await drafts.drop(tx, "confirm", ask.request.subject)
    return Reply((Line("paint.dropped"),), private=True, instead=True)


VERBS: Mapping[str, Command] = {"paint.go": go, "paint.drop": drop}
