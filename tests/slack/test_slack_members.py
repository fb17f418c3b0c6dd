"""Members of a team on Slack with the real desk behind it: the Home tab's doors, a reason asked for again, guests of another workspace."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from adapters.slack.app import SlackApp
from core.records import Records
from core.records.platforms import Platforms
from core.requests import Line
from core.texts import say
from tests.adapters.slack_site import SlackPerson, SlackSite
from tests.adapters.town import ADMIN, MEMBER, OTHER, Front, Town, opened
from tests.conftest import Clock
from tests.slack.conftest import make
from tests.slack.stand_in import payload

GUEST = "slack:T0FAR00001/U0FAR0001"


@pytest.fixture
async def town(sqlite_records: Records, clock: Clock) -> AsyncIterator[Town]:
    async with opened(sqlite_records, clock, "slack", "zh") as made:
        yield made


async def on_slack(town: Town, who: str) -> SlackPerson:
    person = await town.person(who)
    assert isinstance(person, SlackPerson)
    return person


async def home_of(person: SlackPerson, event: str) -> dict[str, Any]:
    await person._send(payload("home_opened", user=person.user, event_id=event))
    return person.slack.homes[person.user]


async def test_why_a_painting_failed_can_be_asked_again_where_it_failed(town: Town) -> None:
    """The reason was whispered once: gone for whoever was away just then."""
    member, other = await on_slack(town, MEMBER), await on_slack(town, OTHER)
    view = await town.painted(text="一只猫", failing=1)
    member.slack.whispers.clear()
    await member.press("show", view.id)
    town.reads(member, view.error)
    assert f"again:{view.id}" in member.buttons_seen()
    await other.press("show", view.id)
    assert town.says("card.failed_public", id=view.id) in other.text_seen()
    assert town.says(view.error) not in other.text_seen() and f"again:{view.id}" not in other.buttons_seen()


async def test_the_home_tab_begins_with_a_door_to_the_form_and_for_admins_with_their_desk(town: Town) -> None:
    member, admin = await on_slack(town, MEMBER), await on_slack(town, ADMIN)
    doors = [one["value"] for one in (await home_of(member, "Ev1"))["blocks"][0]["elements"]]
    assert doors == ["paint:", "random:", "start:", "help:"]
    doors = [one["value"] for one in (await home_of(admin, "Ev2"))["blocks"][0]["elements"]]
    assert doors[-1] == "admin:"
    for who, door, sentence in ((member, "paint:", "paint.field_prompt"), (admin, "admin:", "admin.intro")):
        press = payload("press_in_view", actions=[{"type": "button", "action_id": "press.1", "value": door}])
        press |= who._who()
        press["view"] |= {"type": "home", "private_metadata": who.slack.homes[who.user]["private_metadata"]}
        await who._send(press)
        assert len(who.slack.stacks[who.user]) == 1
        town.reads(who, sentence)
    await member.submit({"prompt": "一只猫"})
    await town.finish()
    assert any("slack_file" in str(one) for one in member.slack.all(f"D0{member.user[2:]}")), "in the direct channel"


async def test_a_guest_of_another_workspace_waits_until_an_admin_lets_them_in(town: Town) -> None:
    guest = await town.site.person(GUEST)
    await guest.type("/paint 一只猫")
    assert "申请加入" in guest.screen()
    await guest.press("access.ask")
    town.reads(guest, "access.asked")
    member = await town.stage.member(GUEST)
    assert (member.standing, member.points) == ("waiting", 0)


async def test_the_adapters_own_sentences_are_in_the_language_a_member_chose_also_after_a_restart(town: Town) -> None:
    """They followed Slack's locale: an English answer, a Chinese loading modal, a Chinese "no picture"."""
    member = await on_slack(town, MEMBER)
    slack, store = member.slack, Platforms(town.stage.records, "slack")

    async def nothing_there(app: SlackApp) -> str:
        body = payload("shortcut", trigger_id=f"{member.user}|{len(slack.whispers)}") | {"user": member._who()["user"]}
        body["message"]["files"] = []
        await slack.send(body)
        await app.inbox.idle()
        return str(slack.whispers[-1]["text"])

    assert isinstance(town.site, SlackSite)
    app = town.site.app
    assert await nothing_there(app) == say(Line("slack.no_picture"), "zh")
    await member.type("/paint language en")
    assert await nothing_there(app) == say(Line("slack.no_picture"), "en")
    await app.stop()
    await slack.until(lambda: not slack.connected())
    again = make(slack, store, Front(town.stage), images=town.stage.images)
    await again.start()
    assert await nothing_there(again) == say(Line("slack.no_picture"), "en")
    await again.stop()
