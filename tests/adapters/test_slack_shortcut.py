"""Slack's "paint with this picture" on the real desk: one picture, one reference, also where the trigger had run out."""

import pytest

from core.records import Records
from tests.adapters.slack_site import SlackPerson, SlackSite
from tests.adapters.town import MEMBER, opened
from tests.conftest import Clock
from tests.desk.stage import png
from tests.slack.stand_in import payload


@pytest.mark.parametrize("late", [False, True])
async def test_paint_with_this_picture_takes_it_once(sqlite_records: Records, clock: Clock, late: bool) -> None:
    async with opened(sqlite_records, clock, "slack", "en") as town:
        member, site = await town.person(MEMBER), town.site
        assert isinstance(member, SlackPerson) and isinstance(site, SlackSite)
        body = payload("shortcut") | {"user": {"id": member.user, "team_id": member.team}}
        body["trigger_id"] = f"{member.user}|900"
        file = {"name": "one.png", "mimetype": "image/png", "url_private": site.slack.offer("one.png", png())}
        body["message"]["files"] = [{"id": "F0CAT00001", **file}]
        if late:
            site.slack.invalid_triggers.add(body["trigger_id"])
        member.began()
        await site.slack.send(body)
        await member.look()
        if late:
            await member.press("slack.form")
        assert "1 × SD · references: 1 · 100 points" in member.text_seen()
        await member.submit({"prompt": "in blue"})
        view = await town.stage.newest()
        assert view.prompt_typed == "in blue" and len(view.references) == 1
