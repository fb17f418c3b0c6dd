"""An order: everything a painting is asked to be, each value final, before any point moves."""

import secrets
from dataclasses import dataclass, replace

from core.generations import GenerationView
from core.requests import Line

SEED_TOP = 2_147_483_647


@dataclass(frozen=True, slots=True)
class Order:
    """What will be painted. Sizes in pixels; `price` in points a picture; `model` a req_key; `weight` the scale in the model's own unit.

    `references` are stored image ids in order (图1 first). `seed` is the first picture's, further ones count up; None where the model takes none.
    `parent_*` tell where it comes from; `parent_kind` is again, edit, variation, same, final, repaint, reply, pack or "". A free order has price 0.
    """

    prompt_typed: str
    prompt_sent: str
    ratio: str
    width: int
    height: int
    tier: str
    count: int
    price: int
    model: str
    seed: int | None = None
    seed_typed: bool = False
    avoid: str = ""
    label: str = ""
    source: str = ""
    private: bool = False
    watermark: bool = True
    format: str = ""
    weight: float | None = None
    references: tuple[str, ...] = ()
    parent_id: str | None = None
    parent_kind: str = ""
    parent_picture: int = 0
    template_id: int | None = None
    priority: int = 0
    notes: tuple[Line, ...] = ()

    @property
    def total(self) -> int:
        """Points the whole order holds."""
        return self.price * self.count

    @property
    def seeds(self) -> tuple[int | None, ...]:
        """A seed for each picture."""
        if self.seed is None:
            return (None,) * self.count
        return tuple((self.seed + step) % (SEED_TOP + 1) for step in range(self.count))


def random_seed() -> int:
    """A seed of our own choice, 0 to 2 147 483 647 - 4, so that four pictures count up from it."""
    return secrets.randbelow(SEED_TOP - 4)


def order_again(
    view: GenerationView, *, price: int, kind: str, seed: int | None = None, count: int = 0, picture: int = 0
) -> Order:
    """The order that made a painting, once more: same words and references; `seed` None where the model takes none, else given or chosen anew."""
    order = Order(
        prompt_typed=view.prompt_typed,
        prompt_sent=view.prompt_sent,
        ratio=view.ratio,
        width=view.width,
        height=view.height,
        tier=view.tier,
        count=count or view.count,
        price=price,
        model=view.model,
        avoid=view.avoid,
        label=view.label,
        source=view.source,
        private=view.private,
        watermark=view.watermark,
        format=view.format,
        weight=view.weight,
        references=tuple(image.id for image in view.references),
        parent_id=view.id,
        parent_kind=kind,
        parent_picture=picture,
        template_id=view.template_id,
    )
    if view.seed is None:
        return order
    return replace(order, seed=random_seed() if seed is None else seed, seed_typed=seed is not None)
