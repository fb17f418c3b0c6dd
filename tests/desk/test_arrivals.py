"""First words: help, the tour, deep links, invitations, the language, and one wallet on two platforms."""

from collections.abc import Sequence

import pytest

from core import access, ledger, members
from core.replies import Form, Reply
from tests.conftest import Clock
from tests.desk.stage import Stage, presses, words

TELEGRAM = "telegram:7"


async def invitation(stage: Stage, uses: int = 1) -> str:
    async with stage.records.write() as tx:
        return await access.make_pass(tx, "invite", seconds=3600, uses=uses)


async def accounts(stage: Stage, who: str) -> Sequence[str]:
    member = await stage.member(who)
    async with stage.records.read() as tx:
        return sorted(await members.accounts_of(tx, member.id))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("who", ["page:ann", "slack:T1/U1", TELEGRAM])
async def test_help_and_the_tour_on_every_platform(stage: Stage, language: str, who: str) -> None:
    start = await stage.reply("help", who=who, language=language)
    assert who in words(start, language) or "slack:T1/U1" in words(start, language)
    assert {"start:1", "link:", f"language:{'en' if language == 'zh' else 'zh'}"} <= set(presses(start))
    for topic in ("params", "prompt", "terms"):
        by_button = await stage.reply("help", subject=topic, who=who, language=language)
        assert by_button == await stage.reply("paint", f"help {topic}", who=who, language=language)
    shown = [await stage.reply("start", who=who, language=language)]
    while any(press.startswith("start:") for press in presses(shown[-1])[:1]):
        following = await stage.press(shown[-1], "start", who=who, language=language)
        assert isinstance(following, Reply)
        shown.append(following)
    assert len(shown) == 4 and len({words(one, language) for one in shown}) == 4
    assert {"random:1", "gallery:1", "templates:1"} <= set(presses(shown[-1]))


async def test_a_prompt_that_begins_with_help_is_painted(stage: Stage) -> None:
    assert await stage.ask("paint", "help me paint a cat") is None


async def test_a_deep_link_opens_a_template_and_anything_else_is_help(stage: Stage) -> None:
    await stage.rule(open_to_strangers=True)
    view = await stage.painted("a cup", who="slack:T1/U1")
    boss = await stage.admin("slack:T1/U1")
    values = {"name": "cups", "prompt": "a {what}", "flags": "", "who": "team"}
    await stage.ask("template.save", subject=view.id, values=values, who=boss)
    form = await stage.form("start", "tpl-1", who=TELEGRAM)
    assert form.verb == "template.use" and form.fields[0].name == "gap.what"
    assert "no longer" in words(await stage.ask("start", "tpl-99", who=TELEGRAM), "en")
    assert "start:1" in presses(await stage.ask("start", "login", who=TELEGRAM))


async def test_an_invitation_lets_a_stranger_in_once_with_the_welcome_points(stage: Stage) -> None:
    assert "access.ask:" in presses(await stage.ask("start", who=TELEGRAM))
    assert "invit" in words(await stage.ask("paint", "a cat", who=TELEGRAM), "en")
    token = await invitation(stage)
    joined = await stage.ask("start", f"invite-{token}", who=TELEGRAM)
    assert "1,000" in words(joined) and "access.ask:" not in presses(joined)
    member = await stage.member(TELEGRAM)
    assert (member.standing, member.points) == ("approved", 1000)
    assert await stage.ask("paint", "a cat", who=TELEGRAM) is None
    assert "used up" in words(await stage.ask("start", f"invite-{token}", who="telegram:8"), "en")
    spare = await invitation(stage)
    await stage.ask("start", f"invite-{spare}", who=TELEGRAM)
    assert (await stage.member(TELEGRAM)).points == 900
    await stage.ask("start", f"invite-{spare}", who="telegram:8")
    assert (await stage.member("telegram:8")).standing == "approved"


async def test_who_is_blocked_stays_out_whatever_they_bring(stage: Stage) -> None:
    out = await stage.member(TELEGRAM)
    async with stage.records.write() as tx:
        await members.change(tx, out.id, standing="blocked")
    await stage.ask("start", f"invite-{await invitation(stage)}", who=TELEGRAM)
    code = (await stage.reply("link", who="page:ann")).copy
    await stage.ask("link", code, who=TELEGRAM)
    assert (await stage.member(TELEGRAM)).standing == "blocked"


async def test_a_chosen_language_is_kept_and_answers_carry_it(stage: Stage) -> None:
    assert presses(await stage.ask("language")) == ["language:zh", "language:en"]
    chosen = await stage.reply("language", subject="en", language="zh")
    assert chosen.language == "en" and (await stage.member()).language == "en"
    assert (await stage.reply("points", language="zh")).language == "en"
    assert (await stage.form("paint", language="zh")).language == "en"
    assert (await stage.reply("language", "中文")).language == "zh"


async def test_one_wallet_on_two_platforms_with_one_welcome(stage: Stage) -> None:
    view = await stage.painted("a cat", who="slack:T1/U1")
    mine = await stage.member("slack:T1/U1")
    async with stage.records.write() as tx:
        await ledger.grant(tx, mine.id, 500, reason="prize")
    code = (await stage.reply("link", who="page:ann")).copy
    form = await stage.form("link.enter", who="slack:T1/U1")
    joined = await stage.reply(form.verb, values={"code": code}, who="slack:T1/U1")
    # 1000 welcome + 500 prize - 100 painted: all but the welcome moves along
    assert "1,400" in words(joined) and "400" in words(joined)
    assert await accounts(stage, "slack:T1/U1") == ["page:ann", "slack:T1/U1"]
    assert (await stage.member("slack:T1/U1")).points == 1400
    assert view.id in words(await stage.ask("works", who="page:ann"))
    assert words(await stage.ask("points", who="page:ann"))
    assert (await stage.member("page:ann")).id == (await stage.view(view.id)).member_id


async def test_a_stranger_with_a_members_code_is_that_member(stage: Stage) -> None:
    code = (await stage.reply("link", who="page:ann")).copy
    await stage.ask("start", f"link-{code}", who=TELEGRAM)
    assert await accounts(stage, TELEGRAM) == ["page:ann", TELEGRAM]
    assert (await stage.member(TELEGRAM)).points == 1000


async def test_a_stranger_makes_no_code_but_is_asked_for_one_wherever_they_are_stopped(stage: Stage) -> None:
    code = (await stage.reply("link", who="page:ann")).copy
    form = await stage.form("link", who=TELEGRAM)
    assert [one.name for one in form.fields] == ["code"]
    stopped = await stage.reply("paint", "a cat", who=TELEGRAM)
    asked = await stage.press(stopped, "link.enter", who=TELEGRAM)
    assert isinstance(asked, Form)
    await stage.ask(asked.verb, values={"code": code}, who=TELEGRAM)
    assert await accounts(stage, TELEGRAM) == ["page:ann", TELEGRAM]


async def test_codes_are_refused_when_wrong_old_used_or_of_the_same_platform(stage: Stage, clock: Clock) -> None:
    async def said(code: str, who: str) -> str:
        return words(await stage.ask("link", code, who=who), "en")

    await stage.member("slack:T1/U1")
    code = (await stage.reply("link", who="page:ann")).copy
    assert "another platform" in await said(code, "page:bob")
    assert "share one wallet already" in await said(code, "page:ann")
    assert "share one wallet already" not in await said(code, "slack:T1/U1")
    assert "used" in await said(code, TELEGRAM)
    late = (await stage.reply("link", who="page:ann")).copy
    clock.forward(minutes=11)
    assert "too old" in await said(late, TELEGRAM)
    field = await stage.ask("link", values={"code": "nonsense"}, who=TELEGRAM)
    assert isinstance(field, Form) and field.problems[0][0] == "code"


async def test_an_admins_account_is_not_given_away_and_a_busy_wallet_waits(stage: Stage) -> None:
    boss = await stage.admin("slack:T1/U9")
    code = (await stage.reply("link", who="page:ann")).copy
    assert "admin" in words(await stage.ask("link", code, who=boss), "en")
    order = await stage.order("a cat", who="slack:T1/U1")
    await stage.ask("link", code, who="slack:T1/U1")
    assert await accounts(stage, "slack:T1/U1") == ["slack:T1/U1"]
    await stage.paint(order.id)
    await stage.ask("link", code, who="slack:T1/U1")
    assert await accounts(stage, "slack:T1/U1") == ["page:ann", "slack:T1/U1"]


async def test_a_link_to_a_template_names_it_or_says_that_it_is_not_there_and_shows_what_is(stage: Stage) -> None:
    await stage.rule(open_to_strangers=True)
    view = await stage.painted("a cup", who="slack:T1/U1")
    boss = await stage.admin("slack:T1/U1")
    for name, who in (("杯子", "team"), ("secret", "me")):
        values = {"name": name, "prompt": "a {what}", "flags": "", "who": who}
        await stage.ask("template.save", subject=view.id, values=values, who=boss)
    assert (await stage.form("start", "tpl:杯子", who=TELEGRAM)).verb == "template.use"
    for gone in ("tpl-99", "tpl:nothing", "tpl:secret", "tpl-2"):
        said = words(await stage.ask("start", gone, who=TELEGRAM), "en")
        assert "no longer there" in said and "杯子" in said and "secret" not in said
