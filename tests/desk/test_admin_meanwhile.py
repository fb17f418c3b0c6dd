"""Two admins at once: nobody's change is lost in silence, and whoever comes second sees what is there now beside what was typed."""

import asyncio
from collections.abc import Mapping

import pytest

from core import drafts, examples, gallery, keypools, rules
from core.records import Records
from core.replies import Form, Reply
from core.requests import FieldValue
from tests.conftest import Clock
from tests.desk.admin import KEY, acts, add_key, fill, filled
from tests.desk.stage import ADMIN, Stage, build, words

OTHER = "page:other"
LIMITS: Mapping[str, FieldValue] = {"allowance": "", "daily_pictures": "", "at_once": ""}
TEAM: Mapping[str, FieldValue] = {"welcome": 1000, "allowance": 0, "daily_pictures": "", "at_once": "10"}
CASES: Mapping[str, tuple[Mapping[str, FieldValue], Mapping[str, FieldValue], str]] = {
    "admin.points.limits": ({**LIMITS, "allowance": "70"}, {**LIMITS, "allowance": "90"}, "70"),
    "admin.points.team": ({**TEAM, "welcome": 70}, {**TEAM, "welcome": 90}, "70"),
    "admin.access.role": ({"role": "reviewer"}, {"role": "admin"}, "审稿人"),
    "admin.access.where": ({"channels": "slack:C7"}, {"channels": "slack:C9"}, "slack:C7"),
    "admin.access.words": ({"words": "龙"}, {"words": "虎"}, "龙"),
    "admin.pause.on": ({"text": "午休"}, {"text": "下班"}, "午休"),
    "admin.pause.auto": ({"n": 7}, {"n": 9}, "7"),
    "admin.budgets.change": ({"points": 700}, {"points": 900}, "700"),
    "admin.examples.edit": (
        {"scene": "story", "language": "zh", "line": "一座桥"},
        {"scene": "story", "language": "zh", "line": "一条河"},
        "一座桥",
    ),
    "admin.inspirations.edit": ({"title": "桥", "line": "一座桥"}, {"title": "河", "line": "一条河"}, "一座桥"),
    "admin.keys.edit": (KEY | {"at_once": 7}, KEY | {"at_once": 9}, "7"),
    "admin.keys.bind": ({"pool": "spare"}, {"pool": "third"}, "spare"),
}


@pytest.fixture(autouse=True)
async def _admins(stage: Stage) -> None:
    await stage.admin()
    await stage.admin(OTHER)


async def furnished(stage: Stage) -> Mapping[str, str]:
    """One of everything that has a form; the subjects of those that need one."""
    ann, key = await stage.member(), await add_key(stage)
    for pool in ("spare", "third"):
        await add_key(stage, alias=pool, pool=pool)
    async with stage.records.write() as tx:
        await examples.add(tx, "story", "zh", "一只猫")
        await gallery.add(tx, "猫", "一只猫")
    await filled(stage, "admin.budgets.set", {"scope": "team", "subject": "", "period": "day", "points": 500})
    found = dict.fromkeys(("admin.points.limits", "admin.access.role"), str(ann.id))
    found |= dict.fromkeys(("admin.budgets.change", "admin.examples.edit", "admin.inspirations.edit"), "1")
    return found | {"admin.keys.edit": str(key)}


@pytest.mark.parametrize("verb", list(CASES))
async def test_the_second_to_save_a_form_sees_what_the_first_made_of_it_and_loses_no_word(
    stage: Stage, verb: str
) -> None:
    first, second, shown = CASES[verb]
    subject = (await furnished(stage)).get(verb, "")
    form = await stage.form(verb, subject=subject, who=ADMIN)
    assert isinstance(await stage.ask(verb, subject=form.subject, values=first, who=OTHER), Reply)
    done = len(await acts(stage))
    late = await stage.form(verb, subject=form.subject, values=second, who=ADMIN)
    said = words(late, "zh")
    assert "other 在" in said and "这次还没保存" in said and shown in said.rpartition("现在是：")[2]
    typed = {one.name: one.value for one in late.fields if hasattr(one, "value") and not getattr(one, "secret", False)}
    assert all(str(typed[name]) == str(value) for name, value in second.items() if name in typed)
    assert len(await acts(stage)) == done
    again = await stage.ask(verb, subject=late.subject, values=second, who=ADMIN)
    assert isinstance(again, Reply) and len(await acts(stage)) == done + 1


@pytest.mark.parametrize("verb", ["admin.points.limits", "admin.points.team", "admin.access.role", "admin.pause.on"])
async def test_a_form_that_asks_for_what_is_so_already_is_simply_done(stage: Stage, verb: str) -> None:
    wanted, _, _ = CASES[verb]
    form = await stage.form(verb, subject=(await furnished(stage)).get(verb, ""), who=ADMIN)
    for who in (OTHER, ADMIN):
        assert isinstance(await stage.ask(verb, subject=form.subject, values=wanted, who=who), Reply)
    assert (
        len([one for one in await acts(stage) if one.who == "boss" and one.act.startswith(("points", "access.r"))]) == 0
    )


async def test_a_change_that_touches_nothing_the_form_showed_is_no_hindrance(stage: Stage) -> None:
    form = await stage.form("admin.points.team", who=ADMIN)
    await filled(stage, "admin.access.words", {"words": "龙"})
    assert isinstance(await stage.ask(form.verb, subject=form.subject, values={**TEAM, "welcome": 5}, who=ADMIN), Reply)


async def test_a_budget_there_already_is_shown_before_it_is_replaced(stage: Stage) -> None:
    wanted: dict[str, FieldValue] = {"scope": "team", "subject": "", "period": "day", "points": 500}
    await filled(stage, "admin.budgets.set", wanted)
    late = await fill(stage, "admin.budgets.set", wanted | {"points": 900})
    assert isinstance(late, Form) and "整个团队已经有预算：最多 500 积分" in words(late, "zh")
    again = await stage.ask(late.verb, subject=late.subject, values=wanted | {"points": 900}, who=ADMIN)
    assert isinstance(again, Reply) and "900" in words(again)


async def test_a_price_saved_late_shows_its_effect_on_the_prices_of_now(stage: Stage) -> None:
    values: dict[str, FieldValue] = {"sd": 100, "hd": 300, "final": "", "confirm_above": 400}
    late = await filled(stage, "admin.prices.edit", values)
    await stage.press(
        await filled(stage, "admin.prices.edit", values | {"sd": 50, "hd": 100}), "admin.prices.save", who=OTHER
    )
    shown = await stage.press(late, "admin.prices.save", who=ADMIN)
    said = words(shown, "zh")
    assert "other" in said and "标清一张：50 → 100" in said and "高清一张：100 → 300" in said
    assert isinstance(await stage.press(shown, "admin.prices.save", who=ADMIN), Reply)
    assert "nothing to change" in words(await stage.press(shown, "admin.prices.save", who=ADMIN))
    async with stage.records.read() as tx:
        team = await rules.read(tx)
    assert (team.sd, team.hd) == (100, 300)


async def test_a_change_of_prices_an_earlier_version_kept_is_too_old_and_no_accident(stage: Stage) -> None:
    async with stage.records.write() as tx:
        draft = await drafts.put(tx, "admin.prices", {"after": {"sd": 50}, "revision": 3})
    assert "too old" in words(await stage.ask("admin.prices.save", subject=draft, who=ADMIN))


async def test_two_channels_opened_at_once_are_both_open_and_an_old_button_does_what_it_says(stage: Stage) -> None:
    await asyncio.gather(
        stage.ask("admin.access.here", subject="+slack:C1", who=ADMIN),
        stage.ask("admin.access.here", subject="+slack:C2", who=OTHER),
    )
    await stage.ask("admin.access.here", subject="+slack:C1", who=ADMIN)
    async with stage.records.read() as tx:
        assert sorted((await rules.read(tx)).channels) == ["slack:C1", "slack:C2"]


async def test_a_key_whose_secret_another_admin_replaced_meanwhile_is_not_saved_over(stage: Stage) -> None:
    key = await add_key(stage)
    form = await stage.form("admin.keys.edit", subject=str(key), who=ADMIN)
    replaced = KEY | {"secret_access_key": "a-newer-secret", "access_key_id": ""}
    await stage.ask(form.verb, subject=form.subject, values=replaced, who=OTHER)
    late = await stage.ask(form.verb, subject=form.subject, values=replaced | {"at_once": 5}, who=ADMIN)
    assert isinstance(late, Form) and "a-newer-secret" not in words(late, "zh")
    async with stage.records.read() as tx:
        assert (await keypools.view(tx, key, tx.now)).at_once == 2


async def test_of_two_forms_submitted_at_the_very_same_moment_one_is_saved(records: Records, clock: Clock) -> None:
    stage = build(records, clock)
    for who in (ADMIN, OTHER):
        await stage.admin(who)
    ann = await stage.member()
    form = await stage.form("admin.points.limits", subject=str(ann.id), who=ADMIN)
    answers = await asyncio.gather(
        *(
            stage.ask(form.verb, subject=form.subject, values={**LIMITS, "allowance": points}, who=who)
            for points, who in (("70", ADMIN), ("90", OTHER))
        )
    )
    assert sorted(type(one).__name__ for one in answers) == ["Form", "Reply"]
    assert len(await acts(stage)) == 1
