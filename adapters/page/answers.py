"""From a Request to what stands in the chat: written down first, asked once, and the answer put where it belongs."""

from dataclasses import dataclass

from adapters.page.keep import encode, request_of
from adapters.page.people import BOT
from adapters.page.talk import Talk, reply_body
from core.replies import Answer, Door, Form, Item, PlatformStore, Posted, Reply, Said, TextField
from core.requests import Line, Request


@dataclass(frozen=True, slots=True)
class Answers:
    """Asks the desk and keeps its replies; the pages themselves only show."""

    door: Door
    store: PlatformStore
    talk: Talk

    async def ask(self, request: Request) -> Answer | None:
        """Ask, once per event key; a request without a key (a price, a section) leaves no trace."""
        if not request.event_key:
            return await self.door.answer(request)
        if not await self.store.receive(request.event_key, {"request": encode(request)}):
            return None
        answer = await self.door.answer(request)
        await self.store.finish(request.event_key)
        return answer

    async def submit(self, request: Request, form: Form) -> Answer | None:
        """Ask with a form's values; what holds a secret is never written into the inbox."""
        if any(isinstance(one, TextField) and one.secret for one in form.fields):
            return await self.door.answer(request)
        return await self.ask(request)

    async def post(self, request: Request, reply: Reply, pressed: Said | None = None) -> None:
        """Put a reply where the request was made; `instead` takes the place of the pressed message.

        A painting's own messages are never replaced: they are drawn from its state alone.
        """
        account, place = str(request.account), request.place
        thread = int(place.thread or 0)
        if thread and await self.talk.one(place.channel, 0, thread) is None:
            thread, pressed = 0, None  # its thread has gone with the painting it was about
        body = reply_body(reply, account, only=account if reply.private else "")
        if reply.instead and pressed is not None and not pressed.body.get("slot"):
            only = pressed.body.get("only", "")
            await self.talk.change(pressed.channel, pressed.thread, pressed.id, body | {"only": body["only"] or only})
            await self._know(reply, pressed.channel, pressed.thread, pressed.id)
            return
        await self._know(reply, place.channel, thread, await self.talk.add(place.channel, thread, BOT, body))

    async def _know(self, reply: Reply, channel: str, thread: int, message: int) -> None:
        """What shows a painting once more is known by it, and goes with it; a list knows those in its rows."""
        where = channel, str(thread or "")
        if reply.about:
            await self.store.note_posted(Posted(f"{reply.about}/shown-{message}", *where, (str(message),)))
        for about in dict.fromkeys(part.about for part in reply.parts if isinstance(part, Item) and part.about):
            await self.store.note_posted(Posted(f"{about}/listed-{message}", *where, (), extra={"list": message}))

    async def say(self, request: Request, line: Line, copy: str = "") -> None:
        """A private word of the page itself to the asker."""
        await self.post(request, Reply((line,), private=True, copy=copy))

    async def catch_up(self) -> None:
        """Answer what was received before a restart and not finished."""
        for key, payload in await self.store.unfinished():
            if "request" in payload:
                request = request_of(payload)
                answer = await self.door.answer(request)
                if isinstance(answer, Reply):
                    await self.post(request, answer)
                elif answer is not None:
                    await self.say(request, Line("page.ask_again"), copy=f"/{request.verb} {request.text}".strip())
            await self.store.finish(key)
