"""How updates leave the stand-in: what people do becomes one, privacy mode keeps some, and they are polled for or pushed to a webhook."""

import asyncio
from collections import deque
from typing import Any

import aiohttp

from tests.telegram import strict
from tests.telegram.stand_in_chats import BOT, Messages
from tests.telegram.strict import Refuse

SECRET = "X-Telegram-Bot-Api-Secret-Token"


class Updates(Messages):
    """The queue of updates and its two ways out.

    `privacy`: groups are heard as a bot hears them by default. `proxy` is where a webhook's public address leads to on this machine;
    `hooked` are the statuses it answered with, `failing` what Telegram says of deliveries that failed.
    """

    def __init__(self) -> None:
        super().__init__()
        self.updates: deque[Any] = deque()
        self.queries: set[str] = set()
        self.privacy = False
        self.given: list[Any] = []
        self.unheard: list[Any] = []
        self.kinds: list[str] = []
        self.webhook: dict[str, Any] | None = None
        self.proxy = ""
        self.failing: dict[str, Any] = {}
        self.hooked: list[int] = []
        self.polling = 0
        self.confirmed = 0
        self._number = 1
        self._news = asyncio.Event()
        self._hook: asyncio.Task[None] | None = None

    def push(self, update: Any) -> Any:
        """An update as Telegram would hand it out; gets its update_id."""
        message = update.get("message") if isinstance(update, dict) else None
        if isinstance(message, dict) and "type" in message.get("chat", {}):
            self.chat(message["chat"]["id"], message["chat"]["type"]).messages[message["message_id"]] = message
            if self.privacy and not _heard(message):
                self.unheard.append(update)
                return update
        if isinstance(update, dict) and "update_id" not in update:
            update = {"update_id": self._number, **update}
        self._number += 1
        query = update.get("callback_query") if isinstance(update, dict) else None
        if isinstance(query, dict):
            self.queries.add(query["id"])
        self.given.append(update)
        self.updates.append(update)
        self._news.set()
        return update

    async def do_getUpdates(self, params: dict[str, Any]) -> Any:
        if self.webhook:
            raise Refuse(
                409,
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
            )
        self.polling += 1
        mine = self.polling
        self.kinds = params.get("allowed_updates") or self.kinds
        offset = int(params.get("offset", 0))
        self.confirmed = max(self.confirmed, offset)
        while self.updates and isinstance(self.updates[0], dict) and self.updates[0].get("update_id", 0) < offset:
            self.updates.popleft()
        end = asyncio.get_running_loop().time() + float(params.get("timeout", 0))
        while not self._wanted() and asyncio.get_running_loop().time() < end and mine == self.polling:
            self._news.clear()
            try:
                async with asyncio.timeout(0.2):
                    await self._news.wait()
            except TimeoutError:
                continue
        if mine != self.polling:
            if self.webhook:
                raise Refuse(409, "Conflict: terminated by setWebhook request")
            raise Refuse(
                409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
            )
        return self._wanted()[: min(100, int(params.get("limit", 100)))]

    def _wanted(self) -> list[Any]:
        """What waits and is of a kind that was asked for."""
        return [
            one for one in self.updates if not isinstance(one, dict) or not self.kinds or set(self.kinds) & set(one)
        ]

    def do_setWebhook(self, params: dict[str, Any]) -> Any:
        strict.webhook(params)
        self.webhook = params
        self.polling += 1
        self._news.set()
        self.kinds = params.get("allowed_updates") or self.kinds
        self._hook = self._hook or asyncio.create_task(self._pushing())
        return True

    def do_getWebhookInfo(self, params: dict[str, Any]) -> Any:
        url = self.webhook["url"] if self.webhook else ""
        return {"url": url, "has_custom_certificate": False, "pending_update_count": len(self.updates)} | self.failing

    async def do_deleteWebhook(self, params: dict[str, Any]) -> Any:
        await self.unhook()
        self.webhook = None
        if params.get("drop_pending_updates") == "true":
            self.updates.clear()
        return True

    async def unhook(self) -> None:
        """Push nothing any more."""
        if self._hook:
            self._hook.cancel()
            await asyncio.gather(self._hook, return_exceptions=True)
            self._hook = None

    async def _pushing(self) -> None:
        """One update after the other, each until it is taken with a 2xx."""
        async with aiohttp.ClientSession() as session:
            while True:
                if not self._wanted() or not self.proxy or not self.webhook:
                    await asyncio.sleep(0.02)
                    continue
                update = self._wanted()[0]
                status = await self.post(session, update, self.webhook.get("secret_token", ""))
                if 200 <= status < 300:
                    self.updates.remove(update)
                    self.confirmed = update["update_id"] + 1
                else:
                    await asyncio.sleep(0.1)

    async def post(self, session: aiohttp.ClientSession, update: Any, secret: str) -> int:
        """An update at the webhook's address; the status, 0 for no answer."""
        assert self.webhook is not None
        path = "/" + self.webhook["url"].split("/", 3)[3]
        try:
            async with session.post(f"{self.proxy}{path}", json=update, headers={SECRET: secret}) as response:
                status = response.status
        except aiohttp.ClientError:
            status = 0
        self.hooked.append(status)
        return status


def _heard(message: dict[str, Any]) -> bool:
    """Whether a bot in privacy mode hears this: private words, its own commands, replies to it, what a service says."""
    if message["chat"]["type"] == "private" or not {"text", "caption", "photo", "document", "sticker"} & set(message):
        return True
    if message.get("reply_to_message", {}).get("from", {}).get("id") == BOT["id"]:
        return True
    first = (str(message.get("text", "")).split() or [""])[0].lower()
    return first.startswith("/") and first.endswith(f"@{BOT['username']}".lower())
