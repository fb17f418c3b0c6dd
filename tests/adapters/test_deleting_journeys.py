"""A deleted painting is nowhere to be read: whatever showed it once more, on every platform, whoever deletes it."""

import pytest

from tests.adapters.slack_site import SlackPerson
from tests.adapters.town import ADMIN, MEMBER, Town


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
    await who.press("delete", shown)
    await who.press("delete.sure", shown)
    town.reads(who, "paint.delete_done", id=shown)
    for one in (member, who):
        await one.look()
        assert "斑马" not in one.screen() and "picture" not in one.screen(), one.screen()
        assert f"again:{shown}" not in one.buttons_seen()
    if isinstance(member, SlackPerson):
        assert not member.slack.files and not await member.files()
