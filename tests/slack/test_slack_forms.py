"""Forms at work: modals opened in time, previewed, refused at their fields, reopened; and how files travel with them."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from core.replies import Answer, Button, Form, Reply, TextField
from core.requests import Line, Offered, Request
from tests.slack.conftest import World
from tests.slack.forms import HELLO, LATER, form, submission
from tests.slack.stand_in import payload

ANN = "slack:T0PAINT01/U0ANN0001"
CHANNEL = "C0ART00001"
DM = "D0ANN0001"


async def test_a_form_opens_follows_its_choices_and_shows_its_problems(world: World) -> None:
    def paint(request: Request) -> Reply | Form | None:
        if request.values:
            again = Form("paint", HELLO, (), problems=(("prompt", LATER),))
            return {"bad": form(("prompt", LATER)), "worse": again}.get(str(request.values["prompt"]))
        return form()

    def price(request: Request) -> Reply:
        return Reply((Line("slack.more", {"n": 800 if request.values["tier"] == "hd" else 100}),))

    world.door.answers = {"paint": paint, "paint.price": price}
    await world.say(payload("command", text=""))
    ((view_id, view),) = world.slack.views.items()
    assert "100" in view["blocks"][-1]["text"]["text"]

    choice = payload("choice_in_view")
    choice["view"] |= view | {
        "id": view_id,
        "state": {"values": {"tier": {"choice": {"selected_option": {"value": "=hd"}}}}},
    }
    await world.say(choice)
    assert "800" in world.slack.views[view_id]["blocks"][-1]["text"]["text"]
    assert world.slack.views[view_id]["private_metadata"] == view["private_metadata"]

    bad = submission(view, view_id)
    bad["view"]["state"]["values"]["prompt"]["text"]["value"] = "bad"
    ack = await world.say(bad)
    assert ack["response_action"] == "update" and "working" in ack["view"]["blocks"][0]["text"]["text"]
    refused = world.slack.views[view_id]
    said = [block["elements"][0]["text"] for block in refused["blocks"] if block["type"] == "context"]
    assert "⚠️ … 2 more" in said and any("1 file" in one for one in said)

    worse = submission(refused, view_id)
    worse["view"] |= {"hash": "h2", "blocks": refused["blocks"], "title": refused["title"], "submit": refused["submit"]}
    worse["view"]["state"]["values"]["prompt"]["text"]["value"] = "worse"
    await world.say(worse)
    again = world.slack.views[view_id]
    blocks = {block["block_id"]: block for block in again["blocks"]}
    assert blocks["prompt"]["element"]["initial_value"] == "worse"
    assert blocks["tier"]["element"]["initial_option"]["value"] == "=hd"
    assert len(again["blocks"]) == len(refused["blocks"])

    good = submission(again, view_id)
    good["view"]["hash"] = "another"
    good["view"]["state"]["values"]["references"] = {"files": {"type": "file_input", "files": []}}
    await world.say(good)
    request = world.door.asked[-1]
    assert (request.verb, request.values["tier"], request.place.channel) == ("paint", "hd", CHANNEL)
    files = request.values["references"]
    assert isinstance(files, tuple) and isinstance(files[0], Offered) and files[0].name == "cat.png"
    assert "Accepted" in world.slack.views[view_id]["blocks"][0]["text"]["text"]


async def test_a_preview_that_comes_after_the_form_was_sent_does_not_bring_the_form_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stood there again, as if it had not been sent: sent once more, it was painted and charged twice."""
    world.door.answers = {"paint": lambda request: None if request.values else form(), "paint.price": Reply((HELLO,))}
    await world.say(payload("command", text=""))
    ((view_id, view),) = world.slack.views.items()
    ask, asked, slow = world.door.answer, asyncio.Event(), asyncio.Event()

    async def answer(request: Request) -> Answer | None:
        if request.verb == "paint.price":
            asked.set()
            await slow.wait()
        return await ask(request)

    monkeypatch.setattr(world.door, "answer", answer)
    choice = payload("choice_in_view")
    choice["view"] |= view | {"id": view_id, "state": {"values": {}}}
    await world.slack.send(choice)
    await asked.wait()
    await world.slack.send(submission(view, view_id))
    await world.slack.until(lambda: len(world.slack.called("views.update")) == 1)
    slow.set()
    await world.app.inbox.idle()
    assert "Accepted" in world.slack.views[view_id]["blocks"][0]["text"]["text"]


async def test_words_of_a_form_that_was_closed_are_kept_until_it_is_open_again(world: World) -> None:
    world.door.answers = {"paint": lambda request: form(("prompt", LATER)) if request.values else form()}
    await world.say(payload("command", text=""))
    ((view_id, view),) = world.slack.views.items()
    bad = submission(view, view_id)
    bad["view"]["state"]["values"]["prompt"]["text"]["value"] = "a secret cat"
    world.slack.views.clear()
    await world.say(bad)
    assert "a secret cat" in str(world.store.notes)
    button = world.slack.whispers[-1]["blocks"][-1]["elements"][0]
    pressed = payload("press", trigger_id="9")
    pressed["actions"][0] |= {"action_id": button["action_id"], "value": button["value"]}
    await world.say(pressed)
    assert len(world.slack.views) == 1 and "a secret cat" not in str(world.store.notes)


async def test_a_slow_desk_gets_a_loading_modal_before_the_trigger_is_gone(world: World) -> None:
    world.door.answers, world.door.hold = {"admin": Reply((HELLO,), private=True)}, asyncio.Event()
    await world.slack.send(payload("command", command="/paint-admin", text=""))
    await world.slack.until(lambda: world.slack.views)
    ((view_id, loading),) = world.slack.views.items()
    assert "moment" in loading["blocks"][0]["text"]["text"]
    world.door.hold.set()
    await world.app.inbox.idle()
    assert world.slack.views[view_id]["blocks"][0]["text"]["text"] == "… 1 more" and not world.slack.whispers


async def test_a_trigger_that_expired_leaves_a_button_that_opens_the_same_form(world: World) -> None:
    world.door.answers = {"paint": form()}
    world.slack.invalid_triggers.add("100.1.abc")
    await world.say(payload("command", text=""))
    button = world.slack.whispers[0]["blocks"][-1]["elements"][0]
    action = {"type": "button", "action_id": button["action_id"], "value": button["value"]}
    other = payload("press", actions=[action], trigger_id="7", user={"id": "U0BEN0001", "team_id": "T0PAINT01"})
    await world.say(other)
    assert not world.slack.views and "cannot be opened" in world.slack.whispers[-1]["text"]
    await world.say(payload("press", actions=[action], trigger_id="8"))
    assert len(world.slack.views) == 1 and world.door.asked[-2].place.channel == CHANNEL


async def test_a_mention_without_words_keeps_its_files_until_the_form_comes_back(world: World) -> None:
    world.door.answers = {"paint": lambda request: None if request.values else form()}
    await world.say(payload("mention_message", text="<@U0BOT0001>", files=payload("thread_files")["event"]["files"]))
    assert "Got your picture" in world.slack.whispers[0]["text"]
    button = world.slack.whispers[0]["blocks"][-1]["elements"][0]
    await world.say(payload("press", actions=[{"type": "button", "action_id": "press.1", "value": button["value"]}]))
    ((view_id, view),) = world.slack.views.items()
    await world.say(submission(view, view_id))
    request = world.door.asked[-1]
    assert [one.name for one in request.references if isinstance(one, Offered)] == ["cat.png", "dog.jpg"]


async def test_pictures_the_desk_keeps_with_a_form_are_not_given_twice(world: World) -> None:
    world.door.answers = {"paint": lambda request: None if request.values else replace(form(), subject="d1")}
    await world.say(payload("shortcut"))
    ((view_id, view),) = world.slack.views.items()
    first, price = world.door.asked
    assert len(first.references) == 1 and price.verb == "paint.price" and not price.references
    await world.say(submission(view, view_id))
    request = world.door.asked[-1]
    assert (request.subject, request.references, request.reply_to) == ("d1", (), "")


async def test_the_message_shortcut_opens_the_form_with_that_picture(world: World) -> None:
    world.door.answers = {"paint": lambda request: None if request.values else form()}
    await world.say(payload("shortcut"))
    ((view_id, view),) = world.slack.views.items()
    await world.say(submission(view, view_id))
    assert [one.name for one in world.door.asked[-1].references if isinstance(one, Offered)] == ["cat.png"]
    bare = payload("shortcut", trigger_id="9")
    del bare["message"]["files"]
    await world.say(bare)
    assert "no picture" in world.slack.whispers[-1]["text"]


async def test_the_language_a_member_chose_wins_over_slacks_guess(world: World) -> None:
    world.door.answers = {
        "points": Reply((HELLO,), private=True, language="zh"),
        "paint": replace(form(), language="zh"),
        "paint.price": Reply((LATER,)),
    }
    await world.say(payload("command", command="/paint-points"))
    await world.say(payload("command", text="", trigger_id="2"))
    await world.say(payload("home_opened"))
    assert world.slack.whispers[0]["text"] == "… 还有 1 条"
    ((view_id, view),) = world.slack.views.items()
    assert view["close"]["text"] == "关闭" and view["blocks"][-1]["text"]["text"] == "… 还有 2 条"
    ack = await world.say(submission(view, view_id))
    assert ack["view"]["close"]["text"] == "关闭"
    assert world.slack.homes["U0ANN0001"]["blocks"][2]["text"]["text"] == "… 还有 1 条"


async def test_a_refused_form_keeps_the_words_that_were_typed_in_it(world: World) -> None:
    """The refusal took the place of the form, and everything typed went with it."""
    no = Line("images.heic", {"name": "p.heic"}, tone="alert")
    poor = Reply((Line("slack.more", {"n": 7}, tone="alert"),), (Button(HELLO, "help", "params"),), private=True)
    answers = {"heic": Reply((no,), private=True), "poor": poor}
    world.door.answers = {"paint": lambda request: answers[str(request.values["prompt"])] if request.values else form()}
    await world.say(payload("command", text=""))
    ((view_id, view),) = world.slack.views.items()

    async def submitted(prompt: str, **files: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        body = submission(world.slack.views[view_id], view_id)
        body["view"] |= {
            **view,
            **world.slack.views[view_id],
            "hash": f"{prompt}{len(world.store.rows)}",
            "state": body["view"]["state"],
        }
        body["view"]["state"]["values"]["prompt"]["text"]["value"] = prompt
        body["view"]["state"]["values"] |= files
        await world.say(body)
        blocks = world.slack.views[view_id]["blocks"]
        return {block["block_id"]: block for block in blocks}, blocks

    found, blocks = await submitted("heic")
    assert found["prompt"]["element"]["initial_value"] == "heic" and world.slack.views[view_id]["submit"]
    after = blocks[[one["block_id"] for one in blocks].index("references") + 1]
    assert "HEIC" in after["elements"][0]["text"], "at its field"
    assert not any("still here" in str(one) for one in blocks), "a picture that cannot be used is not kept"

    found, blocks = await submitted("poor")
    assert "7 more" in blocks[0]["text"]["text"] and blocks[1]["elements"][0]["value"] == "help:params"
    assert found["prompt"]["element"]["initial_value"] == "poor"
    assert any("still here" in str(one) for one in blocks), "the picture was not what was wrong"

    _, blocks = await submitted("heic", references={"files": {"type": "file_input", "files": []}})
    assert world.door.asked[-1].values["references"], "kept from before"
    assert [one["type"] for one in blocks].count("actions") == 0, "what was said of the last try has gone"


async def test_a_refusal_of_a_form_that_was_closed_is_still_said(world: World) -> None:
    no = Reply((Line("slack.more", {"n": 7}, tone="alert"),), private=True)
    world.door.answers = {"paint": lambda request: no if request.values else form()}
    await world.say(payload("command", text=""))
    ((view_id, view),) = world.slack.views.items()
    world.slack.views.clear()
    body = submission(view, view_id)
    body["view"] |= {"blocks": view["blocks"], "title": view["title"], "submit": view["submit"]}
    await world.say(body)
    assert "7 more" in world.slack.whispers[-1]["text"]


async def test_words_longer_than_their_field_come_back_whole(world: World) -> None:
    short = replace(form(), fields=(TextField("prompt", HELLO, longest=800),))
    again = Form("paint", HELLO, (), problems=(("prompt", LATER),))
    world.door.answers = {"paint": lambda request: again if request.values else short}
    await world.say(payload("command", text=""))
    ((view_id, view),) = world.slack.views.items()
    body = submission(view, view_id)
    body["view"] |= {"blocks": view["blocks"], "title": view["title"], "submit": view["submit"]}
    body["view"]["state"]["values"] = {"prompt": {"text": {"value": "猫🐈" * 401}}}
    await world.say(body)
    element = world.slack.views[view_id]["blocks"][0]["element"]
    assert element["initial_value"] == "猫🐈" * 401 and element["max_length"] == 1203
