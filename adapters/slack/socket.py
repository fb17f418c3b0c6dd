"""The socket Slack speaks to us through in Socket Mode: opened, looked after, closed; the SDK's client does the talking."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import structlog
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from adapters.slack.web import SlackSaidNo, Web
from core.errors import DeliveryTrouble

log = structlog.get_logger(__name__)

MEND_MOST = 60.0
"""Seconds one try to connect anew may take: the SDK tries an address that leads nowhere for ever, and nobody would watch meanwhile."""

Hear = Callable[[AsyncBaseSocketModeClient, SocketModeRequest], Awaitable[None]]


class Client(SocketModeClient):
    """The SDK's, which asks for its addresses through our `Web`: a refused app token is noticed whoever asked."""

    def __init__(self, web: Web, app_token: str, ping: float) -> None:
        super().__init__(app_token, logging.getLogger("slack_sdk"), web.client, ping_interval=ping)
        self._web = web

    async def issue_new_wss_url(self) -> str:
        """Where to connect to; a rate limit is waited out. SlackSaidNo, DeliveryTrouble."""
        while True:
            try:
                return await self._web.socket_address(self.app_token)
            except DeliveryTrouble as trouble:
                if trouble.retry_after is None:
                    raise
                await asyncio.sleep(trouble.retry_after)


class Socket:
    """One connection at a time; `ping` seconds between pings, `hear` takes each envelope."""

    def __init__(self, web: Web, app_token: str, ping: float, hear: Hear) -> None:
        self._web = web
        self._app_token = app_token
        self._ping = ping
        self._hear = hear
        self._client: Client | None = None

    @property
    def connected(self) -> bool:
        """Whether Slack can reach us through it."""
        session = self._client.current_session if self._client is not None else None
        return session is not None and not session.closed

    async def open(self) -> None:
        """Connect. SlackSaidNo for a refused app token, DeliveryTrouble while Slack is away; an address that leads nowhere is tried for ever."""
        address = await self._web.socket_address(self._app_token)
        self._client = Client(self._web, self._app_token, self._ping)
        self._client.socket_mode_request_listeners.append(self._hear)
        self._client.wss_uri = address
        await self._client.connect()

    async def mend(self) -> None:
        """Connect anew where an open socket has died in silence."""
        if self._client is None or await self._client.is_connected():
            return
        log.warning("slack.reconnecting")
        try:
            async with asyncio.timeout(MEND_MOST):
                await self._client.connect_to_new_endpoint(force=True)
        except (SlackSaidNo, DeliveryTrouble, TimeoutError) as error:
            log.warning("slack.reconnect_failed", error=str(error) or type(error).__name__)
        except Exception:
            log.exception("slack.reconnect_failed")

    async def close(self) -> None:
        """Close it, and wait for what the SDK runs beside it."""
        client, self._client = self._client, None
        if client is not None:
            tasks = (client.message_processor, client.current_session_monitor, client.message_receiver)
            await client.close()
            await asyncio.gather(*(task for task in tasks if task is not None), return_exceptions=True)
