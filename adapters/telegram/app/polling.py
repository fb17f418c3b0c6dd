"""The long poll: one reader of a token at a time, errors waited out, a second reader noticed and said."""

import asyncio
import logging
import secrets

from aiogram.methods import DeleteWebhook

from adapters.telegram.app.inbox import Inbox, update_id
from adapters.telegram.app.rival import Deliveries, Rival
from adapters.telegram.app.stopping import Stop, Stopped
from adapters.telegram.app.trouble import Trouble
from adapters.telegram.gate import Refused, Wire
from adapters.telegram.gate.troubles import Conflict
from core.errors import DeliveryTrouble
from core.replies import PlatformStore
from core.requests import Line

log = logging.getLogger(__name__)
KINDS = ["message", "edited_message", "callback_query", "my_chat_member"]
LOCK = "telegram-polling"
READER, YEAR = "reader", 365 * 86400.0
"""A note of who reads: a lock goes with its connection, and whoever held it is not told."""
WAIT, STAND_BY, CONFLICT_PAUSE, TOKEN_PAUSE, LONGEST_PAUSE = 25, 3.0, 5.0, 60.0, 30.0
DEAF_AFTER = 120.0
"""Seconds without one successful poll after which we say that we hear nothing."""


class Polling:
    """Reads updates for as long as it is let; standing by while another replica reads is no trouble."""

    def __init__(
        self,
        wire: Wire,
        inbox: Inbox,
        store: PlatformStore,
        trouble: Trouble,
        rival: Rival,
        stop: Stop,
        stand_by: float = STAND_BY,
    ) -> None:
        self._stop = stop
        self._wire = wire
        self._inbox = inbox
        self._store = store
        self._trouble = trouble
        self._rival = rival
        self._stand_by = stand_by
        self._heard_at = 0.0
        self._offset: int | None = None
        self._deliveries = Deliveries()
        self._name = secrets.token_hex(8)
        self.reading = False

    async def run(self) -> None:
        """Read until stopped (then `Stopped` is raised); while another replica holds the lock, wait for it."""
        while True:
            try:
                async with self._store.lock(LOCK) as mine:
                    self._trouble.over()
                    if mine:
                        await self._store.keep(READER, LOCK, {"name": self._name}, YEAR)
                        await self._read()
            except Stopped:
                raise
            except Exception as error:
                await self._trouble.has(f"cannot tell who reads updates, the database is away ({type(error).__name__})")
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
        self.reading, pause, begun, hooked = True, 1.0, False, True
        self._heard_at = asyncio.get_running_loop().time()
        while True:
            try:
                if hooked:
                    hooked = not await self._unhooked(begun)
                if not (begun or hooked):
                    await self._inbox.replay()
                    begun = True
                if not hooked:
                    await self._once()
                if await self._another_reads():
                    return
                pause, wait = 1.0, LONGEST_PAUSE if hooked else 0.0
            except Stopped:
                raise
            except Conflict as conflict:
                if await self._another_reads():
                    return
                hooked = conflict.reason == "webhook"
                wait = 0.0 if hooked else await self._shared()
            except Refused as refused:
                await self._trouble.refused(refused)
                wait = TOKEN_PAUSE
            except DeliveryTrouble as trouble:
                wait = trouble.retry_after or pause
                await self._quiet(trouble.reason, wait)
                pause = min(pause * 2, LONGEST_PAUSE)
            except Exception:
                wait = pause
                log.exception("telegram: updates could not be written down and stay with Telegram")
                await self._trouble.has("updates cannot be written down, the database is away")
                pause = min(pause * 2, LONGEST_PAUSE)
            if wait:
                await self._stop.pause(wait)

    async def _unhooked(self, begun: bool) -> bool:
        """Whether no webhook takes the updates any more. One that stands at the start is a remnant; later another program set it.

        At our own address a replica in webhook mode takes them, until Telegram says that nobody does.
        """
        if begun:
            info = await self._rival.webhook()
            address = str(info.get("url", ""))
            if address and address == self._rival.ours and not self._deliveries.fail(info):
                await self._trouble.has("a Paintbot in webhook mode takes the updates")
                return False
            if address and not await self._rival.may_be_driven_out(address):
                return False
        await self._wire.call(DeleteWebhook(drop_pending_updates=False))
        self._deliveries = Deliveries()
        if begun:
            self._trouble.over()
        return True

    async def _shared(self) -> float:
        """Another program reads as we do: we go on, for half of the updates are better than none. Seconds until then."""
        await self._trouble.has(
            "another program reads updates with this token, and both lose half of them", Line("telegram.conflict")
        )
        return CONFLICT_PAUSE

    async def _quiet(self, reason: str, wait: float) -> None:
        """Telegram does not answer; a trouble only once that lasts."""
        log.warning("telegram: no updates now (%s), again in %.0f s", reason, wait)
        if asyncio.get_running_loop().time() - self._heard_at > DEAF_AFTER:
            await self._trouble.away(reason)

    async def _once(self) -> None:
        """One poll. The offset moves past its updates only when all have been written down (or cannot be read)."""
        updates = await self._stop.wait(self._wire.updates(self._offset, WAIT, KINDS))
        await self._inbox.receive(*updates)
        numbers = [number for raw in updates if (number := update_id(raw)) is not None]
        if numbers:
            self._offset = max(numbers) + 1
        self._trouble.over()
        self._heard_at = asyncio.get_running_loop().time()
