"""A token Slack refuses: noticed from whatever answer says so, shown in health and metrics, told where admins still hear."""

import asyncio

import pytest
from structlog.testing import capture_logs

from bot import platforms
from core.errors import Undeliverable
from core.replies import Reply
from core.requests import Line, Place
from tests.slack.conftest import World, make
from tests.slack.fakes import MemoryStore, ScriptedDoor
from tests.slack.forms import HELLO
from tests.slack.stand_in import StandIn, payload

ANN = "slack:T0PAINT01/U0ANN0001"
HERE = Place("slack", "T0PAINT01", "C0ART00001")


@pytest.mark.parametrize("code", ["invalid_auth", "token_revoked", "account_inactive"])
async def test_a_revoked_token_is_noticed_from_the_first_answer_that_says_so(world: World, code: str) -> None:
    """It took five minutes: only the watchdog's own question was listened to."""
    assert world.app.healthy() and not platforms.trouble(world.app)
    world.slack.dead = code
    with capture_logs() as logs:
        for _ in range(2):
            with pytest.raises(Undeliverable):
                await world.app.messenger.show("K7Q2/receipt", ANN, HERE, Reply((HELLO,)), "en")
    assert not world.app.healthy() and platforms.trouble(world.app) == code
    assert [one["code"] for one in logs if one["event"] == "slack.token_refused"] == [code]


async def test_admins_elsewhere_are_told_once_until_the_token_works_again(world: World) -> None:
    told: list[Line] = []

    async def alarm(line: Line) -> None:
        told.append(line)

    app = make(world.slack, world.store, world.door, alarm=alarm, ping=0.02)
    await app.start()
    world.slack.dead = "token_revoked"
    await world.say(payload("command", command="/paint-points"))
    with pytest.raises(Undeliverable):
        await app.messenger.tell(ANN, HERE, Reply((HELLO,)), "en")
    await world.slack.until(lambda: told)
    world.slack.dead = ""
    await world.slack.until(app.healthy)
    world.slack.dead = "account_inactive"
    with pytest.raises(Undeliverable):
        await app.messenger.tell(ANN, HERE, Reply((HELLO,)), "en")
    await app.stop()
    assert [line.values["reason"] for line in told] == ["token_revoked", "account_inactive"]


async def test_slacks_own_word_that_our_token_is_gone_is_taken_and_that_of_a_members_is_not(world: World) -> None:
    members = payload("tokens_revoked", tokens={"oauth": ["U0ANN0001"]}, event_id="Ev1")
    await world.say(members)
    assert world.app.healthy() and not world.store.rows
    await world.say(payload("tokens_revoked"))
    assert platforms.trouble(world.app) == "tokens_revoked"


async def test_an_alarm_that_cannot_be_written_down_breaks_nothing(world: World) -> None:
    async def alarm(line: Line) -> None:
        raise OSError("no database")

    app = make(world.slack, world.store, world.door, alarm=alarm)
    await app.start()
    world.slack.dead = "invalid_auth"
    with pytest.raises(Undeliverable):
        await app.messenger.tell(ANN, HERE, Reply((HELLO,)), "en")
    await asyncio.sleep(0)
    await app.stop()


async def test_an_app_token_refused_while_running_is_told_to_the_admins_and_in_health_until_it_works(
    slack: StandIn,
) -> None:
    """It stood in the log alone, and health only said that nothing was connected."""
    told: list[Line] = []

    async def alarm(line: Line) -> None:
        told.append(line)

    app = make(slack, MemoryStore(), ScriptedDoor(), alarm=alarm, ping=0.05)
    await app.start()
    slack.refused["apps.connections.open"] = "token_revoked"
    await slack.cut()
    await slack.until(lambda: told)
    asked = len(slack.called("apps.connections.open"))
    await slack.until(lambda: len(slack.called("apps.connections.open")) > asked + 2)
    assert platforms.trouble(app) == "Slack refused slack.app_token: token_revoked"
    await app.messenger.show("K7Q2/receipt", ANN, HERE, Reply((HELLO,)), "en")
    assert len(slack.all(HERE.channel)) == 1, "what is being painted still arrives"
    slack.refused.clear()
    await slack.until(app.healthy)
    slack.refused["apps.connections.open"] = "invalid_auth"
    await slack.cut()
    await slack.until(lambda: len(told) == 2)
    await app.stop()
    assert [(line.key, line.values["reason"]) for line in told] == [
        ("slack.app_refused", "token_revoked"),
        ("slack.app_refused", "invalid_auth"),
    ], "once, until it has worked again"


async def test_socket_mode_that_is_limited_waits_as_long_as_it_is_told(slack: StandIn) -> None:
    app = make(slack, MemoryStore(), ScriptedDoor(), ping=0.05)
    await app.start()
    slack.faults["apps.connections.open"].extend([(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "1"})])
    await slack.cut()
    await slack.until(lambda: slack.opened > 1 and app.healthy())
    await app.stop()
    assert len(slack.called("apps.connections.open")) < 10, "not asked again at every ping"
