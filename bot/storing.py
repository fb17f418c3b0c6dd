"""Whether pictures can be kept: tried at start, and again for as long as the latest write went wrong; one that is well is left alone."""

import asyncio
import logging
from typing import NoReturn

from core.images import ImageStore

log = logging.getLogger(__name__)

EVERY = 60.0
"""Seconds between looks."""

MOST = 30.0
"""Seconds a try may take: a bucket that says nothing has none to spare for a painting either."""


async def watch(store: ImageStore, where: str, every: float = EVERY) -> NoReturn:
    """Say in the log, once each, that pictures cannot be kept in `where` and that they can again, until cancelled."""
    told = False
    await store.try_out(MOST)
    while True:
        if store.trouble and not told:
            log.error("images.url: pictures cannot be kept in %s: %s", where, store.trouble)
        elif told and not store.trouble:
            log.info("images.url: pictures can be kept in %s again", where)
        told = bool(store.trouble)
        await asyncio.sleep(every)
        if store.trouble:
            await store.try_out(MOST)
