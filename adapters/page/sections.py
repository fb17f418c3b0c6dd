"""A section in the middle column: what the desk says to its verb, and where its buttons lead, with a way back."""

from collections.abc import Mapping
from dataclasses import replace

from adapters.page.elements import box, button
from adapters.page.people import Look, Section
from adapters.page.render import Press, Stage, draw
from adapters.page.timeline import waiting
from core.replies import Reply
from core.requests import Line
from core.texts import say


class SectionView:
    """Drawn into the current slot; `press` is told of a button that was pressed in it."""

    def __init__(self, stage: Stage, press: Press, looks: Mapping[str, Look]) -> None:
        self._stage, self._press, self._looks = stage, press, looks
        self._replies: list[Reply] = []
        self._held = box("pb-section")
        self._label = ""

    def wait(self, label: str) -> None:
        """Show that the section under this label is on its way."""
        self._label = label
        self._replies.clear()
        self._held.clear()
        with self._held:
            waiting(self._stage.language)

    async def draw_itself(self, section: Section, account: str) -> bool:
        """Let a section with a look of its own draw itself; False when it has none."""
        look = self._looks.get(section.id)
        if look is None:
            return False
        self._held.clear()
        with self._held:
            await look(section, account)
        return True

    def show(self, reply: Reply) -> None:
        """Show an answer: in place of the one before (`instead`), or after it with a way back."""
        if reply.instead and self._replies:
            self._replies.pop()
        self._replies.append(reply)
        self._draw()

    def _back(self) -> None:
        self._replies.pop()
        self._draw()

    def _draw(self) -> None:
        self._held.clear()
        with self._held:
            if len(self._replies) > 1:
                back = say(Line("page.back"), self._stage.language)
                with box("pb-section-back"):
                    button(back, self._back, "quiet", sign="arrow_back").mark("section-back")
            draw(self._untitled(self._replies[-1]), self._stage, self._press)

    def _untitled(self, reply: Reply) -> Reply:
        """Without a title that only repeats the head of the column."""
        first = reply.parts[0] if reply.parts else None
        repeats = isinstance(first, Line) and say(first, self._stage.language) == self._label
        return replace(reply, parts=reply.parts[1:]) if repeats else reply
