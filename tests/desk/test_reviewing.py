"""Finals that are reviewed first: asked for, agreed or not, both told, and nothing held before the yes."""

import pytest

from core import alerts, members
from core.cards import announce
from core.commands import reviewing
from core.records.tables import notes
from core.replies import Form, Pictures, Reply
from core.texts import say
from tests.desk.admin import acts, filled
from tests.desk.stage import ADMIN, Stage, buttons_of, presses, words

REVIEWER = "slack:T1/UREV"


async def team(stage: Stage) -> None:
    """An admin, a reviewer, and the policy."""
    await stage.admin()
    found = await stage.member(REVIEWER)
    async with stage.records.write() as tx:
        await members.change(tx, found.id, role="reviewer")
    await stage.rule(final_review=True)


async def wanted(stage: Stage, how: str = "final.upscale", who: str = "page:ann") -> tuple[str, str]:
    """(painting, request) of a member's final that waits."""
    view = await stage.painted("a cat --n 2 --for spring --src ours", who=who)
    offer = await stage.ask("final", subject=f"{view.id}.2", who=who)
    assert "finals reviewed" in words(offer)
    asked = await stage.press(offer, how, who=who)
    assert "A reviewer has been asked about picture 2" in words(asked)
    async with stage.records.read() as tx:
        (alert, *_) = reversed(await alerts.untold(tx))
    assert alert.button is not None and alert.button.verb == "final.review"
    return view.id, alert.button.subject


def told(stage: Stage, who: str) -> str:
    """Everything this account was told, in English."""
    found = [reply for one in stage.messengers.values() for account, reply, *_ in one.told if account == who]
    return "\n".join(words(reply) for reply in found)


@pytest.mark.parametrize(("how", "model"), [("final.upscale", "tilesr"), ("final.again", "t2i_v31")])
async def test_a_final_waits_for_a_yes_and_is_then_painted_with_its_members_points(
    stage: Stage, how: str, model: str
) -> None:
    await team(stage)
    view_id, draft = await wanted(stage, how)
    before = await stage.member()
    assert (before.points, before.held) == (800, 0), "nothing is held before the yes"
    assert "would like picture 2" in told(stage, REVIEWER) and "would like" not in told(stage, ADMIN)
    page = await stage.reply("final.review", subject=draft, who=REVIEWER)
    assert any(isinstance(part, Pictures) for part in page.parts)
    assert "ann would like picture 2" in words(page) and "spring" in words(page) and "ours" in words(page)
    done = await stage.press(page, "final.approve", who=REVIEWER)
    new = await stage.newest()
    assert (new.parent_id, new.parent_kind, new.parent_picture, new.member) == (view_id, "final", 2, "ann")
    assert (new.held, str(new.account), new.place.channel) == (100, "page:ann", "C1")
    assert model in new.model and f"#{new.id} is being painted" in words(done)
    assert f"UREV agreed: picture 2 of #{view_id} becomes HD as #{new.id}, 100 points held" in told(stage, "page:ann")
    assert "reviewed by UREV" in words(announce(new, final=100).receipt)
    assert "reviewed by UREV" in words(announce(await stage.paint(new.id), final=100).result)
    assert (await acts(stage))[0].act == "records.approved"
    again = await stage.ask("final.approve", subject=draft, who=ADMIN)
    assert "UREV has decided this already" in words(again) and (await stage.newest()).id == new.id


async def test_a_no_is_told_with_its_reason_and_costs_nothing(stage: Stage) -> None:
    await team(stage)
    view_id, draft = await wanted(stage)
    form = await stage.form("final.decline", subject=draft, who=ADMIN)
    done = await stage.reply(form.verb, subject=form.subject, values={"reason": "logo is old"}, who=ADMIN)
    assert "no final of picture 2" in words(done)
    said = told(stage, "page:ann")
    assert "boss did not agree" in said and "logo is old" in said and "not charged" in said
    assert (await stage.member()).held == 0 and (await stage.newest()).id == view_id
    assert (await acts(stage))[0].act == "records.declined"
    assert "has decided" in words(await stage.ask("final.approve", subject=draft, who=REVIEWER))
    offer = await stage.ask("final", subject=f"{view_id}.2")
    assert "has been asked" in words(await stage.press(offer, "final.upscale")), "it may be asked for again"


async def test_what_waits_is_asked_once_and_decided_by_reviewers_and_admins_alone(stage: Stage) -> None:
    await team(stage)
    view_id, draft = await wanted(stage)
    twice = await stage.press(await stage.ask("final", subject=f"{view_id}.2"), "final.again")
    assert "waiting for a reviewer already" in words(twice)
    for verb in ("final.review", "final.approve", "final.decline"):
        assert "Only reviewers and admins" in words(await stage.ask(verb, subject=draft, who="page:bob")), verb
        assert "too old and gone" in words(await stage.ask(verb, subject="0123456789", who=REVIEWER)), verb
    assert (await stage.newest()).id == view_id


async def test_reviewers_and_admins_and_teams_without_the_policy_make_finals_as_ever(stage: Stage) -> None:
    await team(stage)
    for who in (REVIEWER, ADMIN):
        view = await stage.painted("a kite", who=who)
        offer = await stage.ask("final", subject=f"{view.id}.1", who=who)
        assert "reviewed" not in words(offer)
        await stage.press(offer, "final.upscale", who=who)
        assert (await stage.newest()).parent_id == view.id
    await stage.rule(final_review=False)
    view = await stage.painted("a cat")
    await stage.press(await stage.ask("final", subject=f"{view.id}.1"), "final.upscale")
    assert (await stage.newest()).parent_kind == "final"


async def test_a_reviewer_turned_away_hears_of_nothing_and_decides_nothing(stage: Stage) -> None:
    await team(stage)
    gone = await stage.member(REVIEWER)
    async with stage.records.write() as tx:
        await members.change(tx, gone.id, standing="blocked")
    view_id, draft = await wanted(stage)
    assert "would like" not in told(stage, REVIEWER)
    assert "Only reviewers and admins" in words(await stage.ask("final.approve", subject=draft, who=REVIEWER))
    assert (await stage.newest()).id == view_id


async def test_a_private_painting_is_shown_to_no_reviewer(stage: Stage) -> None:
    await team(stage)
    view = await stage.painted("a secret cat --private")
    refused = await stage.press(await stage.ask("final", subject=f"{view.id}.1"), "final.upscale")
    assert "without --private" in words(refused) and "would like" not in told(stage, REVIEWER)


async def test_what_keeps_an_approved_final_from_beginning_is_told_to_its_member_alone(stage: Stage) -> None:
    await team(stage)
    view_id, draft = await wanted(stage)
    ann = await stage.member()
    async with stage.records.write() as tx:
        await members.change(tx, ann.id, points=30)
    done = await stage.ask("final.approve", subject=draft, who=REVIEWER)
    assert "only ann was told why" in words(done) and "30" not in words(done)
    assert "it cannot begin now" in told(stage, "page:ann") and "you have 30" in told(stage, "page:ann")
    assert (await stage.member()).held == 0 and (await stage.newest()).id == view_id
    async with stage.records.write() as tx:
        await members.change(tx, ann.id, points=500)
    await stage.ask("final.approve", subject=draft, who=REVIEWER)
    assert (await stage.newest()).id == view_id, "an old yes paints nothing later"


async def test_a_price_changed_while_it_waited_is_never_charged_unasked(stage: Stage) -> None:
    await team(stage)
    view_id, draft = await wanted(stage)
    await stage.rule(final=300)
    await stage.ask("final.approve", subject=draft, who=REVIEWER)
    assert "price has just changed" in told(stage, "page:ann") and (await stage.newest()).id == view_id
    last = stage.messengers["page"].told[-1][1]
    assert isinstance(last, Reply) and presses(last)[-1] == f"final:{view_id}.2"
    assert "300" in words(await stage.press(last, "final"))


async def test_a_yes_and_a_no_at_once_are_one_answer(stage: Stage) -> None:
    await team(stage)
    _, draft = await wanted(stage)
    form = await stage.form("final.decline", subject=draft, who=ADMIN)
    await stage.ask("final.approve", subject=draft, who=REVIEWER)
    late = await stage.ask(form.verb, subject=form.subject, values={"reason": ""}, who=ADMIN)
    assert not isinstance(late, Form) and "UREV has decided" in words(late)
    assert (await stage.newest()).parent_kind == "final" and "did not agree" not in told(stage, "page:ann")


async def test_the_words_of_a_decided_request_go(stage: Stage) -> None:
    await team(stage)
    _, draft = await wanted(stage)
    await stage.ask("final.decline", subject=draft, values={"reason": ""}, who=ADMIN)
    async with stage.records.read() as tx:
        rows = await tx.all(notes.select().where(notes.c.key == draft))
    assert [row["value"] for row in rows] == [{"by": "boss"}]


async def test_the_words_of_a_request_go_with_the_painting_it_is_about(stage: Stage) -> None:
    """They stood in what waited for another month after their member had deleted them."""
    await team(stage)
    view_id, draft = await wanted(stage)
    await stage.ask("delete.sure", subject=view_id)
    async with stage.records.read() as tx:
        assert not await tx.all(notes.select().where(notes.c.kind.startswith("review")))
    assert "too old and gone" in words(await stage.ask("final.approve", subject=draft, who=REVIEWER))


async def test_the_policy_is_set_in_chat_and_asks_too_little_is_told_before(stage: Stage) -> None:
    await stage.admin()
    await filled(stage, "admin.team.edit", {"in_charge": "", "expected": "", "final_review": "yes"})
    assert "a reviewer says yes" in words(await stage.ask("admin.team", who=ADMIN))
    await stage.rule(final=2000)
    view = await stage.painted("a cat")
    refused = await stage.press(await stage.ask("final", subject=f"{view.id}.1"), "final.upscale")
    assert "2,000" in words(refused)
    async with stage.records.read() as tx:
        assert not [one for one in await alerts.untold(tx) if "would like" in say(one.line, "en")]
    assert "points.ask" in [one.verb for one in buttons_of(refused)]


async def killed(*_: object) -> None:
    raise RuntimeError("killed")


async def test_a_final_that_began_before_a_kill_is_not_told_to_have_failed(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The press came again after the price had changed: the member read that nothing could begin, and paid for what had begun."""
    await team(stage)
    _, draft = await wanted(stage)

    with monkeypatch.context() as once:
        once.setattr(reviewing, "_decide", killed)
        await stage.ask("final.approve", subject=draft, who=REVIEWER)
    begun = await stage.newest()
    await stage.rule(final=300)
    done = await stage.ask("final.approve", subject=draft, who=REVIEWER)
    assert f"#{begun.id} is being painted" in words(done) and (await stage.newest()).id == begun.id
    said = told(stage, "page:ann")
    assert said.count(f"becomes HD as #{begun.id}, 100 points held") == 1 and "cannot begin" not in said


@pytest.mark.parametrize(
    ("verb", "heard"), [("final.approve", "agreed: picture 2"), ("final.decline", "did not agree")]
)
async def test_a_kill_between_the_answer_and_its_words_leaves_nobody_waiting(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, verb: str, heard: str
) -> None:
    """The request was decided before its member was told: the press came again, read that it was decided, and nobody ever told them."""
    await team(stage)
    _, draft = await wanted(stage)

    with monkeypatch.context() as once:
        once.setattr(reviewing, "tell", killed)
        await stage.ask(verb, subject=draft, values={"reason": "too dark"}, who=REVIEWER)
    assert heard not in told(stage, "page:ann")
    other = {"final.approve": "final.decline", "final.decline": "final.approve"}[verb]
    assert "UREV has decided" in words(await stage.ask(other, subject=draft, values={"reason": "no"}, who=ADMIN))
    await stage.ask(verb, subject=draft, values={"reason": "too dark"}, who=REVIEWER)
    assert told(stage, "page:ann").count(heard) == 1
    assert "has decided" in words(await stage.ask(verb, subject=draft, values={"reason": "again"}, who=REVIEWER))


async def test_every_reviewer_of_a_platform_hears_of_a_request(stage: Stage) -> None:
    """What is told once was once for the whole platform: the first of its reviewers heard, and nobody else."""
    await team(stage)
    second = await stage.member("slack:T1/USEC")
    async with stage.records.write() as tx:
        await members.change(tx, second.id, role="reviewer")
    await wanted(stage)
    assert "would like picture 2" in told(stage, REVIEWER) and "would like picture 2" in told(stage, "slack:T1/USEC")


async def test_who_joined_accounts_while_a_final_waited_is_told_all_the_same(stage: Stage) -> None:
    await team(stage)
    _, draft = await wanted(stage)
    other = await stage.member("telegram:7")
    async with stage.records.write() as tx:
        await members.change(tx, other.id, standing="approved")
    code = (await stage.reply("link", who="telegram:7")).copy
    await stage.ask("link", code, who="page:ann")
    done = await stage.ask("final.approve", subject=draft, who=REVIEWER)
    new = await stage.newest()
    assert new.member_id == other.id
    assert f"as #{new.id}" in told(stage, "page:ann") and "have been told" in words(done)
