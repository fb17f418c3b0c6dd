"""What is for one person alone: the private chat, words kept for /start, and what goes with a painting."""

import asyncio
from typing import Any

import pytest

from core.errors import Refusal, Undeliverable
from core.records import open_records
from core.records.platforms import Platforms
from core.replies import Reply
from core.requests import Line, Painted
from tests.conftest import Clock
from tests.telegram.scene import ANA, GROUP, Scene, button, eventually, payload, pictures, place, result, words

WHO = "telegram:501"


async def test_private_words_go_to_the_private_chat_and_the_group_hears_only_that(scene: Scene) -> None:
    await scene.open()
    mine = scene.server.chat(502)
    scene.desk.says["points"] = words("860 points", private=True)
    scene.hear("group_command", text="/points@paint_bot")
    await scene.said(GROUP, "已发到")
    assert mine.texts == ["860 points"] and "860" not in "".join(scene.server.chat(GROUP).texts)


async def test_where_we_may_not_write_yet_words_are_kept_for_start(scene: Scene) -> None:
    app = await scene.open()
    scene.desk.says["points"] = words("860 points", private=True)
    scene.hear("group_command", text="/points@paint_bot")
    hint = await scene.said(GROUP, "私聊")
    assert hint["reply_markup"]["inline_keyboard"][0][0]["url"] == "https://t.me/paint_bot?start=inbox"
    await app.messenger.show("K7Q2/result", "telegram:502", place(GROUP, 41), result("a", "b", prompt="secret"), "zh")
    private = Reply((pictures("c"), Line("telegram.plain", {"text": "for you"})), private=True)
    await app.messenger.show("K7Q4/result", "telegram:502", place(GROUP, 41), private, "zh")
    scene.server.chat(502)
    person = payload("group_command")["message"]["from"]
    scene.hear("private_start_link", text="/start inbox", chat={"id": 502, "type": "private"}, **{"from": person})
    await scene.said(502, "for you")
    assert scene.server.chat(502).texts == ["860 points", "for you"]
    assert [one.verb for one in scene.desk.asked] == ["points"]


async def test_words_kept_at_the_same_moment_push_none_of_each_other_out(scene: Scene) -> None:
    """The receipt of a painting overwrote its pictures, which then waited for nobody."""
    app = await scene.open()
    scene.server.chat(GROUP)
    said = [f"word {number}" for number in range(8)]
    await asyncio.gather(
        *(app.messenger.tell("telegram:502", place(GROUP, 41), words(one), "zh", once=one) for one in said)
    )
    scene.server.chat(502)
    person = payload("group_command")["message"]["from"]
    scene.hear("private_start_link", text="/start inbox", chat={"id": 502, "type": "private"}, **{"from": person})
    await scene.settled()
    assert sorted(scene.server.chat(502).texts) == said


async def test_words_kept_by_two_replicas_are_all_said_and_each_once(
    scene: Scene, postgres_url: str, clock: Clock
) -> None:
    """Each replica wrote its list over the other's, and both sent what they found."""
    server = scene.server
    replicas = [open_records(postgres_url, clock) for _ in range(2)]
    scenes = [Scene(server, records, clock) for records in replicas]
    for one in scenes:
        one.store = Platforms(one.records, "telegram")  # type: ignore[assignment]
    apps = [one.make() for one in scenes]
    server.chat(GROUP)
    said = [f"word {number}" for number in range(16)]
    await asyncio.gather(
        *(
            apps[number % 2].messenger.tell("telegram:502", place(GROUP, 41), words(each), "zh", once=each)
            for number, each in enumerate(said)
        )
    )
    there = server.chat(502)
    many = await asyncio.gather(*(app.messenger._private.deliver_kept("502") for app in apps))
    assert sorted(there.texts) == sorted(said) and sum(many) == 16
    for app, records in zip(apps, replicas, strict=True):
        await app.stop()
        await records.close()


async def test_of_words_being_sent_at_a_kill_none_is_lost(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    app = await scene.open()
    scene.server.chat(GROUP)
    for number in range(3):
        await app.messenger.tell("telegram:502", place(GROUP, 41), words(f"word {number}"), "zh")
    private, there = app.messenger._private, scene.server.chat(502)
    deliver, begun = private._deliver, asyncio.Event()

    async def killed(person: str, one: Any) -> None:
        if there.texts:
            begun.set()
            await asyncio.Event().wait()
        await deliver(person, one)

    with monkeypatch.context() as patch:
        patch.setattr(private, "_deliver", killed)
        sending = asyncio.create_task(private.deliver_kept("502"))
        await asyncio.wait_for(begun.wait(), 30)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
    assert await private.deliver_kept("502") == 2 and there.texts == ["word 0", "word 1", "word 2"]
    assert await scene.store.recall("kept", "502") is None


async def test_words_kept_for_start_stay_kept_until_they_can_be_said(scene: Scene) -> None:
    app = await scene.open()
    scene.server.chat(GROUP)
    for number in range(3):
        await app.messenger.tell("telegram:502", place(GROUP, 41), words(f"word {number}"), "zh")
    gone = Reply((pictures("gone"),), private=True)
    await app.messenger.tell("telegram:502", place(GROUP, 41), gone, "zh")
    await app.messenger.tell("telegram:502", place(GROUP, 41), words("the last"), "zh")
    scene.images.odd["gone"] = Refusal("images.gone")
    me: dict[str, Any] = {"chat": {"id": 502, "type": "private"}, "from": payload("group_command")["message"]["from"]}
    there = scene.server.chat(502)
    there.refuses = "Forbidden: bot can't initiate conversation with a user"
    scene.hear("private_start_link", text="/start inbox", **me)
    await scene.settled()
    there.refuses = ""
    scene.hear("private_start_link", text="/start inbox", message_id=900, **me)
    await scene.said(502, "the last")
    assert there.texts == ["word 0", "word 1", "word 2", "the last"]


async def test_what_a_private_answers_buttons_start_belongs_into_the_group(scene: Scene) -> None:
    await scene.open()
    mine = scene.server.chat(502)
    scene.desk.says["paint"] = Reply(
        (Line("telegram.plain", {"text": "800 points?"}),), (button("go", "paint.go", "d1"),), private=True
    )
    scene.desk.says["paint.go"] = words("painting", private=True, instead=True)
    scene.hear("group_command")
    asked = await scene.said(502, "800 points?")
    person = payload("group_command")["message"]["from"]
    scene.hear("press", data="1~paint.go:d1", message=asked, **{"from": person})
    request = await scene.asked(2)
    assert (request.place.channel, request.place.message) == (str(GROUP), "41")
    await eventually(lambda: mine.texts == ["painting"])


async def test_tell_reaches_one_account_once(scene: Scene) -> None:
    app = await scene.open()
    there = scene.server.chat(ANA)
    for _ in range(2):
        await app.messenger.tell(WHO, None, words("budget at 80 %"), "en", once="budget:80")
    assert there.texts == ["budget at 80 %"]
    with pytest.raises(Undeliverable):
        await app.messenger.tell("telegram:777", None, words("x"), "en")
    scene.server.chat(GROUP)
    await app.messenger.tell("telegram:777", place(GROUP, 41), words("x"), "zh")
    assert "私聊" in scene.server.chat(GROUP).texts[0]


async def test_what_one_member_was_told_about_a_painting_goes_with_it(scene: Scene) -> None:
    app = await scene.open()
    there, _ = scene.server.chat(ANA), scene.server.chat(GROUP)
    why, page = words("refused: secret"), "secret " * 1200
    long = Reply((Line("telegram.plain", {"text": page[:2900]}), Line("telegram.plain", {"text": page[:2900]})))
    await app.messenger.tell(WHO, place(GROUP, 41), why, "en", once="K7Q2/why")
    await app.messenger.tell(WHO, place(ANA, 11), long, "en", once="K7Q3/why")
    await app.messenger.tell("telegram:502", place(GROUP, 41), why, "en", once="K7Q4/why")
    assert "secret" in "".join(there.texts)
    assert await app.messenger.hide("K7Q2") and len(there.texts) == 2
    there.old = set(there.messages)
    assert not await app.messenger.hide("K7Q3")
    assert "secret" in str(await scene.store.recall("kept", "502"))
    assert await app.messenger.hide("K7Q4")
    assert "secret" not in "".join(there.texts) and "secret" not in str(await scene.store.recall("kept", "502"))


async def test_pictures_shown_once_more_are_answered_like_the_painting_and_go_with_it(scene: Scene) -> None:
    """What `/show` or a chosen picture had put into a chat stayed there when the painting was deleted, and a reply to it was no reply to the painting."""
    app = await scene.open()
    scene.desk.says["show"] = Reply((pictures("a", "b"), Line("telegram.plain", {"text": "#K7Q2"})), about="K7Q2")
    scene.desk.says["pick"] = Reply((pictures("b"),), private=True, about="K7Q2")
    mine, group = scene.server.chat(ANA), scene.server.chat(GROUP)
    ana = payload("private_command")["message"]["from"]
    scene.hear("private_command", text="/show K7Q2")
    scene.hear("group_command", text="/show@paint_bot K7Q2", **{"from": ana})
    await eventually(lambda: len(mine.ours) == 3 and len(group.ours) == 3)
    await scene.settled()
    there = {"message": group.ours[-1], "data": "1~pick:K7Q2.2", "from": ana}
    scene.server.push(payload("press_on_photo_in_group", **there))
    await eventually(lambda: len(mine.ours) == 4)
    await scene.settled()
    scene.hear("private_words", text="make it blue", message_id=940, reply_to_message=mine.ours[1])
    request = await scene.asked(4)
    assert request.reply_to == "K7Q2" and request.references == (Painted("K7Q2", 2),)
    await scene.said(ANA, "heard paint")
    assert await app.messenger.hide("K7Q2")
    assert [len(chat.ours) for chat in (mine, group)] == [1, 0]
