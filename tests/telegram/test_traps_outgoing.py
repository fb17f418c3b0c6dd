"""The traps of the reference about what goes out, one test each, by number: 05 to 14 and 20."""

import asyncio
import logging
from typing import Any

import pytest
from aiogram.methods import EditMessageText, SendMediaGroup, SendMessage
from aiogram.types import InputMediaPhoto

from adapters.telegram.gate import Limits, Rate, Unsure
from adapters.telegram.gate.limits import Window
from adapters.telegram.gate.wire import ORDINARY, UPLOAD
from adapters.telegram.read import Me
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
    place,
    result,
    words,
)
from tests.telegram.stand_in import TOKEN

ME = Me(42, "paint_bot")


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


def test_07d_a_painting_of_four_and_the_answer_to_the_first_press_go_out_in_one_burst() -> None:
    chat, group = Limits().chat, Limits().group
    assert chat and group and chat.most == chat.seconds and group.most <= 20 and group.seconds == 60
    window = Window(chat)
    receipt, edits, album, card, answer = 1, 3, 4, 1, 2
    assert all(window.take(0.0, weight) == 0.0 for weight in (receipt, edits, album, card, answer))


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
