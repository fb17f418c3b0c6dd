"""One simulated Jimeng while it runs: its settings, memory, faults and counts."""

from collections import deque

import httpx

from bot.simulator.config import Config
from bot.simulator.faults import Faults
from bot.simulator.gallery import Gallery
from bot.simulator.store import Store


class Simulator:
    """What every route shares. `open` before the first request, `close` after the last."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.store = Store(config.file)
        self.faults = Faults()
        self.calls = {"submit": 0, "poll": 0, "download": 0}
        self.recent: dict[str, deque[float]] = {}
        self.pictures = Gallery(self.store)
        self.http = httpx.AsyncClient(timeout=config.fetch_seconds, follow_redirects=True, trust_env=False)

    def open(self) -> None:
        """Open the task file."""
        self.store.open()

    async def close(self) -> None:
        """Close the task file and the connections to reference links."""
        await self.http.aclose()
        self.store.close()
