"""Whether the platforms take our tokens, and whether the world finds our web server: one short call each, nothing is posted."""

from collections.abc import Mapping
from typing import Any

import httpx

from adapters.slack.payload import misfit
from bot.doctor.saying import Finding
from bot.settings import Settings

SECONDS = 8.0

SCOPES = {
    *("app_mentions:read", "channels:history", "groups:history", "im:history", "mpim:history"),
    *("chat:write", "commands", "files:read", "files:write", "im:write", "users:read"),
}
"""What the Slack app needs to do all it can; its manifest asks for these."""


class Silent(Exception):
    """No answer that can be read came back; the reason names no address, for some hold a token."""


class Other(Silent):
    """What came back was said by something else than the platform; the reason is what it looked like."""


async def look_at_platforms(settings: Settings, find: Finding) -> None:
    """Every configured platform; one that is not configured is left out."""
    async with httpx.AsyncClient(timeout=SECONDS) as http:
        if settings.slack.on:
            await _slack(settings, http, find)
        if settings.telegram.on:
            await _telegram(settings, http, find)
    if settings.page.enabled:
        find.well("doctor.page_here" if settings.web.loopback else "doctor.page_login")


async def _slack(settings: Settings, http: httpx.AsyncClient, find: Finding) -> None:
    slack = settings.slack
    for kind, key, begins in (("bot_token", slack.bot_token, "xoxb-"), ("app_token", slack.app_token, "xapp-")):
        if key.get_secret_value() and not key.get_secret_value().startswith(begins):
            find.bad("doctor.slack_shape", key=f"slack.{kind}", begins=begins)
    try:
        who, granted = await _slack_call(http, f"{slack.api_url}/auth.test", slack.bot_token.get_secret_value())
        if wrong := misfit(who):
            find.bad(f"doctor.slack_{wrong}")
        else:
            find.well("doctor.slack", team=str(who.get("team", "?")), name=str(who.get("user", "?")))
        if granted and (missing := SCOPES - granted):
            find.note("doctor.slack_scopes", scopes=", ".join(sorted(missing)))
        if slack.mode == "socket":
            await _slack_call(http, f"{slack.api_url}/apps.connections.open", slack.app_token.get_secret_value())
            find.well("doctor.slack_socket")
            await _one_app(settings, http, str(who.get("bot_id", "")), find)
    except Other as error:
        find.bad("doctor.slack_elsewhere", url=slack.api_url, what=str(error))
    except Silent as error:
        find.bad("doctor.platform_wrong", platform="Slack", reason=str(error))


async def _one_app(settings: Settings, http: httpx.AsyncClient, bot: str, find: Finding) -> None:
    """Both tokens may be good, and of two apps: then the bot speaks, and nothing it is told arrives. An app token names its app: xapp-1-A0…-…"""
    slack, app = settings.slack, settings.slack.app_token.get_secret_value().split("-")[2:3]
    try:
        told, _ = await _slack_call(http, f"{slack.api_url}/bots.info?bot={bot}", slack.bot_token.get_secret_value())
    except Silent:  # a scope is missing, which is told apart
        return
    bots = str((told.get("bot") or {}).get("app_id", ""))
    if bots and app and app[0].startswith("A") and app[0] != bots:
        find.bad("doctor.slack_two_apps", bot=bots, app=app[0])


async def _slack_call(http: httpx.AsyncClient, url: str, token: str) -> tuple[Mapping[str, Any], frozenset[str]]:
    """What Slack answers, and the scopes it says the token has (none where it does not say)."""
    said, headers = await _asked(http, url, {"Authorization": f"Bearer {token}"})
    if not said.get("ok") and said.get("error", "unknown_method") == "unknown_method":
        raise Other("JSON")
    if not said.get("ok"):
        raise Silent(f"{url.rpartition('/')[2]}: {said.get('error', '?')}")
    scopes = (scope.strip() for scope in headers.get("x-oauth-scopes", "").split(","))
    return said, frozenset(scope for scope in scopes if scope)


async def _telegram(settings: Settings, http: httpx.AsyncClient, find: Finding) -> None:
    telegram = settings.telegram
    try:
        said, _ = await _asked(http, f"{telegram.api_base}/bot{telegram.token.get_secret_value()}/getMe", {})
        if not said.get("ok"):
            raise Silent(f"getMe: {said.get('description', '?')}")
        find.well("doctor.telegram", name=str(said["result"].get("username", "?")))
    except Silent as error:
        find.bad("doctor.platform_wrong", platform="Telegram", reason=str(error))


async def _asked(
    http: httpx.AsyncClient, url: str, headers: Mapping[str, str]
) -> tuple[Mapping[str, Any], httpx.Headers]:
    """The JSON object a platform answers, whatever its status, and the headers with it. Raises Silent; Other for anything but such an object."""
    try:
        answer = await http.post(url, headers=headers)
    except (httpx.HTTPError, ValueError) as error:
        raise Silent(type(error).__name__) from error
    if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
        raise Silent(f"HTTP {answer.status_code}")
    try:
        said = answer.json()
    except ValueError as error:
        raise Other(f"HTTP {answer.status_code}, {answer.headers.get('content-type', '-')}") from error
    if not isinstance(said, dict):
        raise Other(f"HTTP {answer.status_code}, no JSON object")
    return said, answer.headers


async def look_at_web(address: str, find: Finding) -> None:
    """Our own health through the public address; a router that does not lead back in is no fault of ours."""
    try:
        async with httpx.AsyncClient(timeout=SECONDS) as http:
            status = (await http.get(f"{address}/healthz")).status_code
    except httpx.HTTPError as error:
        find.note("doctor.public_silent", url=address, reason=type(error).__name__)
        return
    if status == httpx.codes.OK:
        find.well("doctor.public", url=address)
    else:
        find.note("doctor.public_silent", url=address, reason=f"HTTP {status}")
