"""The Messenger against the stand-in: receipts, results, edits, groups, private words, deletion."""

import asyncio

import pytest
from aiogram.methods import SendMessage

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
