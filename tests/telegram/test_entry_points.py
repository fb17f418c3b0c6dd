"""Everything a person can say to the bot, as real payloads, and the Request the desk is asked."""

from typing import Any

import pytest

from adapters.telegram.read import Heard, Me, read
from core.requests import Account, Offered, Painted, Place
from tests.telegram.scene import ANA, FORUM, GROUP, Scene, eventually, payload, result, words
from tests.telegram.scene import place as where

ME = Me(42, "paint_bot")


def heard(name: str, **changes: Any) -> Heard:
    found = read({"update_id": 1, **payload(name, **changes)}, ME)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "verb", "rest"),
    [
        ("/paint a cat", "paint", "a cat"),
        ("  /PAINT a cat", "paint", "a cat"),
        ("/paint@paint_bot a cat", "paint", "a cat"),
        ("/paint@PAINT_BOT a cat", "paint", "a cat"),
        ("/paint\ncat\ndog", "paint", "cat\ndog"),
        ("/paint cat\n\n  two", "paint", "cat\n\n  two"),
        ("/paint", "paint", ""),
        ("／paint 一只猫", "paint", "一只猫"),
        ("@paint_bot a cat", "paint", "a cat"),
        ("/random 3", "random", "3"),
        ("/works 猫 status:failed", "works", "猫 status:failed"),
        ("/paint-works 猫", "works", "猫"),
        ("/show K7Q2", "show", "K7Q2"),
        ("/paint-show K7Q2", "show", "K7Q2"),
        ("/cancel K7Q2", "cancel", "K7Q2"),
        ("/points", "points", ""),
        ("/gallery", "gallery", ""),
        ("/templates", "templates", ""),
        ("/help params", "help", "params"),
        ("/link a1B2", "link", "a1B2"),
        ("/language@paint_bot 中文", "language", "中文"),
        ("/paint-defaults --hd", "defaults", "--hd"),
        ("/paint_admin", "admin", ""),
        ("/paint-admin prices", "admin", "prices"),
        ("/paint-admin@paint_bot", "admin", ""),
        ("/paintadmin", "admin", ""),
        ("/start", "start", ""),
        ("/start dHBsOjE1", "start", "tpl:15"),
        ("/start join_7fA2", "start", "join_7fA2"),
        ("/paint--ar 1:1 cat", "glued", "--ar 1:1 cat"),
        ("/paint—ar 1:1 cat", "glued", "—ar 1:1 cat"),
        ("/paint一只猫 --hd", "glued", "一只猫 --hd"),
        ("/paint，一只猫", "glued", "一只猫"),
        ("/painter", "stray", "painter"),
        ("@paint_bot\na cat\na dog", "paint", "a cat\na dog"),
        ("@paint_bot", "paint", ""),
        ("/paint@other_bot cat", "other", "paint@other_bot"),
        ("/dance", "stray", "dance"),
        ("a red fox", "", "a red fox"),
    ],
)
def test_first_words(text: str, verb: str, rest: str) -> None:
    request = heard("private_command", text=text).request
    assert (request.verb, request.text) == (verb, rest)


def test_a_deep_link_holds_what_telegram_carries_and_nothing_else() -> None:
    assert ME.link("inbox") == "https://t.me/paint_bot?start=inbox"
    for payload_ in ("", "tpl:15", "海报", "x" * 65):
        with pytest.raises(ValueError, match="deep link"):
            ME.link(payload_)


def test_another_bots_command_is_not_ours() -> None:
    for name in ("group_command", "group_words"):
        text = "/paint@other_bot cat" if name == "group_command" else "今天吃什么"
        assert read({"update_id": 1, **payload(name, text=text)}, ME) is None


def test_who_and_where_in_a_private_chat() -> None:
    request = heard("private_command").request
    assert request.account == Account("telegram", "", "501")
    assert request.place == Place("telegram", "", "501", "", "11", private=True)
    assert (request.event_key, request.language, request.name) == ("501:11", "en", "Ana Lima")


def test_who_and_where_in_a_topic() -> None:
    request = heard("topic_command").request
    assert request.place == Place("telegram", "", str(FORUM), "7", "51")
    assert (request.account.id, request.language, request.name) == ("502", "zh", "林")


def test_pictures_come_as_photo_or_as_file() -> None:
    assert heard("private_photo_caption").request.references == (Offered("foxphoto", "photo.jpg", "image/jpeg", 84211),)
    assert heard("private_document_image").request.references == (
        Offered("logofile", "logo.png", "image/png", 2211000),
    )


def test_a_picture_whose_kind_was_not_told_is_looked_at() -> None:
    document = {"file_id": "d", "file_name": "Scan.WEBP", "mime_type": "application/octet-stream", "file_size": 9}
    found = heard("private_document_pdf", document=document, caption="/paint like this")
    assert not found.problem and len(found.request.references) == 1


async def test_a_photo_replied_to_is_the_reference(scene: Scene) -> None:
    await scene.open()
    scene.hear("group_reply_to_photo")
    request = await scene.asked()
    assert [one.handle for one in request.references if isinstance(one, Offered)] == ["catphoto"]
    assert request.text == "水彩"


async def test_an_album_is_one_request_with_its_pictures_in_order(scene: Scene) -> None:
    await scene.open()
    for number in (33, 31, 32):
        caption = {"caption": "/paint put them together"} if number == 32 else {}
        scene.hear("album_item", message_id=number, photo=[{"file_id": f"p{number}", "file_size": 9}], **caption)
    request = await scene.asked()
    assert [one.handle for one in request.references if isinstance(one, Offered)] == ["p31", "p32", "p33"]
    assert request.text == "put them together"
    await scene.settled()
    assert len(scene.desk.asked) == 1


async def test_a_late_item_of_an_album_starts_nothing(scene: Scene) -> None:
    await scene.open()
    scene.hear("album_item", message_id=31, caption="/paint one", photo=[{"file_id": "p31"}])
    scene.hear("album_item", message_id=32, photo=[{"file_id": "p32"}])
    await scene.asked()
    await scene.settled()
    scene.hear("album_item", message_id=33, photo=[{"file_id": "p33"}])
    await scene.settled()
    assert len(scene.desk.asked) == 1


async def test_a_reply_to_one_item_takes_the_album_we_saw(scene: Scene) -> None:
    await scene.open()
    group = payload("group_words")["message"]["chat"]
    for number in (38, 39):
        scene.hear(
            "album_item", message_id=number, chat=group, media_group_id="13900000009", photo=[{"file_id": f"p{number}"}]
        )
    await scene.settled()
    assert scene.desk.asked == []
    assert scene.server.chat(GROUP).texts == []
    scene.hear("group_reply_to_album_item")
    request = await scene.asked()
    assert [one.handle for one in request.references if isinstance(one, Offered)] == ["p38", "p39"]


async def test_a_reply_to_an_item_of_an_unseen_album_takes_that_one(scene: Scene) -> None:
    await scene.open()
    scene.hear("group_reply_to_album_item")
    request = await scene.asked()
    assert [one.handle for one in request.references if isinstance(one, Offered)] == ["two"]


async def test_words_in_reply_to_our_picture_paint_from_it(scene: Scene) -> None:
    app = await scene.open()
    scene.server.push(payload("group_command"))
    where = (await scene.asked()).place
    await scene.settled()
    await app.messenger.show("K7Q2/result", "telegram:502", where, result("one", "two"), "zh")
    second = scene.server.chat(GROUP).ours[-2]
    scene.hear("group_reply_to_bot", reply_to_message=second)
    request = await scene.asked(2)
    assert (request.verb, request.text, request.reply_to) == ("paint", "换成黄昏", "K7Q2")
    assert request.references == (Painted("K7Q2", 2),)


async def test_words_in_reply_to_our_receipt_paint_from_it(scene: Scene) -> None:
    app = await scene.open()
    scene.server.push(payload("group_command"))
    where = (await scene.asked()).place
    await app.messenger.show("K7Q2/receipt", "telegram:502", where, words("#K7Q2"), "zh")
    scene.hear("group_reply_to_bot", reply_to_message=scene.server.chat(GROUP).ours[-1])
    request = await scene.asked(2)
    assert (request.verb, request.reply_to, request.references) == ("paint", "K7Q2", ())


async def test_applause_in_reply_to_our_picture_is_neither_painted_nor_answered(scene: Scene) -> None:
    app = await scene.open()
    scene.server.chat(GROUP)
    await app.messenger.show("K7Q2/result", "telegram:502", where(GROUP, 41), result("one"), "zh")
    there = scene.server.chat(GROUP)
    before = len(there.ours)
    sticker = payload("private_sticker")["message"]["sticker"]
    scene.hear("group_reply_to_bot", reply_to_message=there.ours[-1], text="👍👍")
    scene.hear("group_reply_to_bot", reply_to_message=there.ours[-1], text="", sticker=sticker, message_id=901)
    await scene.settled()
    assert not scene.desk.asked and len(there.ours) == before


async def test_plain_words_in_private_get_a_free_hint_with_the_line_to_copy(scene: Scene) -> None:
    await scene.open()
    scene.hear("private_words")
    hint = await scene.said(ANA, "/paint a red fox in the snow")
    assert hint["reply_markup"]["inline_keyboard"][0][0]["copy_text"] == {"text": "/paint a red fox in the snow"}
    assert scene.desk.asked == []


async def test_a_press_asks_its_verb(scene: Scene) -> None:
    await scene.open()
    scene.hear("press")
    request = await scene.asked()
    assert (request.verb, request.subject, request.event_key) == ("again", "K7Q2", "press:9001")
    assert request.place.message == "1001"
    await scene.settled()
    assert [toast["callback_query_id"] for toast in scene.server.toasts] == ["9001"]


async def test_the_bot_greets_a_group_once(scene: Scene) -> None:
    scene.server.chat(GROUP)
    await scene.open()
    scene.hear("joined_group")
    await scene.said(GROUP, "/paint@paint_bot")
    raised = payload("joined_group")  # later it was made an administrator
    raised["my_chat_member"]["old_chat_member"]["status"] = "member"
    raised["my_chat_member"]["new_chat_member"]["status"] = "administrator"
    scene.server.push(raised)
    await scene.settled()
    assert len(scene.server.chat(GROUP).ours) == 1


CHANNEL = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}


@pytest.mark.parametrize("changes", [{}, {"from": CHANNEL}])
async def test_an_anonymous_admin_or_a_channel_is_told_why_not(scene: Scene, changes: dict[str, Any]) -> None:
    await scene.open()
    scene.hear("group_anonymous", **changes)
    await scene.said(GROUP, "匿名")
    assert scene.desk.asked == []


def test_a_channels_post_carried_into_its_group_is_nobodys_word() -> None:
    carrier = {"id": 777000, "is_bot": False, "first_name": "Telegram"}
    post = payload("group_command", is_automatic_forward=True, **{"from": carrier})
    assert read({"update_id": 1, **post}, ME) is None


async def test_menus_stand_in_every_language_and_admins_see_theirs(scene: Scene) -> None:
    scene.desk.administrators = ["telegram:501", "telegram:777"]
    scene.server.chat(ANA)
    await scene.open()
    scene.hear("private_command")
    await scene.asked()
    await eventually(lambda: (f"chat:{ANA}", "zh") in scene.server.menus)
    everybody = scene.server.menus["all_private_chats:", "en"]
    assert everybody == scene.server.menus["all_group_chats:", ""]
    assert "paint" in everybody and "paint_admin" not in everybody
    assert "paint_admin" in scene.server.menus[f"chat:{ANA}", ""]


async def test_thanks_under_a_picture_are_the_desks_to_answer_and_thanks_to_nobody_are_no_prompt(scene: Scene) -> None:
    app = await scene.open()
    scene.server.chat(ANA)
    await app.messenger.show("K7Q2/result", "telegram:501", where(ANA, 11), result("one"), "en")
    scene.hear("private_words", reply_to_message=scene.server.chat(ANA).ours[-1], text="👍")
    assert (await scene.asked()).reply_to == "K7Q2"
    for number, text in enumerate(("谢谢！", "👍"), 910):
        scene.hear("private_words", message_id=number, text=text)
    await scene.settled()
    texts = scene.server.chat(ANA).texts[-2:]
    assert len(scene.desk.asked) == 1 and all("Glad to help" in text and "/paint" not in text for text in texts)
