"""Files of pictures that no record uses any more: deleted at once, and every night what the store would not delete before."""

import logging
from collections.abc import Sequence
from datetime import timedelta

from core.generations import forget_image, idle_images
from core.images import Images, StoredImage, StoreTrouble
from core.records import Records

log = logging.getLogger(__name__)
KEPT = timedelta(days=30)
"""How long a reference stays that came with an order nobody placed: its form or price may still be answered."""


async def discard(records: Records, images: Images, gone: Sequence[StoredImage]) -> int:
    """Delete the files of images given up; how many. One the store keeps is tried again by `sweep_pictures`."""
    deleted = 0
    for image in gone:
        try:
            await images.delete(image)
        except StoreTrouble:
            log.exception("%s stays in the store for now", image.key)
            continue
        async with records.write() as tx:
            await forget_image(tx, image.id)
        deleted += 1
    return deleted


async def sweep_pictures(records: Records, images: Images) -> int:
    """Delete what is left over: references of orders never placed, and files the store would not delete before; how many."""
    async with records.write() as tx:
        gone = await idle_images(tx, KEPT)
    return await discard(records, images, gone)
