"""The webhook: set once Telegram can be reached, looked after while we run, for another program may take it away or its address lead nowhere."""

import logging
from collections.abc import Mapping
from typing import Any

from aiogram.methods import SetWebhook

from adapters.telegram.app.inbox import Inbox
from adapters.telegram.app.polling import KINDS
from adapters.telegram.app.rival import Deliveries, Rival
from adapters.telegram.app.stopping import Stop, Stopped
from adapters.telegram.app.trouble import Trouble
from adapters.telegram.gate import Refused, Wire
from core.errors import DeliveryTrouble
from core.requests import Line

log = logging.getLogger(__name__)
LOOK, RETRY = 60.0, 10.0
"""Seconds between looks at what Telegram knows of our webhook, and between tries to set it."""


class Hook:
    """Updates come by themselves to `url`, with `secret`; with several replicas all of them say so."""

    def __init__(
        self, wire: Wire, inbox: Inbox, trouble: Trouble, rival: Rival, stop: Stop, url: str, secret: str
    ) -> None:
        self._wire = wire
        self._inbox = inbox
        self._trouble = trouble
        self._rival = rival
        self._stop = stop
        self._url = url
        self._secret = secret
        self._deliveries = Deliveries()

    async def run(self) -> None:
        """Until stopped (then `Stopped` is raised)."""
        replayed = stands = False
        while True:
            wait = RETRY
            try:
                if not replayed:
                    await self._inbox.replay()
                    replayed = True
                stands = await self._stop.wait(self._looked() if stands else self._set())
                wait = LOOK
            except Stopped:
                raise
            except Refused as refused:
                await self._trouble.refused(refused)
            except DeliveryTrouble as trouble:
                await self._trouble.away(trouble.reason)
            except Exception:
                log.exception("telegram: the webhook cannot be looked after")
                await self._trouble.has("the webhook cannot be looked after, the log says why")
            await self._stop.pause(wait)

    async def _set(self) -> bool:
        await self._wire.call(SetWebhook(url=self._url, secret_token=self._secret, allowed_updates=KINDS))
        self._trouble.over()
        return True

    async def _looked(self) -> bool:
        """Whether our webhook stands, or had to be set once more; while we stand by we look on."""
        info = await self._rival.webhook()
        address = str(info.get("url", ""))
        if address == self._url:
            self._trouble.over()
            await self._delivers(info)
            return True
        if not await self._rival.may_be_driven_out(address):
            return True
        return await self._set()

    async def _delivers(self, info: Mapping[str, Any]) -> None:
        """Telegram says what went wrong with its last delivery. No matter for `/readyz`: a balancer would keep the next delivery from us then."""
        if self._deliveries.fail(info):
            why = str(info.get("last_error_message", "?"))
            log.error("telegram: updates do not arrive at the webhook: %s", why)
            await self._trouble.tell(Line("telegram.webhook_unreached", {"reason": why}))
