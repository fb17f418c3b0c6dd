"""The whole bot as an unmodified process against the stand-in: a painting, its buttons, and a kill in the middle."""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.telegram.scene import ANA, GROUP, eventually, jpeg, payload
from tests.telegram.stand_in import TOKEN, StandIn

ROOT = Path(__file__).parents[2]
CONFIG = """
[bot]
data_dir = "{data}"
language = "en"
admins = ["telegram:501"]
[web]
port = 0
[telegram]
token = "{token}"
api_base = "{url}"
[access]
open_to_strangers = true
[page]
enabled = false
[jimeng]
simulator = true
simulator_port = 0
poll_first = 0.1
"""


@asynccontextmanager
async def bot(server: StandIn, config: Path, *, killed: bool = False) -> AsyncIterator[None]:
    """`paintbot run` until the block ends, then told to stop, or killed."""
    polls = len(server.called("getUpdates"))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", "--config", str(config), cwd=ROOT
    )
    try:
        await eventually(lambda: len(server.called("getUpdates")) > polls or process.returncode is not None, "polling")
        assert process.returncode is None, "the bot did not start; its log is above"
        yield
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGKILL if killed else signal.SIGTERM)
        await asyncio.wait_for(process.wait(), 60)


@pytest.fixture
async def server() -> AsyncIterator[StandIn]:
    opened = StandIn()
    await opened.start()
    yield opened
    await opened.stop()


def photos(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for one in messages if "photo" in one]


def keys(message: dict[str, Any]) -> dict[str, str]:
    """Callback data of a message's buttons by verb."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    found = [key["callback_data"] for row in rows for key in row if "callback_data" in key]
    return {data.removeprefix("1~").partition(":")[0]: data for data in found}


async def test_a_bot_killed_in_the_middle_of_a_painting_goes_on_in_the_same_place(
    server: StandIn, tmp_path: Path
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(CONFIG.format(data=tmp_path / "data", token=TOKEN, url=server.base), "utf-8")
    private, group = server.chat(ANA), server.chat(GROUP)
    server.files["catphoto"] = jpeg(900, 600)
    try:
        async with bot(server, config, killed=True):
            server.push(payload("private_command", text="/paint a red fox --n 2"))
            # an edit shows that the receipt's id has been written down; before that a kill may cost a second receipt
            await eventually(lambda: server.called("editMessageText"))
            assert not photos(private.ours)
        async with bot(server, config):
            await eventually(lambda: len(photos(private.ours)) == 2)
            await eventually(lambda: "again" in keys(private.ours[-1]))
            receipt, card = private.ours[0], private.ours[-1]
            assert receipt["reply_to_message"]["message_id"] == 11 and len(private.ours) == 4
            assert card["reply_to_message"]["message_id"] == photos(private.ours)[0]["message_id"]

            server.push(payload("press", data=keys(card)["again"], message=card))
            server.push(payload("group_reply_to_photo"))
            await eventually(lambda: len(photos(private.ours)) == 4)
            await eventually(lambda: photos(group.ours))
            await eventually(lambda: (43, ["🎉"]) in group.reactions)
            assert len(server.toasts) == 1

            server.push(payload("private_command", text="/paint_admin", message_id=90))
            server.push(payload("private_command", text="/paint", message_id=91))
            server.push(payload("private_command", text="/works", message_id=92))
            server.push(payload("private_command", text="/start", message_id=93))
            seen = len(private.ours)
            await eventually(lambda: len(private.ours) >= seen + 4)
    finally:
        with contextlib.suppress(OSError, ValueError):
            os.kill(json.loads((tmp_path / "data" / "simulator.ready").read_text())["pid"], signal.SIGTERM)
