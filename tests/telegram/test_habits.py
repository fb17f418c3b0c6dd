"""Habits of people who know Telegram: forwarding, quoting, replying to words, mentioning, forgetting the slash, names that turn a line."""

import asyncio
from typing import Any

import pytest

from adapters.telegram.read import Me, read
from adapters.telegram.read.command import command
from core.replies import Form, TextField
from core.requests import Line
from core.texts import say
from tests.telegram.scene import ANA, GROUP, Scene, eventually, payload, place, result

ME = Me(42, "paint_bot")
ELSEWHERE = {"type": "user", "date": 1796000000, "sender_user": {"id": 902, "is_bot": False, "first_name": "林"}}
LIN: dict[str, Any] = {"id": 902, "is_bot": False, "first_name": "林"}


def said(chat: int, **more: Any) -> dict[str, Any]:
    kind = "private" if chat > 0 else "supergroup"
    return {"message_id": 30, "date": 1, "from": LIN, "chat": {"id": chat, "type": kind}, **more}


@pytest.mark.parametrize(
    ("name", "chat", "word"), [("private_command", ANA, ""), ("group_command", GROUP, "@paint_bot")]
)
async def test_a_forwarded_paint_is_offered_and_not_charged(scene: Scene, name: str, chat: int, word: str) -> None:
    await scene.open()
    scene.hear(name, text=f"/paint{word} a fox", forward_origin=ELSEWHERE)
    await scene.said(chat, f"/paint{word} a fox")
    scene.hear("private_photo_caption", caption="/paint like this", message_id=902, forward_origin=ELSEWHERE)
    await scene.said(ANA, "/paint like this")
    await scene.settled()
    assert scene.desk.asked == []


async def test_an_edited_paint_is_answered_once_with_the_line_to_send(scene: Scene) -> None:
    await scene.open()
    message = payload("private_command", text="/paint a fxo")["message"]
    scene.server.push({"message": message})
    await scene.asked()
    for text in ("/paint a fox", "/paint a red fox"):
        scene.server.push({"edited_message": message | {"text": text, "edit_date": 1796000009}})
        await scene.settled()
    scene.server.push({"edited_message": message | {"message_id": 99, "text": "good morning", "edit_date": 1796000009}})
    await scene.settled()
    assert [one.text for one in scene.desk.asked] == ["a fxo"]
    assert len(scene.server.chat(ANA).texts) == 2
    assert scene.server.chat(ANA).texts[-1].endswith("\n/paint a fox")


@pytest.mark.parametrize("answered", [True, False])
async def test_a_reaction_to_a_paint_is_no_edit_of_it(scene: Scene, answered: bool) -> None:
    """Telegram hands out the first reaction to a message, also ours in groups, as an edited message with the same words."""
    await scene.open()
    message = payload("group_command", text="/paint@paint_bot a fox")["message"]
    gate = scene.desk.gate = asyncio.Event()
    scene.server.push({"message": message})
    await scene.asked()
    if answered:
        gate.set()
        await scene.settled()
    scene.server.push({"edited_message": message | {"edit_date": 1796000009}})
    scene.server.push({"edited_message": message | {"message_id": 77, "edit_date": 1796000009}})  # heard by nobody
    await eventually(lambda: scene.server.confirmed >= scene.server._number)
    gate.set()
    await scene.settled()
    assert len(scene.server.chat(GROUP).texts) == 1
    scene.server.push({"edited_message": message | {"text": "/paint@paint_bot a red fox", "edit_date": 1796000010}})
    await scene.said(GROUP, "/paint@paint_bot a red fox")


@pytest.mark.parametrize(
    ("text", "replied", "asked"),
    [
        ("/paint@paint_bot", {"text": "a fox in the snow"}, "a fox in the snow"),
        ("/paint@paint_bot --hd", {"text": "/paint a fox"}, "a fox --hd"),
        ("/paint@paint_bot a cat", {"text": "a fox"}, "a cat"),
        ("/paint@paint_bot", {"text": "/help"}, ""),
        ("/paint@paint_bot", {"text": "news of the day", "is_automatic_forward": True}, ""),
        ("/paint@paint_bot", {"text": "press the button", "from": {"id": 42, "is_bot": True}}, ""),
        ("@paint_bot", {"text": "a fox"}, "a fox"),
    ],
)
async def test_paint_in_reply_to_words_paints_them(
    scene: Scene, text: str, replied: dict[str, Any], asked: str
) -> None:
    await scene.open()
    scene.hear("group_command", text=text, reply_to_message=said(GROUP, **replied))
    request = await scene.asked()
    assert (request.verb, request.text) == ("paint", asked)


async def test_of_words_that_are_quoted_only_the_quotation_is_painted(scene: Scene) -> None:
    await scene.open()
    there = said(GROUP, text="I saw a red fox yesterday")
    scene.hear(
        "group_command", text="/paint@paint_bot", reply_to_message=there, quote={"text": "a red fox", "position": 6}
    )
    assert (await scene.asked()).text == "a red fox"


async def test_a_picture_shown_without_words_in_reply_to_words_is_not_painted(scene: Scene) -> None:
    await scene.open()
    scene.hear("private_photo", reply_to_message=said(ANA, text="a fox"))
    await scene.said(ANA, "Got your picture")
    await scene.settled()
    assert scene.desk.asked == []


async def test_a_colleagues_remark_under_a_painting_in_a_group_is_not_painted(scene: Scene) -> None:
    """Whoever wrote "the paw looks odd" under somebody's picture paid for it."""
    app = await scene.open()
    scene.server.chat(GROUP)
    await app.messenger.show("K7Q2/result", "telegram:501", place(GROUP, 41), result("a"), "en")
    (shown,) = scene.server.chat(GROUP).ours
    for number, remark in enumerate(("the paw looks odd", "who asked for this")):
        scene.hear("group_command", text=remark, reply_to_message=shown, message_id=910 + number)
        await scene.settled()
    assert scene.desk.asked == []
    assert len([text for text in scene.server.chat(GROUP).texts if "/paint@paint_bot the paw looks odd" in text]) == 1
    assert len(scene.server.chat(GROUP).ours) == 2
    scene.hear("group_command", text="nice!", reply_to_message=shown, message_id=920)
    scene.hear("group_command", text="/paint@paint_bot a better paw", reply_to_message=shown, message_id=921)
    asker = {"id": 501, "is_bot": False, "first_name": "Ana"}
    scene.hear("group_command", text="make it blue", reply_to_message=shown, message_id=922, **{"from": asker})
    await scene.asked(2)
    await scene.settled()
    assert {one.text for one in scene.desk.asked} == {"a better paw", "make it blue"}
    assert all(one.reply_to == "K7Q2" for one in scene.desk.asked)


async def test_what_is_begun_in_private_and_painted_in_the_group_is_said_in_private(scene: Scene) -> None:
    await scene.open()
    prompt = TextField("prompt", Line("telegram.plain", {"text": "What to paint"}))
    form = Form("paint", Line("telegram.plain", {"text": "Paint"}), (prompt,))
    scene.desk.says["paint"] = lambda request: None if request.values else form
    mine = scene.server.chat(LIN["id"])
    scene.hear("group_command", text="/paint@paint_bot", **{"from": LIN})
    await scene.said(LIN["id"], "What to paint")
    there = {"chat": {"id": LIN["id"], "type": "private"}, "from": LIN | {"language_code": "en"}}
    scene.hear("private_words", text="a fox", message_id=930, **there)
    await scene.said(LIN["id"], "it goes into the group")
    assert scene.desk.last.place.channel == str(GROUP) and len(mine.ours) == 2


@pytest.mark.parametrize("text", ["paint a fox", "/ paint a fox", "//paint a fox", "Paint: a fox", "a fox"])
async def test_who_forgot_the_slash_is_offered_the_command_without_its_word(scene: Scene, text: str) -> None:
    await scene.open()
    scene.hear("private_words", text=text)
    assert str((await scene.said(ANA, "Shall I paint this"))["text"]).endswith("\n/paint a fox")


def test_a_command_glued_by_a_colon_is_told_apart() -> None:
    assert command("/paint:cat", "paint_bot") == ("glued", "cat")
    assert command("/painting a cat", "paint_bot") == ("stray", "painting")
    assert command("@paint_bot", "paint_bot") == ("paint", "")


def test_a_name_turns_nothing_around_it() -> None:
    person = {"id": 7, "is_bot": False, "first_name": "\u202eمحمد", "last_name": "\u200f"}
    heard = read({"update_id": 1, **payload("private_command", **{"from": person})}, ME)
    assert heard is not None and heard.request.name.strip() == "محمد"
    shown = say(Line("telegram.plain", {"text": heard.request.name.strip()}), "en")
    assert shown == "\u2068محمد\u2069" and say(Line("telegram.plain", {"text": "林 M7"}), "en") == "林 M7"
