"""The Messenger against the stand-in: receipts, results, edits, groups, private words, deletion."""

import asyncio
from typing import Any

import pytest
from aiogram.methods import SendMessage

from adapters.telegram.app import TokenRefused
from adapters.telegram.gate import Limits, Rate
from core.errors import DeliveryTrouble, Refusal, Undeliverable
from core.replies import Document, Item, Meter, Pictures, Reply
from core.requests import Line
from tests.telegram.scene import ANA, GROUP, Scene, button, eventually, jpeg, payload, pictures, place, result, words

WHO = "telegram:501"


def progress(done: int) -> Reply:
    return Reply(
        (Line("telegram.plain", {"text": f"painting {done}/4"}), Meter(done, 4)), (button("stop", "cancel", "K7Q2"),)
    )


async def test_one_picture_is_a_photo_with_its_card_and_buttons(scene: Scene) -> None:
    app = await scene.open()
    there = scene.server.chat(ANA, messages={11: payload("private_command")["message"]})
    await app.messenger.show("K7Q2/result", WHO, place(ANA, 11), result("a"), "zh")
    (card,) = there.ours
    assert card["photo"] and "#K7Q2" in card["caption"]
    assert card["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "1~again:K7Q2"
    assert card["reply_to_message"]["message_id"] == 11


async def test_several_are_an_album_and_then_a_card_replying_to_it(scene: Scene) -> None:
    app = await scene.open()
    there = scene.server.chat(ANA)
    await app.messenger.show("K7Q2/result", WHO, place(ANA, 11), result("a", "b", "c", "d"), "zh")
    *album, card = there.ours
    assert len({one["media_group_id"] for one in album}) == 1 and len(album) == 4
    assert card["reply_to_message"]["message_id"] == album[0]["message_id"]
    assert "reply_markup" in card
    assert await scene.store.slot_of(str(ANA), str(album[2]["message_id"])) == "K7Q2/result"


async def test_a_series_broken_after_the_album_goes_on_with_the_card(scene: Scene) -> None:
    app = await scene.open()
    there = scene.server.chat(ANA)
    scene.server.fail("sendMessage", "500")
    with pytest.raises(DeliveryTrouble):
        await app.messenger.show("K7Q2/result", WHO, place(ANA, 11), result("a", "b"), "zh")
    await app.messenger.show("K7Q2/result", WHO, place(ANA, 11), result("a", "b"), "zh")
    await app.messenger.show("K7Q2/result", WHO, place(ANA, 11), result("a", "b"), "zh")
    assert ["photo" in one for one in there.ours] == [True, True, False]


async def test_a_picture_that_came_later_joins_and_the_card_is_edited(scene: Scene) -> None:
    app = await scene.open()
    there = scene.server.chat(ANA)
    await app.messenger.show("K7Q2/result", WHO, place(ANA, 11), result("a", "b"), "zh")
    more = Reply((pictures("a", "b", "c"), Line("telegram.plain", {"text": "now three"})))
    await app.messenger.show("K7Q2/result", WHO, place(ANA, 11), more, "zh")
    assert sum("photo" in one for one in there.ours) == 3
    assert there.ours[2]["text"] == "now three"


async def test_odd_pictures_go_as_files(scene: Scene) -> None:
    app = await scene.open()
    there = scene.server.chat(ANA)
    scene.images.odd["long"] = jpeg(2100, 100)
    await app.messenger.show("A/result", WHO, place(ANA, 11), Reply((pictures("long", width=2100, height=100),)), "zh")
    await app.messenger.show("B/result", WHO, place(ANA, 11), Reply((pictures("long"),)), "zh")
    await app.messenger.show("C/result", WHO, place(ANA, 11), Reply((pictures("long", "a"),)), "zh")
    assert ["document" in one for one in there.ours] == [True, True, True, False]


async def test_a_picture_deleted_in_between_is_undeliverable(scene: Scene) -> None:
    app = await scene.open()
    scene.server.chat(ANA)
    scene.images.odd["gone"] = Refusal("telegram.file_gone")
    with pytest.raises(Undeliverable):
        await app.messenger.show("K7Q2/result", WHO, place(ANA, 11), result("gone"), "zh")


async def test_originals_and_documents_are_files_with_their_names(scene: Scene) -> None:
    await scene.open()
    there = scene.server.chat(ANA)
    file = Document("K7Q2.json", "application/json", b"{}")
    scene.desk.says["again"] = Reply((Pictures(pictures("a", "b").pictures, originals=True), file))
    scene.hear("press")
    await eventually(lambda: len(there.ours) == 3)
    assert all("document" in one for one in there.ours)
    assert scene.images.previews == []


async def test_sending_again_uploads_nothing(scene: Scene) -> None:
    await scene.open()
    there = scene.server.chat(ANA)
    scene.desk.says["again"] = result("a")
    for number in ("9001", "9006"):
        scene.hear("press", id=number)
        await scene.settled()
    assert scene.images.previews == ["a"]
    first = there.ours[0]["photo"][-1]["file_id"]
    assert scene.server.called("sendPhoto")[1]["photo"] == first
    del scene.server.files[first]
    scene.hear("press", id="9007")
    await eventually(lambda: len(there.ours) == 3)
    assert scene.images.previews == ["a", "a"]


async def test_in_private_the_receipt_is_edited_but_not_too_often(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = await scene.open()
    there = scene.server.chat(ANA)
    for done in range(5):
        await app.messenger.show("K7Q2/receipt", WHO, place(ANA, 11), progress(done), "zh")
    assert there.texts == [f"painting 1/4\n{'▰' * 1}{'▱' * 3} 1/4"]
    await app.messenger.show("K7Q2/receipt", WHO, place(ANA, 11), words("done"), "zh")
    await app.messenger.show("K7Q2/receipt", WHO, place(ANA, 11), words("done"), "zh")
    assert there.texts == ["done"] and len(scene.server.called("editMessageText")) == 2


async def test_an_edit_that_came_too_early_is_made_later(scene: Scene) -> None:
    app = await scene.open()
    app.messenger._edits._every = 0.1
    there = scene.server.chat(ANA)
    for done in range(4):
        await app.messenger.show("K7Q2/receipt", WHO, place(ANA, 11), progress(done), "zh")
    await eventually(lambda: there.texts[0].startswith("painting 3/4"))


async def test_in_groups_the_receipt_is_edited_once_with_a_reaction_and_actions_between(scene: Scene) -> None:
    app = await scene.open()
    there = scene.server.chat(GROUP, messages={41: payload("group_command")["message"]})
    for done in range(4):
        await app.messenger.show("K7Q2/receipt", WHO, place(GROUP, 41), progress(done), "zh")
    await app.messenger.show("K7Q2/result", WHO, place(GROUP, 41), result("a", "b"), "zh")
    await app.messenger.show("K7Q2/receipt", WHO, place(GROUP, 41), words("done"), "zh")
    await eventually(lambda: len(there.reactions) == 2)
    assert there.reactions == [(41, ["👀"]), (41, ["🎉"])]
    assert [len(scene.server.called(one)) for one in ("editMessageText", "sendChatAction")] == [1, 1]
    assert there.texts[0] == "done"


async def test_a_failed_painting_in_a_group_takes_the_reaction_away(scene: Scene) -> None:
    app = await scene.open()
    there = scene.server.chat(GROUP, messages={41: payload("group_command")["message"]})
    await app.messenger.show("K7Q2/receipt", WHO, place(GROUP, 41), progress(0), "zh")
    await eventually(lambda: there.reactions)
    await app.messenger.show("K7Q2/receipt", WHO, place(GROUP, 41), words("failed"), "zh")
    await eventually(lambda: there.reactions[-1] == (41, []))


async def test_a_receipt_people_deleted_stays_deleted(scene: Scene) -> None:
    app = await scene.open()
    there = scene.server.chat(ANA)
    await app.messenger.show("K7Q2/receipt", WHO, place(ANA, 11), words("one"), "zh")
    there.messages.clear()
    await app.messenger.show("K7Q2/receipt", WHO, place(ANA, 11), words("two"), "zh")
    assert there.texts == []


async def test_a_group_that_became_a_supergroup_is_followed(scene: Scene) -> None:
    app = await scene.open()
    scene.server.chat(-1500, "group").moved = GROUP
    there = scene.server.chat(GROUP)
    await app.messenger.show("K7Q2/receipt", WHO, place(-1500, 41), words("one"), "zh")
    scene.hear("group_moved", chat={"id": -1600, "type": "group"})
    scene.server.chat(-1600, "group").refuses = "must not be asked"
    await scene.settled()
    await app.messenger.show("K7Q3/receipt", WHO, place(-1600, 41), words("two"), "zh")
    assert there.texts == ["one", "two"]


async def test_an_old_message_of_a_group_that_moved_is_not_taken_for_the_new_one_with_its_number(scene: Scene) -> None:
    app = await scene.open()
    old, new = scene.server.chat(-1500, "group"), scene.server.chat(GROUP)
    await app.messenger.show("K7Q2/receipt", WHO, place(-1500, 41), words("one"), "en")
    number = old.ours[0]["message_id"]
    old.moved, new.messages[number] = GROUP, {**old.ours[0], "text": "another painting"}
    await app.messenger.show("K7Q2/receipt", WHO, place(-1500, 41), words("two"), "en")
    await app.messenger.show("K7Q2/result", WHO, place(-1500, 41), result("a"), "en")
    assert new.texts[0] == "another painting" and "#K7Q2" in new.texts[1]
    assert "reply_parameters" not in scene.server.called("sendPhoto")[-1]
    assert not await app.messenger.hide("K7Q2") and new.messages[number]["text"] == "another painting"


@pytest.mark.parametrize(
    ("refusal", "reason"),
    [
        ("bot was blocked by the user", "blocked"),
        ("bot was kicked from the supergroup chat", "kicked"),
        ("user is deactivated", "gone"),
    ],
)
async def test_chats_that_are_closed_to_us_are_undeliverable(scene: Scene, refusal: str, reason: str) -> None:
    app = await scene.open()
    scene.server.chat(ANA).refuses = refusal
    with pytest.raises(Undeliverable) as trouble:
        await app.messenger.show("K7Q2/receipt", WHO, place(ANA, 11), words("one"), "zh")
    assert trouble.value.reason == reason


@pytest.mark.parametrize("refusal", ["bot was kicked from the supergroup chat", "TOPIC_CLOSED"])
async def test_pictures_a_group_does_not_take_any_more_go_to_the_asker(scene: Scene, refusal: str) -> None:
    app = await scene.open()
    group, mine = scene.server.chat(GROUP), scene.server.chat(ANA)
    await app.messenger.show("K7Q2/receipt", WHO, place(GROUP, 41), words("#K7Q2"), "en")
    group.refuses = refusal
    scene.server.fail("sendMessage", "", "500", "500", "500", "500", "500", "500")
    with pytest.raises(DeliveryTrouble):
        await app.messenger.show("K7Q2/result", WHO, place(GROUP, 41), result("a", "b"), "en")
    scene.server.faults.clear()
    for _ in range(2):
        await app.messenger.show("K7Q2/result", WHO, place(GROUP, 41), result("a", "b"), "en")
    assert [text[:9] for text in mine.texts] == ["The group", "", "", "#K7Q2\na <"]
    assert group.texts == ["#K7Q2"]


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


async def test_hide_deletes_everything_or_says_that_it_could_not(scene: Scene) -> None:
    app = await scene.open()
    there = scene.server.chat(ANA)
    for slot in ("K7Q2", "K7Q3"):
        await app.messenger.show(f"{slot}/receipt", WHO, place(ANA, 11), words("receipt"), "zh")
        await app.messenger.show(f"{slot}/result", WHO, place(ANA, 11), result("a", "b"), "zh")
    assert await app.messenger.hide("K7Q2")
    assert len(there.ours) == 4 and list(await scene.store.posted_of("K7Q2")) == []
    there.old = set(there.messages)
    assert not await app.messenger.hide("K7Q3")
    assert "#K7Q2" not in "".join(there.texts) and "已删除" in there.texts[-1]


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


async def test_an_answer_takes_the_place_of_the_message_pressed(scene: Scene) -> None:
    app = await scene.open()
    there = scene.server.chat(ANA)
    await app.messenger.show("K7Q2/result", WHO, place(ANA, 11), result("a"), "zh")
    await app.messenger.show("K7Q3/receipt", WHO, place(ANA, 11), words("text"), "zh")
    scene.desk.says["again"] = Reply(
        (Line("telegram.plain", {"text": "sure?"}),), (button("yes", "delete.go", "K7Q2"),), instead=True
    )
    for number, message in enumerate(there.ours):
        scene.hear("press", id=f"n{number}", message=message)
    await eventually(lambda: there.texts == ["sure?", "sure?"])
    scene.desk.says["again"] = Reply((Line("telegram.plain", {"text": "é" * 1100}),), instead=True)
    scene.hear("press", id="n9", message=there.ours[0])
    await eventually(lambda: len(there.ours) == 3)


async def test_an_answer_waits_out_trouble(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.telegram.gate.patience.PAUSES", (0.01, 0.01, 0.01))
    await scene.open()
    scene.server.fail("sendMessage", "before", "429")
    scene.hear("private_command")
    await scene.said(ANA, "heard paint")
    await scene.settled()
    assert len(scene.server.chat(ANA).texts) == 1


async def test_a_list_shows_thumbnails_and_buttons_by_number(scene: Scene) -> None:
    await scene.open()
    there = scene.server.chat(ANA)
    items = tuple(
        Item((Line("telegram.plain", {"text": f"work {one.image}"}),), one, (button("show", "show", one.image),))
        for one in pictures("a", "b", "c").pictures
    )
    scene.desk.says["works"] = Reply((Line("telegram.plain", {"text": "3 works"}, "title"), *items))
    scene.hear("private_command", text="/works")
    card = await scene.said(ANA, "3 works")
    assert sum("photo" in one for one in there.ours) == 3
    assert "2 · work b" in card["text"]
    assert [row[0]["text"] for row in card["reply_markup"]["inline_keyboard"]] == ["1 · show", "2 · show", "3 · show"]


async def test_the_gate_keeps_a_chats_pace(scene: Scene) -> None:
    app = await scene.open(limits=Limits(chat=Rate(2, 0.3), group=None, everyone=None))
    scene.server.chat(ANA)
    loop = asyncio.get_running_loop()
    begun = loop.time()
    await asyncio.gather(*(app.wire.call(SendMessage(chat_id=ANA, text=str(one))) for one in range(5)))
    assert loop.time() - begun >= 0.6


async def test_a_wrong_token_is_said_at_the_start(scene: Scene) -> None:
    for token in ("42:WRONG-TOKEN", "no token"):
        with pytest.raises(TokenRefused) as refused:
            app = scene.make(token=token)
            await app.start()
        assert token not in str(refused.value)
