"""What a team agrees on, set from the admin's desk and met by a member on every platform: who is in charge, a shorter form, finals that are reviewed."""

import asyncio

from core.studio.alarms import Alarms
from tests.adapters.drivers import Driver, Person
from tests.adapters.town import ADMIN, MEMBER, Town
from tests.desk.admin import acts


async def alone(town: Town, person: Driver) -> None:
    """Where this person alone is told things: on the page a channel of its own."""
    await person.look()
    if town.platform == "page" and isinstance(person, Person):
        person.began()
        await person.user.open(f"/?c=dm:{person.account}")  # type: ignore[attr-defined]
        await person.look()


async def heard(town: Town) -> None:
    """What admins must hear has been told, and the admin is where it is read."""
    alarms = Alarms(town.stage.records, town.announcer._lease, {town.platform: town.site.messenger}, town.language)
    alarms.look()
    await asyncio.gather(*alarms.tasks())
    await alone(town, await town.person(ADMIN))


async def test_team_says_who_is_in_charge_and_what_the_form_asks(town: Town) -> None:
    member = await town.person(MEMBER)
    admin = await town.section("team")
    await admin.press("admin.team.edit")
    await admin.submit({"in_charge": "小林", "expected": "两百"})
    town.reads(admin, "admin.number", low=0, high=100_000)
    await admin.submit({"expected": "200"})
    town.reads(admin, "admin_team.saved")
    rules = await town.rules()
    assert (rules.in_charge, rules.expected) == ("小林", 200)
    await admin.press("admin.team", "")
    assert "小林" in admin.text_seen()
    await member.type("/admin")
    town.reads(member, "desk.in_charge", name="小林")
    await admin.press("admin.team.form")
    off = {"ratio", "tier", "references", "avoid", "source"}
    await admin.submit({"shown": ("count", "label")})
    assert set((await town.rules()).form_off) == off
    assert [one.act for one in await acts(town.stage)][:2] == ["rules.form", "rules.team"]
    await member.type("/paint")
    town.reads(member, "paint.field_prompt")
    seen = member.text_seen()
    assert not [name for name in off if town.says(f"paint.field_{name}") in seen]
    assert (town.says("paint.field_count") in seen) == (town.platform != "telegram")
    await member.submit({"prompt": "一座灯塔站在悬崖上"})
    view = await town.stage.newest()
    assert (view.prompt_typed, view.tier, view.ratio, view.count) == ("一座灯塔站在悬崖上", "sd", "1:1", 1)


async def test_team_has_a_final_reviewed(town: Town) -> None:
    admin, member = await town.section("team"), await town.person(MEMBER)
    await admin.press("admin.team.edit")
    await admin.submit({"final_review": "yes"})
    view = await town.painted(text="一座灯塔站在悬崖上 --for 春节")
    await member.press("final", f"{view.id}.1")
    town.reads(member, "review.needed")
    await member.press("final.upscale")
    town.reads(member, "review.asked", id=view.id, n=1)
    assert await town.paintings() == 1
    await heard(town)
    name = await town.name(MEMBER)
    town.reads(admin, "review.wanted", member=name, id=view.id, n=1, points=100)
    await admin.press("final.review")
    assert "春节" in admin.text_seen() and "picture" in admin.text_seen()
    await admin.press("final.decline")
    await admin.submit({"reason": "标志要换新的"})
    town.reads(admin, "review.no", id=view.id, n=1)
    await alone(town, member)
    assert "标志要换新的" in member.screen() and await town.paintings() == 1
    await member.type(f"/show {view.id}")
    await member.press("final", f"{view.id}.1")
    await member.press("final.upscale")
    await heard(town)
    await admin.press("final.review")
    await admin.press("final.approve")
    new = await town.stage.newest()
    town.reads(admin, "review.yes", new=new.id)
    assert (new.parent_id, new.parent_kind, new.held) == (view.id, "final", 100)
    await member.look()
    by = await town.name("admin")
    assert town.says("review.told_yes", by=by, id=view.id, n=1, new=new.id, points=100) in member.screen()
    await town.finish()
    await member.type(f"/show {new.id}")
    town.reads(member, "card.reviewed", name=by)
