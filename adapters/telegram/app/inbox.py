"""Updates come in: each written down before it is confirmed, unreadable ones told and skipped, unfinished ones taken up again."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from hashlib import blake2s
from typing import Any

from adapters.telegram.gate import Wire
from adapters.telegram.read import EDITED, Heard, read
from core.errors import DeliveryTrouble
from core.replies import PlatformStore

log = logging.getLogger(__name__)
UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, IndexError)
Raw = Mapping[str, Any]
AGAIN, SELDOM = 60.0, 900.0
"""Seconds until what Telegram did not take is answered again, and between later tries."""
MENDED = 10.0
"""Seconds until what broke in our own hands (the database was away for a moment) is tried once more."""
DAY = 86400.0
"""Older than this nobody waits for an answer any more."""


class Inbox:
    """Rows of updates and the tasks that answer them."""

    def __init__(
        self,
        wire: Wire,
        store: PlatformStore,
        handle: Callable[[Heard], Awaitable[None]],
        conceal: Callable[[Raw], Awaitable[Raw]],
        language: str,
    ) -> None:
        self._wire = wire
        self._store = store
        self._handle = handle
        self._conceal = conceal
        self._language = language
        self._tasks: set[asyncio.Task[None]] = set()

    async def receive(self, *raws: Any) -> None:
        """Write updates down, all at once, and begin to answer them in their order; what is not for us leaves no row.

        Raises what the store raises: then some were not received, and all may be sent again.
        """
        noted = await asyncio.gather(*(self._note(raw) for raw in raws), return_exceptions=True)
        for one in noted:
            if isinstance(one, Heard):
                self._begin(one.key, one)
        for one in noted:
            if isinstance(one, BaseException):
                raise one

    async def _note(self, raw: Any) -> Heard | None:
        """What one update says, written down just now; None when it is not for us or was received before."""
        heard = self._read(raw)
        if heard is None or (heard.kind == "edited" and not await self._changed(heard)):
            return None
        return heard if await self._store.receive(heard.key, await self._conceal(raw)) else None

    async def _changed(self, heard: Heard) -> bool:
        """Whether an edited `/paint` reads otherwise than when it was heard: a reaction under it, ours for one, makes an edit of it as well."""
        first = await self._store.received(heard.key.removeprefix(EDITED)) or {}
        before = _print_of(self._read(first)) if "message" in first else first.get("said", "")
        return before not in ("", _print_of(heard))

    async def replay(self) -> None:
        """Take up what was received and not finished before; what is older than a day is closed unanswered."""
        if outdated := await self._store.expire(DAY):
            log.warning("telegram: %s updates older than a day are not answered any more", outdated)
        for key, raw in await self._store.unfinished():
            if (heard := self._read(raw)) is None:
                await self._store.finish(key)
            else:
                self._begin(key, heard)

    def _read(self, raw: Any) -> Heard | None:
        try:
            return read(raw, self._wire.me, self._language)
        except UNREADABLE as error:
            number = raw.get("update_id") if isinstance(raw, dict) else None
            log.warning(
                "telegram: update %s cannot be read and is skipped: %s: %s", number, type(error).__name__, error
            )
            return None

    def _begin(self, key: str, heard: Heard) -> None:
        task = asyncio.create_task(self._answer(key, heard))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, key: str, heard: Heard) -> None:
        try:
            await self._until_taken(key, heard)
        except DeliveryTrouble as trouble:
            log.warning("telegram: %s is answered after the next start: %s", key, trouble)
            return
        except Exception:
            log.exception("telegram: %s could not be answered", key)
        await self._finish(key, {"said": said} if (said := _print_of(heard)) else {})

    async def _finish(self, key: str, kept: Raw) -> None:
        """Close the row, however long the database is away: an open one is answered again after the next start."""
        while True:
            try:
                return await self._store.finish(key, kept)
            except Exception as error:
                log.warning("telegram: %s is answered, but cannot be closed now: %s", key, type(error).__name__)
            try:
                await self._wire.patience.rest(MENDED)
            except DeliveryTrouble:
                return None

    async def _until_taken(self, key: str, heard: Heard) -> None:
        """Answer, and again while Telegram does not take it. Raises `DeliveryTrouble` when we end meanwhile.

        Asked again the desk says what is true then; what it accepted it accepted once, by the event's key.
        """
        now, patience = asyncio.get_running_loop().time, self._wire.patience
        end, pause, broken = now() + DAY, AGAIN, False
        while True:
            try:
                return await self._handle(heard)
            except DeliveryTrouble as trouble:
                if patience.ended:
                    raise
                if now() > end:
                    log.warning("telegram: %s is not answered any more: %s", key, trouble)
                    return None
                wait = trouble.retry_after or pause
                log.warning("telegram: %s is answered again in %.0f s: %s", key, wait, trouble)
            except Exception:
                if broken:
                    raise
                broken, wait = True, MENDED
                log.exception("telegram: %s could not be answered, once more in %.0f s", key, wait)
            await patience.rest(wait)
            pause = min(pause * 2, SELDOM)

    async def drain(self, seconds: float) -> None:
        """Let what is being answered come to its end, for a while; the rest is taken up after the next start."""
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=seconds)
        for task in set(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def _print_of(heard: Heard | None) -> str:
    """By which a `/paint` is known again, without its words; "" for everything else."""
    if heard is None or heard.request.verb not in ("paint", "glued"):
        return ""
    words = f"{heard.request.verb} {heard.request.text}".encode("utf-8", "ignore")
    return blake2s(words, digest_size=4).hexdigest()


def update_id(raw: Any) -> int | None:
    """The number of an update, None for what has none."""
    number = raw.get("update_id") if isinstance(raw, dict) else None
    return number if isinstance(number, int) else None
