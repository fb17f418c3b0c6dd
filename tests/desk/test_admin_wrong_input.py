"""An impatient admin types anything anywhere: every answer is a clear sentence, nothing is half-saved, and nothing means something else in silence."""

import pytest

from core import ledger, rules
from core.replies import FileField, Form, Reply, TextField
from core.requests import FieldValue, Line
from core.texts import say
from tests.desk.admin import KEY, acts, add_key, fill, filled, refused
from tests.desk.stage import ADMIN, Stage, presses, words
from tests.desk.test_admin_verbs import FORMS, furnished

ODD = (
    "",
    "   ",
    "-5",
    "１２",
    "9" * 30,
    "1e5",
    "²",
    "😀",
    "，",
    "1,0,0",
    "1_000",
    "x" * 10_000,
    "一" * 10_000,
    "a\0b",
    "12\n13",
)
LONGEST_SENTENCE = 300


@pytest.mark.parametrize("verb", list(FORMS))
async def test_whatever_stands_in_a_field_is_answered_in_a_short_sentence_or_saved_whole(
    stage: Stage, verb: str
) -> None:
    subject = (await furnished(stage)).get(verb, "")
    for name in [one.name for one in (await stage.form(verb, subject=subject, who=ADMIN)).fields]:
        for odd in ODD:
            form = await stage.form(verb, subject=subject, who=ADMIN)
            shown = {one.name: one.value for one in form.fields if not isinstance(one, FileField)}
            before = len(await acts(stage))
            values: dict[str, FieldValue] = {**shown, **FORMS[verb], name: odd}  # type: ignore[dict-item]
            answer = await stage.ask(verb, subject=form.subject, values=values, who=ADMIN)
            assert answer is not None
            if isinstance(answer, Form):
                assert len(await acts(stage)) == before, (verb, name, odd)
                assert max(len(say(line, "zh")) for _, line in answer.problems) < LONGEST_SENTENCE, (verb, name, odd)
            else:
                assert "error.unexpected" not in [getattr(part, "key", "") for part in answer.parts], (verb, name, odd)


@pytest.mark.parametrize(
    ("typed", "becomes"),
    [("１２", 12), (" 1,000 ", 1000), ("1，000", 1000), ("+7", 7), ("12.0", 12), ("007", 7)],
)
async def test_a_number_is_read_as_it_is_meant(stage: Stage, typed: str, becomes: int) -> None:
    await stage.admin()
    values: dict[str, FieldValue] = {"welcome": typed, "allowance": 0, "daily_pictures": typed, "at_once": ""}
    await filled(stage, "admin.points.team", values)
    async with stage.records.read() as tx:
        team = await rules.read(tx)
    assert (team.welcome, team.daily_pictures) == (becomes, becomes)


@pytest.mark.parametrize("typed", ["，", ",", "1,0,0", "1_000", "1e5", "0x10", "١٢", "12.5", "many"])
async def test_what_is_no_number_is_never_taken_for_no_limit(stage: Stage, typed: str) -> None:
    await stage.admin()
    values: dict[str, FieldValue] = {"welcome": 5, "allowance": 0, "daily_pictures": typed, "at_once": ""}
    assert await refused(stage, "admin.points.team", values) == ("daily_pictures", "admin.number")


@pytest.mark.parametrize("typed", ["−5", "－5", "-5"])
async def test_a_number_below_zero_is_told_as_such_however_its_minus_is_written(stage: Stage, typed: str) -> None:
    await stage.admin()
    values: dict[str, FieldValue] = {"welcome": typed, "allowance": 0, "daily_pictures": "", "at_once": ""}
    assert await refused(stage, "admin.points.team", values) == ("welcome", "admin.negative")


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"secret_access_key": "a secret"}, ("secret_access_key", "keys.bad_signs")),
        ({"secret_access_key": "one\ntwo"}, ("secret_access_key", "keys.bad_signs")),
        ({"secret_access_key": "ｓｅｃｒｅｔ"}, ("secret_access_key", "keys.bad_signs")),
        ({"secret_access_key": "s" * 10_000}, ("secret_access_key", "form.too_long")),
        ({"access_key_id": "密钥"}, ("access_key_id", "keys.bad_signs")),
        ({"region": "华北"}, ("region", "keys.bad_signs")),
        ({"per_second": "1,000"}, ("per_second", "keys.bad_rate")),
    ],
)
async def test_a_key_with_something_copied_along_is_refused_where_it_stands(
    stage: Stage, values: dict[str, FieldValue], problem: tuple[str, str]
) -> None:
    await stage.admin()
    assert await refused(stage, "admin.keys.add", KEY | values) == problem
    assert not await acts(stage)


async def test_a_name_with_a_line_break_pasted_along_stands_on_one_line(stage: Stage) -> None:
    await stage.admin()
    key = await add_key(stage, alias=" main\n key ")
    assert "main key" in words(await stage.ask("admin.keys.one", subject=str(key), who=ADMIN))


async def test_what_is_too_long_is_told_with_its_count_and_never_cut(stage: Stage) -> None:
    await stage.admin()
    ann = await stage.member()
    late: dict[str, FieldValue] = {"points": 5, "reason": "长" * 201}
    answer = await fill(stage, "admin.points.grant", late, subject=str(ann.id))
    assert "201 个字太长了，最多 200 个" in words(answer, "zh")
    assert await refused(stage, "admin.pause.on", {"text": "长" * 301}) == ("text", "form.too_long")
    async with stage.records.read() as tx:
        assert (await ledger.wallet(tx, ann.id)).points == ann.points
        assert (await rules.read(tx)).paused is None


async def test_records_are_asked_for_in_the_words_of_members_lists(stage: Stage) -> None:
    await stage.admin()
    await stage.painted("fog", failing=1)
    await stage.painted("sea")
    said = words(await stage.ask("admin", "记录 状态:没画成 从:昨天", who=ADMIN), "zh")
    assert "共 1 条" in said and "筛选：没画成 · 从 昨天 起" in said
    assert "完成、部分、失败" in words(await stage.ask("admin", "记录 状态:好了吗", who=ADMIN), "zh")
    nothing = words(await stage.ask("admin", "记录 天气", who=ADMIN), "zh")
    assert "没有符合的记录" in nothing and "0" not in nothing


def _of(form: Reply | Form | None) -> list[TextField]:
    return [one for one in form.fields if isinstance(one, TextField)] if isinstance(form, Form) else []


async def test_what_is_refused_for_its_length_still_stands_in_the_form(stage: Stage) -> None:
    await stage.admin()
    ann = await stage.member()
    answer = await fill(stage, "admin.points.grant", {"points": 5, "reason": "长" * 201}, subject=str(ann.id))
    assert [one.value for one in _of(answer)] == ["长" * 201]


async def test_a_section_is_asked_for_by_what_stands_on_its_button_in_any_width(stage: Stage) -> None:
    await stage.admin()
    for typed, key in (
        ("成员与积分", "admin_points.title"),
        ("Ｓｔａｔｕｓ", "admin_status.title"),
        ("谁能用", "admin_access.title"),
    ):
        assert say(Line(key), "zh") in words(await stage.ask("admin", typed, who=ADMIN), "zh")


async def test_words_that_lead_nowhere_are_told_beside_where_one_could_go(stage: Stage) -> None:
    await stage.admin()
    lost = await stage.reply("admin", "天气", who=ADMIN)
    assert "没有“天气”这一项" in words(lost, "zh") and "admin.prices:" in presses(lost)
    unused = await stage.reply("admin", "价格 高清 200", who=ADMIN)
    assert "“高清 200”没有用上" in words(unused, "zh") and "admin.prices.edit:" in presses(unused)


async def test_a_budget_for_a_whole_name_is_not_mistaken_for_a_longer_one(stage: Stage) -> None:
    await stage.admin()
    short = await stage.member("page:ann1")
    await stage.member("page:ann11")
    wanted: dict[str, FieldValue] = {"scope": "member", "subject": "ann1", "period": "day", "points": 5}
    assert "ann1 每天最多 5 积分" in words(await filled(stage, "admin.budgets.set", wanted), "zh")
    assert (await acts(stage))[0].subject == f"member:{short.id}:day"
    assert (await refused(stage, "admin.budgets.set", wanted | {"subject": "nn1"}))[1] == "admin_budgets.many_members"
