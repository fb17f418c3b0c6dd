"""A simulator on a real port, in a thread of this process, for as long as a test needs it."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import uvicorn

from bot.simulator.app import create_app
from bot.simulator.config import Config
from bot.simulator.dropping import Droppable


@contextmanager
def simulator(config: Config) -> Iterator[str]:
    """Serve `config`; yields the address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        app = create_app(config)
        server = uvicorn.Server(
            uvicorn.Config(app, http=Droppable, log_level="error", lifespan="on", timeout_graceful_shutdown=2)
        )
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        _wait(address)
        try:
            yield address
        finally:
            server.should_exit = True
            thread.join(30)


def _wait(address: str) -> None:
    """Until it answers; 30 s at most."""
    until = time.monotonic() + 30
    with httpx.Client(trust_env=False) as http:
        while True:
            try:
                http.get(address, timeout=30)
            except httpx.TransportError:
                if time.monotonic() > until:
                    raise
                threading.Event().wait(0.02)
            else:
                return
