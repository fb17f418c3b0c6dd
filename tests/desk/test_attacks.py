"""What somebody tries who means ill: pressing buttons nobody made, standing at the door, hiding words, nagging; and what an admin does to others' points."""

import pytest
import sqlalchemy as sa

from core import access, gallery, members, templates
from core.alerts import untold
from core.generations import add_image
from core.images import StoredImage
from core.records.tables import generations
from core.replies import Form
from tests.desk.admin import last
from tests.desk.stage import ADMIN, Stage, png, presses, words

STRANGER = "telegram:9"


async def shelves(stage: Stage) -> tuple[str, str]:
    """Ids of an inspiration with a picture and of a template of the team's, both with words of the team's own."""
    image: StoredImage = await stage.images.keep(png())
    async with stage.records.write() as tx:
        await add_image(tx, image, "result")
        entry = await gallery.add(tx, "unreleased shoe", "our unreleased shoe", image_id=image.id)
        template = await templates.add(tx, "launch", "unreleased {colour} shoe", owner=None)
    return str(entry), str(template)


@pytest.mark.parametrize("standing", ["waiting", "blocked"])
async def test_who_is_not_let_in_reads_nothing_of_the_teams_shelves(stage: Stage, standing: str) -> None:
    """Anybody who found the bot on Telegram could leaf through the team's inspirations and templates."""
    entry, template = await shelves(stage)
    await stage.member(STRANGER)
    if standing == "blocked":
        boss = await stage.admin()
        await stage.ask("admin.access.deny", subject=str((await stage.member(STRANGER)).id), who=boss)
    for verb, subject, text in (
        ("gallery", "", ""),
        ("inspire.paint", entry, ""),
        ("templates", "", ""),
        ("template.use", template, ""),
        ("template.price", template, ""),
        ("start", "", f"tpl-{template}"),
        ("start", "", "tpl:nothing"),
        ("price", "", "--tpl launch colour=red"),
        ("price", "", "--tpl nothing"),
    ):
        said = words(await stage.ask(verb, text, subject=subject, who=STRANGER), "en")
        assert "unreleased" not in said and "launch" not in said, (verb, said)
    assert "unreleased" in words(await stage.ask("gallery"))


async def test_who_is_not_let_in_cannot_nag_admins_for_points(stage: Stage) -> None:
    for verb, subject in (("points.ask", ""), ("points.ask", "budget")):
        assert presses(await stage.ask(verb, subject=subject, who=STRANGER)) == ["access.ask:", "link.enter:"]
    async with stage.records.read() as tx:
        assert await untold(tx) == []


@pytest.mark.parametrize(("role", "verb"), [("reviewer", "final.approve"), ("admin", "admin.points.grant")])
async def test_who_was_turned_away_has_no_right_left(stage: Stage, role: str, verb: str) -> None:
    """A reviewer who was turned away could still say yes to finals."""
    await stage.rule(final_review=True)
    view = await stage.painted("a cat")
    price = f"{view.id}.1!100"
    await stage.ask("final.upscale", subject=price)
    async with stage.records.read() as tx:
        (wanted,) = await untold(tx)
    assert wanted.button is not None
    subject = wanted.button.subject if role == "reviewer" else str(view.member_id)
    out = await stage.member("page:eve")
    async with stage.records.write() as tx:
        await members.change(tx, out.id, role=role, standing="blocked")
    said = words(await stage.ask(verb, subject=subject, who="page:eve"), "en")
    assert "Only" in said and "admins" in said, said
    assert (await stage.newest()).id == view.id


async def test_invisible_signs_hide_no_banned_word() -> None:
    """A zero-width space inside a Latin word let it through."""
    for typed in ("a na\u200bked cat", "a na\u00adked cat", "ＮＡ\u2060ＫＥＤ", "裸\u200b 体"):
        assert access.banned_word(typed, ("naked", "裸体")), ascii(typed)
    assert not access.banned_word("a snaked path", ("naked",))
    for typed in (
        "a na\ufe0fked cat",
        "na\u034fked",
        "na\u3164ked",
        "裸\ufe0f体",
        "裸\U000e0101体",
    ):  # no format signs, and not seen either
        assert access.banned_word(typed, ("naked", "裸体")), ascii(typed)
    for pasted in ("na\u200bked", "裸\u200b体"):  # by the admin who banned it
        assert access.banned_word("a naked 裸体", (pasted,)), ascii(pasted)


async def test_signs_no_database_takes_are_taken_out_of_all_a_press_carries(stage: Stage) -> None:
    """PostgreSQL refuses NUL, and nothing can be sent that holds half a surrogate pair: a forged press filled the log with errors."""
    view = await stage.painted("a cat")
    assert view.id in words(await stage.ask("show", subject=f"{view.id}\0\ud83d"))
    assert view.id in words(await stage.ask("show", f"{view.id}\0\ud83d"))


async def test_an_admin_who_stops_anothers_painting_leaves_a_trace(stage: Stage) -> None:
    boss = await stage.admin()
    view = await stage.order("a cat --n 2")
    await stage.ask("cancel", subject=view.id, who=boss)
    assert await last(stage) == ("records.cancel", view.id, None, {"member": "ann", "points": 200})
    own = await stage.order("a dog")
    await stage.ask("cancel", subject=own.id)
    assert (await last(stage))[1] == view.id, "one's own is nobody's affair"
    assert "stopped" in words(await stage.ask("admin.audit", who=ADMIN), "en")


@pytest.mark.parametrize(
    ("field", "value"),
    [("count", "9"), ("count", "9" * 5000), ("ratio", "a:b"), ("ratio", "0:0"), ("ratio", "1:" + "9" * 5000)],
)
async def test_a_form_sends_no_more_than_a_line_may_say(stage: Stage, field: str, value: str) -> None:
    """Nine pictures were painted where four are the most, and a ratio that is none was an unexpected error."""
    await stage.member()
    answer = await stage.ask("paint", values={"prompt": "a cat", field: value})
    assert isinstance(answer, Form) and [name for name, _ in answer.problems] == [field], answer
    async with stage.records.read() as tx:
        assert not await tx.all(sa.select(generations.c.id))
