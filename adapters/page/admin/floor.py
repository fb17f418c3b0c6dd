"""What every view of the admins stands on: asking the desk and its looks, saying what it answers, and the panel beside the view."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from nicegui import context, ui

from adapters.page.panel import Panel
from adapters.page.people import SECTIONS, Person, Section, colour_of
from adapters.page.render import Stage
from adapters.page.tab import Tab
from core.looks import Look, Looker
from core.replies import Answer, Button, Document, Reply
from core.requests import FieldValue, Line, Value
from core.texts import LANGUAGES, say, say_value


class Room(Protocol):
    """What a view needs of the page around it."""

    async def refresh(self) -> None:
        """Load and show the view on view again."""
        ...


class Floor:
    """One tab's side of the views. `filters` of the records outlive a visit elsewhere."""

    def __init__(
        self,
        tab: Tab,
        looker: Looker,
        stage: Stage,
        panel: Panel,
        room: Room,
        visit: Callable[[Section], Awaitable[None]],
    ) -> None:
        self._tab, self._looker, self._room, self._visit = tab, looker, room, visit
        self.stage, self.panel, self.language = stage, panel, tab.language
        self.filters: dict[str, str] = {}
        self._client = context.client

    def say(self, key: str, **values: Value) -> str:
        """A sentence of the views (`page_admin`)."""
        return say(Line(f"page_admin.{key}", values), self.language)

    def line(self, line: Line) -> str:
        """Any sentence."""
        return say(line, self.language)

    def value(self, value: Value) -> str:
        """A number, a time or a sentence as the reader writes it."""
        return say_value(value, self.language)

    def colour(self, name: str) -> str:
        """The colour of a member's face, by the name their records carry."""
        people = self._tab.given.people
        account = next((str(one.account) for one in people if name in _names(one)), name)
        return colour_of(account, people)

    async def look(self, what: str, values: Mapping[str, str] | None = None) -> Look:
        """What the desk lets admins see; Refusal for anybody else."""
        return await self._looker.look(self._tab.account, what, values or {})

    async def ask(
        self, verb: str, text: str = "", *, subject: str = "", values: Mapping[str, FieldValue] | None = None
    ) -> Answer | None:
        """Ask the desk something that leaves the page as it is."""
        question = self._tab.asker.question(verb, self._tab.place(), text, subject=subject, values=values)
        return await self._tab.given.answers.ask(question)

    async def press(self, button: Button) -> None:
        """A button of the view; its answer is said, asked back, or shown in the panel."""
        await self.panel.press(button)

    async def act(self, verb: str, subject: str = "") -> None:
        """As `press`, for a button the view has drawn itself."""
        await self.press(Button(Line("admin.button_open"), verb, subject))

    async def open(self, verb: str, subject: str) -> None:
        """Show one thing closely in the panel."""
        await self.panel.open(verb, subject)

    async def refresh(self) -> None:
        """Show the view again where it differs now."""
        await self._room.refresh()

    async def visit(self, section: str) -> None:
        """Go to another section."""
        await self._visit(SECTIONS[section])

    def hand_over(self, reply: Reply) -> None:
        """Save the files of a reply, and say its first sentence."""
        with self._client:
            for part in reply.parts:
                if isinstance(part, Document):
                    self.stage.hand_over(part)
            self.tell(reply)

    def tell(self, reply: Reply) -> None:
        """Say the first sentence of a reply, and let it go."""
        said = next((self.line(part) for part in reply.parts if isinstance(part, Line)), "")
        with self._client:
            ui.notify(said, position="bottom", timeout=6000)


def _names(person: Person) -> set[str]:
    """What records may call a person of the page: the name in the language they were first seen in."""
    return {say(person.name, language) for language in LANGUAGES}
