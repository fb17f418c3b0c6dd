"""Runs the simulator as a process of its own: one line on stdout when it is ready, `simulator
http://127.0.0.1:PORT`."""

import argparse
import errno
import json
import os
import socket
from collections.abc import Sequence
from pathlib import Path

import uvicorn

from bot.simulator.app import create_app
from bot.simulator.config import PLAY_KEY, Config, Key
from bot.simulator.dropping import Droppable


class Server(uvicorn.Server):
    """Says that it is ready once it is."""

    def __init__(self, config: uvicorn.Config, address: str, ready_file: Path | None) -> None:
        super().__init__(config)
        self._address = address
        self._ready_file = ready_file

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then print the address and write it (with our pid) into the ready file, which appears at once and
        whole."""
        await super().startup(sockets)
        if self.should_exit:
            return
        if self._ready_file is not None:
            fresh = self._ready_file.with_name(self._ready_file.name + ".part")
            fresh.write_text(json.dumps({"url": self._address, "pid": os.getpid()}), "utf-8")
            fresh.replace(self._ready_file)
        print(f"simulator {self._address}", flush=True)


def run(
    config: Config, *, host: str = "127.0.0.1", port: int = 0, else_free: bool = False, ready_file: Path | None = None
) -> None:
    """Serve until SIGINT or SIGTERM. Port 0 takes a free one, so does a taken one with `else_free`; OSError otherwise."""
    with _listening(host, port, else_free) as listening:
        address = f"http://{host}:{listening.getsockname()[1]}"
        settings = uvicorn.Config(
            create_app(config), http=Droppable, log_level="warning", access_log=False, lifespan="on"
        )
        Server(settings, address, ready_file).run([listening])


def _listening(host: str, port: int, else_free: bool) -> socket.socket:
    try:
        return socket.create_server((host, port))
    except OSError as error:
        if not else_free or error.errno != errno.EADDRINUSE:
            raise
        return socket.create_server((host, 0))


def main(arguments: Sequence[str] | None = None) -> None:
    """`python -m bot.simulator`: the options are those of Config."""
    parser = argparse.ArgumentParser(prog="simulator", description="A Jimeng of your own.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--else-free", action="store_true", help="take a free port when this one is taken")
    parser.add_argument("--file", type=Path, default=Path("data/simulator.db"), help="the task file")
    parser.add_argument("--ready-file", type=Path, help="written with the address once ready")
    parser.add_argument(
        "--key", action="append", metavar="AK:SK", help=f"a known pair; without it {PLAY_KEY.access_key_id}"
    )
    parser.add_argument("--queue-seconds", type=float, default=1.0)
    parser.add_argument("--paint-seconds", type=float, default=3.0)
    parser.add_argument("--in-flight", type=int, default=2, help="unfinished tasks per key and req_key")
    parser.add_argument("--qps", type=int, default=20)
    parser.add_argument("--link-seconds", type=float, default=24 * 3600.0)
    given = parser.parse_args(arguments)
    pairs = [text.partition(":") for text in given.key or ()]
    keys = tuple(Key(access, secret) for access, _, secret in pairs) or (PLAY_KEY,)
    config = Config(
        file=given.file,
        keys=keys,
        queue_seconds=given.queue_seconds,
        paint_seconds=given.paint_seconds,
        in_flight=given.in_flight,
        qps=given.qps,
        link_seconds=given.link_seconds,
    )
    try:
        run(config, host=given.host, port=given.port, else_free=given.else_free, ready_file=given.ready_file)
    except OSError as error:
        parser.exit(1, f"simulator: cannot listen on {given.host}:{given.port}: {error.strerror}\n")
