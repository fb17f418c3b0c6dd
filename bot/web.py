"""The one web server: health, metrics, signed reference links, the platforms' webhooks, and the page."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from core.errors import PaintbotError

log = logging.getLogger(__name__)

STOP_SECONDS = 5
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"
PRIVATE = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff", "X-Robots-Tag": "noindex"}

Endpoint = Callable[[Request], Coroutine[Any, Any, Response]]


class CannotListen(PaintbotError):
    """The configured host and port cannot be listened on: one line that says why."""


@dataclass(frozen=True, slots=True)
class Doors:
    """What the web server asks others for.

    `ready` gives what is wrong by its name ("database": "no answer"), nothing when all is well. `metrics` gives
    Prometheus' text, None while it cannot count. `reference` gives bytes and mime of what stands after `/r/`, None when the link is not ours or
    too old. `webhooks` are POST endpoints by path. `page` mounts itself onto the app, last, because it takes "/".
    """

    ready: Callable[[], Awaitable[Mapping[str, str]]]
    metrics: Callable[[], Awaitable[bytes | None]]
    reference: Callable[[str], Awaitable[tuple[bytes, str] | None]]
    webhooks: Mapping[str, Endpoint] = field(default_factory=dict)
    page: Callable[[FastAPI], None] | None = None


def make_app(doors: Doors) -> FastAPI:
    """The one ASGI app; its own routes come before the page's."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    async def healthz(_request: Request) -> Response:
        return PlainTextResponse("ok")

    async def readyz(_request: Request) -> Response:
        problems = dict(await doors.ready())
        return JSONResponse({"ready": not problems, "problems": problems}, 503 if problems else 200)

    async def metrics(_request: Request) -> Response:
        told = await doors.metrics()
        if told is None:
            return PlainTextResponse("the database does not answer", 503)
        return Response(told, media_type=METRICS_TYPE)

    async def reference(request: Request) -> Response:
        found = await doors.reference(request.path_params["token"])
        if found is None:
            return PlainTextResponse("gone", 404, PRIVATE)
        data, mime = found
        return Response(data, media_type=mime, headers=PRIVATE)

    own: dict[str, Endpoint] = {"/healthz": healthz, "/readyz": readyz, "/metrics": metrics, "/r/{token}": reference}
    for path, endpoint in own.items():
        app.add_route(path, endpoint, methods=["GET"], include_in_schema=False)
    for path, endpoint in doors.webhooks.items():
        app.add_route(path, endpoint, methods=["POST"], include_in_schema=False)
    if doors.page is not None:
        doors.page(app)
    return app


class _Server(uvicorn.Server):
    """uvicorn without its own signal handling: the process drains its paintings first and stops the web last."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Nothing is captured."""
        yield

    async def startup(self, sockets: Sequence[socket.socket] | None = None) -> None:
        """As uvicorn's, and tells that it is up; CannotListen where uvicorn would leave the process."""
        try:
            await super().startup(list(sockets) if sockets else None)
        except SystemExit as error:
            raise CannotListen("web: the app did not come up; the log says why") from error
        self.up.set()


class WebServer:
    """Serves one app in the running loop. `address` is known after `start`, also for port 0."""

    def __init__(self, app: FastAPI, host: str, port: int) -> None:
        self._app = app
        self._host = host
        self._port = port
        self._server: _Server | None = None
        self._task: asyncio.Task[None] | None = None
        self.address = ""

    async def start(self) -> None:
        """Listen and answer; CannotListen when the port is taken, the host is not ours, or the app does not come up."""
        listening = _listening(self._host, self._port)
        port = listening.getsockname()[1]
        config = uvicorn.Config(
            self._app, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=STOP_SECONDS
        )
        self._server = _Server(config)
        self._task = asyncio.create_task(self._server.serve([listening]), name="web")
        up = asyncio.create_task(self._server.up.wait())
        await asyncio.wait({self._task, up}, return_when=asyncio.FIRST_COMPLETED)
        up.cancel()
        if self._task.done():
            listening.close()
            await self._task
        host = "127.0.0.1" if self._host in ("", "0.0.0.0", "::") else self._host
        self.address = f"http://{f'[{host}]' if ':' in host else host}:{port}"

    async def stop(self) -> None:
        """Finish open requests, at most for some seconds, and close."""
        if self._server is None or self._task is None:
            return
        self._server.should_exit = True
        await self._task


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise CannotListen(f"web.host and web.port: cannot listen on {host}:{port}: {error.strerror}") from error
    return listening
