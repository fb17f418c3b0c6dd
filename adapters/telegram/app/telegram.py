"""The whole adapter joined: one connection, polling or webhook, and what wiring needs of it."""

import asyncio
import contextlib
import hmac
import json
import logging
from collections.abc import Callable
from datetime import datetime

from aiogram.methods import SetWebhook
from aiogram.utils.token import TokenValidationError
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from adapters.telegram.albums import LONGEST, QUIET, Albums
from adapters.telegram.app.handling import Handling
from adapters.telegram.app.inbox import Inbox
from adapters.telegram.app.menu import Menu
from adapters.telegram.app.polling import KINDS, STAND_BY, Polling
from adapters.telegram.app.stopping import Stop, Stopped
from adapters.telegram.deliver import Answers, Posting, PrivateChats, TelegramMessenger
from adapters.telegram.deliver.pictures import FileIds
from adapters.telegram.forms import Forms
from adapters.telegram.gate import Limits, Refused, Wire
from core.errors import DeliveryTrouble, PaintbotError, Undeliverable
from core.replies import Door, ImageSource, PlatformStore, Reply
from core.requests import Line

log = logging.getLogger(__name__)
SECRET = "X-Telegram-Bot-Api-Secret-Token"
BODY_MOST = 1_000_000
DRAIN = 10.0
RETRY = 10.0


class TokenRefused(PaintbotError):
    """Telegram does not know this token: get the right one from BotFather."""


class TelegramApp:
    """Telegram for the process. `mode` is "polling" or "webhook" (needs `webhook_url` and `webhook_secret`; `routes` is what stands at that address)."""

    def __init__(
        self,
        token: str,
        api_base: str,
        mode: str,
        door: Door,
        store: PlatformStore,
        images: ImageSource,
        clock: Callable[[], datetime],
        language: str = "zh",
        webhook_url: str = "",
        webhook_secret: str = "",
        limits: Limits | None = None,
        album_quiet: float = QUIET,
        album_longest: float = LONGEST,
        stand_by: float = STAND_BY,
    ) -> None:
        if mode == "webhook" and not (webhook_url and webhook_secret):
            raise ValueError("a Telegram webhook needs an address and a secret")
        try:
            self.wire = Wire(token, api_base, limits or Limits())
        except TokenValidationError as error:
            raise TokenRefused("this is no bot token") from error
        self._mode, self._url, self._secret = mode, webhook_url, webhook_secret
        self._door, self._clock, self._language = door, clock, language
        ids = FileIds(store)
        posting = Posting(self.wire, images, ids)
        private = PrivateChats(self.wire, posting, store)
        forms = Forms(posting, store, door)
        answers = Answers(self.wire, posting, private, ids)
        self._stop = Stop()
        self._menu = Menu(self.wire, door, language)
        self.messenger = TelegramMessenger(self.wire, posting, private, store, language)
        albums = Albums(store, album_quiet, album_longest)
        handling = Handling(self.wire, door, store, albums, forms, answers, private, self._menu)
        self._inbox = Inbox(self.wire, store, handling.handle, forms.conceal, language)
        self._polling = Polling(self.wire, self._inbox, store, self._tell_conflict, self._stop, stand_by)
        self._trouble = "starting"
        self._running: asyncio.Task[None] | None = None

    async def routes(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI door of webhook mode, to be mounted at the path of `webhook_url`."""
        response = (
            await self._webhook(HttpRequest(scope, receive)) if self._mode == "webhook" else Response(status_code=404)
        )
        await response(scope, receive, send)

    @property
    def trouble(self) -> str:
        """What is wrong in one word: "starting", "conflict", "token", "network", "database"; "" when all is well."""
        return self._trouble or (self._polling.trouble if self._mode == "polling" else "")

    def healthy(self) -> bool:
        """Whether updates come in, or wait safely with Telegram while another replica reads them."""
        return not self.trouble

    async def start(self) -> None:
        """Find out who we are and begin. Raises `TokenRefused`; while Telegram cannot be reached it goes on trying."""
        try:
            await self.wire.meet()
        except Refused as refused:
            await self.wire.close()
            raise TokenRefused("Telegram refuses this token; BotFather shows the right one under /mybots") from refused
        except DeliveryTrouble as trouble:
            log.warning("telegram: cannot be reached yet: %s", trouble)
        self._running = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Stop reading, let what is being written be written and answers under way end, close the connection."""
        self.wire.patience.end()
        if self._running:
            self._stop.tell()
            await asyncio.wait({self._running}, timeout=DRAIN)
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
        await self._inbox.drain(DRAIN)
        await self.messenger.close()
        await self.wire.close()

    async def _run(self) -> None:
        with contextlib.suppress(Stopped):
            await self._go()

    async def _go(self) -> None:
        while not self.wire.me.username:
            with contextlib.suppress(DeliveryTrouble, Undeliverable):
                await self._stop.wait(self.wire.meet())
                break
            await self._stop.pause(RETRY)
        log.info("telegram: reading as @%s by %s", self.wire.me.username, self._mode)
        menu = asyncio.create_task(self._menu.set())
        try:
            if self._mode == "webhook":
                await self._hook()
            else:
                self._trouble = ""
                await self._polling.run()
        finally:
            await asyncio.wait({menu}, timeout=DRAIN / 2)
            menu.cancel()
            await asyncio.gather(menu, return_exceptions=True)

    async def _hook(self) -> None:
        """Tell Telegram our address, once that works, and take up what is unfinished; then updates come by themselves."""
        await self._inbox.replay()
        while True:
            try:
                await self._stop.wait(
                    self.wire.call(SetWebhook(url=self._url, secret_token=self._secret, allowed_updates=KINDS))
                )
                self._trouble = ""
                break
            except (DeliveryTrouble, Undeliverable) as trouble:
                self._trouble = "webhook"
                log.error("telegram: the webhook was not set: %s", getattr(trouble, "description", trouble))
                await self._stop.pause(RETRY)

    async def _webhook(self, request: HttpRequest) -> Response:
        """200 only when the update has been written down; Telegram sends everything else again."""
        if not hmac.compare_digest(request.headers.get(SECRET, "").encode(), self._secret.encode()):
            return Response(status_code=403)
        body = bytearray()
        async for chunk in request.stream():
            body.extend(chunk)
            if len(body) > BODY_MOST:
                return Response(status_code=413)
        try:
            raw = json.loads(body)
        except ValueError:
            return Response(status_code=400)
        if not self.wire.me.username:
            return Response(status_code=503)
        await self._inbox.receive(raw)
        return Response(status_code=200)

    async def _tell_conflict(self) -> None:
        """Admins learn once a day that another program uses the token."""
        day = self._clock().date().isoformat()
        for admin in await self._door.admins("telegram"):
            with contextlib.suppress(Undeliverable, DeliveryTrouble):
                reply = Reply((Line("telegram.conflict", tone="alert"),), private=True)
                await self.messenger.tell(admin, None, reply, self._language, once=f"conflict:{day}:{admin}")
