"""The webhook on finish: told of every ending once it has been shown, signed, and with no word of the member's."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.finish import sender
from bot.settings import load
from core.studio import finishing
from tests.conftest import Clock
from tests.studio.scene import Scene

SECRET = "a secret of sixteen letters"


async def test_every_ending_is_told_once_and_tried_again_a_few_times(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finishing, "WAITS", (0.0, 0.0))
    heard: list[Mapping[str, Any]] = []

    async def finished(told: Mapping[str, Any]) -> bool:
        heard.append(told)
        return len(heard) > 2

    scene.finished = finished
    await scene.key()
    scene.wire.then("submit", 50412)
    failed = await scene.paint(prompt="a fox in hiding", label="spring")
    studio = scene.studio()
    await studio.start()
    await scene.settled(failed)
    await scene.until(lambda: asyncio.sleep(0, len(heard) == 3))
    done = await scene.paint(prompt="a fox in hiding")
    await scene.until(lambda: asyncio.sleep(0, len(heard) == 4))
    await studio.stop()
    assert heard[0] == heard[1] == heard[2]
    assert {**heard[0], "ended": ""} == {
        "id": failed, "outcome": "failed", "pictures": 0, "charged": 0, "label": "spring", "ended": "",
    }  # fmt: skip
    assert (heard[3]["id"], heard[3]["outcome"], heard[3]["charged"]) == (done, "done", 100)
    assert "hiding" not in str(heard)


async def test_a_post_is_signed_and_only_a_2xx_is_taken(tmp_path: Path, clock: Clock) -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        if len(asked) == 1:
            raise httpx.ConnectError("away")
        return httpx.Response(500 if len(asked) == 2 else 204)

    web = {"PAINTBOT_WEB__FINISH_WEBHOOK": "https://example.com/painted", "PAINTBOT_WEB__FINISH_SECRET": SECRET}
    settings = load(None, {"PAINTBOT_BOT__DATA_DIR": str(tmp_path), **web})
    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        send = sender(settings, http, clock)
        assert send is not None
        assert [await send({"id": "K7Q2", "label": "春季"}) for _ in range(3)] == [False, False, True]
        assert sender(load(None, {"PAINTBOT_BOT__DATA_DIR": str(tmp_path)}), http, clock) is None
    request = asked[-1]
    assert json.loads(request.content) == {"id": "K7Q2", "label": "春季"}
    signed = f"{int(clock().timestamp())}.".encode() + request.content
    expected = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert request.headers["x-paintbot-signature"] == f"sha256={expected}"
    assert SECRET in settings.secrets
