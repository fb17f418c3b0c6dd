"""A scene for Telegram: the stand-in, a desk that says what it is told to, the real store, and the real adapter between them."""

import asyncio
import copy
import io
import json
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from PIL import Image

from adapters.telegram.app import TelegramApp
from adapters.telegram.gate import Limits
from core.records import Records
from core.records.platforms import Platforms
from core.replies import Answer, Button, Picture, Pictures, Quote, Reply
from core.requests import Line, Place, Request
from tests.conftest import Clock
from tests.telegram.stand_in import TOKEN, StandIn

PAYLOADS = Path(__file__).parents[1] / "payloads" / "telegram"
Says = Answer | None | Callable[[Request], Answer | None]
ANA, GROUP, FORUM = 501, -1001500, -1001600


def payload(name: str, **changes: Any) -> dict[str, Any]:
    """A real payload by name; changes go into its message or callback query."""
    found: dict[str, Any] = copy.deepcopy(json.loads((PAYLOADS / f"{name}.json").read_text("utf-8")))
    inner = found.get("message") or found.get("callback_query") or found
    inner.update(changes)
    return found


def words(text: str, *more: Any, **options: Any) -> Reply:
    """A Reply of one sentence."""
    return Reply((Line("telegram.plain", {"text": text}), *more), **options)


def button(label: str, verb: str, subject: str = "", style: str = "plain") -> Button:
    return Button(Line("telegram.plain", {"text": label}), verb, subject, style)


@cache
def jpeg(width: int = 64, height: int = 36) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), (200, 90, 40)).save(out, "JPEG")
    return out.getvalue()


def pictures(*names: str, width: int = 64, height: int = 36) -> Pictures:
    alt = Line("telegram.plain", {"text": "picture"})
    return Pictures(tuple(Picture(name, alt, place, width, height) for place, name in enumerate(names, 1)))


def result(*names: str, prompt: str = "a < b & c") -> Reply:
    """A result card as the announcer draws it."""
    return Reply(
        (pictures(*names), Line("telegram.plain", {"text": "#K7Q2"}), Quote(prompt)),
        (button("again", "again", "K7Q2"),),
    )


async def eventually(seen: Callable[[], Any], what: str = "") -> Any:
    """Wait until it is so; generous, because machines are slow."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if found := seen():
            return found
        await asyncio.sleep(0.005)
    raise AssertionError(f"never came: {what or seen}")


class Desk:
    """The Door: answers by verb, remembers what was asked."""

    def __init__(self) -> None:
        self.says: dict[str, Says] = {}
        self.asked: list[Request] = []
        self.gate: asyncio.Event | None = None
        self.administrators: list[str] = []

    async def answer(self, request: Request) -> Answer | None:
        self.asked.append(request)
        if self.gate is not None:
            await self.gate.wait()
        found = self.says.get(request.verb, words(f"heard {request.verb}"))
        return found(request) if callable(found) else found

    async def admins(self, platform: str) -> Sequence[str]:
        return self.administrators

    async def turned_away(self, account: str) -> tuple[Line, str] | None:
        return None

    @property
    def last(self) -> Request:
        return self.asked[-1]


class Images:
    """The ImageSource: every picture is there, small; `odd` ones have other sides or are gone."""

    def __init__(self) -> None:
        self.odd: dict[str, bytes | Exception] = {}
        self.previews: list[str] = []

    def _of(self, image: str) -> bytes:
        found = self.odd.get(image, jpeg())
        if isinstance(found, Exception):
            raise found
        return found

    async def preview(self, image: str) -> tuple[bytes, str]:
        self.previews.append(image)
        return self._of(image), "image/jpeg"

    async def thumb(self, image: str) -> tuple[bytes, str]:
        return self._of(image), "image/jpeg"

    async def original(self, image: str) -> tuple[bytes, str, str]:
        return self._of(image), "image/png", f"{image}.png"


class Store(Platforms):
    """The real store with a lock that two adapters of one process can compete for (SQLite knows one process only)."""

    held: ClassVar[set[tuple[int, str]]] = set()

    @asynccontextmanager
    async def lock(self, name: str) -> AsyncIterator[bool]:
        key = (id(self), name)
        ours = key not in self.held
        self.held.add(key)
        try:
            yield ours
        finally:
            if ours:
                self.held.discard(key)


class Scene:
    """Everything of one test."""

    def __init__(self, server: StandIn, records: Records, clock: Clock) -> None:
        self.server = server
        self.clock = clock
        self.records = records
        self.store = Store(records, "telegram")
        self.desk = Desk()
        self.images = Images()
        self.apps: list[TelegramApp] = []
        self.alarms: list[Line] = []

    def make(self, **options: Any) -> TelegramApp:
        """An adapter that is not started."""
        chosen: dict[str, Any] = {
            "limits": Limits.lifted(),
            "album_quiet": 0.15,
            "album_longest": 2.0,
            "stand_by": 0.05,
            "alarm": self.alarm,
        } | options
        return TelegramApp(
            chosen.pop("token", TOKEN), self.server.base, chosen.pop("mode", "polling"), chosen.pop("door", self.desk),
            self.store, self.images, **chosen,
        )  # fmt: skip

    async def alarm(self, line: Line) -> None:
        self.alarms.append(line)

    async def open(self, **options: Any) -> TelegramApp:
        """A started adapter, stopped when the test ends."""
        app = self.make(**options)
        await app.start()
        self.apps.append(app)
        return app

    async def close(self) -> None:
        for app in self.apps:
            await app.stop()

    def hear(self, name: str, **changes: Any) -> dict[str, Any]:
        """A real payload comes in."""
        found: dict[str, Any] = self.server.push(payload(name, **changes))
        return found

    async def asked(self, count: int = 1) -> Request:
        """The desk has been asked so often; the last request."""
        await eventually(lambda: len(self.desk.asked) >= count, f"{count} requests, had {self.desk.asked}")
        return self.desk.last

    async def said(self, chat: int, part: str) -> dict[str, Any]:
        """A message of the bot holds these words."""
        there = self.server.chat(chat)

        def seen() -> dict[str, Any] | None:
            for message in there.ours:
                if part in str(message.get("text") or message.get("caption") or ""):
                    return message
            return None

        found: dict[str, Any] = await eventually(seen, f"{part!r} in {there.texts}")
        return found

    async def settled(self) -> None:
        """Everything that came in has been answered and its row closed."""
        end = time.monotonic() + 30
        while await self.store.unfinished() or self.server.confirmed < self.server._number:
            assert time.monotonic() < end, (await self.store.unfinished(), self.server.confirmed, self.server._number)
            await asyncio.sleep(0.01)


def place(chat: int, message: int, thread: str = "") -> Place:
    return Place("telegram", "", str(chat), thread, str(message), chat > 0)
