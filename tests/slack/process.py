"""The whole bot as a process between the stand-in for Slack and the simulator of Jimeng."""

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

import httpx

from tests.slack.stand_in import SECRET, TOKEN, StandIn, payload

ROOT = Path(__file__).parents[2]
CHANNEL = "C0ART00001"
PATIENCE = 60.0
CONFIG = """
[bot]
data_dir = "{data}"
language = "en"
[web]
port = 0
[slack]
bot_token = "{token}"
app_token = "xapp-1"
signing_secret = "{secret}"
mode = "{mode}"
api_url = "{url}/api"
[page]
enabled = false
[jimeng]
simulator = true
simulator_port = 0
poll_first = 0.1
poll_longest = 0.3
"""
AT_ONCE = {"queue_seconds": 0, "paint_seconds": 0, "in_flight": 9, "qps": 50}
NEVER = AT_ONCE | {"paint_seconds": 600}


class Bots:
    """Bots started one after another in one folder."""

    def __init__(self, slack: StandIn, folder: Path, mode: str) -> None:
        self.slack, self.folder = slack, folder
        self.address = ""
        self._config = folder / "config.toml"
        said = {"data": folder / "data", "token": TOKEN, "secret": SECRET, "mode": mode, "url": slack.url}
        self._config.write_text(CONFIG.format(**said), "utf-8")

    @asynccontextmanager
    async def bot(self, *, killed: bool = False, alone: bool = False) -> AsyncIterator[None]:
        """`paintbot run` until the block ends, then told to stop (and stopped in order), or killed; `alone` where Slack is not there."""
        asked = len(self.slack.called("auth.test"))
        command = (sys.executable, "-m", "bot", "run", "--config", str(self._config))
        process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
        try:
            assert process.stdout is not None
            line = (await asyncio.wait_for(process.stdout.readline(), PATIENCE)).decode()
            assert line.startswith("paintbot http"), line
            self.address = line.split()[1]
            if not alone:
                await self.slack.until(lambda: len(self.slack.called("auth.test")) > asked, PATIENCE)
            yield
        finally:
            if process.returncode is None:
                process.send_signal(signal.SIGKILL if killed else signal.SIGTERM)
            await asyncio.wait_for(process.communicate(), PATIENCE)
        assert killed or process.returncode == 0

    async def jimeng(self, **wanted: Any) -> dict[str, Any]:
        """Tell the simulator something, and what it knows then."""
        url = json.loads((self.folder / "data" / "simulator.ready").read_text("utf-8"))["url"]
        async with httpx.AsyncClient() as http:
            (await http.post(f"{url}/_control", json=wanted)).raise_for_status()
            told: dict[str, Any] = (await http.get(f"{url}/_control")).json()
            return told

    async def ended(self) -> None:
        """The simulator goes too, also after a bot that was killed."""
        with contextlib.suppress(OSError, ValueError):
            os.kill(json.loads((self.folder / "data" / "simulator.ready").read_text())["pid"], signal.SIGTERM)


def pictures(message: dict[str, Any]) -> list[str]:
    """Slack's file ids of the pictures in a message."""
    return [block["slack_file"]["id"] for block in message["blocks"] if block["type"] == "image"]


def results(slack: StandIn) -> list[dict[str, Any]]:
    """The messages with pictures in the channel."""
    return [one for one in slack.all(CHANNEL) if pictures(one)]


def slots(slack: StandIn) -> list[str]:
    """What each message of a painting in the channel is: `K7Q2/receipt`, `K7Q2/result`."""
    return [one["metadata"]["event_payload"]["slot"] for one in slack.all(CHANNEL) if "metadata" in one]


def pressing(message: dict[str, Any], value: str) -> dict[str, Any]:
    """The press of a button of a message."""
    buttons = [one for block in message["blocks"] if block["type"] == "actions" for one in block["elements"]]
    found = next(one for one in buttons if one.get("value", "").startswith(value))
    at = {"message_ts": message["ts"], "channel_id": CHANNEL, "is_ephemeral": False, "thread_ts": message["thread_ts"]}
    action = {"type": "button", "action_id": found["action_id"], "value": found["value"], "action_ts": "1.1"}
    return payload("press", container=at, actions=[action])
