"""The question an empty `/paint` opens: words, pictures sent with them, and idle words that are no answer."""

from typing import Any

import pytest

from core.replies import Form, Reply, TextField
from core.requests import Line
from core.texts import say as say_line
from tests.telegram.scene import ANA, GROUP, Scene, button, eventually, payload


def say(text: str) -> Line:
    return Line("telegram.plain", {"text": text})


PAINT = Form("paint", say("Paint"), (TextField("prompt", say("What")),))


async def test_idle_words_after_a_typed_paint_are_no_answer_to_its_old_question(scene: Scene) -> None:
    await scene.open()
    scene.desk.says["paint"] = lambda request: None if request.text or request.values else PAINT
    scene.hear("private_command", text="/paint")
    await scene.said(ANA, "What")
    scene.hear("private_command", text="/paint a cat", message_id=801)
    await scene.asked(2)
    scene.hear("private_words", text="what a day!", message_id=802)
    await scene.said(ANA, "Shall I paint this?")
    assert len(scene.desk.asked) == 2


@pytest.mark.parametrize("word", ["/skip", "跳过", "-"])
async def test_nobody_wants_a_picture_of_skip(scene: Scene, word: str) -> None:
    await scene.open()
    scene.desk.says["paint"] = lambda request: None if request.values else PAINT
    scene.hear("private_command", text="/paint")
    await scene.said(ANA, "What")
    scene.hear("private_words", text=word, message_id=801)
    await scene.said(ANA, "Please type the answer")
    assert len(scene.desk.asked) == 1


async def test_a_photo_that_comes_with_the_answer_is_a_reference(scene: Scene) -> None:
    await scene.open()
    again = Form("paint", say("Paint"), (), problems=(("prompt", say("nine is too many")),))
    scene.desk.says["paint"] = lambda request: (
        again if "--n 9" in str(request.values) else None if request.values else PAINT
    )
    scene.hear("private_command", text="/paint")
    await scene.said(ANA, "What")
    scene.hear("private_video", caption="like this one", message_id=801)
    await scene.said(ANA, "video cannot be a reference")
    scene.hear("private_photo", caption="make it blue --n 9", message_id=802)
    await scene.said(ANA, "nine is too many")
    scene.hear("private_words", text="make it blue", message_id=803)
    request = await scene.asked(3)
    assert request.values == {"prompt": "make it blue"} and len(request.references) == 1


async def test_a_photo_sent_where_words_are_asked_is_kept_for_them(scene: Scene) -> None:
    await scene.open()
    scene.desk.says["paint"] = lambda request: None if request.values else PAINT
    scene.hear("private_command", text="/paint")
    await scene.said(ANA, "What")
    scene.hear("private_photo", message_id=801)
    await scene.said(ANA, "Now type what to paint")
    scene.hear("private_words", text="make it blue", message_id=802)
    request = await scene.asked(2)
    assert request.values == {"prompt": "make it blue"} and len(request.references) == 1


async def test_a_form_from_a_private_answer_to_a_group_paints_in_the_group(scene: Scene) -> None:
    await scene.open()
    scene.server.chat(502)
    found_it = Reply((say("found"),), (button("edit", "edit", "K7Q2"),), private=True)
    scene.desk.says |= {"show": found_it, "edit": PAINT}
    scene.hear("group_command", text="/show@paint_bot K7Q2")
    found = await scene.said(502, "found")
    me: dict[str, Any] = {"from": payload("group_command")["message"]["from"]}
    scene.hear("press", data="1~edit:K7Q2", message=found, **me)
    await scene.said(502, "What")
    scene.desk.says["paint"] = None
    scene.hear("private_words", text="a fox", chat={"id": 502, "type": "private"}, **me)
    assert (await scene.asked(3)).place.channel == str(GROUP)


async def test_cancel_said_in_a_topic_is_answered_in_the_topic(scene: Scene) -> None:
    await scene.open()
    topic = payload("topic_command")["message"]
    person = topic["from"]["id"]
    scene.server.chat(person)
    scene.desk.says["paint"] = PAINT
    scene.server.push(payload("topic_command"))
    await scene.said(person, "What")
    scene.hear("topic_command", text="/cancel@paint_bot", message_id=topic["message_id"] + 1)
    line = say_line(Line("telegram.form_cancelled"), "zh")
    closed = await eventually(lambda: [one for one in scene.server.called("sendMessage") if one["text"] == line])
    assert str(closed[-1].get("message_thread_id")) == str(topic["message_thread_id"])
