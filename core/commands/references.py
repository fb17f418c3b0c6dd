"""References of a request made into stored images: fetched, checked, stripped, in order (图1 first)."""

from core.commands.asking import Ask
from core.errors import Refusal
from core.generations import add_image, expect_image, known_reference, load
from core.requests import Offered, Painted, Reference

LARGEST = 30_000_000
MOST = 10


async def store_references(ask: Ask, references: tuple[Reference, ...]) -> tuple[str, ...]:
    """Image ids of the references, in order. Refusals: too many, unreadable, too large, no picture, wrong ratio, gone; nothing is held yet."""
    if len(references) > MOST:
        raise Refusal("jimeng.too_many_references", {"most": MOST, "given": len(references)}, field="references")
    return tuple([await _stored(ask, one) for one in references])


async def _stored(ask: Ask, reference: Reference) -> str:
    if isinstance(reference, Painted):
        return await _painted(ask, reference)
    return await _offered(ask, reference)


async def _painted(ask: Ask, reference: Painted) -> str:
    async with ask.tools.house.records.read() as tx:
        view = await load(tx, reference.generation)
    hidden = view is None or view.deleted is not None or (view.private and view.member_id != ask.member.id)
    if view is None or hidden:
        raise Refusal("paint.gone", {"id": reference.generation})
    task = view.picture(reference.number)
    if task is None or task.image is None:
        raise Refusal("paint.no_picture", {"id": view.id})
    return task.image.id


async def _offered(ask: Ask, offered: Offered) -> str:
    messenger = ask.tools.messengers[ask.request.place.platform]
    data = await messenger.fetch(offered, LARGEST)
    checked = await ask.tools.images.check_reference(data, offered.name)
    async with ask.tools.house.records.read() as tx:
        known = await known_reference(tx, checked.sha256)
    if known is not None:
        return known
    async with ask.tools.house.records.write() as tx:
        image = await expect_image(tx)
    stored = await ask.tools.images.keep_reference(checked, image=image)
    async with ask.tools.house.records.write() as tx:
        return await add_image(tx, stored, "reference")
