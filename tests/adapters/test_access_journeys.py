"""Who may paint and where, set from the admin's desk on every platform: strangers, invitations, places, banned words, roles."""

from core import members
from tests.adapters.drivers import Driver
from tests.adapters.town import ACCOUNTS, MEMBER, Town
from tests.desk.admin import acts, last

STRANGERS = {"slack": "slack:T0CONNECT/U0GUEST01", "telegram": "telegram:900", "page": "telegram:900"}
"""Slack Connect guests and strangers on Telegram wait at the door; everybody who reaches the page is at home."""


async def test_access_lets_a_stranger_in_and_tells_them(town: Town) -> None:
    account = STRANGERS[town.platform]
    stranger: Driver | None = None
    if town.platform == "page":
        await town.stage.member(account)
    else:
        stranger = town.people["stranger"] = await town.site.person(account)
        await stranger.type("/paint a cat")
        assert not await town.paintings()
    waiting = await town.stage.member(account)
    assert waiting.standing == "waiting"
    admin = await town.section("access")
    await admin.press("admin.access.waiting", "")
    town.reads(admin, "admin_access.waiting_title", n=1)
    await admin.press("admin.access.approve", str(waiting.id))
    town.reads(admin, "admin_access.approved", name=waiting.name)
    assert await last(town.stage) == ("access.approve", waiting.name, "waiting", "approved")
    after = await town.stage.member(account)
    assert (after.standing, after.points) == ("approved", 1000)
    if stranger is not None:
        await stranger.look()
        assert town.says("access.welcomed", points=1000) in stranger.screen()
        await stranger.type("/paint a cat")
        assert await town.paintings()


async def test_access_invites_names_places_and_bans_words(town: Town) -> None:
    admin = await town.section("access")
    await admin.press("admin.access.invite")
    await admin.submit({"uses": 2, "days": 3})
    town.reads(admin, "admin_access.invited", n=2, days=3)
    line = next(one for one in admin.text_seen().splitlines() if "invite-" in one)
    assert await last(town.stage) == ("access.invite", "", None, {"uses": 2, "days": 3})
    if town.platform == "telegram":
        newcomer = await town.site.person("telegram:901")
        await newcomer.type(line)
        town.reads(newcomer, "access.welcomed", points=1000)
    await admin.press("admin.access", "")
    await admin.press("admin.access.words")
    await admin.submit({"words": "恐龙\nlogo"})
    town.reads(admin, "admin_access.words_done", n=2)
    member = await town.person(MEMBER)
    await member.type("/paint 一只恐龙")
    assert "恐龙" in member.text_seen() and not await town.paintings()
    await admin.press("admin.access", "")
    await admin.press("admin.access.where")
    await admin.submit({"channels": "general"})
    town.reads(admin, "admin_access.bad_place", line="general")
    await admin.submit({"channels": "slack:C0OTHER"})
    assert (await town.rules()).channels == ("slack:C0OTHER",)
    await admin.press("admin.access", "")
    await admin.press("admin.access.label", "yes")
    town.reads(admin, "admin_access.label_now_free")
    named = [one.act for one in reversed(await acts(town.stage))]
    assert named[-3:] == ["access.words", "access.places", "access.label"]


async def test_access_changes_a_role(town: Town) -> None:
    member = await town.person(MEMBER)
    known = await town.stage.member(member.account)
    admin = await town.section("points")
    await admin.press("admin.points.member", str(known.id))
    await admin.press("admin.access.role", str(known.id))
    await admin.submit({"role": "admin"})
    town.reads(admin, "admin_access.role_done", name=await town.name(MEMBER), role=town.says("admin_points.role_admin"))
    assert (await last(town.stage))[0] == "access.role"
    await member.type("/admin")
    town.reads(member, "admin.intro")
    async with town.stage.records.read() as tx:
        assert ACCOUNTS[town.platform][1] in [account for _, account in await members.admins(tx, town.platform)]
