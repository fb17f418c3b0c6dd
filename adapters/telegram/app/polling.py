"""The long poll: one reader of a token at a time, errors waited out, a second reader noticed and said."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable

from aiogram.methods import DeleteWebhook

from adapters.telegram.app.inbox import Inbox, update_id
from adapters.telegram.app.stopping import Stop, Stopped
from adapters.telegram.gate import Refused, Wire
from adapters.telegram.gate.troubles import Conflict
from core.errors import DeliveryTrouble
from core.replies import PlatformStore

log = logging.getLogger(__name__)
KINDS = ["message", "callback_query", "my_chat_member"]
LOCK = "telegram-polling"
READER, YEAR = "reader", 365 * 86400.0
"""A note of who reads: a lock goes with its connection, and whoever held it is not told."""
WAIT, STAND_BY, CONFLICT_PAUSE, TOKEN_PAUSE, LONGEST_PAUSE = 25, 3.0, 5.0, 60.0, 30.0
DEAF_AFTER = 120.0
"""Seconds without one successful poll after which we say that we hear nothing."""


class Polling:
    """Reads updates for as long as it is let; `trouble` says in one word what is wrong, "" for nothing."""

    def __init__(
        self,
        wire: Wire,
        inbox: Inbox,
        store: PlatformStore,
        on_conflict: Callable[[], Awaitable[None]],
        stop: Stop,
        stand_by: float = STAND_BY,
    ) -> None:
        self._stop = stop
        self._wire = wire
        self._inbox = inbox
        self._store = store
        self._on_conflict = on_conflict
        self._stand_by = stand_by
        self._heard_at: float | None = None
        self._offset: int | None = None
        self._trouble = ""
        self._name = secrets.token_hex(8)
        self.reading = False

    @property
    def trouble(self) -> str:
        """ "conflict", "token", "network", "database" or ""; standing by is no trouble."""
        deaf = (
            self.reading
            and self._heard_at is not None
            and asyncio.get_running_loop().time() - self._heard_at > DEAF_AFTER
        )
        return self._trouble or ("network" if deaf else "")

    async def run(self) -> None:
        """Read until stopped (then `Stopped` is raised); while another replica holds the lock, wait for it."""
        while True:
            try:
                async with self._store.lock(LOCK) as mine:
                    self._trouble = ""
                    if mine:
                        await self._store.keep(READER, LOCK, {"name": self._name}, YEAR)
                        await self._read()
            except Stopped:
                raise
            except Exception as error:
                self._trouble = "database"
                log.warning("telegram: cannot tell who reads updates (%s), asking again", type(error).__name__)
            self.reading = False
            await self._stop.pause(self._stand_by)

    async def _another_reads(self) -> bool:
        """Whether the lock went with its connection (the database was restarted, say) and another replica has it now."""
        reader = await self._store.recall(READER, LOCK)
        if reader is None or reader.get("name") == self._name:
            return False
        log.warning("telegram: another replica reads updates now, standing by")
        return True

    async def _read(self) -> None:
        """Until another replica does."""
        self.reading, pause, begun = True, 1.0, False
        self._heard_at = asyncio.get_running_loop().time()
        while True:
            try:
                if not begun:
                    await self._wire.call(DeleteWebhook(drop_pending_updates=False))
                    await self._inbox.replay()
                    begun = True
                await self._once()
                if await self._another_reads():
                    return
                pause = 1.0
                continue
            except Stopped:
                raise
            except Conflict:
                if await self._another_reads():
                    return
                self._trouble = "conflict"
                log.error("telegram: another program reads updates with this token; stop it, or both lose half of them")
                await self._on_conflict()
                wait = CONFLICT_PAUSE
            except Refused as refused:
                self._trouble = refused.reason
                log.error("telegram: updates are refused: %s", refused.description)
                wait = TOKEN_PAUSE
            except DeliveryTrouble as trouble:
                wait = trouble.retry_after or pause
                log.warning("telegram: no updates now (%s), again in %.0f s", trouble, wait)
                pause = min(pause * 2, LONGEST_PAUSE)
            except Exception:
                self._trouble, wait = "database", pause
                log.exception("telegram: updates could not be written down and stay with Telegram")
                pause = min(pause * 2, LONGEST_PAUSE)
            await self._stop.pause(wait)

    async def _once(self) -> None:
        """One poll. The offset moves past its updates only when all have been written down (or cannot be read)."""
        updates = await self._stop.wait(self._wire.updates(self._offset, WAIT, KINDS))
        await self._inbox.receive(*updates)
        numbers = [number for raw in updates if (number := update_id(raw)) is not None]
        if numbers:
            self._offset = max(numbers) + 1
        self._trouble = ""
        self._heard_at = asyncio.get_running_loop().time()
