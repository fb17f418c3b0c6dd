"""The page as a platform: mounted into the bot's web application, with its messenger, and what must be done at start and stop."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from datetime import datetime
from pathlib import Path

import structlog
from fastapi import FastAPI
from nicegui import app as nicegui_app
from nicegui import background_tasks, context, ui
from nicegui.language import Language
from starlette.requests import Request as WebRequest
from starlette.responses import Response

from adapters.page import look
from adapters.page.answers import Answers
from adapters.page.browser import language_in, theme_in
from adapters.page.completion import Words
from adapters.page.curtain import DARK, draw_curtain
from adapters.page.deliver import PageMessenger
from adapters.page.files import Addresses, Uploads, picture_routes
from adapters.page.history import thread_of
from adapters.page.login import Guard, Login, Standing, choice_routes, login_routes
from adapters.page.people import CHANNELS, PEOPLE, PLATFORM, Channel, Person, place_in
from adapters.page.read import Asker
from adapters.page.room import Room
from adapters.page.tab import Given, Tab
from adapters.page.talk import Talk
from core.looks import Looker
from core.replies import ChatStore, Door, ImageSource, PlatformStore, Reply
from core.requests import Account, Line
from core.texts import say

log = structlog.get_logger("page")
SWEEP_SECONDS = 3600.0
SESSION_SECONDS = 30 * 24 * 3600
LANGUAGE: Mapping[str, Language] = {"zh": "zh-CN", "en": "en-US"}


class PageApp:
    """A chat in the browser, and tables, pictures and charts for admins where there is a `looker`.

    `login` None lets members be switched without a password (loopback only, wiring decides);
    `secret` signs sessions and picture addresses; `secure` is true where the page is reached by https."""

    def __init__(
        self,
        door: Door,
        store: PlatformStore,
        chat: ChatStore,
        images: ImageSource,
        clock: Callable[[], datetime],
        *,
        secret: str,
        uploads: Path,
        language: str = "zh",
        login: Login | None = None,
        secure: bool = False,
        commands: Words = (),
        flags: Words = (),
        people: Sequence[Person] = PEOPLE,
        channels: Sequence[Channel] = CHANNELS,
        looker: Looker | None = None,
        refresh: float = 5.0,
    ) -> None:
        self._door, self._images, self._clock = door, images, clock
        self._secret, self._language, self._login, self._secure = secret, language, login, secure
        talk, dropped = Talk(chat), Uploads(uploads)
        self.messenger = PageMessenger(talk, store, dropped)
        self._given = Given(
            Answers(door, store, talk),
            store,
            talk,
            dropped,
            Addresses(secret),
            commands,
            flags,
            people,
            channels,
            looker,
            images,
            Standing(door),
            login is None,
            refresh,
        )
        self._sweeping: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Answer what was received and not finished, and begin to forget old dropped files."""
        await self._given.answers.catch_up()
        self._sweeping = asyncio.create_task(self._sweep())

    async def stop(self) -> None:
        """Stop what `start` began; open pages close with the web server."""
        if self._sweeping is not None:
            self._sweeping.cancel()
            await asyncio.gather(self._sweeping, return_exceptions=True)

    async def _sweep(self) -> None:
        while True:
            try:
                await self._given.uploads.sweep(self._clock())
            except OSError:
                log.exception("page.sweep")
            await asyncio.sleep(SWEEP_SECONDS)

    def mount(self, app: FastAPI) -> None:
        """Mount the page at `/`: every route registered on `app` before this call goes on answering first."""
        given = self._given
        nicegui_app.add_middleware(Guard, login=self._login, standing=given.standing, language=self._language)
        nicegui_app.include_router(picture_routes(self._images, given.uploads, given.addresses))
        nicegui_app.include_router(choice_routes(given.people, switching=given.switching))
        if self._login is not None:
            nicegui_app.include_router(login_routes(self._login, self._clock, self._language))
        nicegui_app.get("/page/look.css", include_in_schema=False)(_look)
        ui.page("/", title=say(Line("page.title"), self._language), response_timeout=20)(self._open)
        ui.run_with(
            app,
            dark=None,
            tailwind=False,
            favicon=str(Path(look.__file__).parent / "logo.svg"),
            storage_secret=self._secret,
            session_middleware_kwargs={
                "session_cookie": "paintbot",
                "max_age": SESSION_SECONDS,
                "same_site": "lax",
                "https_only": self._secure,
            },
            show_welcome_message=False,
            reconnect_timeout=20.0,
        )

    async def _open(self, request: WebRequest, c: str = "", t: str = "", s: str = "") -> None:
        """One browser tab."""
        given, session = self._given, request.session
        session.setdefault("account", str(given.people[0].account) if given.switching else "")
        account = Account.parse(session["account"])
        language = await self._language_of(account, language_in(request, self._language))
        theme = theme_in(request)
        client = context.client
        client.title = say(Line("page.title"), language)
        client.page = copy(client.page)  # or every reader would share one `lang`, and one theme
        client.page.language = LANGUAGE[language]
        client.page.dark = DARK[theme]
        draw_curtain(theme)
        ui.add_head_html(f'<link rel="stylesheet" href="/page/look.css?v={look.version()}">')
        admin = str(account) in await self._door.admins(PLATFORM)
        known = next((one for one in given.people if one.account == account), None)
        name = say(known.name, language) if known else account.id
        room = Room(Tab(given, Asker(account, name, language), admin, theme, given.channels[0].id))
        await room.build(c, thread_of(t), s)
        living = background_tasks.create(room.live(), name="page.live")
        client.on_delete(living.cancel)

    async def _language_of(self, account: Account, guess: str) -> str:
        """The language this member chose, on whichever platform; else what this browser read last."""
        channel = self._given.channels[0].id
        answer = await self._given.answers.ask(Asker(account, "", guess).question("language", place_in(channel)))
        return answer.language or guess if isinstance(answer, Reply) else guess


async def _look() -> Response:
    kept = {"Cache-Control": "private, max-age=31536000, immutable"}
    return Response(look.stylesheet(), media_type="text/css", headers=kept)
