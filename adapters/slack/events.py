"""Events taken in, over the socket or over HTTP: one committed inbox row before each ack, everything slow after it."""

import asyncio
import json
import logging
import secrets
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from adapters.slack.inbox import Inbox
from adapters.slack.payload import Me, Meta, foreign, mapped, without_secrets
from adapters.slack.read import key_of
from adapters.slack.views import words_view

Scope = MutableMapping[str, Any]
Row = tuple[str, dict[str, Any]]


class Events:
    """Slack's two doors to the inbox; both are shut before `open` and after `close`."""

    def __init__(self, inbox: Inbox, clock: Callable[[], datetime], signing_secret: str, language: str) -> None:
        self.me = Me("", "", "")
        self._inbox = inbox
        self._clock = clock
        self._signing_secret = signing_secret
        self._language = language
        self._bolt: AsyncApp | None = None
        self._in_hand: set[asyncio.Task[Any]] = set()

    def open(self, me: Me, client: AsyncWebClient) -> None:
        """Take in what is for us."""
        self.me = me
        self._bolt = AsyncApp(
            client=client,
            signing_secret=self._signing_secret or secrets.token_hex(32),
            before_authorize=Gate(self),
            logger=logging.getLogger("slack_bolt"),
        )

    def shut(self) -> None:
        """Take nothing more in: what comes is not acked, and Slack sends it again."""
        self._bolt = None

    async def idle(self, most: float) -> None:
        """Wait until what was being written down is begun, at most `most` seconds: the SDK and the web server forget whom they handed it to."""
        if self._in_hand:
            await asyncio.wait(set(self._in_hand), timeout=most)

    async def receive(self, body: dict[str, Any]) -> tuple[dict[str, Any] | None, Row | None]:
        """(what the ack carries, the row to begin after it): nothing slower than one inbox row happens here."""
        if body.get("type") == "url_verification":
            return {"challenge": body.get("challenge", "")}, None
        key = None if foreign(body, self.me) else key_of(body, self.me)
        if key is None:
            return None, None
        row = {"at": self._clock().timestamp(), "body": without_secrets(body)}
        new = await self._inbox.receive(key, row)
        ack = None
        if body.get("type") == "view_submission":
            language = Meta.loads(str(mapped(body.get("view")).get("private_metadata", ""))).language or self._language
            ack = {"response_action": "update", "view": words_view("slack.working", language)}
        return ack, (key, {**row, "body": body}) if new else None

    async def routes(
        self, scope: Scope, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
    ) -> None:
        """The ASGI door of http mode: Slack's signature is checked by Bolt, work begins after the answer is sent."""
        http, bolt = HttpRequest(scope, receive), self._bolt
        mark, stamp = http.headers.get("x-slack-signature", ""), http.headers.get("x-slack-request-timestamp", "")
        if bolt is None:  # Slack itself cannot be reached yet, or we stop; it sends what was not taken again
            await Response(status_code=503)(scope, receive, send)
        elif not (mark.isascii() and stamp.isascii() and stamp.isdigit()):  # Bolt's check would break on these
            await Response(status_code=401)(scope, receive, send)
        else:
            request = to_async_bolt_request(http, await http.body(), {})
            with self._handed(request):
                response = await bolt.async_dispatch(request)
                await to_starlette_response(response)(scope, receive, send)

    async def on_envelope(self, client: AsyncBaseSocketModeClient, envelope: SocketModeRequest) -> None:
        if self._bolt is None:
            return
        request = AsyncBoltRequest(mode="socket_mode", body=envelope.payload)
        with self._handed(request):
            response = await self._bolt.async_dispatch(request)
            if response.status == 200:
                ack = json.loads(response.body) if response.body else None
                await client.send_socket_mode_response(SocketModeResponse(envelope.envelope_id, ack))

    @contextmanager
    def _handed(self, request: AsyncBoltRequest) -> Iterator[None]:
        """While an event is written down and acked: what comes of it begins after that, and a stop waits for both."""
        task = asyncio.current_task()
        assert task is not None
        self._in_hand.add(task)
        try:
            yield
        finally:
            row: Row | None = request.context.get("paintbot_row")
            if row is not None:
                self._inbox.begin(*row)
            self._in_hand.discard(task)


class Gate(AsyncMiddleware):
    """The one middleware of ours, right behind Bolt's signature check: writes the row and answers, so that no listener is ever polled for."""

    def __init__(self, events: Events) -> None:
        self._events = events

    async def async_process(
        self, *, req: AsyncBoltRequest, resp: BoltResponse, next: Callable[[], Awaitable[BoltResponse]]
    ) -> BoltResponse:
        """Receive the payload; Bolt turns what is raised here into a 500, which is no ack: Slack comes again."""
        ack, row = await self._events.receive(req.body)
        req.context["paintbot_row"] = row
        return BoltResponse(status=200, body=ack or "")
