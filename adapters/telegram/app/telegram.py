"""The whole adapter joined: one connection, polling or webhook, and what wiring needs of it."""

import asyncio
import contextlib
import hmac
import json
import logging

from aiogram.utils.token import TokenValidationError
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from adapters.telegram.albums import LONGEST, QUIET, Albums
from adapters.telegram.app.handling import Handling
from adapters.telegram.app.hook import Hook
from adapters.telegram.app.inbox import Inbox
from adapters.telegram.app.menu import Menu
from adapters.telegram.app.polling import STAND_BY, Polling
from adapters.telegram.app.rival import Rival
from adapters.telegram.app.stopping import Stop, Stopped
from adapters.telegram.app.trouble import Alarm, Trouble
from adapters.telegram.deliver import Answers, Posting, PrivateChats, TelegramMessenger
from adapters.telegram.deliver.pictures import FileIds
from adapters.telegram.forms import Forms
from adapters.telegram.gate import Limits, Refused, Wire
from core.errors import DeliveryTrouble, PaintbotError
from core.replies import Door, ImageSource, PlatformStore

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
        language: str = "zh",
        webhook_url: str = "",
        webhook_secret: str = "",
        limits: Limits | None = None,
        album_quiet: float = QUIET,
        album_longest: float = LONGEST,
        stand_by: float = STAND_BY,
        alarm: Alarm | None = None,
    ) -> None:
        if mode == "webhook" and not (webhook_url and webhook_secret):
            raise ValueError("a Telegram webhook needs an address and a secret")
        try:
            self.wire = Wire(token, api_base, limits or Limits())
        except TokenValidationError as error:
            raise TokenRefused("this is no bot token") from error
        self._mode, self._secret = mode, webhook_secret
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
        self._trouble = Trouble(alarm)
        rival = Rival(self.wire, self._trouble, webhook_url)
        self._polling = Polling(self.wire, self._inbox, store, self._trouble, rival, self._stop, stand_by)
        self._hook = Hook(self.wire, self._inbox, self._trouble, rival, self._stop, webhook_url, webhook_secret)
        self._running: asyncio.Task[None] | None = None

    async def routes(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI door of webhook mode, to be mounted at the path of `webhook_url`."""
        response = (
            await self._webhook(HttpRequest(scope, receive)) if self._mode == "webhook" else Response(status_code=404)
        )
        await response(scope, receive, send)

    @property
    def trouble(self) -> str:
        """What is wrong, in a few words; "" when all is well."""
        return self._trouble.words

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
            await self._trouble.away(trouble.reason)
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
            await self._met()
            log.info("telegram: reading as @%s by %s", self.wire.me.username, self._mode)
            menu = asyncio.create_task(self._menu.set())
            try:
                await (self._hook if self._mode == "webhook" else self._polling).run()
            finally:
                await asyncio.wait({menu}, timeout=DRAIN / 2)
                menu.cancel()
                await asyncio.gather(menu, return_exceptions=True)

    async def _met(self) -> None:
        """Telegram has told us who we are, however long it is away and whatever it says of our token meanwhile."""
        while not self.wire.me.username:
            try:
                await self._stop.wait(self.wire.meet())
            except Refused as refused:
                await self._trouble.refused(refused)
            except DeliveryTrouble as trouble:
                await self._trouble.away(trouble.reason)
            else:
                return
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
