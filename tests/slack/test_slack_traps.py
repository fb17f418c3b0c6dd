"""The traps Slack and its libraries lay: acks that are lost, deliveries that come twice or at once, dead sockets, other workspaces' ids."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from structlog.testing import capture_logs

from core.replies import Button, LinkButton, Reply
from core.requests import Account, Offered, Place
from tests.slack.conftest import World, make
from tests.slack.fakes import MemoryStore, ScriptedDoor
from tests.slack.forms import HELLO, form, submission
from tests.slack.stand_in import StandIn, payload

CHANNEL = "C0ART00001"
ORG = "E0GRID0001"
HERE = Place("slack", "T0PAINT01", CHANNEL)


async def test_what_could_not_be_written_down_is_not_acked_and_taken_when_slack_sends_it_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.door.answers = {"points": Reply((HELLO,), private=True)}
    receive = world.store.receive
    tried = asyncio.Event()

    async def full(event_key: str, row: Mapping[str, Any]) -> bool:
        tried.set()
        raise OSError("disk full")

    monkeypatch.setattr(world.store, "receive", full)
    first = await world.slack.push(payload("command", command="/paint-points"))
    await tried.wait()
    monkeypatch.setattr(world.store, "receive", receive)
    await world.say(payload("command", command="/paint-points"))
    assert first not in world.slack.acks and len(world.door.asked) == 1


async def test_several_envelopes_at_once_are_acked_each_as_its_own_row_is_written(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive, slow = world.store.receive, asyncio.Event()

    async def uneven(event_key: str, row: Mapping[str, Any]) -> bool:
        if event_key == "slash:0":
            await slow.wait()
        return await receive(event_key, row)

    monkeypatch.setattr(world.store, "receive", uneven)
    world.door.answers = {"points": Reply((HELLO,), private=True)}
    names = [await world.slack.push(payload("command", command="/paint-points", trigger_id=str(n))) for n in range(20)]
    await world.slack.until(lambda: all(name in world.slack.acks for name in names[1:]))
    assert names[0] not in world.slack.acks
    slow.set()
    await world.slack.until(lambda: names[0] in world.slack.acks)
    await world.app.inbox.idle()
    assert sorted(one.event_key for one in world.door.asked) == sorted(f"slash:{n}" for n in range(20))
    assert len(world.slack.whispers) == 20


async def test_a_burst_of_somebody_new_asks_slack_once_who_they_are(world: World) -> None:
    world.door.answers = {"points": Reply((HELLO,), private=True)}
    for n in range(9):
        await world.slack.send(payload("command", command="/paint-points", trigger_id=str(n)))
    await world.app.inbox.idle()
    assert len(world.slack.whispers) == 9 and len(world.slack.called("users.info")) == 1


async def test_the_same_press_in_many_envelopes_at_once_is_one(world: World) -> None:
    names = [await world.slack.push(payload("press"), f"e{n}") for n in range(8)]
    await world.slack.until(lambda: all(name in world.slack.acks for name in names))
    await world.app.inbox.idle()
    assert [one.verb for one in world.door.asked] == ["again"]


async def test_a_reply_also_sent_to_the_channel_is_one_word_to_the_bot(world: World) -> None:
    said = payload("mention_message", subtype="thread_broadcast", thread_ts="1764460700.000100")
    for body in (said, payload("mention", thread_ts="1764460700.000100")):
        await world.say(body)
    assert [(one.text, one.place.thread) for one in world.door.asked] == [("a cat", "1764460700.000100")]


@pytest.mark.parametrize("thread", ["", "1764460700.000100"])
async def test_a_mention_that_leaves_its_files_out_is_painted_with_them(world: World, thread: str) -> None:
    """The event with the files came second, and was taken for the same words said twice."""
    files, at = payload("thread_files")["event"]["files"], {"thread_ts": thread} if thread else {}
    both = payload("mention", **at), payload("mention_message", subtype="file_share", files=files, **at)
    world.slack.all(CHANNEL).extend([{"ts": "1764460799.1", "files": files[:1], **at}, both[1]["event"]])
    for body in both:
        await world.say(body)
    (request,) = world.door.asked
    assert [one.name for one in request.references if isinstance(one, Offered)] == ["cat.png", "dog.jpg"]


async def test_a_mention_whose_message_cannot_be_looked_up_is_painted_from_its_words(world: World) -> None:
    world.slack.refused["conversations.history"] = "missing_scope"
    await world.say(payload("mention"))
    assert [one.text for one in world.door.asked] == ["a cat"]


async def test_a_mention_in_the_direct_channel_is_answered_there_and_flat(world: World) -> None:
    """An app_mention does not tell the kind of its channel."""
    world.door.answers = {"paint": Reply((HELLO,), private=True)}
    await world.say(payload("mention", channel="D0ANN0001"))
    (said,) = world.slack.all("D0ANN0001")
    assert world.door.asked[0].place.private and not said.get("thread_ts") and not world.slack.whispers


async def test_a_link_that_is_pressed_is_acked_and_asks_nothing(world: World) -> None:
    link = Reply((HELLO,), (LinkButton(HELLO, "https://a.example"), Button(HELLO, "help")))
    await world.app.messenger.show("K7Q2/receipt", "slack:T0PAINT01/U0ANN0001", HERE, link, "en")
    pressed = world.slack.all(CHANNEL)[0]["blocks"][-1]["elements"][0]
    assert pressed["url"] and await world.say(payload("press", actions=[pressed])) == {}
    assert not world.door.asked and not world.store.rows


async def test_credentials_of_an_oauth_app_in_the_environment_change_nothing(
    slack: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bolt would turn to its OAuth flow and drop the token it was given."""
    monkeypatch.setenv("SLACK_CLIENT_ID", "1.2")
    monkeypatch.setenv("SLACK_CLIENT_SECRET", "s")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-another")
    store, door = MemoryStore(), ScriptedDoor()
    door.answers = {"points": Reply((HELLO,), private=True)}
    app = make(slack, store, door)
    await app.start()
    await World(slack, store, door, app).say(payload("command", command="/paint-points"))
    await app.stop()
    assert len(slack.whispers) == 1 and len(slack.called("auth.test")) == 1


async def test_every_call_goes_over_connections_that_are_kept(world: World) -> None:
    """A client of Bolt's own making opens a new one for each call."""
    world.door.answers = {"points": Reply((HELLO,), private=True)}
    for n in range(30):
        await world.say(payload("command", command="/paint-points", trigger_id=str(n)))
    assert len(world.slack.calls) > 30 and len(world.slack.peers) <= 3


async def test_a_socket_that_went_mute_is_opened_again(world: World) -> None:
    """It looks open for ever: only its missing pongs tell."""
    world.slack.mute = True
    app = world.another(ping=0.05)
    await app.start()
    opened = world.slack.opened
    world.slack.mute = False
    await world.slack.until(lambda: world.slack.opened > opened)
    await world.slack.until(app.healthy)
    world.door.answers = {"points": Reply((HELLO,), private=True)}
    await world.slack.send(payload("command", command="/paint-points"))
    await app.inbox.idle()
    await app.stop()
    assert len(world.slack.whispers) == 1


async def test_a_home_tab_that_is_switched_off_is_no_trouble(world: World) -> None:
    world.door.answers = {"points": Reply((HELLO,))}
    world.slack.refused["views.publish"] = "not_enabled"
    with capture_logs() as logs:
        await world.say(payload("home_opened"))
    assert set(world.store.rows) == world.store.finished
    assert not [one for one in logs if one["log_level"] == "error"]


def in_a_grid(body: dict[str, Any]) -> dict[str, Any]:
    """As an organization sends it: the enterprise told beside the workspace, and on users."""
    enterprise = {"id": ORG, "name": "Grid"}
    body |= {"enterprise_id": ORG, "enterprise_name": "Grid", "context_enterprise_id": ORG}
    if "command" in body:
        return body | {"is_enterprise_install": "false"}
    if "event" in body:
        body["event"] |= {"user_team": ORG, "source_team": ORG}
        body["authorizations"][0] |= {"enterprise_id": ORG}
        return body
    return body | {"enterprise": enterprise, "is_enterprise_install": False}


def of_the_whole_organization(body: dict[str, Any]) -> dict[str, Any]:
    """As an install of the whole organization sends it: no workspace at all."""
    body = in_a_grid(body)
    if "command" in body:
        return body | {"is_enterprise_install": "true", "team_id": ORG, "team_domain": "grid"}
    if "event" in body:
        body["event"].pop("team", None)
        body["authorizations"][0] |= {"team_id": None, "is_enterprise_install": True}
        return body | {"team_id": None, "context_team_id": None}
    body["user"] |= {"team_id": ORG}
    return body | {"team": None, "is_enterprise_install": True}


@pytest.mark.parametrize("shape", [in_a_grid, of_the_whole_organization])
async def test_a_member_of_an_enterprise_grid_is_one_member_however_they_ask(
    world: World, shape: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    world.door.answers = {"paint": lambda request: None if request.values or request.text else form()}
    await world.say(shape(payload("command", text="")))
    ((view_id, view),) = world.slack.views.items()
    bodies = [submission(view, view_id), payload("mention"), payload("direct"), payload("press"), payload("shortcut")]
    for body in bodies:
        await world.say(shape(body))
    asked = [one for one in world.door.asked if one.verb != "paint.price"]
    assert len(asked) == 6
    assert {one.account for one in asked} == {Account("slack", "T0PAINT01", "U0ANN0001")}
    assert {one.place.workspace for one in asked} == {"T0PAINT01"}


async def test_a_user_id_that_begins_with_w_is_a_user_id(world: World) -> None:
    await world.say(payload("direct", user="W0ANN0001"))
    assert world.door.asked[0].account == Account("slack", "T0PAINT01", "W0ANN0001")


async def test_what_comes_through_the_apps_installation_in_another_workspace_is_not_for_us(world: World) -> None:
    """The goodbye of the other workspace was taken for ours: "tokens_revoked" in health, with a token that worked."""
    authorized = [{"team_id": "T0OTHER001", "user_id": "U0BOT0002", "is_bot": True, "is_enterprise_install": False}]
    for body in (payload("mention"), payload("direct"), payload("tokens_revoked")):
        assert await world.say(body | {"team_id": "T0OTHER001", "authorizations": authorized}) == {}
    assert not world.door.asked and not world.store.rows and world.app.healthy()


async def test_a_guest_of_slack_connect_is_heard_through_our_own_installation(world: World) -> None:
    guest = payload("mention", user="U0FAR00001", user_team="T0FAR00001", source_team="T0FAR00001")
    await world.say(guest | {"team_id": "T0FAR00001", "authorizations": [{"team_id": "T0PAINT01"}]})
    assert [str(one.account) for one in world.door.asked] == ["slack:T0FAR00001/U0FAR00001"]


async def test_a_reminder_of_slackbots_is_no_painting(world: World) -> None:
    """`/remind @Paint water the plants` was painted, and Slackbot had a wallet."""
    await world.say(payload("direct", user="USLACKBOT", text="Reminder: water the plants"))
    assert not world.door.asked and not world.store.rows
