"""Several examples or inspirations at once: switched together, deleted after their number was confirmed, each with its line in the audit."""

import pytest

from core import examples, gallery
from core.replies import ChoiceField
from tests.desk.admin import acts, filled, refused
from tests.desk.stage import ADMIN, Stage, buttons_of, words

SHELVES = ("examples", "inspirations")
MANY = 14


@pytest.fixture(autouse=True)
async def _library(stage: Stage) -> None:
    await stage.admin()
    async with stage.records.write() as tx:
        for number in range(MANY):
            await examples.add(tx, "story", "en", f"fog {number}")
            await gallery.add(tx, f"fog {number}", "a sea")


async def left(stage: Stage, shelf: str) -> list[bool]:
    """Whether each entry that is left is shown to members, oldest first."""
    async with stage.records.read() as tx:
        if shelf == "examples":
            found = [(one.id, one.enabled) for one in (await examples.listed(tx, most=50))[0]]
        else:
            found = [(one.id, one.enabled) for one in (await gallery.listed(tx, most=50, disabled=True))[0]]
    return [enabled for _, enabled in sorted(found)]


@pytest.mark.parametrize("shelf", SHELVES)
async def test_several_are_switched_together_and_deleted_once_asked(stage: Stage, shelf: str) -> None:
    verb = f"admin.{shelf}.several"
    listed = await stage.ask(f"admin.{shelf}", who=ADMIN)
    form = await stage.press(listed, verb, who=ADMIN)
    which = form.fields[0]  # type: ignore[union-attr]
    assert isinstance(which, ChoiceField) and len(which.options) == 10
    assert await filled(stage, verb, {"which": ("1", "2", "3"), "act": "disable"})
    assert await left(stage, shelf) == [False] * 3 + [True] * (MANY - 3)
    assert [one.act for one in await acts(stage)] == [f"{shelf}.disable"] * 3
    asked = await filled(stage, verb, {"which": ("3", "4"), "act": "delete"})
    assert "删掉这 2 个" in words(asked, "zh") and len(await left(stage, shelf)) == MANY
    await stage.press(asked, f"{verb}.sure", who=ADMIN)
    twice = await stage.press(asked, f"{verb}.sure", who=ADMIN)
    assert "已经处理过" in words(twice, "zh") and len(await left(stage, shelf)) == MANY - 2
    assert [one.act for one in await acts(stage)][:2] == [f"{shelf}.delete"] * 2


@pytest.mark.parametrize("shelf", SHELVES)
async def test_the_form_offers_what_the_page_it_stood_on_was_narrowed_to(stage: Stage, shelf: str) -> None:
    listed = await stage.ask(f"admin.{shelf}", "fog 1", who=ADMIN)
    press = next(one for one in buttons_of(listed) if one.verb == f"admin.{shelf}.several")
    form = await stage.form(press.verb, subject=press.subject, who=ADMIN)
    assert isinstance(form.fields[0], ChoiceField) and len(form.fields[0].options) == 5


async def test_none_chosen_or_an_unknown_act_is_told_at_its_field(stage: Stage) -> None:
    assert await refused(stage, "admin.examples.several", {"which": (), "act": "disable"}) == (
        "which",
        "works.none_chosen",
    )
    assert await refused(stage, "admin.examples.several", {"which": ("1",), "act": "eat"}) == ("act", "admin.no_act")
