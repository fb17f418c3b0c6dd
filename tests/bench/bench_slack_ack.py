"""How long Slack waits for our ack: 50 commands a second for 10 s over a real socket, `python -m tests.bench.bench_slack_ack`.

The load and the stand-in for Slack run in a process of their own. In one run each command is answered in full (a whisper posted) by a desk
that says one sentence; in the other the whole bot answers, every second command is a `/paint`, and its pictures of 1 MB are painted by a Jimeng that
is done at once, checked, kept and uploaded while the next commands come. As the floor: one lone committed insert into the same inbox.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot import play, settings, wiring
from core.migrations import migrate
from core.records import open_records
from core.records.platforms import Platforms
from core.replies import Reply
from core.requests import Line
from tests.bench.quick import keys_to
from tests.bench.telegram_load import jimeng, megabyte
from tests.slack.conftest import make
from tests.slack.fakes import ScriptedDoor
from tests.slack.stand_in import TOKEN, StandIn, payload

A_SECOND = 50
CHANNELS = 100
"""Slack takes a message a second in a channel: enough of them that pictures do not wait for that."""


@dataclass(frozen=True)
class Waits:
    """Latencies in milliseconds."""

    p50: float
    p99: float
    most: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> "Waits":
        """The percentiles of measured seconds."""
        sorted_ms = sorted(one * 1000 for one in seconds)
        return cls(
            sorted_ms[len(sorted_ms) // 2],
            sorted_ms[min(len(sorted_ms) - 1, len(sorted_ms) * 99 // 100)],
            sorted_ms[-1],
        )

    def __str__(self) -> str:
        return f"p50 {self.p50:6.1f} ms   p99 {self.p99:6.1f} ms   max {self.most:6.1f} ms"


class Acks(dict[str, Any]):
    """Acks by envelope, with the moment each came."""

    def __init__(self) -> None:
        super().__init__()
        self.at: dict[str, float] = {}

    def __setitem__(self, key: str, value: Any) -> None:
        self.at[key] = time.perf_counter()
        super().__setitem__(key, value)


async def load(seconds: int, paint: bool) -> None:
    """The other process: Slack, and its members typing. Speaks JSON lines on stdout, ends when its stdin does."""
    slack = StandIn()
    slack.members = {f"C0ART{number:05d}" for number in range(CHANNELS)}
    slack.acks = acks = Acks()
    await slack.start()
    print(json.dumps({"url": slack.url, "jimeng": await jimeng(megabyte()) if paint else ""}), flush=True)
    await slack.until(slack.connected, 60)
    await asyncio.sleep(0.5)
    sent: dict[str, float] = {}
    tasks = []
    start = time.perf_counter()
    for number in range(A_SECOND * seconds):
        await asyncio.sleep(max(0.0, start + number / A_SECOND - time.perf_counter()))
        command = {"command": "/paint", "text": "a red fox"} if paint and number % 2 else {"command": "/paint-points"}
        who = {"user_id": f"U0MEMBER{number % CHANNELS:02d}", "channel_id": f"C0ART{number % CHANNELS:05d}"}
        body = payload("command", **command, **who, trigger_id=str(number))
        sent[str(number)] = time.perf_counter()
        tasks.append(asyncio.create_task(slack.send(body, str(number))))
    await asyncio.gather(*tasks)
    whispers = len(sent) // 2 if paint else len(sent)
    await slack.until(lambda: len(slack.whispers) >= whispers, 60)
    painted = len(sent) - whispers
    await slack.until(lambda: sum(bool(one.get("complete")) for one in slack.files.values()) >= painted, 120)
    took = time.perf_counter() - start
    print(json.dumps({"waits": [acks.at[name] - at for name, at in sent.items()], "took": took}), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await slack.stop()


async def floor(store: Any, rows: int = 300) -> Waits:
    """One insert after the other into the same inbox, nothing else going on."""
    body = payload("command")
    waits = []
    for number in range(rows):
        start = time.perf_counter()
        await store.receive(f"floor:{number}", {"at": 0.0, "body": body})
        waits.append(time.perf_counter() - start)
        await store.finish(f"floor:{number}")
    return Waits.of(waits)


@asynccontextmanager
async def members_typing(seconds: int, paint: bool) -> AsyncIterator[tuple[Any, Callable[[], Awaitable[Any]]]]:
    """The other process: its addresses, and how to wait for what it measured."""
    command = [sys.executable, "-m", "tests.bench.bench_slack_ack", "--load", "--seconds", str(seconds)]
    pipe = asyncio.subprocess.PIPE
    child = await asyncio.create_subprocess_exec(
        *command, *(["--paint"] if paint else []), stdin=pipe, stdout=pipe, limit=1 << 24
    )
    if child.stdout is None or child.stdin is None:
        raise RuntimeError("no pipes")
    lines, stdin = child.stdout, child.stdin

    async def line() -> Any:
        return json.loads(await lines.readline())

    try:
        yield await line(), line
    finally:
        stdin.close()
        await child.wait()


async def measure(store: Any, seconds: int) -> Waits:
    """The adapter in this process with a scripted desk, its Slack in another."""
    async with members_typing(seconds, False) as (told, line):
        slack = StandIn()
        slack.url = told["url"]
        door = ScriptedDoor()
        door.answers = {"points": Reply((Line("slack.home_empty"),), private=True)}
        app = make(slack, store, door)
        await app.start()
        waits = (await line())["waits"]
        await app.stop()
    return Waits.of(waits)


async def measure_whole(seconds: int) -> tuple[Waits, float]:
    """The whole bot in this process, painting; also the seconds until every picture stood in Slack."""
    with tempfile.TemporaryDirectory() as folder:
        async with members_typing(seconds, True) as (told, line):
            config = Path(folder) / "config.toml"
            config.write_text(
                f"""
                bot = {{ data_dir = "{folder}/data", language = "en" }}
                web = {{ port = 0 }}
                page = {{ enabled = false }}
                slack = {{ bot_token = "{TOKEN}", app_token = "xapp-1", api_url = "{told["url"]}/api/" }}
                points = {{ welcome = 1000000 }}
                jimeng = {{ simulator = true, simulator_port = 0, poll_first = 0.02 }}
                """,
                "utf-8",
            )
            play.bind = keys_to(told["jimeng"])  # type: ignore[assignment]
            async with wiring.running(settings.load(config, {})):
                found = await line()
        return Waits.of(found["waits"]), found["took"]


async def run(url: str, seconds: int) -> tuple[Waits, Waits]:
    """(floor, acks) on the database at `url`, or on a fresh SQLite file when it is empty."""
    with tempfile.TemporaryDirectory() as folder:
        address = url or f"sqlite:///{Path(folder) / 'bench.db'}"
        migrate(address)
        records = open_records(address, lambda: datetime.now(UTC))
        try:
            store = Platforms(records, "slack")
            return await floor(store), await measure(store, seconds)
        finally:
            await records.close()


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "--database", default="", help="an address as in database.url; a fresh SQLite file without one"
    )
    options.add_argument("--seconds", type=int, default=10)
    options.add_argument("--load", action="store_true", help="internal: be Slack and its members")
    options.add_argument("--paint", action="store_true", help="internal: every second command paints")
    given = options.parse_args()
    if given.load:
        asyncio.run(load(given.seconds, given.paint))
        return
    lone, acks = asyncio.run(run(given.database, given.seconds))
    print(f"one lone insert              {lone}")
    print(f"ack at {A_SECOND} commands a second     {acks}", flush=True)
    whole, took = asyncio.run(measure_whole(given.seconds))
    print(f"the same, the whole bot painting {whole}   all pictures after {took:.1f} s")


if __name__ == "__main__":
    main()
