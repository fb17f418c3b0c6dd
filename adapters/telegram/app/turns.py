"""One update at a time of each person in each chat, in the order they came."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from adapters.telegram.deliver import Answers
from adapters.telegram.read import Heard


class Turns:
    """So two quick answers to a form do not race, and a group that waits for Telegram's limits holds up nobody's private chat."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._lanes: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def lane(self, heard: Heard, chat: int | str) -> asyncio.Lock:
        """What its person holds while something of theirs is dealt with in a chat."""
        return self._lanes.setdefault(f"{heard.request.account.id}:{chat}", asyncio.Lock())

    @asynccontextmanager
    async def turn(self, heard: Heard, seconds: float) -> AsyncIterator[None]:
        """When all that this person said here before has been dealt with; a press that waits for longer than `seconds` is answered meanwhile."""
        lane = self.lane(heard, heard.chat)
        waiting = asyncio.create_task(self._answer(heard, seconds)) if heard.press and lane.locked() else None
        try:
            async with lane:
                if waiting is not None:
                    waiting.cancel()
                yield
        finally:
            if waiting is not None:
                waiting.cancel()

    async def _answer(self, heard: Heard, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await asyncio.shield(self._answers.toast(heard))  # one that is on its way goes out
