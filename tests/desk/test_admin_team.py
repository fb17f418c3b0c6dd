"""What a team agrees on, as admins set it and members meet it: who is in charge, how many pictures a day are expected, what the form asks."""

from datetime import timedelta

import sqlalchemy as sa

from core import alerts, keypools, rules
from core.commands.looking import look
from core.commands.volume import too_small, watch
from core.looks import StatusLook
from core.records.tables import tasks
from core.replies import Form
from core.requests import Offered
from core.texts import say
from tests.conftest import Clock
from tests.desk.admin import add_key, filled, last, refused
from tests.desk.stage import ADMIN, Stage, png, presses, words


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


async def test_a_day_well_above_what_is_expected_is_told_to_the_admins_once_a_day(stage: Stage, clock: Clock) -> None:
    await stage.admin()
    zone = stage.tools.house.zone
    await stage.painted("a cat --n 3")
    assert not await watch(stage.records, zone), "nothing is expected yet"
    await filled(stage, "admin.team.edit", {"in_charge": "", "expected": "2"})
    assert not await watch(stage.records, zone), "half as many again is no news"
    await stage.painted("fog --n 2", failing=2)
    assert not await watch(stage.records, zone), "what failed does not count"
    await stage.order("a dog")
    assert await watch(stage.records, zone) and not await watch(stage.records, zone)
    async with stage.records.read() as tx:
        (told,) = await alerts.untold(tx)
    assert told.button is not None and told.button.verb == "admin.status"
    assert say(told.line, "en").startswith("4 pictures were asked for today; the team expects 2 a day")
    assert told.facts is not None and [value for _, value in told.facts.rows] == [3]
    assert (await stage.member()).held == 100, "nobody is stopped or charged differently"
    clock.forward(days=1)
    assert not await watch(stage.records, zone)
    await stage.painted("a kite --n 4")
    assert await watch(stage.records, zone)


async def test_a_pool_too_small_for_what_is_expected_is_told_where_admins_look(stage: Stage) -> None:
    await stage.admin()
    await add_key(stage, at_once=1)
    house = stage.tools.house
    for expected, small in (("", False), ("900", False), ("1000", True)):
        await filled(stage, "admin.team.edit", {"in_charge": "", "expected": expected})
        status = words(await stage.ask("admin.status", who=ADMIN), "en")
        assert ("paints 1 picture at a time: at about 30 s each that makes 960 in a day of 8 hours" in status) == small
        assert ("Pictures expected a day" in status) == bool(expected)
        shown = await look(house, "status", {})
        assert isinstance(shown, StatusLook) and (shown.too_small is not None) == small
    await stage.painted("a cat --n 2")
    async with stage.records.write() as tx:
        for number, seconds in ((1, 10), (2, 20)):
            began = tx.now - timedelta(seconds=seconds)
            await tx.change(sa.update(tasks).where(tasks.c.number == number).values(submitted=began, finished=tx.now))
    assert "at a time" not in words(await stage.ask("admin.status", who=ADMIN), "en"), "it is faster than was thought"
    await stage.rule(expected=5000)
    async with stage.records.read() as tx:
        keys = await keypools.views(tx, tx.now)
        assert await too_small(tx, await rules.read(tx), keys) is not None
        assert await too_small(tx, await rules.read(tx), ()) is None, "a pool without keys is told as such"


async def test_a_number_of_pictures_that_is_none_goes_back_to_its_field(stage: Stage) -> None:
    await stage.admin()
    for wrong in ("many", "-3", "1e9", "999999999"):
        field, _ = await refused(stage, "admin.team.edit", {"in_charge": "@ann", "expected": wrong})
        assert field == "expected"
    await filled(stage, "admin.team.edit", {"in_charge": "@ann", "expected": "１,０００"})
    assert "1,000" in words(await stage.ask("admin.team", who=ADMIN))
    assert presses(await stage.ask("admin.team", who=ADMIN)) == ["admin.team.edit:", "admin.team.form:", "admin:"]


async def test_a_field_that_is_off_is_asked_nowhere_and_its_default_holds(stage: Stage) -> None:
    await stage.admin()
    everywhere = ("page:ann", "slack:T1/U1", "telegram:7")
    await stage.rule(open_to_strangers=True)
    await filled(stage, "admin.team.form", {"shown": ("count", "label")})
    assert (await last(stage))[0] == "rules.form"
    assert "References" in words(await stage.ask("admin.team", who=ADMIN))
    for who in everywhere:
        form = await stage.form("paint", who=who)
        names = [one.name for one in form.fields]
        assert names == (["prompt"] if who.startswith("telegram") else ["prompt", "count", "label"]), who
    await stage.ask("defaults", "--ar 16:9")
    form = await stage.form("paint")
    values = {"prompt": "a cat", "count": "2", "label": "spring"}
    assert await stage.ask("paint", subject=form.subject, values=values) is None
    view = await stage.newest()
    assert (view.tier, view.ratio, view.count, view.label) == ("sd", "16:9", 2, "spring")
    form = await stage.form("paint")
    assert await stage.ask("paint", subject=form.subject, values={**values, "prompt": "a dog --hd --ar 1:1"}) is None
    assert ((await stage.newest()).tier, (await stage.newest()).ratio) == ("hd", "1:1"), "flags still say it"


async def test_what_a_painting_was_stays_in_its_edited_form_where_the_field_is_off(stage: Stage) -> None:
    stage.messengers["page"].files["cup"] = png()
    view = await stage.painted("a cup --hd --no text --src ours", references=(Offered("cup"),))
    await stage.rule(form_off=("ratio", "tier", "count", "references", "avoid", "label", "source"))
    form = await stage.form("edit", subject=view.id)
    assert [one.name for one in form.fields] == ["prompt"]
    assert await stage.ask("paint", subject=form.subject, values={"prompt": "a mug"}) is None
    new = await stage.newest()
    assert (new.tier, new.avoid, new.source, len(new.references)) == ("hd", "text", "ours", 1)


async def test_two_admins_at_the_forms_fields_keep_what_was_chosen(stage: Stage) -> None:
    await stage.admin()
    form = await stage.form("admin.team.form", who=ADMIN)
    await filled(stage, "admin.team.form", {"shown": ("count",)})
    again = await stage.form(form.verb, subject=form.subject, values={"shown": ("ratio", "label")}, who=ADMIN)
    assert [getattr(one, "value", None) for one in again.fields] == [("ratio", "label")]
    assert "Asked “How many”" in words(again)
    await stage.reply(again.verb, subject=again.subject, values={"shown": ("ratio", "label")}, who=ADMIN)
    assert [one.name for one in (await stage.form("paint")).fields] == ["prompt", "ratio", "label"]
