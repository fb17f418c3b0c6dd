"""What stands in for the desk, the database and the picture store: small, in memory, scripted."""

import asyncio
import colorsys
import io
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from PIL import Image, ImageDraw

from core.replies import Answer, Posted, Said
from core.requests import Line, Request

START = datetime(2026, 11, 30, 2, 2, tzinfo=UTC)


class Clock:
    """Aware UTC; `tick` moves it on by a minute first."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def tick(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


class FakeChat:
    """ChatStore in memory."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self.said: dict[int, Said] = {}

    async def add(self, channel: str, thread: int, author: str, body: Mapping[str, Any]) -> int:
        number = max(self.said, default=0) + 1
        self.said[number] = Said(number, channel, thread, author, body, self._clock())
        return number

    async def change(self, message: int, body: Mapping[str, Any]) -> None:
        old = self.said[message]
        self.said[message] = Said(old.id, old.channel, old.thread, old.author, body, old.at)

    async def remove(self, message: int) -> None:
        for number in [one.id for one in self.said.values() if message in (one.id, one.thread)]:
            del self.said[number]

    async def history(self, channel: str, thread: int, before: int = 0, most: int = 50) -> Sequence[Said]:
        found = [
            one
            for one in self.said.values()
            if one.channel == channel and one.thread == thread and (not before or one.id < before)
        ]
        return found[-most:]

    async def replies(self, messages: Sequence[int]) -> Mapping[int, int]:
        return {
            number: count
            for number in messages
            if (count := sum(1 for one in self.said.values() if one.thread == number))
        }


class FakeStore:
    """PlatformStore in memory."""

    def __init__(self) -> None:
        self.inbox: dict[str, Mapping[str, Any]] = {}
        self.finished: set[str] = set()
        self.slots: dict[str, Posted] = {}
        self.notes: dict[tuple[str, str], Mapping[str, Any]] = {}

    async def receive(self, event_key: str, payload: Mapping[str, Any]) -> bool:
        return self.inbox.setdefault(event_key, payload) is payload

    async def unfinished(self) -> Sequence[tuple[str, Mapping[str, Any]]]:
        return [(key, payload) for key, payload in self.inbox.items() if key not in self.finished]

    async def finish(self, event_key: str, kept: Mapping[str, Any] | None = None) -> None:
        self.finished.add(event_key)

    async def received(self, event_key: str) -> Mapping[str, Any] | None:
        return self.inbox.get(event_key)

    async def expire(self, seconds: float) -> int:
        return 0

    async def posted(self, slot: str) -> Posted | None:
        return self.slots.get(slot)

    async def note_posted(self, posted: Posted) -> None:
        self.slots[posted.slot] = posted

    async def posted_of(self, generation: str) -> Sequence[Posted]:
        return [one for slot, one in self.slots.items() if slot.startswith(f"{generation}/")]

    async def forget_posted(self, slot: str) -> None:
        self.slots.pop(slot, None)

    async def slot_of(self, channel: str, message: str) -> str | None:
        found = (one.slot for one in self.slots.values() if one.channel == channel and message in one.messages)
        return next(found, None)

    async def keep(self, kind: str, key: str, value: Mapping[str, Any], seconds: float) -> None:
        self.notes[kind, key] = value

    async def recall(self, kind: str, key: str) -> Mapping[str, Any] | None:
        return self.notes.get((kind, key))

    async def drop(self, kind: str, key: str) -> bool:
        return self.notes.pop((kind, key), None) is not None

    @asynccontextmanager
    async def lock(self, name: str) -> AsyncIterator[bool]:
        yield True


class ScriptedDoor:
    """Answers each verb as it was told, and remembers what it was asked."""

    def __init__(self, script: Mapping[str, Callable[[Request], Answer | None]] | None = None) -> None:
        self.script = dict(script or {})
        self.asked: list[Request] = []
        self.blocked: dict[str, tuple[Line, str]] = {}
        self.looked: list[str] = []
        self.hold: asyncio.Event | None = None

    async def answer(self, request: Request) -> Answer | None:
        self.asked.append(request)
        if self.hold is not None and request.event_key:
            await self.hold.wait()
        told = self.script.get(request.verb)
        return told(request) if told else None

    async def admins(self, platform: str) -> Sequence[str]:
        return [f"{platform}:admin"]

    async def turned_away(self, account: str) -> tuple[Line, str] | None:
        self.looked.append(account)
        return self.blocked.get(account)

    def of(self, verb: str) -> list[Request]:
        return [request for request in self.asked if request.verb == verb]


class FakeImages:
    """ImageSource that paints a small scene for every id: hills, a sun, a cat's ears."""

    def _draw(self, image: str, longest: int) -> bytes:
        seed = sum(image.encode()) % 12
        wide, high = (longest, longest * 9 // 16) if not image.startswith("square") else (longest, longest)
        sky = tuple(int(255 * part) for part in colorsys.hls_to_rgb(seed / 12, 0.72, 0.75))
        ground = tuple(int(255 * part) for part in colorsys.hls_to_rgb(seed / 12 + 0.05, 0.38, 0.6))
        drawn = Image.new("RGB", (wide, high), sky)
        pen = ImageDraw.Draw(drawn)
        pen.ellipse((wide * 0.1, high * 0.12, wide * 0.28, high * 0.12 + wide * 0.18), "white")
        pen.ellipse((-wide * 0.2, high * 0.72, wide * 0.7, high * 1.6), ground)
        pen.ellipse((wide * 0.4, high * 0.78, wide * 1.3, high * 1.6), tuple(part * 4 // 5 for part in ground))
        pen.polygon([(wide * part, high * down) for part, down in CAT], "#8a3412")
        held = io.BytesIO()
        drawn.save(held, "JPEG", quality=85)
        return held.getvalue()

    def _known(self, image: str) -> None:
        if image.startswith("gone"):
            raise FileNotFoundError(image)

    async def preview(self, image: str) -> tuple[bytes, str]:
        self._known(image)
        return self._draw(image, 1280), "image/jpeg"

    async def thumb(self, image: str) -> tuple[bytes, str]:
        self._known(image)
        return self._draw(image, 512), "image/jpeg"

    async def original(self, image: str) -> tuple[bytes, str, str]:
        self._known(image)
        return self._draw(image, 1664), "image/jpeg", f"{image}.jpg"


CAT = ((0.36, 0.9), (0.4, 0.58), (0.42, 0.46), (0.46, 0.56), (0.52, 0.56), (0.56, 0.46), (0.58, 0.58), (0.62, 0.9))
