"""The panel beside a section: one thing closely (a record, a key), what can be done with it, and what the desk says to that."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Protocol

from nicegui import context, ui

from adapters.page.elements import Tag, box, button
from adapters.page.keyboard import lead_back, lead_into
from adapters.page.render import BACK, Stage, draw, is_word, way_back
from core.replies import Button, Pictures, Reply
from core.requests import Line
from core.texts import say


class Asks(Protocol):
    """Who brings a press to the desk."""

    async def pressed_beside(self, button: Button, show: Callable[[Reply], Awaitable[None]]) -> None:
        """Press; the answer is given to `show`."""
        ...


def tell(reply: Reply, language: str) -> None:
    """Say a word that goes away by itself."""
    said = " ".join(say(part, language) for part in reply.parts if isinstance(part, Line))
    ui.notify(said, position="bottom", multi_line=len(said) > 60, timeout=6000)


class Panel:
    """Drawn into the current slot. `shown` is told whether there is something in it, `after` is called when something was asked or it was closed."""

    def __init__(
        self, stage: Stage, asks: Asks, shown: Callable[[bool], None], after: Callable[[], Awaitable[None]]
    ) -> None:
        self._stage, self._asks, self._shown, self._after = stage, asks, shown, after
        self._client = context.client
        self.about = ""
        with box("pb-thread pb-panel", "aside") as self._held:
            with box("pb-top", "header"):
                back = button("", self.close, "bare", sign="arrow_back", name=self._say("back"))
                back.classes("pb-phone-only").mark("panel-back")
                self._title = Tag("h2", "", "", tabindex="-1")
                close = button("", self.close, "bare", sign="close", name=self._say("close"))
                close.classes("pb-wide-only pb-close").mark("panel-close")
            self._room = box("pb-panel-room", role="region", aria_live="polite")
        self._held.on("keydown.esc", self.close, args=[])

    def _say(self, key: str) -> str:
        return say(Line(f"page.{key}"), self._stage.language)

    async def open(self, verb: str, subject: str) -> None:
        """Show what the desk says to a button about something."""
        self.about = f"{verb}:{subject}"
        await self.press(Button(Line("admin.button_open"), verb, subject))

    async def press(self, pressed: Button) -> None:
        """A button in the panel, or of the view beside it; one that leads back to the whole list closes the panel."""
        if pressed.label.key == BACK and not pressed.subject:
            await self.close()
        else:
            await self._asks.pressed_beside(pressed, self.show)

    async def show(self, reply: Reply) -> None:
        """A word is said and gone, and its way back is followed; anything else stands here."""
        with self._client:
            if is_word(reply):
                tell(reply, self._stage.language)
                back = way_back(reply)
                if back is not None and self.about:
                    await self.press(back)
                    return
            else:
                self._draw(reply)
            await self._after()

    def _draw(self, reply: Reply) -> None:
        titles = [part for part in reply.parts if isinstance(part, Line) and part.tone == "title"]
        title = say(titles[0], self._stage.language) if titles else self._title.text
        parts = sorted(
            (part for part in reply.parts if part not in titles[:1]), key=lambda p: not isinstance(p, Pictures)
        )
        back = way_back(reply)
        kept = tuple(one for one in reply.buttons if one is not back or back.subject)
        self.about = self.about or title
        self._title.set_text(title)
        self._held.props["aria-label"] = title
        self._room.clear()
        with self._room:
            draw(replace(reply, parts=tuple(parts), buttons=kept), self._stage, self.press)
        self._shown(True)
        lead_into(self._title)

    async def close(self) -> None:
        """Nothing beside the section any more."""
        self.leave()
        lead_back(self._held)
        await self._after()

    def leave(self) -> None:
        """Another place opens."""
        self.about = ""
        self._room.clear()
        self._title.set_text("")
        self._shown(False)
