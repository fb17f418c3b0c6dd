"""Slack, joined: started, watched over, stopped; come to again where it was away or refuses us for a while."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any

import structlog

from adapters.slack.alarms import Alarm, Alarms
from adapters.slack.deliver import SlackMessenger
from adapters.slack.events import Events
from adapters.slack.files import Files
from adapters.slack.home import Home
from adapters.slack.inbox import Inbox
from adapters.slack.payload import Me, misfit
from adapters.slack.people import People
from adapters.slack.post import Poster
from adapters.slack.read import revoked_by
from adapters.slack.socket import Socket
from adapters.slack.talk import Talk
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
    "app": "is an app-level token; that one belongs into slack.app_token, the bot's own (xoxb-) here",
}
"""What is wrong with a token Slack takes, but that is not a bot's in one workspace."""

WAITS = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0)
"""Seconds between tries to reach Slack after a start without it; the last from then on."""

STEP_MOST = 10.0
"""Seconds one step towards Slack may take: the SDK tries an address that leads nowhere for ever."""


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
        self._grace = grace
        self._ping = ping
        people = People(self._web, store, language)
        poster = Poster(self._web, people, Files(self._web, store, images, look), look)
        self.messenger = SlackMessenger(poster, store, edit_every)
        self._talk = Talk(door, store, poster, people, Home(door, poster, people), clock)
        self.inbox = Inbox(store, self._answer)
        self._events = Events(self.inbox, clock, signing_secret, language)
        self.routes = self._events.routes
        self._socket = Socket(self._web, app_token, ping, self._events.on_envelope) if mode == "socket" else None
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
        self._events.shut()
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.cancel()
            await asyncio.gather(watch, return_exceptions=True)
        if self._socket is not None:
            await self._socket.close()
        await self._events.idle(self._grace)
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

    async def _answer(self, key: str, row: Any) -> None:
        if revoked := revoked_by(row["body"]):
            self._web.refuse(revoked)
        else:
            await self._talk.handle(self._events.me, key, row)

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
            await self.inbox.look()
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
        log.info("slack.connected", user=self._events.me.name, mode="http" if self._socket is None else "socket")
        self._away = ""
        return True

    def _wrong(self, words: str, more: str = "") -> PaintbotError:
        """What waiting does not mend: an error to raise, told in `trouble` too (without `more`)."""
        self._away = words
        return PaintbotError(f"{words}: {more}" if more else words)

    async def _meet(self) -> None:
        try:
            told = await self._web.call("auth.test", {})
        except NotSlack as other:
            # /readyz names no hosts
            raise self._wrong(f"slack.api_url: no Slack answers there ({other.what})", self._web.api_url) from other
        if wrong := misfit(told):
            raise self._wrong(f"slack.bot_token {MISFITS[wrong]}")
        me = Me(
            str(told.get("user_id")), str(told.get("bot_id", "")), str(told.get("team_id")), str(told.get("user", ""))
        )
        self._events.open(me, self._web.client)

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


def _why(trouble: DeliveryTrouble | TimeoutError) -> str:
    """In a word, and for a network with the name of what happened: a wrong name, a certificate and a closed port differ."""
    if isinstance(trouble, TimeoutError):
        return "no answer"
    cause = f" ({type(trouble.__cause__).__name__})" if trouble.reason == "network" and trouble.__cause__ else ""
    return f"{trouble.reason}{cause}"
