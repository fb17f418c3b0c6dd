"""The platforms that are configured, each made from its settings; a library is imported only where it is used."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Protocol

from fastapi import FastAPI
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.settings import Settings
from bot.web import Endpoint
from core import access, alerts
from core.commands.line import FLAGS
from core.commands.names import COMMANDS
from core.images import Images
from core.looks import Looker
from core.records import Records
from core.records.platforms import Chat, Platforms
from core.replies import Door, Messenger
from core.requests import Account, Line

Clock = Callable[[], datetime]
DAY = 86400.0


class FullDoor(Door, Looker, Protocol):
    """The desk, as all platforms together know it."""


class Platform(Protocol):
    """A platform as wiring sees it."""

    @property
    def messenger(self) -> Messenger:
        """Its outgoing side."""
        ...

    async def start(self) -> None:
        """Begin to listen; unfinished events are answered first."""
        ...

    async def stop(self) -> None:
        """Stop listening, finish what was acked."""
        ...


async def make(
    settings: Settings, desk: FullDoor, records: Records, images: Images, clock: Clock
) -> Mapping[str, Platform]:
    """Platforms by name, made and not yet started."""
    apps: dict[str, Platform] = {}
    if settings.slack.on:
        apps["slack"] = _slack(settings, desk, records, images, clock)
    if settings.telegram.on:
        apps["telegram"] = _telegram(settings, desk, records, images)
    if settings.page.enabled:
        apps["page"] = _page(settings, desk, records, images, clock)
    return apps


def _alarm(records: Records, seconds: float = alerts.HOUR) -> Callable[[Line], Awaitable[None]]:
    """How a platform reaches the admins: the same sentence at most once in so many seconds."""

    async def alarm(line: Line) -> None:
        async with records.write() as tx:
            await alerts.alert(tx, f"{line.key}:{line.values.get('scope', '')}", line, seconds=seconds)

    return alarm


def _slack(settings: Settings, desk: FullDoor, records: Records, images: Images, clock: Clock) -> Platform:
    from adapters.slack.app import SlackApp

    slack = settings.slack
    return SlackApp(
        bot_token=slack.bot_token.get_secret_value(),
        app_token=slack.app_token.get_secret_value(),
        signing_secret=slack.signing_secret.get_secret_value(),
        api_url=slack.api_url,
        mode=slack.mode,
        door=desk,
        store=Platforms(records, "slack"),
        images=images,
        clock=clock,
        language=settings.bot.language,
        alarm=_alarm(records),
    )


def _telegram(settings: Settings, desk: FullDoor, records: Records, images: Images) -> Platform:
    from adapters.telegram.app import TelegramApp

    telegram = settings.telegram
    return TelegramApp(
        token=telegram.token.get_secret_value(),
        api_base=telegram.api_base,
        mode=telegram.mode,
        door=desk,
        store=Platforms(records, "telegram"),
        images=images,
        language=settings.bot.language,
        webhook_url=f"{settings.web.public_url}/telegram/webhook" if settings.web.public_url else "",
        webhook_secret=settings.derived("webhooks")[0].hex(),
        alarm=_alarm(records, DAY),
    )


def _page(settings: Settings, desk: FullDoor, records: Records, images: Images, clock: Clock) -> Platform:
    from adapters.page.app import PageApp
    from adapters.page.login import Login

    async def claim(token: str) -> Account | None:
        async with records.write() as tx:
            used = await access.use_pass(tx, "login", token)
        return Account.parse(used[0]) if used and used[0] else None

    chats = settings.slack.on or settings.telegram.on
    login = None if settings.web.loopback else Login(claim, settings.page.token.get_secret_value(), chats=chats)
    return PageApp(
        desk,
        Platforms(records, "page"),
        Chat(records),
        images,
        clock,
        secret=settings.derived("sessions")[0].hex(),
        uploads=settings.bot.data_dir / "uploads",
        language=settings.bot.language,
        login=login,
        secure=settings.web.public_url.startswith("https://"),
        looker=desk,
        commands=tuple((spoken.page, Line(f"help.command_{verb}")) for verb, spoken in COMMANDS.items()),
        flags=tuple((flag.flag, flag.meaning) for flag in FLAGS),
    )


EVENT_MOST = 1_000_000
"""Bytes of a webhook's body; it is read before its signature can be checked, and no event comes near."""
PATHS = {"slack": "/slack/events", "telegram": "/telegram/webhook"}


class _Handed(Response):
    """A request handed on to a platform's own ASGI app."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__()
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)


def webhooks(apps: Mapping[str, Platform]) -> Mapping[str, Endpoint]:
    """Where platforms that push their events push them to."""

    def endpoint(app: ASGIApp) -> Endpoint:
        limited = RequestBodyLimitMiddleware(app, max_body_size=EVENT_MOST)

        async def hand(_request: Request) -> Response:
            return _Handed(limited)

        return hand

    found = {PATHS[name]: getattr(app, "routes", None) for name, app in apps.items() if name in PATHS}
    return {path: endpoint(routes) for path, routes in found.items() if routes is not None}


def page_of(apps: Mapping[str, Platform]) -> Callable[[FastAPI], None] | None:
    """How the page mounts itself; None without one."""
    mount: Callable[[FastAPI], None] | None = getattr(apps.get("page"), "mount", None)
    return mount


def trouble(app: Platform) -> str:
    """What is wrong with a platform, in a word; "" where it hears and speaks, or cannot tell."""
    tells: Callable[[], bool] | None = getattr(app, "healthy", None)
    if tells is None or tells():
        return ""
    return str(getattr(app, "trouble", "")) or "not connected"
