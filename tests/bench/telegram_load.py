"""The other side of the Telegram benchmark, a process of its own: a Bot API, a Jimeng that is done at once, and members who type at the same time.

Reads `{"users": n, "token": …}` lines, answers each with the seconds from handing out an update to the whole photo having arrived.
"""

import asyncio
import io
import json
import random
import sys
import time
from typing import Any

from aiohttp import web
from PIL import Image

from tests.telegram import strict
from tests.telegram.scene import eventually, payload
from tests.telegram.stand_in import StandIn

FIRST = 7000


def megabyte() -> bytes:
    """A JPEG of about 1 MB with the sides of a draft (1664 x 936)."""
    noise = Image.frombytes("L", (832, 468), random.Random(7).randbytes(832 * 468)).resize((1664, 936))
    best = b""
    for quality in range(60, 100, 4):
        out = io.BytesIO()
        Image.merge("RGB", (noise, noise.transpose(Image.Transpose.FLIP_LEFT_RIGHT), noise)).save(
            out, "JPEG", quality=quality
        )
        best = out.getvalue()
        if len(best) >= 950_000:
            break
    return best


class Timed(StandIn):
    """The stand-in that notes when a photo has arrived for a chat, looks at no pixel and keeps no picture."""

    def __init__(self) -> None:
        super().__init__()
        self.arrived: dict[int, float] = {}
        self.size = 0

    def do_sendPhoto(self, params: dict[str, Any]) -> Any:
        strict.text(params, "caption")
        chat = self._chat(params)
        self.size = len(params["photo"])
        self.arrived[chat.id] = time.perf_counter()
        params["photo"] = None
        return self._post(params, {"photo": [{"file_id": f"p{self._next}", "width": 1664, "height": 936}]})


async def jimeng(picture: bytes) -> str:
    """Accepts every task, has it done at the first poll, serves the picture; its address."""
    count = 0

    async def ask(request: web.Request) -> web.Response:
        nonlocal count
        data: dict[str, Any] = {"status": "done", "image_urls": [f"{base}/picture.jpg"]}
        if "Submit" in request.query.get("Action", ""):
            count += 1
            data = {"task_id": str(count)}
        body = {"code": 10000, "data": data, "message": "Success", "request_id": str(count), "status": 10000}
        return web.json_response(body)

    async def serve(_: web.Request) -> web.Response:
        return web.Response(body=picture, content_type="image/jpeg")

    app = web.Application()
    app.router.add_post("/", ask)
    app.router.add_get("/picture.jpg", serve)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=512).start()
    base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    return base


async def one_round(server: Timed, users: int, number: int) -> list[float]:
    """So many members type `/paint` in the same moment."""
    server.arrived.clear()
    server.calls.clear()
    people = [FIRST + one for one in range(users)]
    begun = time.perf_counter()
    for person in people:
        who = {"id": person, "is_bot": False, "first_name": f"M{person}", "language_code": "en"}
        chat = {"id": person, "type": "private"}
        text = f"/paint a red fox in the snow {number}"
        server.push(payload("private_command", message_id=number, chat=chat, text=text, **{"from": who}))
    while len(server.arrived) < users:
        await asyncio.sleep(0.002)
        if time.perf_counter() - begun > 120:
            break
    return [moment - begun for moment in server.arrived.values()]


async def main() -> None:
    server = Timed()
    await server.start()
    picture = megabyte()
    print(json.dumps({"telegram": server.base, "jimeng": await jimeng(picture), "bytes": len(picture)}), flush=True)
    number = 100
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        order = json.loads(line)
        if order.get("fresh"):
            server.polling = server._number = 1
            server.confirmed = 0
            server.updates.clear()
            await eventually(lambda: server.called("getUpdates"))
        number += 1
        waits = await one_round(server, order["users"], number)
        print(json.dumps({"waits": waits, "calls": len(server.calls), "bytes": server.size}), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
