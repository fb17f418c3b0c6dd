"""Who may open the page: everybody on this machine where members are switched freely, else only who came by a link or a token."""

import asyncio
import hmac
import secrets
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from time import monotonic
from urllib.parse import parse_qs

from fastapi import APIRouter
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request as WebRequest
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.page.browser import THEMES, language_in, theme_in
from adapters.page.look import stylesheet
from adapters.page.people import Person
from core.replies import Door
from core.requests import Account, Line
from core.texts import LANGUAGES, say

LOGIN, LOGOUT = "/page/login", "/page/logout"
OPEN = (LOGIN, LOGOUT, "/page/look.css", "/_nicegui")
"""Where these paths begin nobody's standing is asked: ways in and out, and what shows nothing of the team."""
LOOK_SECONDS = 5.0
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1", "[::1]"})
TRIES, WINDOW = 10, timedelta(minutes=1)
LONGEST = 4096
"""Bytes of a login's form: strangers may send one."""
SAFE = {"X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}
KEPT = ("language", "theme")
"""What a browser keeps when somebody comes or goes."""


@dataclass(frozen=True, slots=True)
class Login:
    """How a person proves who they are: `claim` turns a one-time token into an account (None: wrong, used or too old);
    `token` is the configured one, good for `account`, "" for none; `chats`: there are chats in which links are handed out."""

    claim: Callable[[str], Awaitable[Account | None]] | None = None
    token: str = ""
    account: Account = Account("page", "", "admin")  # noqa: RUF009  (frozen)
    chats: bool = False

    @property
    def hint(self) -> str:
        """The sentence that says how to come in."""
        if not self.token:
            return "login_hint_link"
        return "login_hint_both" if self.chats else "login_hint"


class Standing:
    """Whether who is logged in was turned away since; the desk is asked once in five seconds for each, however many pictures are shown."""

    def __init__(self, door: Door) -> None:
        self._door, self._asking = door, asyncio.Lock()
        self._known: dict[str, tuple[float, tuple[Line, str] | None]] = {}

    async def refused(self, account: str) -> tuple[Line, str] | None:
        """As the desk's `turned_away`, at most five seconds old."""
        async with self._asking:
            known = self._known.get(account)
            if known is None or monotonic() - known[0] >= LOOK_SECONDS:
                known = self._known[account] = (monotonic(), await self._door.turned_away(account))
            return known[1]


class Guard:
    """ASGI middleware inside the session's: turns away strangers and who was blocked since they came; without a login,
    everything that does not come from this machine's own name."""

    def __init__(self, app: ASGIApp, login: Login | None, standing: Standing, language: str) -> None:
        self._app, self._login, self._standing, self._language = app, login, standing, language

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            return await self._app(scope, receive, send)

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(SAFE)
            await send(message)

        if self._may_pass(scope):
            return await (await self._turned_away(scope) or self._app)(scope, receive, guarded)
        if scope["type"] == "websocket":
            return await send({"type": "websocket.close", "code": 1008})
        return await self._refusal(scope)(scope, receive, guarded)

    def _may_pass(self, scope: Scope) -> bool:
        if self._login is None:
            host = Headers(scope=scope).get("host", "")
            name = host if host.endswith("]") else host.rpartition(":")[0] or host
            return name in LOOPBACK
        return scope["path"] == LOGIN or bool(scope.get("session", {}).get("account"))

    async def _turned_away(self, scope: Scope) -> Response | None:
        """One sentence in place of pages and pictures. Where members are switched freely nobody is: there everybody may be anybody."""
        if self._login is None or scope["type"] != "http" or scope["path"].startswith(OPEN):
            return None
        web = WebRequest(scope)
        refused = await self._standing.refused(web.session["account"])
        if refused is None:
            return None
        language = refused[1] or language_in(web, self._language)
        said, headers = say(refused[0], language), {"Cache-Control": "no-store"}
        if "text/html" not in web.headers.get("accept", ""):
            return PlainTextResponse(said, 403, headers)
        inside = f'<main><span class="pb-logo" aria-hidden="true"></span><p role="alert">{escape(said)}</p></main>'
        return HTMLResponse(_sheet(language, theme_in(web), inside), 403, headers)

    def _refusal(self, scope: Scope) -> Response:
        if self._login is None:
            return PlainTextResponse("only on this machine", 403)
        if "text/html" in Headers(scope=scope).get("accept", ""):
            return RedirectResponse(LOGIN, 303)
        return PlainTextResponse("login first", 401)


class Tries:
    """At most ten wrong tokens a minute, for all together. One-time links are too long to guess, and always good."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._wrong: deque[datetime] = deque(maxlen=TRIES)

    def allowed(self) -> bool:
        """Whether one more may be tried now."""
        return len(self._wrong) < TRIES or self._clock() - self._wrong[0] > WINDOW

    def wrong(self) -> None:
        """One was wrong."""
        self._wrong.append(self._clock())


async def proven(login: Login, token: str, *, guesses: bool) -> Account | None:
    """The account a token proves, or None. Without `guesses` only a one-time link does: strangers must not lock people out."""
    if guesses and login.token and hmac.compare_digest(login.token.encode(), token.encode()):
        return login.account
    return await login.claim(token) if login.claim is not None and token else None


def page_of(login: Login, language: str, theme: str, token: str = "", problem: str = "") -> str:
    """The login page: a link's token waits for one press, because previews of links open them too."""

    def text(key: str) -> str:
        return escape(say(Line(f"page.{key}"), language))

    trouble = f'<p class="pb-problem" role="alert">{text(problem)}</p>' if problem else ""
    form = (
        f'<form method="post" action="{LOGIN}"><span class="pb-logo" aria-hidden="true"></span><h1>{text("title")}</h1>'
        f"<p>{text('login_link' if token else login.hint)}</p>{trouble}{_way_in(login, text, token)}</form>"
    )
    return _sheet(language, theme, form)


def _sheet(language: str, theme: str, inside: str) -> str:
    """A page with nothing but one sheet in its middle."""
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f"<title>{escape(say(Line('page.title'), language))}</title>"
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">'
        f'<style>{stylesheet()}</style></head><body class="pb-login body--{theme}">{inside}</body></html>'
    )


def _way_in(login: Login, text: Callable[[str], str], token: str) -> str:
    """The press a link waits for, or a field for the configured token; nothing where only links lead in."""
    if token:
        field = f'<input type="hidden" name="token" value="{escape(token)}">'
    elif login.token:
        field = (
            f'<label for="token">{text("login_token")}</label>'
            '<input id="token" name="token" type="password" autocomplete="off" required autofocus>'
        )
    else:
        return ""
    return f'{field}<button class="pb-button primary">{text("login_enter")}</button>'


def back_of(web: WebRequest) -> str:
    """Where to return to: a path of ours, never another site."""
    back = web.query_params.get("back", "/")
    return back if back.startswith("/") and not back.startswith(("//", "/\\")) else "/"


def login_routes(login: Login, clock: Callable[[], datetime], language: str) -> APIRouter:
    """`/page/login` (GET shows, POST enters) and `/page/logout`; `language` is the one of a browser that asks for none."""
    router, tries = APIRouter(), Tries(clock)

    def shown(web: WebRequest, token: str = "", problem: str = "", status: int = 200) -> Response:
        page = page_of(login, language_in(web, language), theme_in(web), token, problem)
        return HTMLResponse(page, status, headers={"Cache-Control": "no-store"})

    def begin(web: WebRequest, **session: str) -> None:
        kept = {key: web.session[key] for key in KEPT if key in web.session}
        web.session.clear()
        web.session.update(kept | session)

    @router.get(LOGIN, include_in_schema=False)
    async def show(web: WebRequest, token: str = "") -> Response:
        return shown(web, token)

    @router.post(LOGIN, include_in_schema=False)
    async def enter(web: WebRequest) -> Response:
        body = bytearray()
        async for part in web.stream():
            body += part
            if len(body) > LONGEST:
                return PlainTextResponse("too long", 413)
        token = parse_qs(body.decode("utf-8", "replace")).get("token", [""])[0].strip()
        allowed = tries.allowed()
        account = await proven(login, token, guesses=allowed)
        if account is None and not allowed:
            return shown(web, problem="login_wait", status=429)
        if account is None:
            tries.wrong()
            return shown(web, problem="login_wrong", status=403)
        begin(web, account=str(account), id=secrets.token_hex(16))
        return RedirectResponse("/", 303)

    @router.get(LOGOUT, include_in_schema=False)
    async def leave(web: WebRequest) -> Response:
        begin(web)
        return RedirectResponse(LOGIN, 303)

    return router


def choice_routes(people: Sequence[Person], *, switching: bool) -> APIRouter:
    """`/page/look` remembers language and theme in the session; `/page/as` switches the member where that is free."""
    router = APIRouter()

    @router.get("/page/look", include_in_schema=False)
    async def look(web: WebRequest, language: str = "", theme: str = "") -> Response:
        if language in LANGUAGES:
            web.session["language"] = language
        if theme in THEMES:
            web.session["theme"] = theme
        return RedirectResponse(back_of(web), 303)

    @router.get("/page/as", include_in_schema=False)
    async def become(web: WebRequest, account: str) -> Response:
        if not switching or account not in {str(person.account) for person in people}:
            return PlainTextResponse("no", 403)
        web.session["account"] = account
        return RedirectResponse(back_of(web), 303)

    return router
