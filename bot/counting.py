"""Counting for the metrics: the record as it stands, and what passes through the door, to Jimeng and to the platforms."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Collection, Coroutine, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from time import monotonic
from typing import Any, TypeVar

from bot.metrics import Counted, Metrics
from core.commands.verbs import every_verb
from core.desk import Desk
from core.errors import DeliveryTrouble, Undeliverable
from core.jimeng.client import DOWNLOAD_MOST, Credential, Done, Drawing, JimengClient, Label, Submitted, Waiting
from core.jimeng.errors import JimengError
from core.looks import Look
from core.records import Tx
from core.records.counting import counts, living
from core.replies import Answer, Messenger, Reply
from core.requests import Line, Offered, Place, Request

T = TypeVar("T")


async def counted(tx: Tx, platforms: Collection[str]) -> Counted:
    """What Prometheus is told of the record; `platforms` are those whose paintings somebody delivers."""
    found = await counts(tx, platforms)
    return Counted(found.paintings, found.tasks, found.points, found.held, found.keys, found.undelivered)


async def alive(tx: Tx) -> None:
    """Returns when the database answers; raises what its driver raises."""
    await living(tx)


def shared(work: Callable[[], Coroutine[Any, Any, T]]) -> Callable[[], Coroutine[Any, Any, T]]:
    """The same work, done once for all who ask while it is being done: strangers may ask as often as they like."""
    under_way: list[asyncio.Task[T]] = []

    async def ask() -> T:
        if not under_way or under_way[0].done():
            under_way[:] = [asyncio.create_task(work())]
        return await asyncio.shield(under_way[0])

    return ask


class CountedDoor:
    """A desk whose answers are counted and timed."""

    def __init__(self, desk: Desk, metrics: Metrics) -> None:
        self._desk, self._metrics = desk, metrics
        self._verbs = frozenset(every_verb())

    async def answer(self, request: Request) -> Answer | None:
        """As the desk's. A word nobody knows is counted as "other": a label must not grow with what people type."""
        began = monotonic()
        answer = await self._desk.answer(request)
        verb = request.verb if request.verb in self._verbs else "other"
        self._metrics.answered(request.account.platform, verb, monotonic() - began)
        return answer

    async def look(self, account: str, what: str, values: Mapping[str, str]) -> Look:
        """As the desk's."""
        return await self._desk.look(account, what, values)

    async def admins(self, platform: str) -> Sequence[str]:
        """As the desk's."""
        return await self._desk.admins(platform)

    async def turned_away(self, account: str) -> tuple[Line, str] | None:
        """As the desk's."""
        return await self._desk.turned_away(account)


class CountedClient(JimengClient):
    """A client whose calls are counted by how they ended."""

    def __init__(self, *given: Any, metrics: Metrics) -> None:
        super().__init__(*given)
        self._metrics = metrics

    @contextmanager
    def _counted(self, call: str) -> Iterator[None]:
        try:
            yield
        except JimengError as error:
            self._metrics.called(call, error.kind)
            raise
        self._metrics.called(call, "ok")

    async def submit(self, credential: Credential, drawing: Drawing) -> Submitted:
        """As the client's."""
        with self._counted("submit"):
            return await super().submit(credential, drawing)

    async def poll(self, credential: Credential, req_key: str, task_id: str, label: Label) -> Waiting | Done:
        """As the client's."""
        with self._counted("poll"):
            return await super().poll(credential, req_key, task_id, label)

    async def download(self, url: str, *, most: int = DOWNLOAD_MOST) -> bytes:
        """As the client's."""
        with self._counted("download"):
            return await super().download(url, most=most)


class CountedMessenger:
    """A messenger whose failures are counted."""

    def __init__(self, messenger: Messenger, metrics: Metrics) -> None:
        self._messenger, self._metrics = messenger, metrics
        self.platform = messenger.platform

    @asynccontextmanager
    async def _counted(self) -> AsyncIterator[None]:
        try:
            yield
        except (Undeliverable, DeliveryTrouble) as error:
            self._metrics.not_delivered(self.platform, type(error).__name__)
            raise

    async def show(self, slot: str, account: str, place: Place, reply: Reply, language: str) -> None:
        """As the platform's."""
        async with self._counted():
            await self._messenger.show(slot, account, place, reply, language)

    async def tell(self, account: str, place: Place | None, reply: Reply, language: str, once: str = "") -> None:
        """As the platform's."""
        async with self._counted():
            await self._messenger.tell(account, place, reply, language, once)

    async def hide(self, generation: str) -> bool:
        """As the platform's."""
        async with self._counted():
            return await self._messenger.hide(generation)

    async def fetch(self, offered: Offered, most: int) -> bytes:
        """As the platform's."""
        return await self._messenger.fetch(offered, most)


class ErrorCount(logging.Handler):
    """Counts errors that came with a traceback: all of those are ours."""

    def __init__(self, metrics: Metrics) -> None:
        super().__init__(logging.ERROR)
        self._metrics = metrics

    def emit(self, record: logging.LogRecord) -> None:
        """One line of the log."""
        if record.exc_info:
            self._metrics.unexpected()


@contextmanager
def errors_counted(metrics: Metrics) -> Iterator[None]:
    """While inside, every error written into the log is counted."""
    handler = ErrorCount(metrics)
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)
