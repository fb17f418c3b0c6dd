"""Members at work: the bot and the stand-in talk over real sockets."""

import asyncio
from dataclasses import replace
from typing import Any

from core.replies import Button, Choice, ChoiceField, FileField, Form, Item, Picture, Quote, Reply, TextField
from core.requests import Line, Offered, Place, Request
from tests.slack.conftest import World
from tests.slack.stand_in import payload

HELLO = Line("slack.more", {"n": 1})
LATER = Line("slack.more", {"n": 2})
SUBMIT = Line("slack.form_open")
ANN = "slack:T0PAINT01/U0ANN0001"
CHANNEL = "C0ART00001"
DM = "D0ANN0001"


def form(*problems: tuple[str, Line]) -> Form:
    fields = (
        TextField("prompt", HELLO),
        ChoiceField("tier", HELLO, (Choice("sd", HELLO), Choice("hd", LATER)), "sd"),
        FileField("references", HELLO, 3),
    )
    return Form("paint", HELLO, fields, submit=SUBMIT, preview="paint.price", problems=problems)


def submission(view: dict[str, Any], view_id: str, **changes: Any) -> dict[str, Any]:
    body = payload("submission", **changes)
    body["view"] |= {"id": view_id, "private_metadata": view["private_metadata"]}
    return body


async def test_a_command_is_answered_in_the_channel_and_privately_where_private(world: World) -> None:
    world.door.answers = {
        "paint": None,
        "points": Reply((HELLO,), private=True),
        "gallery": Reply((HELLO, Quote("a cat"))),
    }
    assert await world.say(payload("command")) == {}
    await world.say(payload("command", command="/paint-points", trigger_id="2"))
    await world.say(payload("command", command="/paint-gallery", trigger_id="3"))
    assert [one.verb for one in world.door.asked] == ["paint", "points", "gallery"]
    assert world.door.asked[0].name == "Ann" and world.door.asked[0].language == "en"
    assert [one["user"] for one in world.slack.whispers] == ["U0ANN0001"]
    assert [one["channel"] for one in world.slack.all(CHANNEL)] == [CHANNEL]
    assert set(world.store.rows) == world.store.finished and len(world.slack.called("users.info")) == 1


async def test_one_mention_in_two_events_delivered_three_times_is_asked_once(world: World) -> None:
    world.door.answers = {"paint": Reply((HELLO,))}
    for body in (payload("mention"), payload("mention_message"), payload("mention_message")):
        await world.say(body)
    await world.slack.send(payload("mention"), "the same envelope")
    await world.slack.send(payload("mention"), "the same envelope")
    assert [one.text for one in world.door.asked] == ["a cat"]
    assert [one["thread_ts"] for one in world.slack.all(CHANNEL)] == ["1764460800.000100"]


async def test_only_what_is_said_to_the_bot_reaches_the_desk(world: World) -> None:
    for name in ("message_changed", "own_message", "thread_words", "thread_files"):
        await world.say(payload(name))
    assert world.door.asked == [] and not world.slack.all(CHANNEL)


async def test_words_and_pictures_under_a_painting_use_it_as_their_reference(world: World) -> None:
    place = Place("slack", "T0PAINT01", CHANNEL)
    await world.app.messenger.show("K7Q2/receipt", ANN, place, Reply((HELLO,)), "en")
    root = world.slack.all(CHANNEL)[0]["ts"]
    await world.say(payload("thread_words", thread_ts=root))
    await world.say(payload("thread_words", thread_ts=root, user="U0BEN0001", ts="1764460901.1"))
    await world.say(payload("thread_files", thread_ts=root, user="U0BEN0001"))
    words, files = world.door.asked
    assert (words.verb, words.text, words.reply_to) == ("paint", "make it blue", "K7Q2")
    assert files.reply_to == "K7Q2" and len(files.references) == 2 and files.account.id == "U0BEN0001"


async def test_a_direct_message_is_painted_and_answered_flat(world: World) -> None:
    world.door.answers = {"paint": Reply((HELLO,), private=True)}
    await world.say(payload("direct"))
    assert world.door.asked[0].text == "a dog <3" and world.door.asked[0].place.private
    assert world.slack.all("D0ANN00001")[0].get("thread_ts") is None and not world.slack.whispers


async def test_a_channel_without_the_bot_gets_its_answer_and_how_to_invite_it(world: World) -> None:
    world.door.answers = {"help": Reply((HELLO,)), "points": Reply((HELLO,), private=True)}
    away = {"channel_id": "C0ELSEWHERE", "response_url": world.slack.hook("one")}
    await world.say(payload("command", text="help", **away))
    await world.say(payload("command", command="/paint-points", trigger_id="2", **away))
    (_, shown), (_, private) = world.slack.hooked
    assert (shown["response_type"], private["response_type"]) == ("in_channel", "ephemeral")
    assert "/invite" in shown["blocks"][-1]["elements"][0]["text"]
    spent = {**away, "response_url": world.slack.hook("spent")}
    await world.say(payload("command", command="/paint-points", trigger_id="3", **spent))
    assert len(world.slack.all(DM)) == 1


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


async def test_a_press_is_answered_beside_instead_of_or_on_top_of_what_was_pressed(world: World) -> None:
    world.door.answers = {
        "again": None,
        "details": Reply((HELLO,), private=True),
        "delete": Reply((LATER,), instead=True),
        "edit": form(),
        "admin.prices": Reply((HELLO, Item((LATER,))), (Button(HELLO, "admin.next"),)),
        "admin.next": Reply((LATER,), instead=True),
    }

    def press(value: str, name: str = "press", **changes: Any) -> dict[str, Any]:
        return payload(
            name, trigger_id=value, **changes, actions=[{"type": "button", "action_id": "press.1", "value": value}]
        )

    await world.say(press("again:K7Q2"))
    await world.say(press("details:K7Q2"))
    assert world.slack.whispers[0]["thread_ts"] == "1764460800.000100"
    await world.app.messenger.show("K7Q2/receipt", ANN, Place("slack", "T0PAINT01", CHANNEL), Reply((HELLO,)), "en")
    posted = world.slack.all(CHANNEL)[0]
    on = {"message_ts": posted["ts"], "channel_id": CHANNEL, "is_ephemeral": False}
    await world.say(press("delete:K7Q2", container=on))
    assert posted["text"] == "… 2 more" and world.store.slots["K7Q2/receipt"].fingerprint == ""
    whispered = {**on, "is_ephemeral": True}
    await world.say(press("delete:M3M3", container=whispered, response_url=world.slack.hook("eph")))
    assert world.slack.hooked[0][1]["replace_original"] is True
    await world.say(press("edit:K7Q2"))
    assert len(world.slack.called("views.open")) == 1
    await world.say(press("admin.prices:", "press_in_view"))
    assert len(world.slack.called("views.push")) == 1
    view_id = list(world.slack.views)[-1]
    inside = press("admin.next:", "press_in_view")
    inside["view"]["id"] = view_id
    await world.say(inside)
    assert world.slack.views[view_id]["blocks"][0]["text"]["text"] == "… 2 more"


async def test_app_home_shows_balance_works_with_thumbnails_gallery_and_templates(world: World) -> None:
    works = tuple(
        Item((HELLO,), Picture(f"img{n}", HELLO), (Button(HELLO, "again", f"K{n}"), Button(HELLO, "show", f"K{n}")))
        for n in range(3)
    )
    world.door.answers = {
        "points": Reply((HELLO,)),
        "works": Reply(works),
        "gallery": Reply(works[:1]),
        "templates": Reply(tuple(Item((HELLO,), None, (Button(HELLO, "tpl", str(n)),)) for n in range(60))),
    }
    await world.say(payload("home_opened"))
    blocks = world.slack.homes["U0ANN0001"]["blocks"]
    assert [one.verb for one in world.door.asked] == ["points", "works", "gallery", "templates"]
    assert sum("accessory" in block for block in blocks) == 4 and len(blocks) <= 100
    assert len(world.slack.called("files.getUploadURLExternal")) == 3
    press = payload("press_in_view", actions=[{"type": "button", "action_id": "press.1", "value": "show:K1"}])
    press["view"] |= {"type": "home", "private_metadata": world.slack.homes["U0ANN0001"]["private_metadata"]}
    world.door.answers["show"] = Reply((LATER,), private=True)
    await world.say(press)
    assert len(world.slack.called("views.open")) == 1 and world.door.asked[-1].place.channel == DM


async def test_a_revoked_token_makes_the_bot_unhealthy(world: World) -> None:
    assert world.app.healthy()
    await world.say(payload("tokens_revoked"))
    assert not world.app.healthy()


async def test_an_answer_that_cannot_be_drawn_is_still_an_answer(world: World) -> None:
    broken = Reply((Line("slack.no_such_sentence"),), private=True)
    world.door.answers = {"points": broken, "admin": broken}
    await world.say(payload("command", command="/paint-points"))
    assert "could not be shown" in world.slack.whispers[0]["text"]
    await world.say(payload("command", command="/paint-admin", trigger_id="2"))
    ((_, view),) = world.slack.views.items()
    assert "could not be shown" in view["blocks"][0]["text"]["text"]
    assert set(world.store.rows) == world.store.finished


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
    assert world.slack.homes["U0ANN0001"]["blocks"][0]["text"]["text"] == "… 还有 1 条"
