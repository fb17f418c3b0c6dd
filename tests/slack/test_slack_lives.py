"""Lives of the process and of its socket: cut, reopened, stopped, killed; what was acked is answered."""

import asyncio

from core.replies import Reply
from core.requests import Line
from tests.slack.conftest import World
from tests.slack.stand_in import payload

HELLO = Line("slack.more", {"n": 1})


async def test_a_socket_that_falls_in_the_middle_comes_back_and_nothing_is_lost(world: World) -> None:
    world.door.answers, world.door.hold = {"paint": Reply((HELLO,))}, asyncio.Event()
    await world.slack.send(payload("mention"))
    opened = world.slack.opened
    await world.slack.goodbye()
    await world.slack.until(lambda: world.slack.opened > opened and world.slack.connected())
    await world.slack.send(payload("mention_message"))
    world.door.hold.set()
    await world.say(payload("command", text="a dog"))
    assert [one.text for one in world.door.asked] == ["a cat", "a dog"] and world.app.healthy()


async def test_a_socket_cut_without_a_word_is_opened_again(world: World) -> None:
    world.door.answers = {"paint": Reply((HELLO,))}
    opened = world.slack.opened
    await world.slack.cut()
    await world.slack.until(lambda: world.slack.opened > opened and world.slack.connected())
    await world.say(payload("mention"))
    assert len(world.door.asked) == 1


async def test_what_was_acked_and_not_answered_is_answered_in_the_next_life(world: World) -> None:
    world.door.hold = asyncio.Event()
    world.door.answers = {"points": Reply((HELLO,), private=True), "paint": Reply((HELLO,), private=True)}
    await world.slack.send(payload("command", command="/paint-points"))
    await world.slack.send(payload("direct"))
    secret = payload("submission")
    secret["view"]["private_metadata"] = '{"verb":"admin.key","channel":"C0ART00001"}'
    secret["view"]["state"]["values"]["sk"] = {"secret": {"type": "plain_text_input", "value": "TOP"}}
    await world.slack.send(secret)
    await world.slack.until(lambda: len(world.door.asked) == 3)
    (sent,) = (one for one in world.door.asked if one.verb == "admin.key")
    assert "TOP" not in str(world.store.rows) and sent.values["sk"] == "TOP"
    await kill(world)
    assert not world.store.finished
    world.door.hold = None
    next_life = world.another()
    await next_life.start()
    await next_life.inbox.idle()
    await next_life.stop()
    said = [one["text"] for one in [*world.slack.whispers, *world.slack.all("D0ANN00001")]]
    assert sorted(said) == [
        "There was a restart, and the secret in the form was not kept. Please fill it in again.",
        "… 1 more",
        "… 1 more",
    ]
    assert sorted(one.verb for one in world.door.asked) == ["admin.key", "paint", "paint", "points", "points"]
    assert len(world.store.finished) == 3


async def test_stopping_lets_what_is_under_way_end(world: World) -> None:
    world.door.answers, world.door.hold = {"points": Reply((HELLO,), private=True)}, asyncio.Event()
    await world.slack.send(payload("command", command="/paint-points"))
    stopping = asyncio.create_task(world.app.stop())
    await asyncio.sleep(0)
    world.door.hold.set()
    await stopping
    assert len(world.slack.whispers) == 1 and len(world.store.finished) == 1


async def test_an_answer_waits_while_slack_is_away(world: World) -> None:
    assert sum(world.app.inbox._waits) > 1800, "half an hour: it was a minute and a half"
    world.app.inbox._waits = (0.01,)
    world.door.answers = {"points": Reply((HELLO,), private=True)}
    world.slack.faults["chat.postEphemeral"].append((503, {"ok": False, "error": "service_unavailable"}, {}))
    await world.say(payload("command", command="/paint-points"))
    assert len(world.slack.whispers) == 1 and len(world.door.asked) == 1


async def kill(world: World) -> None:
    """End this life without any grace."""
    world.app._grace = 0.0
    await world.app.stop()
