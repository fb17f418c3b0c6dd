"""One simulator for the tests of this folder, whose time moves only when a test moves it."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from bot.simulator.config import Config
from tests.jimeng.running import simulator
from tests.jimeng.simulated import KEYS, Bench


@pytest.fixture(scope="package")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[float]]]:
    """One simulator for all tests of this folder."""
    shift = [0.0]
    start = datetime(2026, 11, 30, tzinfo=UTC)
    file = tmp_path_factory.mktemp("simulator") / "tasks.db"
    with simulator(Config(file=file, keys=KEYS, clock=lambda: start + timedelta(seconds=shift[0]))) as url:
        yield url, shift


@pytest.fixture
async def bench(served: tuple[str, list[float]]) -> AsyncIterator[Bench]:
    """The simulator with an empty memory and its first settings."""
    async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
        bench = Bench(served[0], http, served[1])
        settings = {"queue_seconds": 1, "paint_seconds": 3, "in_flight": 2, "qps": 20, "unknown_task": "not_found"}
        await bench.control(set=settings, clear=True, clear_faults=True)
        yield bench
