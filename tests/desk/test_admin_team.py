"""What a team agrees on: who is in charge, as admins set it and members meet it."""

from core.replies import Form
from tests.desk.admin import filled, last
from tests.desk.stage import ADMIN, Stage, words


async def test_who_is_in_charge_is_named_on_the_admins_overview_and_where_members_are_sent_to_an_admin(
    stage: Stage,
) -> None:
    await stage.admin()
    assert "In charge" not in words(await stage.ask("admin", who=ADMIN))
    assert "in charge" not in words(await stage.ask("admin"))
    await filled(stage, "admin.team.edit", {"in_charge": " @ann \n of design "})
    assert (await last(stage))[0] == "rules.team"
    assert "In charge: @ann of design" in words(await stage.ask("admin", who=ADMIN))
    assert "@ann of design" in words(await stage.ask("admin", "负责人", who=ADMIN))
    assert "@ann of design is in charge here" in words(await stage.ask("admin"))
    await stage.rule(sd=2000)
    assert "@ann of design" in words(await stage.ask("paint", "a kite"), "zh")
    assert "@ann of design" in words(await stage.ask("paint", "a kite", who="telegram:9"))
    assert "@ann" not in words(await stage.ask("paint", "a kite --n 9")), "that is no matter for an admin"


async def test_nobody_is_in_charge_once_that_is_written_or_left_empty(stage: Stage) -> None:
    await stage.admin()
    for nobody in ("无", "None", ""):
        await stage.rule(in_charge="@ann")
        await filled(stage, "admin.team.edit", {"in_charge": nobody})
        assert "@ann" not in words(await stage.ask("admin", who=ADMIN))
    form = await stage.form("admin.team.edit", who=ADMIN)
    again = await stage.ask(form.verb, subject=form.subject, values={"in_charge": "x" * 61}, who=ADMIN)
    assert isinstance(again, Form) and again.problems[0][0] == "in_charge"
