"""A Form asked question by question, in the private chat, over restarts, with secrets that are never written down."""

from typing import Any

from core.records.tables import inbox
from core.replies import Choice, ChoiceField, FileField, Form, NumberField, Reply, TextField
from core.requests import Line, Offered, Request
from tests.telegram.scene import ANA, GROUP, Scene, eventually, payload, words


def say(text: str) -> Line:
    return Line("telegram.plain", {"text": text})


def form(*fields: Any, **options: Any) -> Form:
    return Form("prices.set", say("Prices"), fields, **options)


SD = NumberField("sd", say("SD price"), 100, 0, 1000)
WORDS = TextField("note", say("Note"), required=False)
KIND = ChoiceField("kind", say("Kind"), (Choice("a", say("First")), Choice("b", say("Second"))), "a")
MANY = ChoiceField("many", say("Many"), (Choice("x", say("X")), Choice("y", say("Y"))), (), several=True)
SECRET = TextField("secret", say("Secret key"), secret=True)
FILES = FileField("files", say("Pictures"), most=2)


class Asking:
    """Someone who answers the bot's questions."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.number = 500

    async def asked(self, label: str) -> dict[str, Any]:
        """The question on screen holds this label."""
        return await self.scene.said(ANA, label)

    def type(self, text: str) -> int:
        self.number += 1
        self.scene.hear("private_words", text=text, message_id=self.number)
        return self.number

    async def press(self, message: dict[str, Any], label: str) -> None:
        self.number += 1
        keys = [key for row in message["reply_markup"]["inline_keyboard"] for key in row]
        data = next(key["callback_data"] for key in keys if label in key["text"])
        self.scene.hear("press", id=str(self.number), data=data, message=dict(message))


async def begun(scene: Scene, asked: Form) -> Asking:
    await scene.open()
    scene.desk.says["admin"] = asked
    scene.desk.says["prices.set"] = words("saved")
    scene.hear("private_command", text="/paint_admin")
    return Asking(scene)


async def submitted(scene: Scene) -> Request:
    found: Request = await eventually(lambda: next((one for one in scene.desk.asked if one.verb == "prices.set"), None))
    return found


async def test_questions_come_one_by_one_and_the_answers_as_one_request(scene: Scene) -> None:
    ana = await begun(scene, form(SD, KIND, MANY, WORDS, FILES, subject="p1", intro=(say("intro"),)))
    await ana.asked("intro")
    await ana.asked("(1/5)")
    ana.type("２５０")
    kind = await ana.asked("(2/5)")
    await ana.press(kind, "Second")
    many = await ana.asked("(3/5)")
    await ana.press(many, "Y")
    await eventually(lambda: "✓ Y" in str(many["reply_markup"]))
    await ana.press(many, "That is all")
    await ana.asked("(4/5)")
    ana.type("/skip")
    await ana.asked("(5/5)")
    for number, name in ((601, "one"), (602, "two")):
        scene.hear("private_photo", message_id=number, photo=[{"file_id": name, "file_size": 5}])
    request = await submitted(scene)
    assert request.values == {
        "sd": 250,
        "kind": "b",
        "many": ("y",),
        "note": "",
        "files": (Offered("one", "photo.jpg", "image/jpeg", 5), Offered("two", "photo.jpg", "image/jpeg", 5)),
    }
    assert (request.verb, request.subject) == ("prices.set", "p1")
    await ana.asked("saved")
    await scene.settled()
    assert await scene.store.recall("form", str(ANA)) is None


async def test_a_wrong_answer_is_told_and_asked_again(scene: Scene) -> None:
    ana = await begun(scene, form(SD))
    await ana.asked("Prices\nSD price")
    ana.type("many")
    await ana.asked("whole number from 0 to 1,000")
    ana.type("2000")
    scene.hear("private_sticker")
    ana.type("5")
    assert (await submitted(scene)).values == {"sd": 5}


async def test_a_form_survives_a_restart(scene: Scene) -> None:
    ana = await begun(scene, form(SD, KIND))
    await ana.asked("(1/2)")
    ana.type("7")
    question = await ana.asked("(2/2)")
    await scene.settled()
    await scene.apps.pop().stop()
    await scene.open()
    await ana.press(question, "Second")
    assert (await submitted(scene)).values == {"sd": 7, "kind": "b"}


async def test_a_secret_is_deleted_from_the_chat_and_stands_in_no_row(scene: Scene) -> None:
    ana = await begun(scene, form(SECRET, SD))
    await ana.asked("(1/2)")
    number = ana.type("AKLT-very-secret")
    await ana.asked("(2/2)")
    await eventually(lambda: number in scene.server.chat(ANA).deleted)
    kept = await scene.store.recall("form", str(ANA))
    assert "very-secret" not in str(kept)
    async with scene.records.read() as tx:
        rows = await tx.all(inbox.select())
    assert "very-secret" not in str([dict(row) for row in rows])
    ana.type("5")
    assert (await submitted(scene)).values == {"secret": "AKLT-very-secret", "sd": 5}


async def test_a_secret_lost_in_a_restart_is_asked_again(scene: Scene) -> None:
    ana = await begun(scene, form(SECRET, SD))
    await ana.asked("(1/2)")
    ana.type("AKLT-very-secret")
    await ana.asked("(2/2)")
    await scene.settled()
    await scene.apps.pop().stop()
    await scene.open()
    ana.type("5")
    await ana.asked("keep no secrets")
    ana.type("AKLT-again")
    assert (await submitted(scene)).values == {"secret": "AKLT-again", "sd": 5}


async def test_problems_ask_only_their_fields_again(scene: Scene) -> None:
    def check(request: Request) -> Any:
        if request.values["sd"] == 1:
            return form(SD, WORDS, problems=(("sd", say("too cheap")),))
        return words("saved")

    ana = await begun(scene, form(SD, WORDS))
    scene.desk.says["prices.set"] = check
    await ana.asked("(1/2)")
    ana.type("1")
    await ana.asked("(2/2)")
    ana.type("a note")
    again = await ana.asked("too cheap")
    assert "Prices\nSD price" in again["text"]
    ana.type("90")
    await ana.asked("saved")
    assert scene.desk.last.values == {"sd": 90, "note": "a note"}


async def test_the_rest_can_be_left_as_it_is(scene: Scene) -> None:
    ana = await begun(scene, form(TextField("name", say("Name")), SD, KIND, WORDS))
    first = await ana.asked("(1/4)")
    assert "Submit" not in str(first["reply_markup"])
    ana.type("spring")
    await ana.press(await ana.asked("(2/4)"), "Submit")
    assert (await submitted(scene)).values == {"name": "spring", "sd": 100, "kind": "a", "note": ""}


async def test_a_form_can_be_cancelled_at_any_time(scene: Scene) -> None:
    ana = await begun(scene, form(SD, KIND))
    await ana.press(await ana.asked("(1/2)"), "Cancel")
    await ana.asked("form closed")
    for way in ("/cancel", "取消"):
        scene.hear("private_command", text="/paint_admin", message_id=700 + len(way))
        await eventually(lambda: "(1/2)" in scene.server.chat(ANA).texts[-1])
        ana.type(way)
        await eventually(lambda: "form closed" in scene.server.chat(ANA).texts[-1])
    assert await scene.store.recall("form", str(ANA)) is None


async def test_an_old_questions_button_changes_nothing(scene: Scene) -> None:
    ana = await begun(scene, form(KIND, SD))
    question = await ana.asked("(1/2)")
    old = {**question, "reply_markup": question["reply_markup"]}
    await ana.press(question, "Second")
    await ana.asked("(2/2)")
    await ana.press(old, "First")
    await eventually(lambda: [one for one in scene.server.toasts if "outdated" in one.get("text", "")])
    ana.type("5")
    assert (await submitted(scene)).values == {"kind": "b", "sd": 5}


async def test_a_form_asked_for_in_a_group_is_asked_in_private(scene: Scene) -> None:
    await scene.open()
    scene.desk.says["paint"] = Form("paint", say("Paint"), (TextField("prompt", say("What")),))
    scene.hear("group_command", text="/paint@paint_bot")
    await scene.said(GROUP, "私聊")
    person = payload("group_command")["message"]["from"]
    me: dict[str, Any] = {"chat": {"id": 502, "type": "private"}, "from": person}
    scene.server.chat(502)
    scene.hear("private_start_link", text="/start inbox", **me)
    await scene.said(502, "What")
    scene.desk.says["paint"] = None
    scene.hear("private_words", text="a fox", **me)
    request = await scene.asked(2)
    assert request.values == {"prompt": "a fox"}
    assert (request.place.channel, request.place.message, request.place.private) == (str(GROUP), "41", False)


async def test_words_to_be_changed_can_be_copied_and_a_question_alone_is_not_counted(scene: Scene) -> None:
    ana = await begun(scene, form(TextField("prompt", say("What to paint"), "a red fox")))
    question = await ana.asked("What to paint")
    assert "1/1" not in question["text"]
    first = question["reply_markup"]["inline_keyboard"][0][0]
    assert first["copy_text"] == {"text": "a red fox"}


async def test_the_preview_is_shown_beside_the_questions(scene: Scene) -> None:
    scene.desk.says["price"] = lambda request: Reply((say(f"{request.values['sd']} points"),), private=True)
    ana = await begun(scene, form(SD, KIND, preview="price"))
    await ana.asked("(1/2)")
    ana.type("300")
    assert "300 points" in (await ana.asked("(2/2)"))["text"]


async def test_commands_work_while_a_form_waits(scene: Scene) -> None:
    ana = await begun(scene, form(SD))
    await ana.asked("Prices\nSD price")
    scene.hear("private_command", message_id=800)
    await scene.said(ANA, "heard paint")
    ana.type("5")
    assert (await submitted(scene)).values == {"sd": 5}
