"""The outgoing gate: how much a chat, a group and the whole bot may say, and what may be said again after an error."""

import asyncio
import logging
import random
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.exceptions import AiogramError, TelegramRetryAfter
from aiogram.methods import (
    AnswerCallbackQuery,
    DeleteMessage,
    DeleteWebhook,
    GetFile,
    GetMe,
    GetUpdates,
    GetWebhookInfo,
    SendChatAction,
    SendMediaGroup,
    SetMessageReaction,
    SetMyCommands,
    SetWebhook,
    TelegramMethod,
)

from adapters.telegram.gate.troubles import never_sent, uncertain

log = logging.getLogger(__name__)
FREE = (GetUpdates, AnswerCallbackQuery, GetFile, GetMe, GetWebhookInfo, SetWebhook, DeleteWebhook, SetMyCommands)
"""What costs nothing here: questions, and answers that are worth nothing late."""
LIGHT = (SendChatAction, SetMessageReaction, DeleteMessage)
"""What counts for the whole bot but is no message of a chat."""
PATIENCE = 60.0
"""Longest wait in seconds that is slept out here; a longer one is told to the caller."""
TRIES = 4


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `most` messages within any `seconds`."""

    most: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Limits:
    """Rates of one chat, one group and the whole bot; None lifts one. An album counts as many messages as it has items.

    One message a second is what a chat takes in the long run, and a short burst: a painting of four (receipt, edits, album, card) and the
    answer to the first press under it must not wait for each other.
    """

    chat: Rate | None = Rate(15, 15.0)
    group: Rate | None = Rate(18, 60.0)
    everyone: Rate | None = Rate(25, 1.0)

    @classmethod
    def lifted(cls) -> "Limits":
        """No limit at all, for benches against a stand-in."""
        return cls(None, None, None)


class Window:
    """A sliding window of a rate: gives out moments in the order they are asked for."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._taken: deque[float] = deque(maxlen=rate.most)

    def take(self, now: float, weight: int) -> float:
        """The earliest moment `weight` messages may leave together; they are counted as leaving then."""
        weight = min(weight, self._rate.most)
        start = max(now, self._taken[-1]) if self._taken else now
        crowded = len(self._taken) + weight - self._rate.most
        if crowded > 0:
            start = max(start, self._taken[crowded - 1] + self._rate.seconds)
        self._taken.extend([start] * weight)
        return start

    def idle(self, now: float) -> bool:
        """Whether nothing of the past matters any more."""
        return not self._taken or self._taken[-1] + self._rate.seconds < now


class Gate(BaseRequestMiddleware):
    """aiogram session middleware: every call waits for its turn, honours RetryAfter of its chat, and is tried again only where that is safe."""

    def __init__(self, limits: Limits, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._limits = limits
        self._sleep = sleep
        self._chats: dict[int, list[Window]] = {}
        self._everyone = Window(limits.everyone) if limits.everyone else None
        self._held: dict[int, float] = {}

    async def __call__(
        self, make_request: NextRequestMiddlewareType[Any], bot: Bot, method: TelegramMethod[Any]
    ) -> Any:
        """Send when it may leave. Raises aiogram's errors where trying again is unsafe or of no use."""
        attempt = 0
        while True:
            attempt += 1
            await self._turn(method)
            try:
                return await make_request(bot, method)
            except TelegramRetryAfter as error:
                self._hold(method, error.retry_after)
                if attempt >= TRIES or error.retry_after > PATIENCE or isinstance(method, FREE):
                    raise
            except AiogramError as error:
                again = never_sent(error) or (uncertain(error) and not sends(method))
                if not again or attempt >= TRIES or isinstance(method, FREE):
                    raise
                log.info("telegram: %s is tried again after %s", type(method).__name__, type(error).__name__)
                await self._sleep(0.25 * 2**attempt)

    async def _turn(self, method: TelegramMethod[Any]) -> None:
        if isinstance(method, FREE):
            return
        now = asyncio.get_running_loop().time
        chat = getattr(method, "chat_id", None)
        if isinstance(chat, int):
            while (wait := self._held.get(chat, 0.0) - now()) > 0:
                await self._sleep(wait)
            self._held.pop(chat, None)
            if not isinstance(method, LIGHT):
                weight = len(method.media) if isinstance(method, SendMediaGroup) else 1
                moment = now()
                await self._until(max((window.take(moment, weight) for window in self._windows(chat)), default=moment))
        if self._everyone is not None:
            await self._until(self._everyone.take(now(), 1))

    async def _until(self, moment: float) -> None:
        wait = moment - asyncio.get_running_loop().time()
        if wait > 0:
            await self._sleep(wait)

    def _windows(self, chat: int) -> list[Window]:
        found = self._chats.get(chat)
        if found is None:
            if len(self._chats) > 2000:
                moment = asyncio.get_running_loop().time()
                self._chats = {
                    one: windows for one, windows in self._chats.items() if not all(w.idle(moment) for w in windows)
                }
            rates = (self._limits.chat, self._limits.group if chat < 0 else None)
            found = self._chats[chat] = [Window(rate) for rate in rates if rate]
        return found

    def _hold(self, method: TelegramMethod[Any], seconds: float) -> None:
        chat = getattr(method, "chat_id", None)
        if isinstance(chat, int):
            moment = asyncio.get_running_loop().time() + seconds + random.uniform(0.05, 0.5)
            self._held[chat] = max(self._held.get(chat, 0.0), moment)
            log.warning("telegram: chat %s is quiet for %s s", chat, seconds)


def sends(method: TelegramMethod[Any]) -> bool:
    """Whether doing this twice would be seen twice."""
    return type(method).__name__.startswith("Send") and not isinstance(method, LIGHT)
