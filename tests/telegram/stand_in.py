"""A Bot API of our own over TCP: strict where the real server is strict, with faults that can be ordered."""

import asyncio
import json
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.telegram import strict
from tests.telegram.stand_in_chats import BOT, Messages
from tests.telegram.stand_in_updates import Updates
from tests.telegram.strict import Refuse, bad

TOKEN = "42:TEST-TOKEN_abcdefghijklmnopqrstuvwx"
GET_FILE_MOST = 20 * 1024 * 1024


class StandIn(Updates, Messages):
    """The server. `calls` are all methods called with their parameters; `faults` order what happens to the next calls of a method."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.faults: dict[str, deque[str]] = {}
        self.sizes: dict[str, int] = {}
        self.toasts: list[dict[str, Any]] = []
        self.menus: dict[tuple[str, str], list[str]] = {}
        self._runner: web.AppRunner | None = None
        self.base = ""
        self.log: Path | None = None

    async def start(self) -> None:
        app = web.Application(client_max_size=60 * 1024 * 1024)
        app.router.add_post("/bot{token}/{method}", self._serve)
        app.router.add_get("/file/bot{token}/{path:.*}", self._file)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        assert self._runner is not None
        await self.unhook()
        self._news.set()
        await self._runner.cleanup()

    # -- what people do ---------------------------------------------------------------------------------------------

    def fail(self, method: str, *faults: str) -> None:
        """The next calls, of a method or of `method:chat`: "401", "429", "500", "html", "before" (cut before it is done), "after" (done, then cut)."""
        self.faults.setdefault(method, deque()).extend(faults)

    def called(self, method: str) -> list[dict[str, Any]]:
        return [params for name, params in self.calls if name == method]

    # -- the wire ---------------------------------------------------------------------------------------------------

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        if request.match_info["token"] != TOKEN:
            return _answer(401, ok=False, error_code=401, description="Unauthorized")
        params = await _params(request)
        waiting = self.faults.get(f"{method}:{params.get('chat_id')}") or self.faults.get(method)
        fault = waiting.popleft() if waiting else ""
        if fault == "before":
            _cut(request)
        if fault == "429":
            return _answer(
                429,
                ok=False,
                error_code=429,
                description="Too Many Requests: retry after 1",
                parameters={"retry_after": 1},
            )
        if fault == "401":
            return _answer(401, ok=False, error_code=401, description="Unauthorized")
        if fault == "500":
            return _answer(500, ok=False, error_code=500, description="Internal Server Error")
        if fault == "html":
            return web.Response(status=502, text="<html><h1>502 Bad Gateway</h1></html>", content_type="text/html")
        self.calls.append((method, params))
        act: Callable[[dict[str, Any]], Any] | None = getattr(self, f"do_{method}", None)
        try:
            if act is None:
                raise Refuse(404, "Not Found: method not found")
            result = await act(params) if asyncio.iscoroutinefunction(act) else act(params)
        except Refuse as no:
            more = {"parameters": no.parameters} if no.parameters else {}
            return _answer(no.status, ok=False, error_code=no.status, description=no.description, **more)
        if fault == "after":
            _cut(request)
        return _answer(200, ok=True, result=result)

    async def _file(self, request: web.Request) -> web.Response:
        found = self.files.get(request.match_info["path"].removeprefix("photos/"))
        return web.Response(body=found) if found is not None else web.Response(status=404, text="Not Found")

    # -- methods ----------------------------------------------------------------------------------------------------

    def do_getMe(self, params: dict[str, Any]) -> Any:
        return BOT

    def do_setMyCommands(self, params: dict[str, Any]) -> Any:
        strict.commands(params["commands"])
        scope = params.get("scope", {"type": "default"})
        if scope["type"] == "chat" and scope["chat_id"] not in self.chats:
            raise bad("chat not found")
        name = f"{scope['type']}:{scope.get('chat_id', '')}"
        self.menus[name, params.get("language_code", "")] = [one["command"] for one in params["commands"]]
        return True

    def do_answerCallbackQuery(self, params: dict[str, Any]) -> Any:
        if params["callback_query_id"] not in self.queries:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        strict.toast(params)
        self.queries.discard(params["callback_query_id"])
        self.toasts.append(params)
        return True

    def do_getFile(self, params: dict[str, Any]) -> Any:
        found = params["file_id"]
        size = self.sizes.get(found, len(self.files.get(found, b"")))
        if size > GET_FILE_MOST:
            raise bad("file is too big")
        if found not in self.files and found not in self.sizes:
            raise bad("wrong file identifier/HTTP URL specified")
        return {"file_id": found, "file_unique_id": f"u{found}", "file_size": size, "file_path": f"photos/{found}"}


async def _params(request: web.Request) -> dict[str, Any]:
    found: dict[str, Any] = {}
    form = await request.post()
    for key, value in form.items():
        found[key] = value.file.read() if isinstance(value, web.FileField) else _plain(str(value))
    for key in ("photo", "document"):
        if isinstance(found.get(key), str) and found[key].startswith("attach://"):
            found[key] = found[found[key].removeprefix("attach://")]
    return found


def _plain(value: str) -> Any:
    if value[:1] not in "[{":
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _cut(request: web.Request) -> None:
    """The connection ends without an answer."""
    if request.transport is not None:
        request.transport.abort()
    raise ConnectionResetError


def _answer(status: int, **body: Any) -> web.Response:
    headers = {"Retry-After": str(body["parameters"]["retry_after"])} if status == 429 else {}
    return web.json_response(body, status=status, headers=headers)
