"""A section in the middle column: what the desk says to its verb, with a way back, or a view that is looked at and follows what it shows."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Protocol

from nicegui import ui

from adapters.page.elements import box, button, nothing
from adapters.page.people import Section
from adapters.page.render import BACK, Stage, draw, draw_part
from adapters.page.talk import struck
from adapters.page.timeline import waiting
from core.errors import Refusal
from core.replies import Button, Reply
from core.requests import Line
from core.texts import say

FOLLOW_SECONDS = 10.0
MENU = "admin:"


class View(Protocol):
    """Something to look at: loaded, built once, and shown again whenever what was loaded differs."""

    async def load(self) -> bool:
        """Ask for what is shown; True when it differs from what is on view. Refusal where it may not be seen."""
        ...

    def build(self) -> None:
        """Draw what stays, into the current slot."""
        ...

    def show(self) -> None:
        """Draw what was loaded."""
        ...


class SectionView:
    """Drawn into the current slot; `ask` is told of a button that was pressed in a reply."""

    def __init__(self, stage: Stage, ask: Callable[[Button], Awaitable[None]]) -> None:
        self._stage, self._ask = stage, ask
        self._replies: list[tuple[str, Reply]] = []
        self._lists: dict[str, Button] = {}
        self._asked: Button | None = None
        self._verb = ""
        self._held = box("pb-section")
        self._label = self._sign = ""
        self._view: View | None = None

    def wait(self, section: Section | None) -> None:
        """Show that a section is on its way; None leaves the sections."""
        self._label = say(section.label, self._stage.language) if section else ""
        self._sign = section.icon if section else ""
        self._verb = section.verb if section else ""
        self._lists.clear()
        self._clear()
        with self._held:
            waiting(self._stage.language)

    def _clear(self) -> None:
        self._view = self._asked = None
        self._replies.clear()
        self._held.clear()
        self._held.classes(remove="pb-look")

    async def look_at(self, view: View) -> None:
        """Show a view in place of what the desk would say, and keep it true while it is open."""
        self._view = view
        try:
            await view.load()
        except Refusal as no:
            self._refuse(no)
            return
        if self._view is not view or self._held.is_deleted:
            return
        self._held.clear()
        self._held.classes("pb-look")
        with self._held:
            view.build()
            view.show()
            ui.timer(FOLLOW_SECONDS, self.refresh, immediate=False)

    async def refresh(self) -> None:
        """Load the view again, and show it where it differs."""
        view = self._view
        if view is None:
            return
        try:
            differs = await view.load()
        except Refusal as no:
            self._refuse(no)
            return
        if differs and self._view is view and not self._held.is_deleted:
            with self._held:
                view.show()

    def _refuse(self, no: Refusal) -> None:
        self._clear()
        with self._held, nothing(self._sign):
            draw_part(Line(no.key, no.values), self._stage, self.press)

    def show(self, reply: Reply) -> None:
        """Show an answer: in place of the one before (`instead`) or of its own earlier one, else after it with a way back."""
        asked, self._asked = self._asked, None
        verb = asked.verb if asked else self._verb
        if asked is not None:
            self._lists[verb] = asked
        earlier = [at for at, (before, _) in enumerate(self._replies) if before == verb]
        if earlier:
            del self._replies[earlier[0] :]
        elif reply.instead and self._replies:
            self._replies.pop()
        self._replies.append((verb, reply))
        self._draw()

    def strike(self, painting: str) -> None:
        """A painting was deleted, here or elsewhere: what shows it goes, lists say so in its row."""
        left = [(verb, struck(reply, painting)) for verb, reply in self._replies if reply.about != painting]
        if left and left != self._replies:
            self._replies = left
            self._draw()

    def left(self, verb: str) -> Button | None:
        """The button that showed the page of a list on which it was left; None where nobody turned its pages."""
        return self._lists.get(verb)

    async def press(self, button: Button) -> None:
        """A button in a reply; one that leads back to a list leads to where it was left."""
        if button.label.key == BACK and not button.subject:
            button = self.left(button.verb) or button
        self._asked = button
        await self._ask(button)

    @property
    def shows(self) -> bool:
        """Whether the section has come, so that an answer is one to something pressed in it."""
        return bool(self._replies)

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
            reply = self._plain(self._replies[-1][1])
            if all(isinstance(part, Line) and part.tone != "title" for part in reply.parts):
                with nothing(self._sign):  # a sentence alone: nothing here yet, a question, or how things stand
                    draw(reply, self._stage, self.press)
            else:
                draw(reply, self._stage, self.press)

    def _plain(self, reply: Reply) -> Reply:
        """Without what the page shows already: a title that repeats the head of the column, a way back to the menu of sections."""
        first = reply.parts[0] if reply.parts else None
        repeats = isinstance(first, Line) and say(first, self._stage.language) == self._label
        buttons = tuple(one for one in reply.buttons if not isinstance(one, Button) or one.press != MENU)
        return replace(reply, parts=reply.parts[1:] if repeats else reply.parts, buttons=buttons)
