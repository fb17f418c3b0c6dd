"""A deleted painting is nowhere to be read: whatever showed it once more, on every platform, whoever deletes it."""

import pytest

from core import members
from core.records import Records
from tests.adapters.drivers import Driver
from tests.adapters.slack_site import SlackPerson
from tests.adapters.town import ADMIN, MEMBER, Town, opened
from tests.conftest import Clock


async def deletes(person: Driver, painting: str) -> None:
    """With the question that comes before."""
    await person.press("delete", painting)
    await person.press("delete.sure", painting)


async def looked_at(town: Town) -> str:
    """A painting whose owner has looked at it in every way there is; its id."""
    member = await town.person(MEMBER)
    if isinstance(member, SlackPerson):
        member.direct = True
    view = await town.painted(text="斑马 --n 2")
    await member.type(f"/show {view.id}")
    await member.press("details", view.id)
    assert "斑马" in member.text_seen()
    await member.press("originals", view.id)
    await member.press("evidence", view.id)
    assert len(await member.files()) >= 1 or town.platform == "telegram"
    await member.press("choose", f"{view.id}.2")
    town.reads(member, "final.chosen", id=view.id, n=2)
    return view.id


@pytest.mark.parametrize("by", [MEMBER, ADMIN])
async def test_whatever_showed_a_painting_once_more_goes_with_it(town: Town, by: str) -> None:
    """On Slack and the page words, pictures and original files stood in their owner's chat for ever."""
    shown, member, who = await looked_at(town), await town.person(MEMBER), await town.person(by)
    if who is not member:
        if isinstance(who, SlackPerson):
            who.direct = True
        await who.type(f"/show {shown}")
        assert "picture" in who.screen()
    await deletes(who, shown)
    town.reads(who, "paint.delete_done", id=shown)
    for one in (member, who):
        await one.look()
        assert "斑马" not in one.screen() and "picture" not in one.screen(), one.screen()
        assert f"again:{shown}" not in one.buttons_seen()
    if isinstance(member, SlackPerson):
        assert not member.slack.files and not await member.files()


@pytest.mark.parametrize("by", [MEMBER, ADMIN])
async def test_a_list_loses_the_row_of_a_deleted_painting_and_keeps_the_others(
    town: Town, clock: Clock, by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its words stood in every list that its owner had ever opened."""
    if town.platform == "telegram":
        pytest.skip("lists stay as they were sent there")
    member, who = await town.person(MEMBER), await town.person(by)
    for one in (member, who):
        if isinstance(one, SlackPerson):
            one.direct = True
    zebra = await town.painted(text="斑马")
    clock.forward(minutes=1)
    horse = await town.painted(text="白马")
    await member.type("/works")
    monkeypatch.setattr("core.commands.works.PAGE", 1)
    await member.type("/works")
    await member.press("works")
    assert member.buttons_seen().count(f"show:{zebra.id}") == 2, "a list, and a page that was turned to"
    await who.type(f"/show {zebra.id}")
    await deletes(who, zebra.id)
    await member.look()
    assert "斑马" not in member.screen() and f"show:{zebra.id}" not in member.buttons_seen()
    assert member.screen().splitlines().count(town.says("paint.row_gone", id=zebra.id)) == 2
    assert f"show:{horse.id}" in member.buttons_seen() and "白马" in member.screen()


async def test_a_list_that_cannot_be_read_back_goes_as_a_whole(sqlite_records: Records, clock: Clock) -> None:
    async with opened(sqlite_records, clock, "slack") as town:
        member = await town.person(MEMBER)
        assert isinstance(member, SlackPerson)
        member.direct = True
        zebra = await town.painted(text="斑马")
        await member.type("/works")
        member.slack.refused["conversations.history"] = "missing_scope"
        await deletes(member, zebra.id)
        assert "斑马" not in member.screen() and "picture" not in member.screen()
        town.reads(member, "paint.delete_done", id=zebra.id)


async def test_a_thumbnail_of_a_whisper_goes_though_its_painting_was_made_elsewhere(
    sqlite_records: Records, clock: Clock
) -> None:
    """Only what had been posted on Slack knew its uploads."""
    async with opened(sqlite_records, clock, "slack") as town:
        member = await town.person(MEMBER)
        assert isinstance(member, SlackPerson)
        known = await town.stage.member(member.account)
        await town.stage.member("page:ann")
        async with town.stage.records.write() as tx:
            await members.link(tx, "page:ann", known.id)
        await town.stage.ask("paint", "斑马", who="page:ann")
        view = await town.stage.paint((await town.stage.newest()).id)
        await member.type("/works")
        await member.type(f"/show {view.id}")
        assert len(member.slack.files) == 2
        await deletes(member, view.id)
        assert not member.slack.files


async def test_pictures_painted_long_ago_leave_slack_too(sqlite_records: Records, clock: Clock) -> None:
    """After a month nobody knew the uploads any more."""
    async with opened(sqlite_records, clock, "slack") as town:
        member = await town.person(MEMBER)
        assert isinstance(member, SlackPerson)
        view = await town.painted(text="斑马 --n 2")
        assert len(member.slack.files) == 2
        clock.forward(days=700)
        await deletes(member, view.id)
        assert not member.slack.files


async def test_the_home_tab_loses_what_its_reader_has_deleted(sqlite_records: Records, clock: Clock) -> None:
    """Its words stood there until the tab was opened anew."""
    async with opened(sqlite_records, clock, "slack") as town:
        member = await town.person(MEMBER)
        assert isinstance(member, SlackPerson)
        zebra, horse = await town.painted(text="斑马"), await town.painted(text="白马")
        await member.home()
        assert all(words in member.home_seen() for words in ("斑马", "白马", "picture"))
        await deletes(member, zebra.id)
        assert "斑马" not in member.home_seen() and "白马" in member.home_seen()
        await deletes(member, horse.id)
        assert "白马" not in member.home_seen() and "picture" not in member.home_seen()


async def test_a_section_of_the_page_that_is_open_shows_a_deletion_made_elsewhere(
    sqlite_records: Records, clock: Clock
) -> None:
    """Its words stood there until the section was opened anew."""
    from adapters.page.people import SECTIONS
    from tests.adapters.page_site import PagePerson

    async with opened(sqlite_records, clock, "page") as town:
        member, admin = await town.person(MEMBER), await town.person(ADMIN)
        assert isinstance(member, PagePerson)
        zebra, horse = await town.painted(text="斑马"), await town.painted(text="白马")
        room = member.room()
        assert room is not None
        with member.user:
            await room.visit(SECTIONS["works"])
        for view, left in ((zebra, "白马"), (horse, town.says("paint.row_gone", id=zebra.id))):
            await member.press("details", view.id)
            await admin.type(f"/show {view.id}")
            await deletes(admin, view.id)
            await member.look()
            assert view.prompt_typed not in member.screen() and left in member.screen()
            assert f"show:{view.id}" not in member.buttons_seen()
