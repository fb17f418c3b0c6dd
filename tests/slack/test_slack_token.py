"""A token Slack refuses: noticed from whatever answer says so, shown in health and metrics, told where admins still hear."""

import asyncio

import pytest
from structlog.testing import capture_logs

from bot import platforms
from core.errors import Undeliverable
from core.replies import Reply
from core.requests import Line, Place
from tests.slack.conftest import World, make
from tests.slack.forms import HELLO
from tests.slack.stand_in import payload

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
