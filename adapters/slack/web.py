"""Slack's Web API as we call it: paced, retried where that is safe, its errors made ours."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from core.errors import DeliveryTrouble, PaintbotError
from core.requests import Line

log = structlog.get_logger(__name__)

TIMEOUT = aiohttp.ClientTimeout(total=60, connect=10)
TRIES = 3
LONGEST_WAIT = 5.0
"""Seconds we wait ourselves for a rate limit; what takes longer becomes a DeliveryTrouble."""

PER_MINUTE = {"chat.update": 50, "chat.delete": 50, "chat.postMessage": 60}
"""What we keep to by ourselves, because paintings can do it often; for all else Slack's own 429 is heard."""

BY_CHANNEL = {"chat.postMessage"}
PASSING = {
    "internal_error",
    "fatal_error",
    "service_unavailable",
    "request_timeout",
    "team_added_to_org",
    "ratelimited",
    "rollup_error",
}
LIMITED = {"ratelimited", "paced"}
"""Troubles in which Slack took nothing: neither Slack's own limit nor ours let the call through."""

REFUSED = {
    "account_inactive",
    "app_uninstalled",
    "invalid_auth",
    "not_authed",
    "org_login_required",
    "token_expired",
    "token_revoked",
}
"""Slack's answers that say that the token is no good: then no call will do anything."""

NO_SLACK = {"", "unknown_method"}
"""What no Slack says to a method of ours (an answer without a word, or that there is no such method): the address is a wrong one."""

OPEN = "apps.connections.open"
FORM_METHODS = ("users.", "files.", "conversations.replies", "conversations.history", "auth.")


HINTS = {
    "bot_token": "install the app again, put in the new token and restart",
    "app_token": "make a new app-level token with connections:write, put it in and restart",
}


class SlackSaidNo(PaintbotError):
    """Slack answered a call with an error that trying again will not change; `code` is Slack's word, `details` its messages."""

    def __init__(self, method: str, code: str, details: tuple[str, ...] = ()) -> None:
        super().__init__(f"{method}: {code} {' '.join(details)}".strip())
        self.method = method
        self.code = code
        self.details = details


class NotSlack(DeliveryTrouble):
    """What answers at the API's address speaks no Slack: a page, another service, a wrong path; `what` says what came."""

    def __init__(self, status: int, kind: str) -> None:
        super().__init__("not_slack")
        self.what = f"HTTP {status}, {kind or 'no type'}"


@dataclass
class Bucket:
    """Tokens left of a rate, as of a moment of the loop's clock."""

    tokens: float
    at: float


@dataclass
class Pace:
    """Keeps calls under Slack's rates: one bucket a method (and channel, for posts), refilled evenly."""

    longest: float = LONGEST_WAIT
    buckets: dict[str, Bucket] = field(default_factory=dict)

    async def take(self, method: str, channel: str) -> None:
        """Wait for a turn; DeliveryTrouble with the seconds to wait when that is longer than we stay."""
        rate = PER_MINUTE.get(method)
        if rate is None:
            return
        burst = 10.0 if method in BY_CHANNEL else float(rate)
        key = f"{method} {channel}" if method in BY_CHANNEL else method
        now = asyncio.get_running_loop().time()
        if len(self.buckets) > 2000:
            self.buckets = {name: one for name, one in self.buckets.items() if now - one.at < 60}
        bucket = self.buckets.setdefault(key, Bucket(burst, now))
        bucket.tokens = min(burst, bucket.tokens + (now - bucket.at) * rate / 60)
        bucket.at = now
        wait = (1 - bucket.tokens) * 60 / rate
        if wait > self.longest:
            raise DeliveryTrouble("paced", wait)
        bucket.tokens -= 1
        if wait > 0:
            await asyncio.sleep(wait)


class Web:
    """One bot token at one API address, over one HTTP session. Open it in the running loop, close it at the end."""

    def __init__(
        self, token: str, api_url: str, pace: Pace | None = None, alarm: Callable[[Line], None] | None = None
    ) -> None:
        self.refused: dict[str, str] = {}
        """Slack's word for why it refuses a token, by its setting: known from its latest answer to that token, whatever was asked."""
        self.token = token
        self._alarm = alarm or (lambda line: None)
        self._missing: set[str] = set()
        self.api_url = api_url.rstrip("/") + "/"
        self.pace = pace or Pace()
        self._session: aiohttp.ClientSession | None = None
        self._client: AsyncWebClient | None = None

    async def open(self) -> None:
        """Make the session and the client."""
        # the SDK takes HTTPS_PROXY for its own calls: uploads, downloads and response_urls must go the same way
        self._session = aiohttp.ClientSession(timeout=TIMEOUT, trust_env=True)
        self._client = AsyncWebClient(
            self.token,
            base_url=self.api_url,
            session=self._session,
            retry_handlers=[],
            logger=logging.getLogger("slack_sdk"),
        )

    async def close(self) -> None:
        """Close the session; calls under way fail as trouble."""
        if self._session is not None:
            await self._session.close()

    @property
    def session(self) -> aiohttp.ClientSession:
        """The one HTTP session."""
        if self._session is None:
            raise PaintbotError("slack is not started")
        return self._session

    @property
    def client(self) -> AsyncWebClient:
        """The SDK's client, for Bolt and Socket Mode."""
        if self._client is None:
            raise PaintbotError("slack is not started")
        return self._client

    async def call(self, method: str, args: Mapping[str, Any], *, again: bool = True) -> dict[str, Any]:
        """Slack's answer to a method. `again` false: an unknown outcome is never repeated here (posts).

        Raises SlackSaidNo for a clear no, DeliveryTrouble for rate limits beyond a few seconds, networks and Slack's own faults.
        """
        for last in (*([False] * (TRIES - 1)), True):
            await self.pace.take(method, str(args.get("channel", "")))
            try:
                return await self._once(method, args)
            except DeliveryTrouble as trouble:
                limited = trouble.reason == "ratelimited"
                wait = 0.3 if trouble.retry_after is None else trouble.retry_after
                if last or wait > self.pace.longest or not (limited or again):
                    raise
                await asyncio.sleep(wait)
        raise DeliveryTrouble("network")

    async def socket_address(self, app_token: str) -> str:
        """Where Socket Mode connects to, for this app token. Raises what `call` raises, after one try."""
        try:
            answer = await self.client.apps_connections_open(app_token=app_token)
        except SlackApiError as error:
            ours = _ours(OPEN, error)
            if isinstance(ours, SlackSaidNo):
                self.refuse(ours.code, "app_token")
            raise ours from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise DeliveryTrouble("network") from error
        self._takes("app_token")
        return str(answer["url"])

    def refuse(self, code: str, token: str = "bot_token") -> None:
        """Note that Slack refuses a token of ours; said once, until it takes it again."""
        if token in self.refused:
            return
        self.refused[token] = code
        log.error("slack.token_refused", setting=token, code=code, hint=HINTS[token])
        self._alarm(Line("slack.refused" if token == "bot_token" else "slack.app_refused", {"reason": code}))

    def _takes(self, token: str) -> None:
        if was := self.refused.pop(token, ""):
            log.warning("slack.token_works_again", setting=token, was=was)

    def _lacks(self, method: str, scope: str) -> None:
        """Note a scope the app was not given; said once a scope."""
        if scope in self._missing:
            return
        self._missing.add(scope)
        log.error("slack.missing_scope", method=method, needed=scope, hint="add the scope and install the app again")
        self._alarm(Line("slack.scope_missing", {"scope": scope, "method": method}))

    async def _once(self, method: str, args: Mapping[str, Any]) -> dict[str, Any]:
        given = {name: value for name, value in args.items() if value not in (None, "")}
        try:
            if method.startswith(FORM_METHODS):
                answer = await self.client.api_call(method, data=given)
            else:
                answer = await self.client.api_call(method, json=given)
        except SlackApiError as error:
            ours = _ours(method, error)
            if isinstance(ours, SlackSaidNo) and ours.code in REFUSED:
                self.refuse(ours.code)
            if isinstance(ours, SlackSaidNo) and ours.code == "missing_scope":
                self._lacks(method, str(error.response.get("needed", "?")))
            raise ours from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise DeliveryTrouble("network") from error
        except (AttributeError, UnicodeError) as error:  # the SDK takes a text or a list for an object
            raise NotSlack(200, "no JSON object") from error
        self._takes("bot_token")
        data = answer.data
        return data if isinstance(data, dict) else {}


def _ours(method: str, error: SlackApiError) -> SlackSaidNo | DeliveryTrouble:
    response = error.response
    status = getattr(response, "status_code", None) or getattr(response, "status", None) or 0
    data = getattr(response, "data", None)
    body: Mapping[str, Any] = data if isinstance(data, dict) else {}
    headers: Mapping[str, Any] = getattr(response, "headers", None) or {}
    code = str(body.get("error", ""))
    if status == 429 or code == "ratelimited":
        return DeliveryTrouble("ratelimited", seconds_to_wait(headers))
    if status < 500 and code in NO_SLACK:
        return NotSlack(status, str(headers.get("Content-Type", "")).partition(";")[0])
    if not code or status >= 500 or code in PASSING:
        return DeliveryTrouble(code or f"http_{status}")
    details = tuple(
        str(one) for one in (*body.get("errors", ()), *body.get("response_metadata", {}).get("messages", ()))
    )
    log.info("slack.said_no", method=method, code=code, details=details)
    return SlackSaidNo(method, code, details)


def seconds_to_wait(headers: Mapping[str, Any]) -> float:
    """What a 429 says of when to come again; a second where it does not."""
    for name, value in headers.items():
        if name.lower() == "retry-after" and str(value).isdigit():
            return float(value)
    return 1.0
