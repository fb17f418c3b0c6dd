"""Prices, points, limits and budgets: changed with a trace, wrong numbers refused at their field, nothing half-applied."""

import pytest

from core import budgets, ledger, rules
from core.replies import Form, Reply
from core.requests import FieldValue
from tests.desk.admin import PRICES, acts, fill, filled, last, refused
from tests.desk.stage import ADMIN, Stage, presses, words


@pytest.fixture(autouse=True)
async def _admin(stage: Stage) -> None:
    await stage.admin()


async def team(stage: Stage) -> rules.Rules:
    async with stage.records.read() as tx:
        return await rules.read(tx)


async def test_a_price_is_saved_only_after_its_effect_was_shown(stage: Stage) -> None:
    await stage.member()
    effect = await filled(stage, "admin.prices.edit", PRICES | {"hd": 300})
    assert (await team(stage)).hd == 100
    said = words(effect, "zh")
    assert "高清一张：100 → 300" in said and "1,200" in said
    saved = await stage.press(effect, "admin.prices.save", who=ADMIN)
    assert "300" in words(saved)
    assert (await team(stage)).hd == 300 and (await team(stage)).sd == 100
    assert await last(stage) == ("rules.prices", "", {"hd": 100}, {"hd": 300})
    assert "100 → 300" in words(await stage.ask("admin", "价格", who=ADMIN))


async def test_one_price_of_those_the_configuration_seeded_is_changed(stage: Stage) -> None:
    """Unless all four were changed at once, "somebody has just changed this" was the answer, for ever."""
    await stage.rule(sd=100, hd=100, final=None, confirm_above=400)
    effect = await filled(stage, "admin.prices.edit", PRICES | {"hd": 150})
    await stage.press(effect, "admin.prices.save", who=ADMIN)
    assert (await team(stage)).hd == 150
    assert await last(stage) == ("rules.prices", "", {"hd": 100}, {"hd": 150})


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"sd": -1}, ("sd", "admin_prices.negative")),
        ({"hd": 100_001}, ("hd", "admin_prices.absurd")),
        ({"final": "many"}, ("final", "admin.number")),
        ({"sd": None}, ("sd", "admin.number")),
        ({}, ("sd", "admin.nothing_changed")),
    ],
)
async def test_a_wrong_price_is_refused_at_its_field(
    stage: Stage, values: dict[str, FieldValue], problem: tuple[str, str]
) -> None:
    assert await refused(stage, "admin.prices.edit", PRICES | values) == problem
    assert not await acts(stage)


async def test_two_admins_at_once_the_second_learns_who_was_first(stage: Stage) -> None:
    await stage.admin("page:other")
    first = await filled(stage, "admin.prices.edit", PRICES | {"sd": 50})
    second = await filled(stage, "admin.prices.edit", PRICES | {"sd": 70})
    await stage.press(first, "admin.prices.save", who="page:other")
    late = await stage.press(second, "admin.prices.save", who=ADMIN)
    assert isinstance(late, Reply) and "other" in words(late, "en")
    assert (await team(stage)).sd == 50
    assert len(await acts(stage)) == 1


async def test_points_are_granted_and_taken_with_a_reason(stage: Stage) -> None:
    ann = await stage.member()
    subject = str(ann.id)
    granted = await filled(stage, "admin.points.grant", {"points": 500, "reason": "活动奖励"}, subject=subject)
    assert "1,500" in words(granted, "zh")
    assert await last(stage) == ("points.grant", "ann", {"points": 1000}, {"points": 1500, "reason": "活动奖励"})
    await filled(stage, "admin.points.take", {"points": "200", "reason": "多发了"}, subject=subject)
    async with stage.records.read() as tx:
        entry = (await ledger.history(tx, ann.id))[0]
    assert (entry.kind, entry.points, entry.points_after, entry.reason) == ("take", -200, 1300, "多发了")
    card = words(await stage.ask("admin.points.member", subject=subject, who=ADMIN), "zh")
    assert "活动奖励" in card and "1,300" in card


@pytest.mark.parametrize(
    ("verb", "values", "problem"),
    [
        ("grant", {"points": 100, "reason": " "}, ("reason", "points.reason")),
        ("grant", {"points": -5, "reason": "x"}, ("points", "admin.negative")),
        ("grant", {"points": 0, "reason": "x"}, ("points", "admin.number")),
        ("grant", {"points": 9_000_000, "reason": "x"}, ("points", "admin.too_large")),
        ("take", {"points": 5000, "reason": "x"}, ("points", "points.take_more")),
    ],
)
async def test_a_wrong_movement_moves_nothing(
    stage: Stage, verb: str, values: dict[str, FieldValue], problem: tuple[str, str]
) -> None:
    ann = await stage.member()
    assert await refused(stage, f"admin.points.{verb}", values, subject=str(ann.id)) == problem
    assert (await stage.member()).points == ann.points
    assert not await acts(stage)


async def test_an_event_told_twice_grants_once(stage: Stage) -> None:
    ann = await stage.member()
    for _ in range(2):
        values: dict[str, FieldValue] = {"points": 100, "reason": "once"}
        await stage.ask("admin.points.grant", subject=str(ann.id), values=values, who=ADMIN, key="the same event")
    assert (await stage.member()).points == ann.points + 100
    assert len(await acts(stage)) == 1


async def test_a_member_is_found_by_a_part_of_name_or_account(stage: Stage) -> None:
    await stage.member("slack:T1/U777")
    found = await filled(stage, "admin.points.find", {"words": "U77"})
    assert "slack:T1/U777" in words(found)
    assert "page:ann" not in words(await stage.ask("admin", "points U77", who=ADMIN))


async def test_limits_of_a_member_and_of_the_team(stage: Stage) -> None:
    ann = await stage.member()
    values: dict[str, FieldValue] = {"allowance": "300", "daily_pictures": "0", "at_once": "默认"}
    await filled(stage, "admin.points.limits", values, subject=str(ann.id))
    after = await stage.member()
    assert (after.allowance, after.daily_pictures, after.at_once) == (300, 0, None)
    assert (await last(stage))[3] == {"allowance": 300, "daily_pictures": 0, "at_once": None}
    values = {"welcome": 500, "allowance": 200, "daily_pictures": "不限", "at_once": "3"}
    await filled(stage, "admin.points.team", values)
    now = await team(stage)
    assert (now.welcome, now.allowance, now.daily_pictures, now.at_once) == (500, 200, None, 3)
    values |= {"daily_pictures": "lots"}
    assert await refused(stage, "admin.points.team", values) == ("daily_pictures", "admin.number")


async def test_budgets_are_set_replaced_and_removed(stage: Stage) -> None:
    ann = await stage.member()
    wanted: dict[str, FieldValue] = {"scope": "member", "subject": "page:ann", "period": "month", "points": 5000}
    await filled(stage, "admin.budgets.set", wanted)
    there = await fill(stage, "admin.budgets.set", wanted | {"points": 6000})
    assert isinstance(there, Form) and "最多 5,000 积分" in words(there, "zh")
    await stage.ask(there.verb, subject=there.subject, values=wanted | {"points": 6000}, who=ADMIN)
    assert await last(stage) == ("budgets.set", f"member:{ann.id}:month", 5000, 6000)
    shown = await stage.ask("admin.budgets", who=ADMIN)
    assert "ann" in words(shown) and "6,000" in words(shown)
    await stage.press(shown, "admin.budgets.remove", who=ADMIN)
    async with stage.records.read() as tx:
        assert not await budgets.listed(tx, stage.tools.house.zone)
    problems: list[tuple[dict[str, FieldValue], tuple[str, str]]] = [
        ({"scope": "member", "subject": "nobody"}, ("subject", "admin_budgets.no_member")),
        ({"scope": "channel", "subject": "general"}, ("subject", "admin_budgets.bad_channel")),
        ({"scope": "label", "subject": ""}, ("subject", "admin_budgets.no_label")),
        ({"scope": "team", "points": -1}, ("points", "admin.negative")),
    ]
    for values, problem in problems:
        assert await refused(stage, "admin.budgets.set", wanted | values) == problem


async def test_what_was_typed_still_stands_in_a_refused_form(stage: Stage) -> None:
    ann = await stage.member()
    answer = await fill(stage, "admin.points.grant", {"points": 250, "reason": ""}, subject=str(ann.id))
    assert [getattr(one, "value", None) for one in answer.fields] == [250, ""]  # type: ignore[union-attr]


async def test_status_counts_today(stage: Stage) -> None:
    await stage.painted("a cat --draft", failing=1)
    said = words(await stage.reply("admin.status", who=ADMIN), "zh")
    assert "75%" in said and "画成 3 张，没画成 1 张" in said and "今日用掉积分: 300" in said
    assert "没有启用的密钥" in said
    assert "admin.status:" in presses(await stage.ask("admin.status", who=ADMIN))
