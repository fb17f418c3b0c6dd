"""Slack, joined: Socket Mode or HTTP through Bolt, one committed inbox row before each ack, everything slow after it."""

import asyncio
import json
import logging
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import datetime
from typing import Any

import structlog
from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from adapters.slack.alarms import Alarm, Alarms
from adapters.slack.deliver import SlackMessenger
from adapters.slack.files import Files
from adapters.slack.home import Home
from adapters.slack.inbox import Inbox
from adapters.slack.payload import Me, Meta, mapped, misfit, without_secrets
from adapters.slack.people import People
from adapters.slack.post import Poster
from adapters.slack.read import key_of, revoked_by
from adapters.slack.socket import Socket
from adapters.slack.talk import Talk
from adapters.slack.views import words_view
from adapters.slack.web import OPEN, NotSlack, SlackSaidNo, Web
from core.errors import DeliveryTrouble, PaintbotError
from core.replies import Door, ImageSource, PlatformStore

log = structlog.get_logger(__name__)

WATCH_EVERY = 3
"""How many pings the watchdog waits between two looks at the socket."""

TOKEN_EVERY = 10
"""How many looks of the watchdog between two questions whether the token still works."""

MISFITS = {
    "organization": "is a token of a whole organization; install the app into one workspace and take the token from there",
    "person": "is a token of a person; take the bot's own (xoxb-)",
}
"""What is wrong with a token Slack takes, but that is not a bot's in one workspace."""

WAITS = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0)
"""Seconds between tries to reach Slack after a start without it; the last from then on."""

STEP_MOST = 10.0
"""Seconds one step towards Slack may take: the SDK tries an address that leads nowhere for ever."""

Scope = MutableMapping[str, Any]
Row = tuple[str, dict[str, Any]]


class SlackApp:
    """The platform: `await start()`, `messenger`, `routes` (ASGI, for /slack/events in http mode), `healthy()`, `await stop()`.

    `mode` is "socket" or "http"; `edit_every` seconds between edits of a message; `grace` seconds given to work under way at stop;
    `look` seconds between looks at an upload being processed; `ping` seconds between pings of the socket.
    """

    def __init__(
        self,
        *,
        bot_token: str,
        door: Door,
        store: PlatformStore,
        images: ImageSource,
        clock: Callable[[], datetime],
        app_token: str = "",
        signing_secret: str = "",
        api_url: str = "https://slack.com/api/",
        mode: str = "socket",
        language: str = "zh",
        edit_every: float = 3.0,
        grace: float = 15.0,
        look: float = 0.4,
        ping: float = 10.0,
        alarm: Alarm | None = None,
    ) -> None:
        self._alarms = Alarms(alarm)
        self._web = Web(bot_token, api_url, alarm=self._alarms.tell)
        self._clock = clock
        self._signing_secret = signing_secret
        self._language = language
        self._grace = grace
        self._ping = ping
        people = People(self._web, store, language)
        poster = Poster(self._web, people, Files(self._web, store, images, look), look)
        self.messenger = SlackMessenger(poster, store, edit_every)
        self._talk = Talk(door, store, poster, people, Home(door, poster, people), clock)
        self.inbox = Inbox(store, self._answer)
        self._me = Me("", "", "")
        self._bolt: AsyncApp | None = None
        self._socket = Socket(self._web, app_token, ping, self._on_envelope) if mode == "socket" else None
        self._watch: asyncio.Task[None] | None = None
        self._away = "not connected"

    async def start(self) -> None:
        """Learn who we are, take up unfinished rows, connect. While Slack stays away we go on trying.

        PaintbotError when Slack refuses a token, when the token is no bot's of one workspace, when what answers is no Slack.
        """
        await self._web.open()
        try:
            reached = await self._reached()
        except BaseException:
            await self.stop()
            raise
        self._alarms.awake = True
        self._watch = asyncio.create_task(self._living(reached), name="slack watchdog")

    async def stop(self) -> None:
        """Take nothing more in, let what is under way end, close."""
        self._away = "not connected"
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.cancel()
            await asyncio.gather(watch, return_exceptions=True)
        if self._socket is not None:
            await self._socket.close()
        await self.inbox.drain(self._grace)
        await self.inbox.close()
        await self._alarms.idle()
        await self._web.close()

    def healthy(self) -> bool:
        """Connected (in http mode: started), and the token not known to be refused."""
        return not self.trouble

    @property
    def trouble(self) -> str:
        """What is wrong: Slack's own word for a token it refuses, "not connected", why a start without Slack still waits; "" for nothing."""
        if self._web.refused.get("bot_token") or self._away:
            return self._web.refused.get("bot_token") or self._away
        if "app_token" in self._web.refused:
            return f"Slack refused slack.app_token: {self._web.refused['app_token']}"
        return "" if self._socket is None or self._socket.connected else "not connected"

    # -- in -------------------------------------------------------------------------------------------------------

    async def receive(self, body: dict[str, Any]) -> tuple[dict[str, Any] | None, Row | None]:
        """(what the ack carries, the row to begin after it): nothing slower than one inbox row happens here."""
        if body.get("type") == "url_verification":
            return {"challenge": body.get("challenge", "")}, None
        key = key_of(body, self._me)
        if key is None:
            return None, None
        row = {"at": self._clock().timestamp(), "body": without_secrets(body)}
        new = await self.inbox.receive(key, row)
        ack = None
        if body.get("type") == "view_submission":
            language = Meta.loads(str(mapped(body.get("view")).get("private_metadata", ""))).language or self._language
            ack = {"response_action": "update", "view": words_view("slack.working", language)}
        return ack, (key, {**row, "body": body}) if new else None

    async def routes(
        self, scope: Scope, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
    ) -> None:
        """The ASGI door of http mode: Slack's signature is checked by Bolt, work begins after the answer is sent."""
        http = HttpRequest(scope, receive)
        if self._bolt is None:  # Slack itself cannot be reached yet; it sends what was not taken again
            return await Response(status_code=503)(scope, receive, send)
        mark, stamp = http.headers.get("x-slack-signature", ""), http.headers.get("x-slack-request-timestamp", "")
        if not (mark.isascii() and stamp.isascii() and stamp.isdigit()):  # Bolt's check would break on these
            return await Response(status_code=401)(scope, receive, send)
        request = to_async_bolt_request(http, await http.body(), {})
        response = await self._bolt.async_dispatch(request)
        try:
            await to_starlette_response(response)(scope, receive, send)
        finally:
            self._begin(request)

    async def _on_envelope(self, client: AsyncBaseSocketModeClient, envelope: SocketModeRequest) -> None:
        if self._bolt is None:
            return
        request = AsyncBoltRequest(mode="socket_mode", body=envelope.payload)
        response = await self._bolt.async_dispatch(request)
        try:
            if response.status == 200:
                ack = json.loads(response.body) if response.body else None
                await client.send_socket_mode_response(SocketModeResponse(envelope.envelope_id, ack))
        finally:
            self._begin(request)

    def _begin(self, request: AsyncBoltRequest) -> None:
        row: Row | None = request.context.get("paintbot_row")
        if row is not None:
            self.inbox.begin(*row)

    async def _answer(self, key: str, row: Any) -> None:
        if revoked := revoked_by(row["body"]):
            self._web.refuse(revoked)
        else:
            await self._talk.handle(self._me, key, row)

    # -- connection -----------------------------------------------------------------------------------------------

    async def _living(self, reached: bool) -> None:
        """Come to Slack where the start did not, however long it takes; then watch over what stands."""
        waits = iter(WAITS)
        while not reached:
            wait = next(waits, WAITS[-1])
            log.warning("slack.not_connected", api_url=self._web.api_url, reason=self._away, again_in=wait)
            await asyncio.sleep(wait)
            try:
                reached = await self._reached()
            except PaintbotError:  # a token or the address is wrong: `trouble` says which, and it may yet come right
                continue
            except Exception:
                log.exception("slack.start_failed")
        await self._watching()

    async def _reached(self) -> bool:
        """One try to hear and speak, begun again from anywhere; False while Slack stays away. PaintbotError for what waiting does not mend."""
        try:
            async with asyncio.timeout(STEP_MOST):
                await self._meet()
            await self.inbox.open()
            if self._socket is not None:
                async with asyncio.timeout(STEP_MOST):
                    await self._socket.open()
        except SlackSaidNo as no:
            token = "app_token" if no.method == OPEN else "bot_token"
            raise self._wrong(f"Slack refused slack.{token}: {no.code}") from no
        except (DeliveryTrouble, TimeoutError) as trouble:
            if self._socket is not None:
                await self._socket.close()
            self._away = f"cannot be reached: {_why(trouble)}"
            return False
        log.info("slack.connected", user=self._me.name, mode="http" if self._socket is None else "socket")
        self._away = ""
        return True

    def _wrong(self, words: str) -> PaintbotError:
        """What waiting does not mend: an error to raise, told in `trouble` too."""
        self._away = words
        return PaintbotError(words)

    async def _meet(self) -> None:
        try:
            told = await self._web.call("auth.test", {})
        except NotSlack as other:
            raise self._wrong(f"slack.api_url: no Slack answers at {self._web.api_url} ({other.what})") from other
        if wrong := misfit(told):
            raise self._wrong(f"slack.bot_token {MISFITS[wrong]}")
        self._me = Me(
            str(told.get("user_id")), str(told.get("bot_id", "")), str(told.get("team_id")), str(told.get("user", ""))
        )
        self._bolt = AsyncApp(
            client=self._web.client,
            signing_secret=self._signing_secret or secrets.token_hex(32),
            before_authorize=Gate(self),
            logger=logging.getLogger("slack_bolt"),
        )

    async def _watching(self) -> None:
        """Sockets die in silence, tokens are revoked, other replicas leave work behind: look, and mend what can be mended."""
        for look in range(1, 1 << 62):
            await asyncio.sleep(WATCH_EVERY * self._ping)
            try:
                if "bot_token" in self._web.refused or look % TOKEN_EVERY == 0:
                    await self._web.call("auth.test", {})
                await self.inbox.look()
            except (SlackSaidNo, DeliveryTrouble) as error:
                log.info("slack.token_unsure", error=str(error))
            except Exception:
                log.exception("slack.look_failed")
            if self._socket is not None:
                await self._socket.mend()


class Gate(AsyncMiddleware):
    """The one middleware of ours, right behind Bolt's signature check: writes the row and answers, so that no listener is ever polled for."""

    def __init__(self, app: SlackApp) -> None:
        self._app = app

    async def async_process(
        self, *, req: AsyncBoltRequest, resp: BoltResponse, next: Callable[[], Awaitable[BoltResponse]]
    ) -> BoltResponse:
        """Receive the payload; Bolt turns what is raised here into a 500, which is no ack: Slack comes again."""
        ack, row = await self._app.receive(req.body)
        req.context["paintbot_row"] = row
        return BoltResponse(status=200, body=ack or "")


def _why(trouble: DeliveryTrouble | TimeoutError) -> str:
    """In a word, and for a network with the name of what happened: a wrong name, a certificate and a closed port differ."""
    if isinstance(trouble, TimeoutError):
        return "no answer"
    cause = f" ({type(trouble.__cause__).__name__})" if trouble.reason == "network" and trouble.__cause__ else ""
    return f"{trouble.reason}{cause}"
