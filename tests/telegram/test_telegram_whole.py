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

from tests.telegram.scene import ANA, FORUM, GROUP, eventually, jpeg, payload
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


BAD = [
    ("private_document_25mb", {}, "25 MB"),
    ("private_document_25mb", {"caption": "/paint like this"}, "25 MB"),
    ("private_sticker", {}, "sticker"),
    ("private_voice", {}, "cannot listen"),
    ("private_command", {"text": "/paint--ar 1:1"}, "/paint --ar 1:1"),
    ("private_photo_caption", {"caption": "/paint " + "x" * 1100}, "the limit is 800"),
    ("private_command", {"text": "a < b & c"}, "/paint a < b & c"),
    ("private_command", {"text": "/paint@other_bot x"}, "no command /paint@other_bot"),
    ("private_command", {"text": "/paint"}, "What to paint"),
]


async def test_every_way_in_and_every_fault_of_the_wire_on_an_unmodified_bot(server: StandIn, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(CONFIG.format(data=tmp_path / "data", token=TOKEN, url=server.base), "utf-8")
    private, group = server.chat(ANA), server.chat(GROUP)
    forum = server.chat(FORUM, "supergroup", forum=True, topics={7})
    for name in ("foxphoto", "logofile", "catphoto", "p31", "p32", "two"):
        server.files[name] = jpeg(900, 600)

    async def said(*parts: str) -> None:
        await eventually(lambda: [one for one in private.texts if all(part in one for part in parts)], str(parts))

    try:
        async with bot(server, config):
            for number, (name, changes, sentence) in enumerate(BAD, 200):
                before = len(private.ours)
                server.push(payload(name, message_id=number, **changes))
                await eventually(lambda before=before: len(private.ours) > before, sentence)  # type: ignore[misc]
                assert sentence in private.texts[-1]
            server.push({"update_id": server._number, "message": None})
            server.fail("sendMessage", "before", "html", "429")
            server.fail("getMe", "500", "before", "html")
            server.push(payload("private_photo_caption", caption="/paint from a photo"))
            server.push(payload("private_document_image", caption="/paint from a file"))
            for number in (31, 32):
                caption = {"caption": "/paint from an album"} if number == 32 else {}
                server.push(payload("album_item", message_id=number, photo=[{"file_id": f"p{number}"}], **caption))
            for name in ("group_reply_to_photo", "group_reply_to_album_item", "topic_command"):
                server.push(payload(name))
            server.push(payload("private_video", message_id=61, media_group_id="77", caption="/paint both"))
            server.push(payload("album_item", message_id=62, media_group_id="77"))
            await said("There is a video in this album")
            await said("Image 1 · Image 2", "from an album")
            await said("from a file")
            await said("from a photo")
            await eventually(lambda: len(photos(group.ours)) == 2 and photos(forum.ours))
            assert all(one["message_thread_id"] == 7 for one in forum.ours)

            card = photos(private.ours)[-1]
            server.fail("sendPhoto", "before")
            for number, text in enumerate(("thanks!", "👍", "谢谢", "make it blue"), 300):
                server.push(payload("private_words", message_id=number, text=text, reply_to_message=card))
            await said("make it blue", "In reply to")
            assert [text[:12] for text in private.texts].count("Glad to help") == 3
            assert len(photos(private.ours)) == 4
            server.push(payload("private_command", text="/points", message_id=400))
            await said("600 points left")
    finally:
        with contextlib.suppress(OSError, ValueError):
            os.kill(json.loads((tmp_path / "data" / "simulator.ready").read_text())["pid"], signal.SIGTERM)
