"""The 23 traps of the reference, one test each, by number."""

import asyncio
import logging
import subprocess
import sys
from typing import Any

import httpx
import pytest
from aiogram.methods import EditMessageText, GetUpdates, SendMediaGroup, SendMessage
from aiogram.types import InputMediaPhoto
from starlette.applications import Starlette
from starlette.routing import Mount

from adapters.telegram.gate import Limits, Rate, Unsure, Wire
from adapters.telegram.gate.limits import Window
from adapters.telegram.gate.wire import ORDINARY, UPLOAD
from adapters.telegram.read import Me, read
from adapters.telegram.render import CAPTION, draw, units
from core.errors import DeliveryTrouble, Refusal, Undeliverable
from core.replies import Button, Quote, Reply
from core.requests import Line, Offered
from tests.telegram.scene import (
    ANA,
    FORUM,
    GROUP,
    Scene,
    eventually,
    jpeg,
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


async def test_05_a_thread_id_without_topic_is_never_sent_back(scene: Scene) -> None:
    await scene.open()
    scene.hear("group_thread_without_topic")
    await scene.said(GROUP, "heard paint")
    assert "message_thread_id" not in scene.server.called("sendMessage")[-1]


async def test_05b_in_a_topic_answers_stay_there_and_a_closed_topic_falls_back(scene: Scene) -> None:
    scene.server.chat(FORUM, "supergroup", forum=True, topics={7})
    await scene.open()
    scene.hear("topic_command")
    assert (await scene.said(FORUM, "heard paint"))["message_thread_id"] == 7
    scene.server.chat(FORUM).closed = {7}
    scene.desk.says["paint"] = words("second")
    scene.hear("topic_command", message_id=55)
    assert "message_thread_id" not in await scene.said(FORUM, "second")


async def test_06_a_deleted_command_does_not_cost_the_answer(scene: Scene) -> None:
    app = await scene.open()
    scene.server.chat(GROUP)
    await app.messenger.show("K7Q2/receipt", "telegram:502", place(GROUP, 4040), words("receipt"), "zh")
    sent = scene.server.called("sendMessage")[-1]
    assert sent["reply_parameters"] == {"message_id": 4040, "allow_sending_without_reply": True}
    assert scene.server.chat(GROUP).texts == ["receipt"]


async def test_07_retry_after_is_honoured_for_its_chat_alone(scene: Scene) -> None:
    app = await scene.open()
    scene.server.chat(ANA)
    scene.server.chat(600)
    scene.server.fail("sendMessage", "429")
    held = asyncio.create_task(app.wire.call(SendMessage(chat_id=ANA, text="late")))
    await eventually(lambda: not scene.server.faults["sendMessage"])
    await app.wire.call(SendMessage(chat_id=600, text="at once"))
    assert not held.done()
    await held
    assert [one["text"] for one in scene.server.called("sendMessage")] == ["at once", "late"]


def test_07b_an_album_costs_its_size() -> None:
    window = Window(Rate(18, 60.0))
    assert window.take(0.0, 10) == 0.0
    assert window.take(0.0, 8) == 0.0
    assert window.take(1.0, 1) == 60.0
    assert window.take(1.0, 4) == 60.0
    assert Window(Rate(3, 3.0)).take(5.0, 10) == 5.0


async def test_07c_a_group_that_waits_holds_up_nobody_else(scene: Scene) -> None:
    app = await scene.open(limits=Limits(chat=None, group=Rate(4, 600.0), everyone=Rate(25, 1.0)))
    for chat in (GROUP, ANA):
        scene.server.chat(chat)
    media = [InputMediaPhoto(media="x")] * 4
    scene.server.files["x"] = jpeg()
    await app.wire.call(SendMediaGroup(chat_id=GROUP, media=media))  # type: ignore[arg-type]
    waiting = asyncio.create_task(app.wire.call(SendMessage(chat_id=GROUP, text="fifth")))
    await app.wire.call(SendMessage(chat_id=ANA, text="private"))
    assert not waiting.done()
    waiting.cancel()


async def test_08_perhaps_sent_is_tried_once_more_and_never_again(scene: Scene) -> None:
    app = await scene.open()
    there = scene.server.chat(ANA)
    scene.server.fail("sendMessage", "after", "after")
    for expected in (Unsure, Undeliverable):
        with pytest.raises(expected):
            await app.messenger.show("K7Q2/receipt", "telegram:501", place(ANA, 11), words("receipt"), "zh")
    assert there.texts == ["receipt", "receipt"]


async def test_08b_edits_are_tried_again_freely(scene: Scene) -> None:
    app = await scene.open()
    there = scene.server.chat(ANA)
    await app.wire.call(SendMessage(chat_id=ANA, text="one"))
    scene.server.fail("editMessageText", "before", "500")
    await app.wire.call(EditMessageText(chat_id=ANA, message_id=there.ours[0]["message_id"], text="two"))
    assert there.texts == ["two"]


async def test_09_of_a_partly_sent_album_only_the_missing_ones_are_sent_again(scene: Scene) -> None:
    app = await scene.open()
    there = scene.server.chat(ANA)
    scene.server.break_item = 2
    await app.messenger.show("K7Q2/result", "telegram:501", place(ANA, 11), result("a", "b", "c", "d"), "zh")
    assert [len(scene.server.called(name)) for name in ("sendMediaGroup", "sendPhoto")] == [1, 1]
    assert sum("photo" in one for one in there.ours) == 4
    post = await scene.store.posted("K7Q2/result")
    assert post is not None and set(post.extra["pictures"]) == {"a", "b", "c", "d"}
    assert not await app.messenger.hide("K7Q2")


async def test_10_the_token_is_in_no_error_and_no_log(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    app = await scene.open()
    scene.server.sizes["lost"] = 10
    with pytest.raises(Refusal) as refusal:
        await app.messenger.fetch(Offered("lost"), 1_000_000)
    chain: BaseException | None = refusal.value
    while chain is not None:
        assert TOKEN.partition(":")[2] not in f"{chain!r} {chain}"
        assert chain.__context__ is None or chain.__context__ is chain.__cause__
        chain = chain.__cause__ or chain.__context__
    ours = [record.getMessage() for record in caplog.records]
    assert not [one for one in ours if TOKEN.partition(":")[2] in one]


async def test_11_a_page_of_html_is_trouble_of_ours(scene: Scene) -> None:
    app = await scene.open()
    scene.server.chat(ANA)
    scene.server.fail("sendMessage", "html", "500")
    for _ in range(2):
        with pytest.raises(DeliveryTrouble) as trouble:
            await app.wire.call(SendMessage(chat_id=ANA, text="x"))
        assert trouble.value.__cause__ is not None


async def test_12_prompts_are_shown_as_they_are(scene: Scene) -> None:
    app = await scene.open()
    scene.server.chat(ANA)
    prompt = "a < b & c > d <b>x</b> *y* _z_ 🦊"
    await app.messenger.show("K7Q2/result", "telegram:501", place(ANA, 11), result("a", prompt=prompt), "zh")
    sent = scene.server.called("sendPhoto")[-1]
    assert prompt in sent["caption"] and "parse_mode" not in sent
    quote = next(one for one in sent["caption_entities"] if one["type"] == "blockquote")
    wide = sent["caption"].encode("utf-16-le")[quote["offset"] * 2 : (quote["offset"] + quote["length"]) * 2]
    assert wide.decode("utf-16-le") == prompt


async def test_13_a_card_too_long_for_a_caption_is_a_message_of_its_own(scene: Scene) -> None:
    app = await scene.open()
    there = scene.server.chat(ANA)
    await app.messenger.show("K7Q2/result", "telegram:501", place(ANA, 11), result("a", prompt="🦊" * 550), "zh")
    assert [("photo" in one, len(one.get("text", "")) > 500) for one in there.ours] == [(True, False), (False, True)]
    assert there.ours[1]["reply_to_message"]["message_id"] == there.ours[0]["message_id"]
    drawn = draw(Reply((Quote("🦊" * 3000),)), "zh")
    assert all(units(page.text) <= 4000 for page in drawn.pages) and CAPTION < 1024


async def test_14_callback_data_is_versioned_and_short_and_old_ones_are_answered(scene: Scene) -> None:
    longest = Button(Line("form.submit"), "admin.prices", "é" * 23 + "x")
    drawn = draw(Reply((), (longest,)), "zh")
    data = drawn.rows[0][0]["callback_data"]
    assert data.startswith("1~") and len(data.encode()) <= 64
    await scene.open()
    scene.hear("press_old")
    await eventually(lambda: scene.server.toasts)
    assert "outdated" in scene.server.toasts[0]["text"] and scene.server.toasts[0]["show_alert"] == "true"
    assert scene.desk.asked == []


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
    scene.desk.administrators = ["telegram:501"]
    scene.server.chat(ANA)
    first = await scene.open()
    await eventually(lambda: scene.server.called("getUpdates"))
    second = await scene.open()
    scene.hear("private_command")
    await scene.asked()
    assert first.healthy() and second.healthy() and not second._polling.reading
    stranger = Wire(TOKEN, scene.server.base, Limits.lifted())
    poll = asyncio.create_task(stranger.call(GetUpdates(timeout=1)))
    await scene.said(ANA, "令牌")
    assert not first.healthy() and first.trouble == "conflict"
    assert "another program" in caplog.text
    await poll
    await stranger.close()
    scene.apps.remove(first)
    await first.stop()
    await eventually(lambda: second._polling.reading)


async def test_20_uploads_get_time_of_their_own(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    app = await scene.open()
    scene.server.chat(ANA)
    seen: dict[str, Any] = {}
    call = app.wire.call

    async def watching(method: Any, seconds: int = ORDINARY) -> Any:
        seen[type(method).__name__] = seconds
        return await call(method, seconds)

    monkeypatch.setattr(app.wire, "call", watching)
    await app.messenger.show("K7Q2/result", "telegram:501", place(ANA, 11), result("a", "b"), "zh")
    assert (seen["SendMediaGroup"], seen["SendMessage"]) == (UPLOAD, ORDINARY) and UPLOAD >= 180


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
