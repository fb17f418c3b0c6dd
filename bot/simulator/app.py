"""The simulator as an ASGI app: the signed door, the pictures behind their links, and the control room."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.simulator import auth, control, rules, tasks
from bot.simulator.answers import Business, Desk, Gateway, Shape
from bot.simulator.config import Config, Key
from bot.simulator.dropping import drop
from bot.simulator.faults import Fault
from bot.simulator.state import Simulator

SUBMIT, POLL = "CVSync2AsyncSubmitTask", "CVSync2AsyncGetResult"
CALLS = {SUBMIT: "submit", POLL: "poll"}
HTML = "<html><head><title>{0} Bad Gateway</title></head><body><center><h1>{0} Bad Gateway</h1></center></body></html>"


class Door:
    """The routes of one simulator."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator

    async def ask(self, request: Request) -> Response:
        """POST / with an Action: what the real host answers to."""
        body = await request.body()
        asked = request.query_params
        desk = Desk(asked.get("Action", ""), asked.get("Version", ""), self.simulator.config.clock(), Shape())
        headers = {name.lower(): value for name, value in request.headers.items()}
        try:
            key = auth.check(self.simulator.config, "POST", request.url.path, request.url.query, headers, body)
        except Gateway as no:
            return desk.gateway(no.code)
        call = CALLS.get(desk.action, "")
        told = _object(body)
        if not call:
            return desk.business(50400)
        if told is None:
            return desk.business(50215)
        self.simulator.calls[call] += 1
        prompt = await self._prompt(call, told)
        met = self.simulator.faults.take(call, prompt, key.access_key_id, str(told.get("req_key", "")))
        return await self._faulty(request, desk, met, call, key, told)

    async def _faulty(
        self, request: Request, desk: Desk, met: list[Fault], call: str, key: Key, told: Mapping[str, Any]
    ) -> Response:
        """The answer, bent by the faults met on the way."""
        decisive = ""
        for fault in met:
            match fault.do:
                case "slow":
                    await asyncio.sleep(fault.seconds)
                case "no_status" | "extra_keys" | "result_wrapper":
                    setattr(desk.shape, fault.do, True)
                case "code":
                    if call == "submit":
                        await self._note(key, told, fault.code, "")
                    return desk.business(fault.code, http=fault.http)
                case "gateway":
                    return desk.gateway(fault.code)
                case _:
                    decisive = fault.do
        if decisive == "drop_before":
            return await drop(request)
        if decisive.startswith("html"):
            return _html(decisive)
        return await self._bent(request, decisive, await self._answer(request, desk, call, key, told))

    async def _bent(self, request: Request, how: str, answer: Response) -> Response:
        if how == "drop_after":
            return await drop(request)
        if how == "invalid_json":
            whole = bytes(answer.body)
            return Response(whole[: len(whole) // 2], answer.status_code, media_type="application/json")
        return answer

    async def _answer(self, request: Request, desk: Desk, call: str, key: Key, told: Mapping[str, Any]) -> Response:
        try:
            if call == "submit":
                return await self._submit(request, desk, key, told)
            base = self.simulator.config.public_url or str(request.base_url)
            return desk.business(10000, await tasks.poll(self.simulator, key, told, base.rstrip("/")))
        except Business as no:
            return desk.business(no.code, http=no.http)

    async def _submit(self, request: Request, desk: Desk, key: Key, told: Mapping[str, Any]) -> Response:
        try:
            task, fault = await tasks.submit(self.simulator, key, told)
        except Business as no:
            await self._note(key, told, no.code, "")
            raise
        if fault.startswith("html"):
            return _html(fault)
        await self._note(key, told, 10000, task)
        return await self._bent(request, fault, desk.business(10000, {"task_id": task}))

    async def _note(self, key: Key, told: Mapping[str, Any], code: int, task: str) -> None:
        req_key, prompt = str(told.get("req_key", "")), str(told.get("prompt", ""))
        await self.simulator.store.note_submit(
            self.simulator.config.now(), key.access_key_id, req_key, prompt, code, task
        )

    async def _prompt(self, call: str, told: Mapping[str, Any]) -> str:
        if call == "submit":
            return str(told.get("prompt", ""))
        task = await self.simulator.store.find(str(told.get("task_id", "")))
        return task.prompt if task else ""

    async def picture(self, request: Request) -> Response:
        """GET a result link: 403 when its time is over or its signature wrong."""
        self.simulator.calls["download"] += 1
        for fault in self.simulator.faults.take("download"):
            match fault.do:
                case "slow":
                    await asyncio.sleep(fault.seconds)
                case "drop_before" | "drop_after":
                    return await drop(request)
                case "code":
                    return PlainTextResponse("trouble", fault.http or 500)
                case _:
                    return _html("html_502")
        asked = dict(request.query_params)
        if not self.simulator.pictures.is_open(request.path_params["name"], asked, self.simulator.config.now()):
            return PlainTextResponse("signature mismatch or expired", 403)
        made = await self.simulator.pictures.fetch(request.path_params["name"], asked)
        if made is None:
            return PlainTextResponse("no such picture", 404)
        return Response(made, media_type="image/png" if made.startswith(b"\x89PNG") else "image/jpeg")

    async def control(self, request: Request) -> Response:
        """GET what happened, POST what shall happen; loopback only."""
        if request.client is None or request.client.host not in ("127.0.0.1", "::1"):
            return PlainTextResponse("loopback only", 403)
        if request.method == "POST":
            told = _object(await request.body())
            if told is None or not request.headers.get("content-type", "").startswith("application/json"):
                return PlainTextResponse("a JSON object, please", 400)
            try:
                await control.change(self.simulator, told)
            except (ValueError, TypeError) as error:
                return PlainTextResponse(str(error), 400)
        return JSONResponse(await control.told(self.simulator))


def create_app(config: Config) -> Starlette:
    """The app; its lifespan opens and closes the task file. The Simulator is `app.state.simulator`."""
    simulator = Simulator(replace(config))
    door = Door(simulator)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        simulator.open()
        try:
            yield
        finally:
            await simulator.close()

    app = Starlette(
        routes=[
            Route("/", door.ask, methods=["POST"]),
            Route("/", _hello, methods=["GET"]),
            Route("/picture/{name}", door.picture),
            Route("/_control", door.control, methods=["GET", "POST"]),
        ],
        lifespan=lifespan,
    )
    app.state.simulator = simulator
    return app


async def _hello(request: Request) -> Response:
    models = "\n".join(rules.RULES)
    return PlainTextResponse(f"A Jimeng simulator. It knows:\n{models}\n")


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        told = json.loads(body)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None


def _html(kind: str) -> Response:
    status = int(kind.removeprefix("html_"))
    return HTMLResponse(HTML.format(status), status)
