"""Deleting a painting: words and pictures go, the ledger and a tombstone stay."""

from collections.abc import Sequence

from core.errors import Refusal
from core.generations import drop_generation, load, unused_images
from core.images import StoredImage
from core.painting.accepting import House


async def delete(house: House, generation_id: str) -> Sequence[StoredImage]:
    """Make a tombstone of an ended painting; the images no record uses any more, whose files the caller deletes after this commit.

    Refusal `paint.gone` for an unknown or deleted one, `paint.delete_running` while it is being painted.
    """
    async with house.records.write() as tx:
        view = await load(tx, generation_id)
        if view is None or view.deleted is not None:
            raise Refusal("paint.gone", {"id": generation_id})
        if not view.settled:
            raise Refusal("paint.delete_running", {"id": generation_id})
        images = await drop_generation(tx, generation_id)
        return await unused_images(tx, images)
