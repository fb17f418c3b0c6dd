"""The traps of the reference about what comes in and about the process, one test each, by number; the others stand in `test_traps_outgoing`."""

import asyncio
import subprocess
import sys
from typing import Any

import httpx
import pytest
from aiogram.methods import GetUpdates
from starlette.applications import Starlette
from starlette.routing import Mount

from adapters.telegram.gate import Limits, Wire
from adapters.telegram.read import Me, read
from tests.telegram.scene import (
    ANA,
    FORUM,
    GROUP,
    Scene,
    eventually,
    payload,
    place,
    result,
    words,
)
from tests.telegram.stand_in import TOKEN

ME = Me(42, "paint_bot")


async def test_01_work_under_way_at_a_stop_is_taken_up_after_the_start(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.telegram.app.telegram.DRAIN", 0.05)
    scene.desk.gate = asyncio.Event()
    app = await scene.open()
    scene.hear("private_command")
    await scene.asked()
    scene.apps.remove(app)
    await app.stop()
    assert scene.server.chat(ANA).texts == []
    scene.desk.gate.set()
    await scene.open()
    await scene.said(ANA, "heard paint")
    assert [one.event_key for one in scene.desk.asked] == ["501:11", "501:11"]


async def test_02_an_update_given_twice_is_asked_once(scene: Scene) -> None:
    app = await scene.open()
    update = scene.hear("private_command")
    await scene.asked()
    await scene.settled()
    await app._inbox.receive(update)
    scene.hear("private_command", message_id=99)
    await scene.asked(2)
    await scene.settled()
    assert [one.event_key for one in scene.desk.asked] == ["501:11", "501:99"]


async def test_03_a_poison_update_is_skipped_and_polling_goes_on(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    await scene.open()
    scene.hear("poison")
    scene.server.push({"update_id": scene.server._number, "message": None})
    scene.hear("private_command")
    assert (await scene.asked()).text == "a red fox --ar 16:9"
    await scene.settled()
    assert "cannot be read and is skipped" in caplog.text


def test_04_a_topics_root_is_no_reply() -> None:
    found = read({"update_id": 1, **payload("topic_command")}, ME)
    assert found is not None and found.replied is None
    assert read({"update_id": 1, **payload("topic_root_bare")}, ME) is None
    real = read({"update_id": 1, **payload("topic_reply")}, ME)
    assert real is not None and real.replied is not None and real.replied.files[0].handle == "topicphoto"


def test_04b_outside_topics_a_reply_to_the_threads_first_message_is_a_reply() -> None:
    found = read({"update_id": 1, **payload("group_thread_without_topic")}, ME)
    assert found is not None and found.replied is not None and found.replied.message == "40"


async def test_15_a_press_is_answered_in_time_and_a_late_answer_hurts_nobody(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.telegram.app.handling.ANSWER_WITHIN", 0.05)
    await scene.open()
    scene.server.chat(ANA)
    scene.desk.gate = asyncio.Event()
    scene.hear("press")
    await eventually(lambda: scene.server.toasts)
    scene.desk.gate.set()
    await scene.said(ANA, "heard again")
    scene.hear("press", id="9100")
    scene.server.queries.clear()
    await scene.asked(2)
    await scene.settled()
    assert len(scene.server.chat(ANA).texts) == 2


async def test_15b_a_press_behind_a_slow_answer_is_answered_in_time(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.telegram.app.handling.ANSWER_WITHIN", 0.05)
    scene.server.chat(GROUP)
    await scene.open()
    scene.desk.gate = asyncio.Event()
    person = payload("press_on_photo_in_group")["callback_query"]["from"]
    scene.hear("group_command", **{"from": person})
    await scene.asked()
    scene.hear("press_on_photo_in_group")
    await eventually(lambda: scene.server.toasts)
    assert len(scene.desk.asked) == 1
    scene.desk.gate.set()
    await scene.asked(2)
    await scene.settled()
    assert len(scene.server.toasts) == 1


async def test_16_presses_under_messages_we_cannot_see_work_from_the_record(scene: Scene) -> None:
    app = await scene.open()
    scene.server.chat(FORUM, "supergroup", forum=True, topics={7}, messages={51: payload("topic_command")["message"]})
    await app.messenger.show("K7Q2/result", "telegram:502", place(FORUM, 51, "7"), result("a"), "zh")
    shown = scene.server.chat(FORUM).ours[-1]["message_id"]
    chat = payload("press_inaccessible")["callback_query"]["message"]["chat"]
    scene.desk.says["details"] = words("all details", instead=True)
    scene.hear("press_inaccessible", message={"chat": chat, "message_id": shown, "date": 0})
    assert (await scene.said(FORUM, "all details"))["message_thread_id"] == 7
    scene.hear("press_without_message")
    await eventually(lambda: len(scene.server.toasts) == 2)


async def test_17_one_persons_updates_are_taken_in_turn_and_nobody_elses_wait(scene: Scene) -> None:
    await scene.open()
    scene.desk.gate = asyncio.Event()
    scene.hear("private_command")
    scene.hear("private_command", message_id=12)
    scene.hear("group_command")
    await scene.asked(2)
    await asyncio.sleep(0)
    assert [one.event_key for one in scene.desk.asked] == ["501:11", f"{GROUP}:41"]
    scene.desk.gate.set()
    await scene.asked(3)


async def test_17b_what_waits_in_a_group_does_not_hold_up_the_same_persons_private_chat(scene: Scene) -> None:
    await scene.open()
    scene.desk.gate = asyncio.Event()
    scene.hear("group_command", **{"from": payload("private_command")["message"]["from"]})
    scene.hear("private_command")
    await scene.asked(2)
    assert {one.account.id for one in scene.desk.asked} == {"501"}
    scene.desk.gate.set()
    await scene.settled()


async def test_18_a_strangers_press_is_answered_to_the_stranger_alone(scene: Scene) -> None:
    await scene.open()
    scene.server.chat(GROUP)
    scene.desk.says["again"] = words("not yours", private=True)
    scene.hear("press_on_photo_in_group")
    await eventually(lambda: scene.server.toasts)
    assert scene.server.toasts[0]["text"] == "not yours" and scene.server.toasts[0]["show_alert"] == "true"
    assert scene.desk.last.account.id == "502"
    await scene.settled()
    assert scene.server.chat(GROUP).texts == []


async def test_19_a_second_replica_stands_by_and_a_foreign_poller_is_told(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    first = await scene.open()
    await eventually(lambda: scene.server.called("getUpdates"))
    second = await scene.open()
    scene.hear("private_command")
    await scene.asked()
    assert first.healthy() and second.healthy() and not second._polling.reading
    stranger = Wire(TOKEN, scene.server.base, Limits.lifted())
    poll = asyncio.create_task(stranger.call(GetUpdates(timeout=1)))
    await eventually(lambda: [line.key for line in scene.alarms] == ["telegram.conflict"])
    assert not first.healthy() and "another program" in first.trouble and "another program" in caplog.text
    await poll
    await stranger.close()
    scene.apps.remove(first)
    await first.stop()
    await eventually(lambda: second._polling.reading)


def test_21_aiogram_is_imported_by_the_adapter_alone() -> None:
    code = "import sys, adapters, adapters.telegram, core.replies; sys.exit('aiogram' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


async def test_22_the_webhook_trusts_its_secret_and_nothing_else(scene: Scene) -> None:
    with pytest.raises(ValueError, match="secret"):
        scene.make(mode="webhook", webhook_url="https://paint.example.com/telegram")
    address = "https://paint.example.com/telegram"
    app = await scene.open(mode="webhook", webhook_url=address, webhook_secret="s3cret")
    await eventually(lambda: scene.server.webhook)
    assert scene.server.webhook is not None and scene.server.webhook["secret_token"] == "s3cret"
    web = Starlette(routes=[Mount("/telegram", app.routes)])
    update = {"update_id": 1, **payload("private_command")}

    async with httpx.AsyncClient(transport=httpx.ASGITransport(web), base_url="http://bot") as client:

        async def post(secret: str, **body: Any) -> int:
            header = {"X-Telegram-Bot-Api-Secret-Token": secret, "X-Forwarded-For": "149.154.160.1"}
            return (await client.post("/telegram/", headers=header, **body)).status_code

        refused = [await post("", json=update), await post("wrong", json=update), await post("s3cret", content=b"{")]
        assert refused == [403, 403, 400]
        assert scene.desk.asked == []
        assert [await post("s3cret", json=update), await post("s3cret", json=update)] == [200, 200]
        assert (await scene.asked()).text == "a red fox --ar 16:9"


@pytest.mark.parametrize(
    ("code", "language"), [(None, "zh"), ("zh-hans", "zh"), ("zh", "zh"), ("pt-br", "en"), ("en", "en")]
)
def test_23_language_codes_may_be_absent_or_long(code: str | None, language: str) -> None:
    person = {"id": 501, "is_bot": False, "first_name": "A"} | ({"language_code": code} if code else {})
    found = read({"update_id": 1, **payload("private_command", **{"from": person})}, ME)
    assert found is not None and found.request.language == language
