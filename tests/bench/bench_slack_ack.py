"""How long Slack waits for our ack: 50 commands a second for 10 s over a real socket, `python -m tests.bench.bench_slack_ack`.

The load and the stand-in for Slack run in a process of their own. Each command is answered in full (a whisper posted) by a desk that
says one sentence. Shown beside it, as the floor: one lone committed insert into the same inbox.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core.migrations import migrate
from core.records import open_records
from core.records.platforms import Platforms
from core.replies import Reply
from core.requests import Line
from tests.slack.conftest import make
from tests.slack.fakes import ScriptedDoor
from tests.slack.stand_in import StandIn, payload

A_SECOND = 50


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


async def load(seconds: int) -> None:
    """The other process: Slack, and its members typing. Speaks JSON lines on stdout, ends when its stdin does."""
    slack = StandIn()
    slack.acks = acks = Acks()
    await slack.start()
    print(json.dumps({"url": slack.url}), flush=True)
    await slack.until(slack.connected, 60)
    await asyncio.sleep(0.5)
    sent: dict[str, float] = {}
    tasks = []
    start = time.perf_counter()
    for number in range(A_SECOND * seconds):
        await asyncio.sleep(max(0.0, start + number / A_SECOND - time.perf_counter()))
        body = payload("command", command="/paint-points", trigger_id=str(number), user_id=f"U0MEMBER{number % 20:02d}")
        sent[str(number)] = time.perf_counter()
        tasks.append(asyncio.create_task(slack.send(body, str(number))))
    await asyncio.gather(*tasks)
    await slack.until(lambda: len(slack.whispers) == len(sent), 60)
    print(json.dumps({"waits": [acks.at[name] - at for name, at in sent.items()]}), flush=True)
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


async def measure(store: Any, seconds: int) -> Waits:
    """The bot in this process, its Slack in another."""
    command = [sys.executable, "-m", "tests.bench.bench_slack_ack", "--load", "--seconds", str(seconds)]
    pipe = asyncio.subprocess.PIPE
    child = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, limit=1 << 24)
    if child.stdout is None or child.stdin is None:
        raise RuntimeError("no pipes")
    slack = StandIn()
    slack.url = json.loads(await child.stdout.readline())["url"]
    door = ScriptedDoor()
    door.answers = {"points": Reply((Line("slack.home_empty"),), private=True)}
    app = make(slack, store, door)
    await app.start()
    waits = json.loads(await child.stdout.readline())["waits"]
    await app.stop()
    child.stdin.close()
    await child.wait()
    return Waits.of(waits)


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
    given = options.parse_args()
    if given.load:
        asyncio.run(load(given.seconds))
        return
    lone, acks = asyncio.run(run(given.database, given.seconds))
    print(f"one lone insert          {lone}")
    print(f"ack at {A_SECOND} commands a second {acks}")


if __name__ == "__main__":
    main()
