"""Small stand-ins for what the core gives Slack: a store in memory, a scripted desk, pictures."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from core.replies import Answer, Posted
from core.requests import Line, Request


class MemoryStore:
    """A PlatformStore in memory; everything goes through JSON, as in the database."""

    def __init__(self) -> None:
        self.rows: dict[str, Any] = {}
        self.finished: set[str] = set()
        self.slots: dict[str, Posted] = {}
        self.notes: dict[tuple[str, str], Any] = {}
        self.locked: frozenset[str] = frozenset()

    async def receive(self, event_key: str, payload: Mapping[str, Any]) -> bool:
        await asyncio.sleep(0)
        if event_key in self.rows:
            return False
        self.rows[event_key] = json.loads(json.dumps(payload))
        return True

    async def unfinished(self) -> Sequence[tuple[str, Mapping[str, Any]]]:
        return [(key, row) for key, row in self.rows.items() if key not in self.finished]

    async def finish(self, event_key: str, kept: Mapping[str, Any] | None = None) -> None:
        self.finished.add(event_key)

    async def received(self, event_key: str) -> Mapping[str, Any] | None:
        return self.rows.get(event_key)

    async def expire(self, seconds: float) -> int:
        return 0

    async def posted(self, slot: str) -> Posted | None:
        return self.slots.get(slot)

    async def note_posted(self, posted: Posted) -> None:
        json.dumps(posted.extra)
        self.slots[posted.slot] = posted

    async def posted_of(self, generation: str) -> Sequence[Posted]:
        return [one for slot, one in self.slots.items() if slot.startswith(f"{generation}/")]

    async def forget_posted(self, slot: str) -> None:
        self.slots.pop(slot, None)

    async def slot_of(self, channel: str, message: str) -> str | None:
        return next((s for s, one in self.slots.items() if one.channel == channel and message in one.messages), None)

    async def keep(self, kind: str, key: str, value: Mapping[str, Any], seconds: float) -> None:
        assert seconds > 0
        self.notes[kind, key] = json.loads(json.dumps(value))

    async def recall(self, kind: str, key: str) -> Mapping[str, Any] | None:
        return self.notes.get((kind, key))

    async def drop(self, kind: str, key: str) -> bool:
        return self.notes.pop((kind, key), None) is not None

    @asynccontextmanager
    async def lock(self, name: str) -> AsyncIterator[bool]:
        ours = name not in self.locked
        self.locked |= {name}
        try:
            yield ours
        finally:
            self.locked -= {name} if ours else set()


class ScriptedDoor:
    """A desk that answers what the test says, by verb, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Request] = []
        self.answers: dict[str, Answer | Callable[[Request], Answer | None] | None] = {}
        self.hold: asyncio.Event | None = None

    async def answer(self, request: Request) -> Answer | None:
        self.asked.append(request)
        if self.hold is not None:
            await self.hold.wait()
        answer = self.answers.get(request.verb)
        return answer(request) if callable(answer) else answer

    async def admins(self, platform: str) -> Sequence[str]:
        return []

    async def turned_away(self, account: str) -> tuple[Line, str] | None:
        return None


class Images:
    """An ImageSource whose bytes name the image."""

    async def preview(self, image: str) -> tuple[bytes, str]:
        return f"preview of {image}".encode(), "image/jpeg"

    async def thumb(self, image: str) -> tuple[bytes, str]:
        return f"thumb of {image}".encode(), "image/jpeg"

    async def original(self, image: str) -> tuple[bytes, str, str]:
        return f"original of {image}".encode(), "image/webp", f"{image}.webp"
