"""What keeps updates from coming in: in a few words for `/readyz`, once in the log, and to admins where only people can mend it."""

import logging
from collections.abc import Awaitable, Callable

from adapters.telegram.gate import Refused
from core.requests import Line

log = logging.getLogger(__name__)
Alarm = Callable[[Line], Awaitable[None]]
"""Takes a sentence every admin must hear, on whatever platform they can be reached."""


class Trouble:
    """`words` is "" when all is well; it begins with "starting"."""

    def __init__(self, alarm: Alarm | None = None) -> None:
        self.words = "starting"
        self._alarm = alarm

    async def has(self, words: str, line: Line | None = None) -> None:
        """This is wrong; said when it was not so a moment ago, `line` to the admins."""
        if words == self.words:
            return
        self.words = words
        log.error("telegram: %s", words)
        if line is not None:
            await self.tell(line)

    async def tell(self, line: Line) -> None:
        """To every admin. What is wrong must not become worse because nobody can be told."""
        if self._alarm is None:
            return
        try:
            await self._alarm(line)
        except Exception:
            log.exception("telegram: the admins could not be told")

    async def refused(self, refused: Refused) -> None:
        """Telegram says no to what we need to hear anything."""
        if refused.reason != "token":
            return await self.has(f"Telegram refuses: {refused.description}")
        line = Line("telegram.refused", {"reason": refused.description})
        return await self.has(f"Telegram refuses telegram.token ({refused.description})", line)

    async def away(self, reason: str) -> None:
        """Telegram cannot be reached."""
        await self.has(f"cannot be reached: {reason}")

    def over(self) -> None:
        """All is well."""
        if self.words not in ("", "starting"):
            log.info("telegram: all is well again")
        self.words = ""
