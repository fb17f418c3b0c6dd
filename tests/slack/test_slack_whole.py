"""The whole bot as a process, killed in the middle of a painting: the same thread goes on."""

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

from tests.slack.stand_in import TOKEN, StandIn, payload

ROOT = Path(__file__).parents[2]
CHANNEL = "C0ART00001"
CONFIG = """
[bot]
data_dir = "{data}"
language = "en"
[web]
port = 0
[slack]
bot_token = "{token}"
app_token = "xapp-1"
api_url = "{url}/api"
[page]
enabled = false
[jimeng]
simulator = true
simulator_port = 0
poll_first = 0.1
"""


@asynccontextmanager
async def bot(slack: StandIn, config: Path, *, killed: bool = False) -> AsyncIterator[None]:
    """`paintbot run` until the block ends, then told to stop, or killed."""
    opened = slack.opened
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", "--config", str(config), cwd=ROOT
    )
    try:
        await slack.until(lambda: slack.opened > opened and slack.connected(), 60)
        yield
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGKILL if killed else signal.SIGTERM)
        await asyncio.wait_for(process.wait(), 60)


def pictures(message: dict[str, Any]) -> list[str]:
    return [block["slack_file"]["id"] for block in message["blocks"] if block["type"] == "image"]


def pressing(message: dict[str, Any], value: str) -> dict[str, Any]:
    """The press of a button of a message."""
    buttons = [one for block in message["blocks"] if block["type"] == "actions" for one in block["elements"]]
    found = next(one for one in buttons if one.get("value", "").startswith(value))
    at = {"message_ts": message["ts"], "channel_id": CHANNEL, "is_ephemeral": False, "thread_ts": message["thread_ts"]}
    action = {"type": "button", "action_id": found["action_id"], "value": found["value"], "action_ts": "1.1"}
    return payload("press", container=at, actions=[action])


async def test_a_bot_killed_in_the_middle_of_a_painting_goes_on_in_the_same_thread(
    slack: StandIn, tmp_path: Path
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(CONFIG.format(data=tmp_path / "data", token=TOKEN, url=slack.url), "utf-8")
    try:
        async with bot(slack, config, killed=True):
            await slack.send(payload("command", text="a cat --n 2", response_url=slack.hook("one")))
            await slack.until(lambda: slack.all(CHANNEL))
        async with bot(slack, config):
            await slack.until(lambda: any(pictures(one) for one in slack.all(CHANNEL)), 60)
            receipt, result = slack.all(CHANNEL)
            assert result["thread_ts"] == receipt["ts"] and len(pictures(result)) == 2
            assert all(slack.files[one]["content"] for one in pictures(result))

            await slack.send(pressing(result, "again:"))
            await slack.send(payload("thread_words", thread_ts=receipt["ts"], text="make it blue"))
            await slack.until(lambda: sum(bool(pictures(one)) for one in slack.all(CHANNEL)) == 3, 60)
            assert {one["thread_ts"] for one in slack.all(CHANNEL)[1:]} == {receipt["ts"]}

            await slack.send(payload("home_opened"))
            await slack.until(lambda: slack.homes)
            await slack.send(payload("command", text="", trigger_id="form"))
            await slack.until(lambda: slack.views)
    finally:
        with contextlib.suppress(OSError, ValueError):
            os.kill(json.loads((tmp_path / "data" / "simulator.ready").read_text())["pid"], signal.SIGTERM)
