"""A webhook that another program set takes our updates: whose it is, and whether we take them back once more."""

import asyncio
from collections import deque
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from aiogram.methods import GetWebhookInfo

from adapters.telegram.app.trouble import Trouble
from adapters.telegram.gate import Wire
from core.requests import Line

AT_ONCE, DAY, LATER = 3, 86400.0, 3600.0
"""So many times a day updates are taken back at once; after that once in `LATER` seconds: two programs must not fight for ever."""

FAILURES = 3
"""So many new failures of delivery, with updates waiting all the while, are no restart of ours any more."""


class Deliveries:
    """Whether updates reach a webhook, by what Telegram says of it from one look to the next."""

    def __init__(self) -> None:
        self._failed_at = 0
        self._failing = 0

    def fail(self, info: Mapping[str, Any]) -> bool:
        """Whether they do not reach it; true with one look only, until they arrived again."""
        failed_at, waiting = int(info.get("last_error_date", 0)), info.get("pending_update_count", 0)
        news, self._failed_at = failed_at > self._failed_at, failed_at
        self._failing = self._failing + news if waiting else 0
        return news and self._failing == FAILURES


class Rival:
    """`ours` is the address of our own webhook mode, "" for none."""

    def __init__(self, wire: Wire, trouble: Trouble, ours: str) -> None:
        self._wire = wire
        self._trouble = trouble
        self.ours = ours
        self._taken: deque[float] = deque(maxlen=AT_ONCE)

    async def webhook(self) -> Mapping[str, Any]:
        """What Telegram knows of the webhook that stands now; its `url` is "" for none. Raises what `Wire.call` raises."""
        found: Mapping[str, Any] = await self._wire.call(GetWebhookInfo())
        return found

    async def may_be_driven_out(self, address: str) -> bool:
        """Whether updates may be taken back from this address now ("": somebody deleted ours, and polls); admins are told either way."""
        host = urlsplit(address).hostname or "getUpdates"
        now = asyncio.get_running_loop().time()
        often = len(self._taken) == AT_ONCE and now - self._taken[0] < DAY
        if often and now - self._taken[-1] < LATER:
            line = Line("telegram.webhook_again", {"host": host})
            await self._trouble.has(f"another program takes the updates again and again ({host})", line)
            return False
        self._taken.append(now)
        await self._trouble.has(f"another program took the updates ({host})", Line("telegram.webhook", {"host": host}))
        return True
