"""A Slack of our own on a real port: the Web API's door, file uploads and downloads, response_urls, Socket Mode."""

import asyncio
import hashlib
import hmac
import inspect
import json
import time
from collections import defaultdict, deque
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, WSMsgType, web

from tests.slack.limits import check_message
from tests.slack.methods import Body, Methods, No

PAYLOADS = Path(__file__).parent.parent / "payloads" / "slack"
TOKEN = "xoxb-1"
SECRET = "signing-secret"


def payload(name: str, **changes: Any) -> Body:
    """A real payload of tests/payloads/slack, its top-level keys (or those of `event`) changed."""
    body: Body = json.loads((PAYLOADS / f"{name}.json").read_text("utf-8"))
    event = body.get("event")
    for key, value in changes.items():
        (event if isinstance(event, dict) and key != "event_id" else body)[key] = value
    return body


class StandIn(Methods):
    """Slack, as far as a bot can tell. `faults[method]` is a queue of (status, body, headers) answered before the real thing.

    `dead` is the code with which every call is refused, once the token is no good.
    `mute` sockets answer no ping from then on; `scope` is what a `missing_scope` says is needed; `peers` are the connections calls came over.
    `broken` says what of the bot's payloads Slack would not have taken: a test that ends with any of it has failed.
    """

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[str, Body]] = []
        self.hooked: list[tuple[str, Body]] = []
        self.acks: dict[str, Body] = {}
        self.faults: dict[str, deque[tuple[int, Body, Mapping[str, str]]]] = defaultdict(deque)
        self.upload_faults: deque[tuple[int, Mapping[str, str]]] = deque()
        self.lost: set[str] = set()
        self.downloads: dict[str, tuple[bytes, str]] = {}
        self.seen_tokens: list[tuple[str, str]] = []
        self.broken: list[str] = []
        self.dead = ""
        self.mute = False
        self.scope = "chat:write"
        self.peers: set[object] = set()
        self._sockets: list[web.WebSocketResponse] = []
        self._changed = asyncio.Condition()
        self._runner: web.AppRunner | None = None
        self.url = ""

    # -- life -----------------------------------------------------------------------------------------------------

    async def start(self, port: int = 0) -> None:
        """Listen; on the `port` it had before, it is the Slack somebody waits for."""
        app = web.Application(client_max_size=50_000_000)
        app.router.add_post("/api/{method}", self._api)
        app.router.add_post("/upload/{file}", self._upload)
        app.router.add_get("/files/{name}", self._download)
        app.router.add_post("/hook/{name}", self._hook)
        app.router.add_get("/socket", self._socket)
        app.router.add_post("/{other}/{method}", self._something_else)
        self._runner = web.AppRunner(app, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"

    async def stop(self) -> None:
        await self.cut()
        if self._runner is not None:
            await self._runner.cleanup()

    async def again(self) -> None:
        """Come back where it was, after a `stop`."""
        await self.start(int(self.url.rpartition(":")[2]))

    async def cut(self) -> None:
        """Every socket falls."""
        sockets, self._sockets = self._sockets, []
        for socket in sockets:
            await socket.close()

    async def goodbye(self) -> None:
        """Slack asks for a new connection and cuts this one."""
        await self._sockets[-1].send_str(json.dumps({"type": "disconnect", "reason": "refresh_requested"}))

    def connected(self) -> bool:
        return any(not socket.closed for socket in self._sockets)

    async def until(self, true: Any, seconds: float = 30.0) -> None:
        """Wait until something is so (or answers so, where it has to be asked); looked at whenever Slack was called."""

        async def so() -> bool:
            found = true()
            return bool(await found if inspect.isawaitable(found) else found)

        async def wait() -> None:
            while not await so():
                async with self._changed:
                    try:
                        await asyncio.wait_for(self._changed.wait(), 0.02)
                    except TimeoutError:
                        continue

        await asyncio.wait_for(wait(), seconds)

    # -- towards the bot ------------------------------------------------------------------------------------------

    async def send(self, body: Body, envelope: str = "") -> Body:
        """Hand a payload over the socket; gives what the ack carried."""
        name = await self.push(body, envelope)
        await self.until(lambda: name in self.acks)
        return dict(self.acks[name].get("payload") or {})

    async def push(self, body: Body, envelope: str = "") -> str:
        """Hand a payload over the socket without waiting for its ack; gives the envelope's id, under which that will stand in `acks`."""
        await self.until(self.connected)
        event = body.get("event", {})
        (self.replied if event.get("thread_ts") else self.roots).add(event.get("thread_ts") or event.get("ts", ""))
        name = envelope or f"envelope-{next(self._count)}"
        self.acks.pop(name, None)
        kind = {"event_callback": "events_api"}.get(
            body.get("type", ""), "slash_commands" if "command" in body else "interactive"
        )
        sent = {"envelope_id": name, "type": kind, "payload": body, "accepts_response_payload": kind != "events_api"}
        await self._sockets[-1].send_str(
            json.dumps(sent | ({"retry_attempt": 0, "retry_reason": ""} if kind == "events_api" else {}))
        )
        return name

    def hook(self, name: str) -> str:
        """A response_url."""
        return f"{self.url}/hook/{name}"

    def offer(self, name: str, content: bytes, mime: str = "image/png") -> str:
        """Put a file up for download; gives its address."""
        self.downloads[name] = (content, mime)
        return f"{self.url}/files/{name}"

    async def post(
        self,
        session: ClientSession,
        url: str,
        body: Body,
        secret: str = SECRET,
        *,
        late: int = 0,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, str]:
        """Hand a payload over in http mode, signed (`late`: seconds ago); gives status and answer."""
        if "command" in body:
            from urllib.parse import urlencode

            raw, kind = urlencode(body), "application/x-www-form-urlencoded"
        elif body.get("type") in ("event_callback", "url_verification"):
            raw, kind = json.dumps(body), "application/json"
        else:
            from urllib.parse import urlencode

            raw, kind = urlencode({"payload": json.dumps(body)}), "application/x-www-form-urlencoded"
        stamp = str(int(time.time()) - late)
        mark = "v0=" + hmac.new(secret.encode(), f"v0:{stamp}:{raw}".encode(), hashlib.sha256).hexdigest()
        own = {"X-Slack-Signature": mark, "X-Slack-Request-Timestamp": stamp, "Content-Type": kind}
        async with session.post(url, data=raw, headers=own | dict(headers or {})) as answer:
            return answer.status, await answer.text()

    # -- looking --------------------------------------------------------------------------------------------------

    def called(self, method: str) -> list[Body]:
        """The arguments of all calls of a method, in order."""
        return [args for name, args in self.calls if name == method]

    def all(self, channel: str) -> list[Body]:
        return self.messages[channel]

    # -- from the bot ---------------------------------------------------------------------------------------------

    async def _api(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        if request.content_type == "application/json":
            args: Body = await request.json()
        else:
            args = {**request.query, **await request.post()}
        self.calls.append((method, args))
        self.peers.add(request.transport)
        async with self._changed:
            self._changed.notify_all()
        if self.faults[method]:
            status, body, headers = self.faults[method].popleft()
            return web.json_response(body, status=status, headers=headers)
        bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if bearer != TOKEN and method != "apps.connections.open":
            return web.json_response({"ok": False, "error": "invalid_auth"})
        try:
            if self.dead:
                raise No(self.dead)
            if method in self.refused:
                raise No(self.refused[method])
            answer = getattr(self, "do_" + method.replace(".", "_"))(args)
        except No as no:
            messages = {
                "errors": no.messages,
                "response_metadata": {"messages": [f"[ERROR] {one}" for one in no.messages]},
            }
            scopes = {"needed": self.scope, "provided": "commands"} if no.code == "missing_scope" else {}
            return web.json_response({"ok": False, "error": no.code} | scopes | (messages if no.messages else {}))
        except (AssertionError, KeyError) as error:
            self.broken.append(f"{method}: {error!r} {json.dumps(args, ensure_ascii=False)[:2000]}")
            return web.json_response({"ok": False, "error": "invalid_blocks"})
        async with self._changed:
            self._changed.notify_all()
        if method in self.lost and request.transport is not None:
            request.transport.close()
        return web.json_response({"ok": True, **answer})

    # -- other doors ----------------------------------------------------------------------------------------------

    async def _upload(self, request: web.Request) -> web.Response:
        if self.upload_faults:
            status, headers = self.upload_faults.popleft()
            return web.Response(status=status, headers=headers)
        self.files[request.match_info["file"]]["content"] = await request.read()
        return web.Response(text="OK - 1")

    async def _download(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        self.seen_tokens.append((name, request.headers.get("Authorization", "")))
        content, mime = self.downloads[name]
        if mime == "trouble":
            return web.Response(status=503)
        if mime == "redirect":
            return web.Response(status=302, headers={"Location": content.decode()})
        return web.Response(body=content, content_type=mime)

    async def _something_else(self, request: web.Request) -> web.Response:
        """What may answer at a wrong address (anything unknown is aiohttp's own 404)."""
        match request.match_info["other"]:
            case "page":
                return web.Response(text="<html>Sign in</html>", content_type="text/html")
            case "words":
                return web.Response(text="It works!")
            case "list":
                return web.json_response([1])
            case "service":
                return web.json_response({"detail": "Not Found"}, status=404)
            case _:
                raise web.HTTPNotFound

    async def _hook(self, request: web.Request) -> web.Response:
        name, body = request.match_info["name"], await request.json()
        if name.startswith("spent"):
            return web.json_response({"ok": False, "error": "expired_url"}, status=404)
        check_message(body, 40_000)
        self.hooked.append((name, body))
        async with self._changed:
            self._changed.notify_all()
        return web.json_response({"ok": True})

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(autoping=not self.mute)
        await socket.prepare(request)
        await socket.send_str(json.dumps({"type": "hello", "num_connections": 1}))
        self._sockets.append(socket)
        async for message in socket:
            if message.type == WSMsgType.TEXT:
                ack = json.loads(message.data)
                self.acks[ack["envelope_id"]] = ack
                async with self._changed:
                    self._changed.notify_all()
        if socket in self._sockets:
            self._sockets.remove(socket)
        return socket
