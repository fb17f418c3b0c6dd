"""An unmodified `paintbot run` against the stand-in, and people who talk to it."""

import asyncio
import contextlib
import itertools
import json
import os
import signal
import sqlite3
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import aiohttp

from tests.telegram.scene import eventually, jpeg, payload
from tests.telegram.stand_in import TOKEN, StandIn
from tests.telegram.stand_in_chats import Chat

ROOT = Path(__file__).parents[2]
LATE = 600.0
"""Seconds a painting takes that ends only when the test says so."""
CONFIG = """
[bot]
data_dir = "{data}"
language = "en"
admins = ["telegram:501", "telegram:502", "telegram:503", "telegram:504"]
[web]
port = {port}
{web}
[telegram]
token = "{token}"
api_base = "{url}"
mode = "{mode}"
[access]
open_to_strangers = true
[page]
enabled = false
[points]
welcome = 5000
[jimeng]
simulator = true
simulator_port = 0
poll_first = 0.05
poll_longest = 0.2
"""


class Bot:
    """A folder in which the bot is started, stopped, killed and started again."""

    def __init__(self, server: StandIn, folder: Path) -> None:
        self.server = server
        self.folder = folder
        self.log = folder / "bot.log"
        self.address = ""
        server.a_minute, server.log = 20, self.log

    @asynccontextmanager
    async def running(
        self, *, mode: str = "polling", web: str = "", port: int = 0, end: signal.Signals = signal.SIGTERM
    ) -> AsyncIterator[None]:
        """The bot until the block ends; then it gets the signal `end`."""
        config = self.folder / "config.toml"
        told = {"data": self.folder / "data", "token": TOKEN, "url": self.server.base, "mode": mode}
        config.write_text(CONFIG.format(port=port, web=web, **told), "utf-8")
        process = await self._start(config)
        try:
            yield
        finally:
            if process.returncode is None:
                process.send_signal(end)
            await asyncio.wait_for(process.wait(), 60)

    async def _start(self, config: Path) -> Process:
        command = (sys.executable, "-m", "bot", "run", "--config", str(config))
        with self.log.open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=log
            )
        assert process.stdout is not None
        line = (await asyncio.wait_for(process.stdout.readline(), 90)).decode()
        assert line.startswith("paintbot http"), self.log.read_text("utf-8")
        self.address = line.split()[1]
        return process

    async def jimeng(self, **wanted: Any) -> None:
        """Tell the simulator something: `set`, `finish` …"""
        url = json.loads((self.folder / "data" / "simulator.ready").read_text("utf-8"))["url"]
        async with aiohttp.ClientSession() as http, http.post(f"{url}/_control", json=wanted) as answer:
            answer.raise_for_status()

    async def at_once(self) -> None:
        """Jimeng paints at once, what it has already too."""
        await self.jimeng(set={"queue_seconds": 0, "paint_seconds": 0}, finish=True)

    async def late(self) -> None:
        """From now on paintings end only by `at_once`."""
        await self.jimeng(set={"queue_seconds": 0, "paint_seconds": LATE})

    def count(self, query: str) -> Any:
        """One value of the database, read beside the bot."""
        with closing(sqlite3.connect(self.folder / "data" / "paintbot.db", timeout=30)) as connection:
            row = connection.execute(query).fetchone()
        return row[0] if row else None

    async def ready(self) -> dict[str, Any]:
        """What `/readyz` says."""
        async with aiohttp.ClientSession() as http, http.get(f"{self.address}/readyz") as answer:
            return dict(await answer.json())

    def leaks(self, *secrets: str) -> list[str]:
        """Where one of these words stands in what the bot wrote: its log and its data."""
        files = [self.log, *(one for one in (self.folder / "data").rglob("*") if one.is_file())]
        return [str(file) for file in files if any(one.encode() in file.read_bytes() for one in secrets)]


@asynccontextmanager
async def a_bot(folder: Path) -> AsyncIterator[Bot]:
    """A stand-in and a folder for a bot; whatever was started there is gone at the end."""
    server = StandIn()
    await server.start()
    bot = Bot(server, folder)
    try:
        yield bot
        assert not bot.leaks(TOKEN.partition(":")[2]), "the token stands in a log or a file"
        assert not server.floods, f"these groups got more than they take: {server.floods}"
    finally:
        with contextlib.suppress(OSError, ValueError):
            os.kill(json.loads((folder / "data" / "simulator.ready").read_text())["pid"], signal.SIGTERM)
        await server.stop()


class Member:
    """Somebody with a private chat; every message has a number of its own."""

    numbers = itertools.count(1)

    def __init__(self, server: StandIn, number: int, language: str | None = "en") -> None:
        self.server = server
        self.id = number
        self.me = {"id": number, "is_bot": False, "first_name": f"M{number}"}
        if language:
            self.me["language_code"] = language
        self.chat = server.chat(number)

    def says(self, text: str = "", chat: int = 0, **more: Any) -> int:
        """Write into the private chat, or another; the message's number."""
        number = next(self.numbers)
        where = self.server.chat(chat or self.id)
        there = {"id": where.id, "type": where.kind} | ({"is_forum": True} if where.forum else {})
        message = {"message_id": number, "from": self.me, "chat": there, "date": 1796003200} | more
        self.server.push({"message": message | ({"text": text} if text else {})})
        return number

    def sends(self, caption: str = "", chat: int = 0, **more: Any) -> int:
        """Send a photo."""
        name = f"member{len(self.server.files)}"
        self.server.files[name] = jpeg(900, 600)
        words = {"caption": caption} if caption else {}
        return self.says("", chat, photo=[{"file_id": name, "file_size": 84211}], **words, **more)

    def presses(self, message: dict[str, Any], verb: str = "", **changes: Any) -> str:
        """Press the button of a verb under a message; the press's id."""
        query = f"{self.id}-{next(self.numbers)}"
        data = {"data": keys(message)[verb]} if verb else {}
        under = {"message": dict(message)}
        self.server.push(payload("press", **({"id": query, "from": self.me} | data | under | changes)))
        return query

    async def sees(self, *parts: str, chat: int = 0) -> dict[str, Any]:
        """A message of the bot holds all these words."""
        there = self.server.chat(chat or self.id)

        def seen() -> dict[str, Any] | None:
            return next((one for one in reversed(there.ours) if all(part in words(one) for part in parts)), None)

        found: dict[str, Any] = await self._comes(seen, f"words {parts}", there)
        return found

    async def sees_pictures(self, count: int, chat: int = 0) -> list[dict[str, Any]]:
        """So many pictures have come."""
        there = self.server.chat(chat or self.id)

        def seen() -> list[dict[str, Any]] | None:
            shown = photos(there.ours)
            return shown if len(shown) >= count else None

        found: list[dict[str, Any]] = await self._comes(seen, f"{count} pictures", there)
        return found

    async def toast(self, query: str) -> dict[str, Any]:
        """What a press was answered with."""

        def seen() -> dict[str, Any] | None:
            return next((one for one in self.server.toasts if one["callback_query_id"] == query), None)

        found: dict[str, Any] = await self._comes(seen, f"an answer to press {query}", self.chat)
        return found

    async def _comes(self, seen: Callable[[], Any], what: str, there: Chat) -> Any:
        try:
            return await eventually(seen, what)
        except AssertionError as error:
            log = self.server.log.read_text("utf-8")[-4000:] if self.server.log else ""
            raise AssertionError(f"{what} never came to {self.id}; there is {there.texts}\n{log}") from error


def words(message: dict[str, Any]) -> str:
    return str(message.get("text") or message.get("caption") or "")


def photos(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for one in messages if "photo" in one]


def keys(message: dict[str, Any]) -> dict[str, str]:
    """Callback data of a message's buttons by verb."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    found = [key["callback_data"] for row in rows for key in row if "callback_data" in key]
    return {data.removeprefix("1~").partition(":")[0]: data for data in found}


def labelled(message: dict[str, Any], label: str) -> str:
    """Callback data of the button with this label."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return str(next(key["callback_data"] for row in rows for key in row if label in key["text"]))
