"""A page over fakes: opened as NiceGUI's simulated users, as plain HTTP, or served for a browser."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from nicegui import Client, ui
from nicegui.testing import User
from nicegui.testing.general import nicegui_reset_globals

from adapters.page.app import PageApp
from adapters.page.login import Login
from tests.page.fakes import FakeChat, FakeStore, ScriptedDoor
from tests.page.scene import built
from tests.waiting import PATIENCE, eventually


@dataclass
class Studio:
    """One mounted page and everything behind it."""

    app: FastAPI
    page: PageApp
    chat: FakeChat
    door: ScriptedDoor
    store: FakeStore
    clients: list[httpx.AsyncClient] = field(default_factory=list)

    def web(self, base: str = "http://127.0.0.1") -> httpx.AsyncClient:
        """A browser's plain HTTP side, with cookies."""
        client = httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url=base)
        self.clients.append(client)
        return client

    async def member(self, account: str = "", path: str = "/") -> User:
        """A simulated user on the page, as this member."""
        client = self.web()
        if account:
            await client.get("/page/as", params={"account": account})
        user = User(client)
        await user.open(path)
        return user


async def sees(user: User, text: str) -> None:
    """The user sees a text or marker, now or soon."""
    await user.should_see(text, retries=int(PATIENCE * 10))


def box(user: User, name: str = "box") -> ui.textarea:
    """A command box."""
    (found,) = user.find(kind=ui.textarea, marker=name).elements
    return found


async def say(user: User, line: str, name: str = "box") -> None:
    """Type a line into a command box and send it."""
    with user:
        box(user, name).set_value(line)
    user.find(marker=f"{name}-send").click()


@asynccontextmanager
async def opened(login: Login | None = None, refresh: float = 5.0) -> AsyncIterator[Studio]:
    """A page that runs inside this context."""
    with nicegui_reset_globals():
        app, page, chat, door, store = built(login, refresh)
        studio = Studio(app, page, chat, door, store)
        try:
            async with app.router.lifespan_context(app):
                await page.start()
                yield studio
                await page.stop()
        finally:
            for client in studio.clients:
                await client.aclose()
            Client.page_routes.clear()  # or NiceGUI's reset throws our modules out of sys.modules


@pytest.fixture
async def studio() -> AsyncIterator[Studio]:
    """A page where members are switched freely."""
    async with opened() as made:
        yield made


@asynccontextmanager
async def served(studio: Studio) -> AsyncIterator[str]:
    """The page behind a real port of this machine; gives its address."""

    class Server(uvicorn.Server):
        """Leaves signals and the lifespan to the test."""

        def install_signal_handlers(self) -> None:
            """None."""

    config = uvicorn.Config(
        studio.app, host="127.0.0.1", port=0, log_level="error", lifespan="off", ws="websockets-sansio"
    )
    server = Server(config)
    running = asyncio.create_task(server.serve())
    await eventually(lambda: server.started)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = server.force_exit = True
        await running
