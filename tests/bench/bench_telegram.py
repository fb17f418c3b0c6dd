"""From a member's line to the photo in Telegram at 1, 20 and 100 members at once: `python -m tests.bench.bench_telegram`.

Jimeng is done at once and asked at once, pictures have 1 MB, the gate is lifted, so what is left is our own time. In the same run: a 25-line aiogram bot
that only fetches and sends (the floor), our adapter with a desk that only answers, and the whole bot with its points, record and store.
"""

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CROWDS = ((1, 10), (20, 5), (100, 3))
SUBJECTS = ("floor", "adapter", "bot")


@dataclass(frozen=True)
class Measured:
    """One crowd: milliseconds per command (median, 95th percentile), CPU milliseconds and Bot API calls per command, peak memory in MB."""

    subject: str
    users: int
    median: float
    p95: float
    cpu: float
    calls: float
    memory: float

    def __str__(self) -> str:
        return (
            f"{self.subject:8} {self.users:4} at once   median {self.median:7.1f} ms   p95 {self.p95:7.1f} ms   "
            f"CPU {self.cpu:6.1f} ms   calls {self.calls:4.1f}   peak {self.memory:5.0f} MB"
        )


class Load:
    """The process with the Bot API and the members."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def line(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        found: dict[str, Any] = json.loads(await self._process.stdout.readline())
        return found

    async def round(self, users: int, *, fresh: bool = False) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write((json.dumps({"users": users, "fresh": fresh}) + "\n").encode())
        await self._process.stdin.drain()
        found = await self.line()
        assert len(found["waits"]) == users, f"{len(found['waits'])} of {users} pictures came"
        return found


async def measure(
    subject: str, load: Load, addresses: dict[str, Any], crowds: Sequence[tuple[int, int]]
) -> list[Measured]:
    """One subject through all crowds."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        arguments = ["-m", "tests.bench.telegram_subjects", subject, addresses["telegram"], addresses["jimeng"], folder]
        quiet = (Path(folder) / "log").open("w+")
        process = await asyncio.create_subprocess_exec(sys.executable, *arguments, stdout=quiet, stderr=quiet)
        try:
            await load.round(3, fresh=True)
            for users, times in crowds:
                begun, waits, calls, memory = cpu(process.pid), list[float](), 0, 0
                for _ in range(times):
                    answer = await load.round(users)
                    waits += answer["waits"]
                    calls += answer["calls"]
                    memory = max(memory, peak(process.pid))
                    await asyncio.sleep(0.5)
                used = cpu(process.pid) - begun
                total = users * times
                spread = sorted(waits)
                found.append(
                    Measured(
                        subject, users, statistics.median(waits) * 1000, spread[int(total * 0.95) - 1] * 1000,
                        used / total * 1000, calls / total, memory / 1024,
                    )
                )  # fmt: skip
        except AssertionError as error:
            quiet.seek(0)
            raise AssertionError(f"{error}\n{quiet.read()[-4000:]}") from error
        finally:
            process.terminate()
            await process.wait()
            quiet.close()
    return found


def cpu(pid: int) -> float:
    """The processor seconds a process has used, all its threads together."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak(pid: int) -> int:
    """The most memory a process has held, in kB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1])
    return 0


async def run(crowds: Sequence[tuple[int, int]] = CROWDS, subjects: Sequence[str] = SUBJECTS) -> list[Measured]:
    """All subjects, one after the other, against one load process."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.telegram_load", stdin=pipe, stdout=pipe, limit=1 << 24
    )
    try:
        load = Load(process)
        addresses = await load.line()
        return [one for subject in subjects for one in await measure(subject, load, addresses, crowds)]
    finally:
        process.terminate()
        await process.wait()


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--subjects", nargs="*", default=SUBJECTS)
    for one in asyncio.run(run(subjects=options.parse_args().subjects)):
        print(one, flush=True)


if __name__ == "__main__":
    main()
