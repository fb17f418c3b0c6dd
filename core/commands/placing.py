"""Orders placed with the asker's points: one, or one for each shape of a brief."""

import dataclasses

from core.commands.asking import Ask
from core.commands.line import Ordered
from core.commands.ordering import order_of
from core.errors import Refusal
from core.painting import Accepted, Order, accept
from core.painting.accepting import accepted_before
from core.replies import Answer, Reply
from core.requests import Line

Parent = tuple[str, str, int]
NO_PARENT: Parent = ("", "", 0)


async def orders_of(
    ask: Ask,
    ordered: Ordered,
    references: tuple[str, ...],
    *,
    parent: Parent = NO_PARENT,
    template_id: int | None = None,
) -> tuple[Order, ...]:
    """The order of a line, and one more for each further shape with the same seed. Refusals as `order_of`."""
    shapes = (ordered.ratio, *ordered.more)
    first, *more = [
        await order_of(
            ask, dataclasses.replace(ordered, ratio=shape, more=()), references, parent=parent, template_id=template_id
        )
        for shape in shapes
    ]
    return first, *(dataclasses.replace(one, seed=first.seed) for one in more)


def total(orders: tuple[Order, ...]) -> int:
    """Points all of them hold."""
    return sum(order.total for order in orders)


async def take(ask: Ask, order: Order, event_key: str) -> Accepted:
    """Accept an order with the asker's points, in the place of the request."""
    request = ask.request
    return await accept(
        ask.tools.house, request.account, request.place, order, event_key=event_key, language=ask.language
    )


async def take_all(ask: Ask, orders: tuple[Order, ...], event_key: str) -> tuple[Accepted, Answer | None]:
    """Accept them in order, the further ones as children of the first; the first as accepted, and what is to be said where not all could be.

    Refusals of the first one are raised: nothing is held then.
    """
    house, account = ask.tools.house, ask.request.account
    short = len(orders) > 1 and ask.member.points < total(orders)
    if short and not await accepted_before(house, account, event_key):
        raise Refusal("points.not_enough", {"need": total(orders), "have": ask.member.points})
    first = await take(ask, orders[0], event_key)
    for at, order in enumerate(orders[1:], 1):
        child = dataclasses.replace(order, parent_id=first.generation_id, parent_kind="pack")
        try:
            await take(ask, child, f"{event_key}/{at}" if event_key else "")
        except Refusal as refusal:
            partly = Line("paint.pack_partly", {"n": at, "of": len(orders)}, tone="alert")
            return first, Reply((partly, Line(refusal.key, refusal.values)), private=True)
    return first, None
