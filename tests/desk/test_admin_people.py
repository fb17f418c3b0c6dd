"""Who may paint and where, roles, pause, audit, the page's link: each act has its trace, and nobody but admins acts."""

import pytest
import sqlalchemy as sa

from core import access, members, rules
from core.alerts import untold
from core.commands.verbs import every_verb
from core.painting import task_ended
from core.records.tables import tasks
from core.replies import Form, LinkButton, Quote, Reply
from core.requests import FieldValue
from tests.conftest import Clock
from tests.desk.admin import acts, filled, last, refused
from tests.desk.stage import ADMIN, Stage, presses, words

STRANGER = "telegram:77"


@pytest.fixture(autouse=True)
async def _admin(stage: Stage) -> None:
    await stage.admin()


async def team(stage: Stage) -> rules.Rules:
    async with stage.records.read() as tx:
        return await rules.read(tx)


async def test_a_stranger_is_approved_told_and_welcomed_once(stage: Stage) -> None:
    assert (await stage.member(STRANGER)).standing == "waiting"
    status = await stage.ask("admin.status", who=ADMIN)
    door = await stage.press(status, "admin.access.waiting", who=ADMIN)
    done = await stage.press(door, "admin.access.approve", who=ADMIN)
    after = await stage.member(STRANGER)
    assert (after.standing, after.points) == ("approved", 1000)
    account, told = stage.messengers["telegram"].told[-1]
    assert account == STRANGER and "1,000" in words(told)
    assert "已经告诉本人" in words(done, "zh")
    assert await last(stage) == ("access.approve", "77", "waiting", "approved")
    again = await stage.press(door, "admin.access.approve", who=ADMIN)
    assert "已经通过" in words(again, "zh") and (await stage.member(STRANGER)).points == 1000


async def test_a_stranger_is_turned_away_and_may_come_back(stage: Stage) -> None:
    stranger = await stage.member(STRANGER)
    await stage.ask("admin.access.deny", subject=str(stranger.id), who=ADMIN)
    assert (await stage.member(STRANGER)).standing == "blocked" and stage.messengers["telegram"].told
    card = await stage.ask("admin.points.member", subject=str(stranger.id), who=ADMIN)
    await stage.press(card, "admin.access.approve", who=ADMIN)
    assert (await stage.member(STRANGER)).standing == "approved"


async def test_an_invitation_lets_its_number_of_people_in(stage: Stage) -> None:
    shown = await filled(stage, "admin.access.invite", {"uses": 1, "days": 3})
    line = next(part.text for part in shown.parts if isinstance(part, Quote))
    await stage.ask("start", line.removeprefix("/start "), who=STRANGER)
    await stage.ask("start", line.removeprefix("/start "), who="telegram:78")
    assert (await stage.member(STRANGER)).standing == "approved"
    assert (await stage.member("telegram:78")).standing == "waiting"
    assert line.partition("-")[2] not in str(await acts(stage))
    assert await refused(stage, "admin.access.invite", {"uses": 0, "days": 3}) == ("uses", "admin.number")


async def test_roles_change_but_the_last_admin_stays(stage: Stage) -> None:
    boss, ann = await stage.member(ADMIN), await stage.member()
    alone = await refused(stage, "admin.access.role", {"role": "member"}, subject=str(boss.id))
    assert alone == ("role", "admin_access.last_admin")
    await filled(stage, "admin.access.role", {"role": "admin"}, subject=str(ann.id))
    assert await last(stage) == ("access.role", "ann", "member", "admin")
    await filled(stage, "admin.access.role", {"role": "reviewer"}, subject=str(boss.id))
    people = words(await stage.ask("admin.access.people", who="page:ann"), "zh")
    assert "boss · 审稿人" in people and "ann · 管理员" in people
    assert "管理员" in words(await stage.ask("admin", who=ADMIN), "zh")  # no admin any more: told so
    blocked = await stage.ask("admin.access.deny", subject=str(ann.id), who="page:ann")
    assert "先改成成员" in words(blocked, "zh")
    waiting = await stage.member(STRANGER)
    asked = await stage.form("admin.access.role", subject=str(waiting.id), who="page:ann")
    form = await stage.ask("admin.access.role", subject=asked.subject, values={"role": "admin"}, who="page:ann")
    assert isinstance(form, Form) and form.problems[0][1].key == "admin_access.not_approved"


async def test_places_words_and_switches(stage: Stage) -> None:
    slack = await stage.admin("slack:T1/UBOSS")
    page = await stage.ask("admin.access", who=slack)
    await stage.press(page, "admin.access.here", who=slack)
    assert (await team(stage)).channels == ("slack:C1",)
    assert "C1" not in words(await stage.ask("paint", "a cat", who="slack:T1/U2"))
    await filled(stage, "admin.access.where", {"channels": "slack:C9\nslack:C9\n\ntelegram:-100", "workspaces": ""})
    assert (await team(stage)).channels == ("slack:C9", "telegram:-100")
    assert await last(stage) == (
        "access.places",
        "",
        {"channels": ["slack:C1"]},
        {"channels": ["slack:C9", "telegram:-100"]},
    )
    bad = await refused(stage, "admin.access.where", {"channels": "general", "workspaces": ""})
    assert bad == ("channels", "admin_access.bad_place")
    await filled(stage, "admin.access.where", {"channels": "全部", "workspaces": ""})
    await filled(stage, "admin.access.words", {"words": "龙\nlogo"})
    refusal = words(await stage.ask("paint", "一条龙"), "zh")
    assert "龙" in refusal and "没扣积分" in refusal
    assert await refused(stage, "admin.access.words", {"words": "长" * 61}) == ("words", "admin_access.long_word")
    page = await stage.ask("admin.access", who=ADMIN)
    await stage.press(page, "admin.access.strangers", who=ADMIN)
    await stage.press(page, "admin.access.label", who=ADMIN)
    assert (await team(stage)).open_to_strangers and (await team(stage)).unlabelled
    assert (await stage.member(STRANGER)).standing == "approved"


async def test_a_pause_is_public_and_ends(stage: Stage) -> None:
    await filled(stage, "admin.pause.on", {"text": "三点恢复"})
    assert await last(stage) == ("pause.on", "", {"paused": None}, {"paused": "三点恢复"})
    assert "三点恢复" in words(await stage.ask("paint", "a cat"), "zh")
    assert "暂停" in words(await stage.ask("admin", who=ADMIN), "zh")
    paused = await stage.ask("admin", "暂停", who=ADMIN)
    assert "三点恢复" in words(paused)
    await stage.press(paused, "admin.pause.off", who=ADMIN)
    await stage.order("a cat")
    await filled(stage, "admin.pause.on", {"text": ""})
    assert "维护" in words(await stage.ask("paint", "a cat"), "zh")


async def test_painting_pauses_by_itself_where_admins_say_so(stage: Stage) -> None:
    assert "never" in words(await stage.ask("admin", "pause", who=ADMIN))
    await filled(stage, "admin.pause.auto", {"n": 1})
    assert await last(stage) == ("pause.set", "", {"pause_after": 0}, {"pause_after": 1})
    view = await stage.order("a cat")
    async with stage.records.write() as tx:
        await tx.change(sa.update(tasks).values(status="failed", cause="model", error="studio.unexpected"))
        await task_ended(tx, view.id, stage.tools.house.zone)
    assert "paused" in words(await stage.ask("paint", "a cat"))
    assert "Paintbot" in words(await stage.ask("admin", "audit", who=ADMIN))
    async with stage.records.read() as tx:
        (told,) = await untold(tx)
    assert told.button is not None
    await stage.ask(told.button.verb, subject=told.button.subject, who=ADMIN)
    await stage.order("a cat")


async def test_the_audit_is_read_page_by_page(stage: Stage) -> None:
    for number in range(6):
        await filled(stage, "admin.pause.on", {"text": f"reason {number}"})
        await stage.ask("admin.pause.off", who=ADMIN)
    await filled(stage, "admin.access.words", {"words": "龙"})
    first = await stage.ask("admin", "audit", who=ADMIN)
    assert "boss" in words(first) and "改了禁用词" in words(first, "zh")
    older = await stage.press(first, next(one for one in presses(first) if one.startswith("admin.audit:.")), who=ADMIN)
    assert "reason 0" in words(older) and "reason 5" not in words(older)
    only = await stage.press(first, "admin.audit:access.", who=ADMIN)
    assert "reason" not in words(only)


async def test_a_login_link_works_once_for_its_admin(stage: Stage, clock: Clock) -> None:
    answer = await stage.ask("admin", "link", who=ADMIN)
    assert isinstance(answer, Reply) and answer.private
    url = next(one.url for one in answer.buttons if isinstance(one, LinkButton))
    head, _, token = url.partition("?token=")
    assert head.endswith("/page/login") and token not in str(await acts(stage))
    async with stage.records.write() as tx:
        assert await access.use_pass(tx, "login", token) == (ADMIN, (await members.find(tx, ADMIN)).id)  # type: ignore[union-attr]
        assert await access.use_pass(tx, "login", token) is None


async def test_nobody_but_an_admin_acts(stage: Stage) -> None:
    values: dict[str, FieldValue] = {"text": "x", "points": 1, "reason": "x"}
    for verb in [verb for verb in every_verb() if verb.startswith("admin")]:
        answer = await stage.reply(verb, subject="1", values=values, who="page:mallory")
        assert [getattr(part, "key", "") for part in answer.parts] == ["desk.admins_only"], verb
    assert not await acts(stage)


async def test_back_from_a_member_leads_to_the_search_it_came_from(stage: Stage) -> None:
    await stage.admin()
    await stage.member("page:mia")
    found = await stage.ask("admin.points", "mia", who=ADMIN)
    card = await stage.press(found, "admin.points.member", who=ADMIN)
    back = await stage.press(card, "admin.points", who=ADMIN)
    assert words(back) == words(found) and presses(back) == presses(found)


async def test_movements_carry_the_sign_of_what_they_do_to_the_balance(stage: Stage) -> None:
    """A hold and a charge looked alike; only what moves the balance has a sign."""
    await stage.painted("a cat --n 2", failing=1)
    said = words(await stage.ask("points"), "zh")
    assert "预留 −200" in said and "退回 +100" in said and "用掉预留的 100" in said
