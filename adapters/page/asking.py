"""What a member's words, presses and forms ask of the desk, and where on their page its answers appear."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Protocol
from uuid import uuid4

from nicegui import Client

from adapters.page import read
from adapters.page.forms import FormDialog
from adapters.page.tab import Tab
from adapters.page.talk import line_body
from adapters.page.timeline import Reader
from core.desk import courtesy
from core.replies import Answer, Button, Form, Reply, Said
from core.requests import FieldValue, Line, Offered, Place, Request

HINT_ONCE = 24 * 3600.0
Show = Callable[[Reply], Awaitable[None]]
"""Where an answer is shown that stands beside the chat."""


class Shown(Protocol):
    """The page as it is shown, as far as answers need it."""

    client: Client
    reader: Reader

    def thinking(self, in_thread: bool) -> AbstractContextManager[None]:
        """Show that the desk is being asked."""
        ...

    async def show_in_section(self, reply: Reply) -> None:
        """An answer in the section on view."""
        ...

    async def offer(self, text: str) -> None:
        """Put an example into the command box, unless something stands there."""
        ...

    async def go(self, channel: str) -> None:
        """Open a channel."""
        ...

    def turn_to(self, language: str) -> None:
        """Draw the page anew in another language."""
        ...

    async def ask_balance(self) -> None:
        """Ask for the balance again."""
        ...


class Asking:
    """The asking side of one tab."""

    def __init__(self, tab: Tab, shown: Shown) -> None:
        self._tab, self._shown = tab, shown
        self._answers = tab.given.answers
        self._pressing: set[str] = set()

    # -- saying and pressing --------------------------------------------------------------------------------------

    async def send(self, text: str, files: Sequence[Offered], thread: int = 0, painting: str = "") -> None:
        """A line from a command box, with its references; `painting` is the generation whose thread it was typed in."""
        tab, said = self._tab, read.typed(text)
        named = [{"handle": file.handle, "name": file.name} for file in files]
        only = tab.account if read.secret(said) and not tab.channel.startswith("dm:") else ""
        body = line_body(tab.asker.name, text, named, only)
        message = await tab.given.talk.add(tab.channel, thread, tab.account, body)
        request = tab.asker.line(
            said,
            tab.place(thread=thread, message=message),
            event_key=f"page:said:{message}",
            references=files,
            reply_to="" if said.verb else painting,
        )
        if said.verb and said.verb not in read.VERBS:
            await self._unknown(request, said)
        elif said.verb or painting or files:
            await self._ask(request, typed="" if thread else text)
        elif (thanked := courtesy(text)) is None:
            await self._hint(request)
        elif request.place.private:  # in a channel, people thank one another
            await self._answers.post(request, thanked)

    async def _unknown(self, request: Request, said: read.Typed) -> None:
        meant = read.nearest(said.verb)
        if meant:
            line = Line("page.nearest_command", {"word": said.verb, "nearest": meant})
            await self._answers.say(request, line, copy=f"/{meant} {said.text}".strip())
        else:
            await self._answers.say(request, Line("page.unknown_command", {"word": said.verb}), copy="/help")

    async def _hint(self, request: Request) -> None:
        """People may simply talk; once a day they learn how a sentence becomes a picture."""
        store, account = self._tab.given.store, self._tab.account
        if request.place.thread or await store.recall("page-hint", account) is not None:
            return
        await store.keep("page-hint", account, {}, HINT_ONCE)
        await self._answers.say(request, Line("page.hint"), copy=read.copied(request.text))

    async def price(self, text: str, files: Sequence[Offered]) -> Reply | None:
        """What the desk says a line would cost."""
        answer = await self._answers.ask(self._tab.asker.question("price", self._tab.place(), text, files))
        return answer if isinstance(answer, Reply) else None

    async def pressed(self, said: Said, button: Button) -> None:
        """A press claims its button until it is answered: a double click is one press."""
        request = self._tab.asker.press(
            button, self._tab.place(thread=said.thread, message=said.id), f"page:press:{uuid4().hex}"
        )
        await self._claim(f"{said.id}:{button.press}", request, said)

    async def pressed_in_section(self, button: Button) -> None:
        """A button of the section on view."""
        await self.pressed_beside(button, self._shown.show_in_section)

    async def pressed_beside(self, button: Button, show: Show) -> None:
        """A button beside the chat, whose answer `show` shows; a form is asked first, and what was accepted has its receipt in the channel."""
        request = self._tab.asker.press(button, self._tab.place(), f"page:press:{uuid4().hex}")
        await self._claim(f"beside:{button.press}", request, None, show)

    async def _claim(self, claim: str, request: Request, said: Said | None, show: Show | None = None) -> None:
        if claim in self._pressing:
            return
        self._pressing.add(claim)
        try:
            await self._ask(request, said, show)
        finally:
            self._pressing.discard(claim)

    # -- answers --------------------------------------------------------------------------------------------------

    async def _ask(
        self, request: Request, pressed: Said | None = None, show: Show | None = None, typed: str = ""
    ) -> None:
        """`typed` is the line that comes back into the box when it was refused."""
        with self._shown.thinking(bool(request.place.thread)):
            answer = await self._answers.ask(request)
        with self._shown.client:
            if show is not None:
                await self.take_beside(answer, show)
            else:
                await self._take(request, _with_its_line(answer, typed), pressed)
            if (
                request.verb == "language"
                and isinstance(answer, Reply)
                and answer.language not in ("", self._tab.language)
            ):
                self._shown.turn_to(answer.language)
        await self._shown.ask_balance()

    async def _take(self, request: Request, answer: Answer | None, pressed: Said | None) -> None:
        match answer:
            case Form():
                self._open_form(answer, request.place, pressed)
            case Reply():
                await self._answers.post(request, answer, pressed)
                if answer.copy and pressed is not None and not answer.instead:
                    await self._shown.offer(answer.copy)
            case None:
                pass  # accepted: the announcer speaks in its thread

    async def take_beside(self, answer: Answer | None, show: Show) -> None:
        """Show what the desk says beside the chat; what was accepted has its receipt in the channel."""
        match answer:
            case Form():
                self._open_form(answer, self._tab.place(), None, show)
            case Reply():
                await show(answer)
            case None:
                await self._shown.go(self._tab.channel)

    def _open_form(self, form: Form, place: Place, pressed: Said | None, show: Show | None = None) -> None:
        asker = self._tab.asker

        async def ask(asked: Form, values: dict[str, FieldValue], preview: bool) -> Answer | None:
            if preview:
                return await self._answers.ask(asker.form(asked, values, place, "", preview=True))
            request = asker.form(asked, values, place, f"page:form:{uuid4().hex}")
            return await self._answers.submit(request, asked)

        async def take(answer: Answer | None) -> None:
            if show is not None:
                await self.take_beside(answer, show)
            else:
                await self._take(asker.form(form, {}, place, ""), answer, pressed)
            await self._shown.ask_balance()

        FormDialog(self._shown.reader, self._tab.given.uploads, ask, take).open(form)


def _with_its_line(answer: Answer | None, typed: str) -> Answer | None:
    """A line that was refused is one press away from being mended: nobody types it twice."""
    if not isinstance(answer, Reply) or answer.copy or not typed:
        return answer
    refused = any(isinstance(part, Line) and part.tone == "alert" for part in answer.parts)
    return replace(answer, copy=typed) if refused else answer
