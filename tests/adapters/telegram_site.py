"""Telegram for people of flesh and blood: the stand-in over the wire; a form is answered question by question."""

import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from adapters.telegram.app import TelegramApp
from adapters.telegram.forms.state import State
from adapters.telegram.gate import Limits
from core.replies import Door, ImageSource, PlatformStore
from core.requests import Account
from tests.adapters.drivers import Person, Typed, Upload
from tests.telegram.scene import payload
from tests.telegram.stand_in import TOKEN, StandIn
from tests.waiting import eventually


class Telegram(StandIn):
    """The stand-in; people's messages are numbered over all chats."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers = itertools.count(1)


class TelegramPerson(Person):
    """Somebody in their private chat with the bot."""

    def __init__(self, server: Telegram, store: PlatformStore, account: str, language: str) -> None:
        super().__init__(account)
        self.server, self.store = server, store
        self.id = int(Account.parse(account).id)
        self._me = {"id": self.id, "is_bot": False, "first_name": account, "language_code": language}
        self.chat = server.chat(self.id)
        self._count = itertools.count(1)

    # -- acts -----------------------------------------------------------------------------------------------------

    async def _send(self, **message: Any) -> None:
        at = {"message_id": next(self.server.numbers), "from": self._me, "chat": {"id": self.id, "type": "private"}}
        self.server.push(payload("private_words", **at, **message))
        await self.look()

    async def look(self) -> None:
        await eventually(self._answered)

    async def _answered(self) -> bool:
        return self.server.confirmed >= self.server._number and not await self.store.unfinished()

    async def type(self, text: str) -> None:
        self.began()
        word, space, rest = text.partition(" ")
        await self._send(text=("/paint_admin" if word == "/admin" else word) + space + rest)

    async def press(self, verb: str, subject: str | None = None) -> None:
        self.began()
        wanted = f"1~{verb}:" if subject is None else f"1~{verb}:{subject}"
        await self._press(wanted, exact=subject is not None)

    async def _press(self, wanted: str, *, exact: bool) -> None:
        for message in reversed(self.chat.ours):
            for data in _data(message):
                if data == wanted if exact else data.startswith(wanted):
                    query = {"id": f"{self.id}-{next(self._count)}", "from": self._me, "data": data}
                    self.server.push(payload("press", **query, message=dict(message)))
                    return await self.look()
        raise AssertionError(f"no button {wanted} in {self.buttons_seen()}")

    async def _form(self) -> State | None:
        kept = await self.store.recall("form", str(self.id))
        return State(**kept) if kept else None

    async def submit(self, values: Typed) -> None:
        self.began()
        state = await self._form()
        assert state is not None, "no question is asked"
        assert set(values) <= {one["name"] for one in state.fields}, (set(values), state.fields)
        token = state.token
        while state is not None and state.token == token and not state.full:
            await self._answer(state, values)
            state = await self._form()

    async def _answer(self, state: State, values: Typed) -> None:
        asked, start = state.asked, f"q~{state.token}:{state.at}:"
        value: Any = values.get(asked["name"])
        many = asked["kind"] == "file" or asked.get("several")
        match asked["kind"]:
            case _ if value is None or value == "":
                await self._press(f"{start}{'d' if many else 's'}", exact=True)
            case "choice" if asked["several"]:
                chosen = state.chosen()
                for one in [one for one, _ in asked["options"] if (one in chosen) != (one in value)]:
                    await self._press(f"{start}c{_place(asked, one)}", exact=True)
                await self._press(f"{start}d", exact=True)
            case "choice":
                await self._press(f"{start}c{_place(asked, value)}", exact=True)
            case "file":
                for one in value:
                    await self._send(**self._file(one, asked["pictures"]), text="")
                if len(value) < asked["most"]:
                    await self._press(f"{start}d", exact=True)
            case _:
                await self._send(text=str(value))

    def _file(self, upload: Upload, picture: bool) -> Any:
        name = f"{self.id}-file{next(self._count)}"
        self.server.files[name] = upload.content
        size = {"file_id": name, "file_size": len(upload.content)}
        if picture:
            return {"photo": [{**size, "width": 96, "height": 64}]}
        return {"document": {**size, "file_name": upload.name, "mime_type": upload.mime}}

    # -- what is seen ---------------------------------------------------------------------------------------------

    def lines(self) -> list[str]:
        found: list[str] = []
        for message in self.chat.ours:
            found += ["picture"] * ("photo" in message) + ["📎"] * ("document" in message)
            found += str(message.get("text") or message.get("caption") or "").splitlines()
            found += [key["text"] for row in _rows(message) for key in row]
        toasts = [one for one in self.server.toasts if one["callback_query_id"].startswith(f"{self.id}-")]
        return [line for line in [*found, *(str(one.get("text", "")) for one in toasts)] if line]

    def buttons_seen(self) -> Sequence[str]:
        return [data.removeprefix("1~") for message in self.chat.ours for data in _data(message)]

    async def files(self) -> Sequence[bytes]:
        return [self.server.files[one["document"]["file_id"]] for one in self.chat.ours if "document" in one]


def _rows(message: Any) -> list[list[Any]]:
    return list(message.get("reply_markup", {}).get("inline_keyboard", []))


def _data(message: Any) -> list[str]:
    return [key["callback_data"] for row in _rows(message) for key in row if "callback_data" in key]


def _place(asked: Any, value: Any) -> int:
    return [one for one, _ in asked["options"]].index(value)


class TelegramSite:
    """Telegram with the real adapter."""

    def __init__(self, server: Telegram, app: TelegramApp, store: PlatformStore, language: str) -> None:
        self.server, self.app, self.store, self.language = server, app, store, language
        self.messenger = app.messenger

    async def person(self, account: str) -> TelegramPerson:
        return TelegramPerson(self.server, self.store, account, self.language)


@asynccontextmanager
async def telegram_site(
    door: Door, store: PlatformStore, images: ImageSource, clock: Any, language: str
) -> AsyncIterator[TelegramSite]:
    """Telegram, running."""
    server = Telegram()
    await server.start()
    app = TelegramApp(TOKEN, server.base, "polling", door, store, images, limits=Limits.lifted(), stand_by=0.05)
    await app.start()
    try:
        yield TelegramSite(server, app, store, language)
    finally:
        await app.stop()
        await server.stop()
