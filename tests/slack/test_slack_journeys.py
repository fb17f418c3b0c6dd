"""Members at work: the bot and the stand-in talk over real sockets."""

from typing import Any

from core.replies import Button, Item, Picture, Quote, Reply
from core.requests import Line, Place
from tests.slack.conftest import World
from tests.slack.forms import HELLO, LATER, form
from tests.slack.stand_in import payload

ANN = "slack:T0PAINT01/U0ANN0001"
CHANNEL = "C0ART00001"
DM = "D0ANN0001"


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


async def test_once_people_talk_under_a_painting_its_askers_words_are_painted_only_when_they_say_so(
    world: World,
) -> None:
    """ "我觉得第二张好" said to a colleague was painted, and charged."""
    place = Place("slack", "T0PAINT01", CHANNEL)
    await world.app.messenger.show("K7Q2/receipt", ANN, place, Reply((HELLO,)), "en")
    root = world.slack.all(CHANNEL)[0]["ts"]
    await world.say(payload("thread_words", thread_ts=root, user="U0BEN0001", ts="2.1", text=":+1:"))
    await world.say(payload("thread_words", thread_ts=root, ts="2.2", text="make it blue"))
    assert [one.text for one in world.door.asked] == ["make it blue"], "a thumb is no talk"
    await world.say(payload("thread_words", thread_ts=root, user="U0BEN0001", ts="2.3", text="the second is nice"))
    await world.say(payload("thread_words", thread_ts=root, ts="2.4", text="I like the second"))
    await world.say(payload("thread_words", thread_ts=root, ts="2.5", text="but not the hat"))
    (whisper,) = world.slack.whispers
    assert len(world.door.asked) == 1 and whisper["thread_ts"] == root and "not charged" in whisper["text"]
    button = whisper["blocks"][-1]["elements"][0]
    for n in range(2):
        action = {"type": "button", "action_id": button["action_id"], "value": button["value"]}
        await world.say(payload("press", actions=[action], trigger_id=f"p{n}"))
    meant = world.door.asked[1:]
    assert [(one.verb, one.text, one.reply_to, one.place.thread) for one in meant] == [
        ("paint", "I like the second", "K7Q2", root)
    ] * 2
    assert len({one.event_key for one in meant}) == 1, "one painting, however often it is pressed"
    await world.app.messenger.show("K7Q2/result", ANN, place, Reply((LATER,)), "en")
    await world.say(payload("mention", thread_ts=root, ts="2.6", text="<@U0BOT0001> a red hat"))
    await world.say(payload("thread_words", thread_ts=root, ts="2.7", text="better"))
    assert [one.text for one in world.door.asked[3:]] == ["a red hat"]


async def test_a_file_shown_to_a_colleague_under_a_painting_is_not_painted(world: World) -> None:
    await world.app.messenger.show("K7Q2/receipt", ANN, Place("slack", "T0PAINT01", CHANNEL), Reply((HELLO,)), "en")
    root = world.slack.all(CHANNEL)[0]["ts"]
    await world.say(payload("thread_files", thread_ts=root, text="<@U0BEN0001> like these?"))
    assert not world.door.asked


async def test_called_into_a_thread_of_people_the_bot_takes_nothing_there_for_a_prompt(world: World) -> None:
    """One `@Paint` in a discussion, and every word of its asker there, and everybody's screenshots, were painted and charged."""
    theirs = "1764460700.000100"
    place = Place("slack", "T0PAINT01", CHANNEL, theirs, "1764460701.1")
    for slot in ("K7Q2/receipt", "K7Q2/result"):
        await world.app.messenger.show(slot, ANN, place, Reply((HELLO,)), "en")
    await world.say(payload("thread_files", thread_ts=theirs, user="U0BEN0001", ts="2.1"))
    await world.say(payload("thread_words", thread_ts=theirs, ts="2.2", text="Ben, which one?"))
    assert not world.door.asked and len(world.slack.whispers) == 1, "asked once, nothing painted"
    await world.say(payload("thread_files", thread_ts=theirs, ts="2.3"))
    await world.say(payload("thread_words", thread_ts=theirs, ts="2.4", text="I see"))
    assert not world.door.asked and len(world.slack.whispers) == 1
    await world.say(payload("mention", thread_ts=theirs, ts="2.5", text="<@U0BOT0001> in blue"))
    assert [(one.text, one.reply_to) for one in world.door.asked] == [("in blue", "K7Q2")]


async def test_a_sentence_about_the_bot_is_painted_only_when_its_writer_says_so(world: World) -> None:
    """ "I asked @Paint and loved it", said to colleagues, was painted, and charged."""
    world.door.answers = {"paint": None}
    about = payload("mention", text="I asked <@U0BOT0001> for a cat and loved it")
    await world.say(about)
    await world.say(payload("mention_message", text=about["event"]["text"]))
    (whisper,) = world.slack.whispers
    assert not world.door.asked and "not charged" in whisper["text"] and not whisper.get("thread_ts")
    button = whisper["blocks"][-1]["elements"][0]
    action = {"type": "button", "action_id": button["action_id"], "value": button["value"]}
    await world.say(payload("press", actions=[action]))
    (meant,) = world.door.asked
    assert (meant.verb, meant.text, meant.place.message) == (
        "paint",
        "I asked  for a cat and loved it",
        about["event"]["ts"],
    )


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


async def test_a_direct_channel_of_two_people_is_not_private_and_nobody_can_invite_us_there(world: World) -> None:
    """Slack calls every direct channel "directmessage": what one member asked for stood there for both to read."""
    between = {"channel_id": "D0BENANN01", "channel_name": "directmessage"}
    world.slack.refused["D0BENANN01"] = "channel_not_found"
    world.door.answers = {"points": Reply((HELLO,), private=True), "gallery": Reply((HELLO,))}
    for n, command in enumerate(("/paint-points", "/paint-gallery")):
        hook = world.slack.hook(str(n))
        await world.say(payload("command", command=command, trigger_id=str(n), response_url=hook, **between))
    (_, points), (_, gallery) = world.slack.hooked
    assert (points["response_type"], gallery["response_type"]) == ("ephemeral", "in_channel")
    for one in (points, gallery):
        assert "between people" in str(one["blocks"]) and "/invite" not in str(one["blocks"])
    assert [one.place.private for one in world.door.asked] == [False, False]
    own = {"channel_id": DM, "channel_name": "directmessage"}
    await world.say(payload("command", command="/paint-points", trigger_id="9", **own))
    assert world.door.asked[-1].place.private and len(world.slack.all(DM)) == 1
    assert len(world.slack.called("conversations.open")) == 1


async def test_a_painting_asked_for_between_two_people_comes_to_the_asker(world: World) -> None:
    world.slack.refused["D0BENANN01"] = "channel_not_found"
    place = Place("slack", "T0PAINT01", "D0BENANN01", hook=world.slack.hook("one"))
    await world.app.messenger.show("K7Q2/receipt", ANN, place, Reply((HELLO,)), "zh")
    (_, told) = world.slack.hooked[0]
    assert "两个人之间的私信" in str(told["blocks"]) and len(world.slack.all(DM)) == 1


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


async def test_an_answer_that_cannot_be_drawn_is_still_an_answer(world: World) -> None:
    broken = Reply((Line("slack.no_such_sentence"),), private=True)
    world.door.answers = {"points": broken, "admin": broken}
    await world.say(payload("command", command="/paint-points"))
    assert "could not be shown" in world.slack.whispers[0]["text"]
    await world.say(payload("command", command="/paint-admin", trigger_id="2"))
    ((_, view),) = world.slack.views.items()
    assert "could not be shown" in view["blocks"][0]["text"]["text"]
    assert set(world.store.rows) == world.store.finished


async def test_a_private_answer_to_a_mention_is_whispered_where_its_reader_sees_it(world: World) -> None:
    """It went under the mention, which had no replies: Slack shows such a whisper to nobody."""
    secret = Reply((HELLO,), private=True)
    world.door.answers = {"points": secret, "cancel": secret, "paint": None}
    await world.say(payload("mention", text="<@U0BOT0001> points"))
    await world.say(payload("mention", text="<@U0BOT0001> points", ts="7.2", thread_ts="7.1"))
    place = Place("slack", "T0PAINT01", CHANNEL, message="8.1")
    await world.app.messenger.show("K7Q2/receipt", ANN, Place("slack", "T0PAINT01", CHANNEL), receipt_of_it(), "en")
    (receipt,) = world.slack.all(CHANNEL)
    on = {"message_ts": receipt["ts"], "channel_id": CHANNEL, "is_ephemeral": False}
    pressed = [{"type": "button", "action_id": "press.1", "value": "cancel:K7Q2"}]
    await world.say(payload("press", container=on, message=receipt, actions=pressed))
    await world.app.messenger.show("M3M3/receipt", ANN, place, receipt_of_it(), "en")
    await world.app.messenger.tell(ANN, place, secret, "en", once="M3M3/why")
    assert [one.get("thread_ts", "") for one in world.slack.whispers] == ["", "7.1", "", "8.1"]


def receipt_of_it() -> Reply:
    """A receipt anybody may read."""
    return Reply((LATER,))
