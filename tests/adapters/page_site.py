"""The page for people of flesh and blood: NiceGUI's user simulation, each person with a browser of their own."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import httpx
from fastapi import FastAPI
from nicegui import Client, background_tasks, ui
from nicegui.element import Element
from nicegui.elements.mixins.value_element import ValueElement
from nicegui.elements.upload_files import SmallFileUpload
from nicegui.testing import User
from nicegui.testing.general import nicegui_reset_globals
from nicegui.testing.user_interaction import UserInteraction

from adapters.page.app import PageApp
from adapters.page.room import Room
from core.records import Records
from core.records.platforms import Chat
from core.replies import Door, ImageSource, PlatformStore
from tests.adapters.drivers import Person, Typed, Upload
from tests.adapters.page_screen import lines_of, walk
from tests.waiting import eventually

PATIENCE = 30.0
LIVING = ("page.live", "outbox loop")
"""Tasks that last as long as a page does."""


class PagePerson(Person):
    """Somebody with the page open."""

    def __init__(self, page: PageApp, user: User, account: str) -> None:
        super().__init__(account)
        self.page, self.user = page, user
        self._downloads = 0

    # -- acts -----------------------------------------------------------------------------------------------------

    async def _act(self, act: Callable[[], Any]) -> None:
        """Do something in the browser and wait until all it set off has ended."""
        known = set(background_tasks.running_tasks)
        act()
        await self._ended(known)
        await self.look()

    async def _ended(self, known: set[asyncio.Task[Any]]) -> None:
        """Every background task but the known ones has ended; a page that was drawn anew lives on."""
        async with asyncio.timeout(PATIENCE):
            while new := [
                one for one in background_tasks.running_tasks - known if not one.get_name().startswith(LIVING)
            ]:
                await asyncio.wait(new)

    async def look(self) -> None:
        await eventually(lambda: self.room() is not None)
        room = self.room()
        assert room is not None
        await room.sync()

    def room(self) -> Room | None:
        """The controller of this browser's tab, once it follows the talk."""
        rooms = [one.__self__ for one in self.page._given.talk._listeners]  # type: ignore[attr-defined]
        return next((room for room in rooms if room.client is self.user.client), None)

    def _all(self) -> list[Element]:
        client = self.user.client
        assert client is not None
        return list(walk(client.layout))

    def _marked(self, *markers: str) -> list[Element]:
        """Visible elements with all these markers, oldest first."""
        return [one for one in self._all() if set(markers) <= set(one._markers)]

    async def _click(self, element: Element) -> None:
        await self._act(UserInteraction(self.user, {element}, None).click)

    async def type(self, text: str) -> None:
        self.began()
        self._close_forms()
        with self.user:
            (box,) = (one for one in self._marked("box") if isinstance(one, ui.textarea))
            box.set_value(text)
        (send,) = self._marked("box-send")
        await self._click(send)

    def _close_forms(self) -> None:
        with self.user:
            for one in self._all():
                if isinstance(one, ui.dialog):
                    one.close()

    async def press(self, verb: str, subject: str | None = None) -> None:
        self.began()
        found = self._presses(verb, subject)
        if not found:  # in a thread, then
            for link in reversed([one for one in self._all() if any(m.startswith("thread-") for m in one._markers)]):
                if any(marker.removeprefix("thread-").isdecimal() for marker in link._markers):
                    await self._click(link)
                    if found := self._presses(verb, subject):
                        break
        assert found, f"no button {verb}:{subject} in {self.buttons_seen()}"
        await self._click(max(found, key=lambda one: one.id))

    def _presses(self, verb: str, subject: str | None) -> list[Element]:
        wanted = f"{verb}:" if subject is None else f"{verb}:{subject}"
        found = self._marked("press")
        if subject is None:
            return [one for one in found if any(marker.startswith(wanted) for marker in one._markers)]
        return [one for one in found if wanted in one._markers]

    async def submit(self, values: Typed) -> None:
        self.began()
        for name, value in values.items():
            fields = self._marked(f"field-{name}")
            assert fields, f"no field {name}"
            await self._fill(fields[-1], value)
        await self._click(self._marked("form-submit")[-1])

    async def _fill(self, field: Element, value: Any) -> None:
        if isinstance(field, ui.upload):
            assert all(isinstance(one, Upload) for one in value)
            known = set(background_tasks.running_tasks)
            await field.handle_uploads([SmallFileUpload(one.name, one.mime, one.content) for one in value])
            await self._ended(known)
        else:
            assert isinstance(field, ValueElement)
            with self.user:
                field.set_value(list(value) if isinstance(value, tuple) else value)

    # -- what is seen ---------------------------------------------------------------------------------------------

    def lines(self) -> list[str]:
        client = self.user.client
        assert client is not None
        return [line for words in lines_of(client.layout) for line in words.splitlines() if line]

    def buttons_seen(self) -> Sequence[str]:
        return [marker for one in self._marked("press") for marker in one._markers if ":" in marker]

    async def files(self) -> Sequence[bytes]:
        for one in self._marked("file"):
            await self._click(one)
        await eventually(lambda: len(self.user.download.http_responses) >= len(self._marked("file")))
        return [one.content for one in self.user.download.http_responses]


class PageSite:
    """The page with the real adapter."""

    def __init__(self, page: PageApp, app: FastAPI, language: str) -> None:
        self.page, self.app, self.language = page, app, language
        self.messenger = page.messenger
        self.clients: list[httpx.AsyncClient] = []

    async def person(self, account: str) -> PagePerson:
        client = httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://127.0.0.1")
        self.clients.append(client)
        await client.get("/page/as", params={"account": account})
        user = User(client)
        await user.open(f"/page/look?language={self.language}")
        person = PagePerson(self.page, user, account)
        await eventually(lambda: person.room() is not None)
        await person.look()
        return person


@asynccontextmanager
async def page_site(
    door: Door, store: PlatformStore, images: ImageSource, clock: Any, language: str, records: Records
) -> AsyncIterator[PageSite]:
    """The page, running."""
    gc.freeze()  # NiceGUI's reset looks through everything twice: what stood there before this test it may pass over
    with nicegui_reset_globals():
        uploads = Path(mkdtemp(prefix="page-"))
        page = PageApp(door, store, Chat(records), images, clock, secret="a secret of the tests", uploads=uploads)
        app = FastAPI()
        page.mount(app)
        site = PageSite(page, app, language)
        try:
            async with app.router.lifespan_context(app):
                await page.start()
                yield site
                await page.stop()
        finally:
            for client in site.clients:
                await client.aclose()
            Client.page_routes.clear()  # or NiceGUI's reset throws our modules out of sys.modules
