"""Deleting a painting: words and pictures go, from the gallery too; the ledger and a tombstone stay."""

from collections.abc import Sequence

from core import audit, gallery
from core.errors import Refusal
from core.generations import drop_generation, load, unused_images
from core.images import StoredImage
from core.painting.accepting import House


async def delete(house: House, generation_id: str, *, by: int | None = None) -> Sequence[StoredImage]:
    """Make a tombstone of an ended painting; the images no record uses any more, whose files the caller deletes after this commit.

    `by` is the member who deletes it: for anybody but its owner the act stands in the audit. Inspirations made from it go with it, and the
    audit tells admins where they went.

    Refusal `paint.gone` for an unknown or deleted one, `paint.delete_running` while it is being painted.
    """
    async with house.records.write() as tx:
        view = await load(tx, generation_id)
        if view is None or view.deleted is not None:
            raise Refusal("paint.gone", {"id": generation_id})
        if not view.settled:
            raise Refusal("paint.delete_running", {"id": generation_id})
        images = await drop_generation(tx, generation_id)
        if by is not None and by != view.member_id:
            before = {"member": view.member, "pictures": len(view.kept), "charged": view.charged}
            await audit.note(tx, by, "records.delete", generation_id, before=before)
        shown = await gallery.withdraw(tx, generation_id)  # after the painting is marked: none is added in between
        for entry, _ in shown:
            await audit.note(
                tx, by or view.member_id, "inspirations.delete", str(entry), before={"from": generation_id}
            )
        return await unused_images(tx, [*images, *(image for _, image in shown if image)])
