"""A team may want its finals reviewed: a member's waits for the yes of a reviewer or an admin, and until then nothing is held or painted."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from core import audit, cards, drafts, generations, members
from core.alerts import alert
from core.cards import facts
from core.commands.asking import Ask, Command
from core.commands.forming import formed, saving
from core.commands.recalled import paintable
from core.commands.telling import tell
from core.errors import Refusal
from core.generations import GenerationView, TaskView
from core.painting import Accepted, Order, accept
from core.painting.accepting import accepted_before, check_open
from core.records import Tx
from core.records.lines import line_of, written
from core.replies import Answer, Button, Facts, Form, Part, Picture, Pictures, Quote, Reply, TextField
from core.requests import Account, Line, Place, Value

NAMES = tuple(one.name for one in dataclasses.fields(Order))
LONGEST = 200
MOST_REVIEWERS = 20


def waits(ask: Ask) -> bool:
    """Whether the asker's finals wait for somebody's yes; reviewers and admins give it themselves."""
    return ask.team.final_review and not ask.member.reviewer


async def ask_review(ask: Ask, view: GenerationView, task: TaskView, order: Order) -> Answer:
    """Ask for a yes, once for each picture at a time. Refusals as an accepted painting's, `review.private`, `review.asked_before`; nothing is held."""
    check_open(ask.team, ask.member, ask.request.place, order)
    if view.private:
        raise Refusal("review.private")
    if ask.member.points < order.total:
        raise Refusal("points.not_enough", {"need": order.total, "have": ask.member.points})
    about: dict[str, Value] = {
        "id": view.id,
        "n": task.number,
        "member": ask.member.name,
        "points": order.total,
    }
    async with ask.tools.house.records.write() as tx:
        mark = f"{view.id}.{task.number}:{ask.member.id}"
        if not await drafts.claim(tx, "review.asked", mark, drafts.KEPT.total_seconds()):
            raise Refusal("review.asked_before", about)
        draft = await drafts.put(tx, "review", _kept(ask, order, task) | {"mark": mark})
        await drafts.replace(tx, "review.asked", mark, {"draft": draft})
        look = Button(Line("review.button_look"), "final.review", draft, "primary")
        await alert(tx, f"review:{draft}", Line("review.wanted", about), button=look)
        found, _ = await members.search(tx, standing="approved", roles=("reviewer",), most=MOST_REVIEWERS)
        reviewers = [(one, await members.accounts_of(tx, one.id)) for one in found]
    for one, known in reviewers:  # admins hear it as an alert
        await tell(ask, one, known, Reply((Line("review.wanted", about),), (look,), private=True), f"review:{draft}")
    return Reply((Line("review.asked", about),), private=True, instead=True)


async def forget_asked(ask: Ask, generation_id: str) -> None:
    """What waits about a painting that is deleted goes too: its words stand in it."""
    async with ask.tools.house.records.write() as tx:
        for mark, asked in (await drafts.under(tx, "review.asked", f"{generation_id}.")).items():
            await drafts.drop(tx, "review", asked["draft"])
            await drafts.drop(tx, "review.asked", mark)


def _kept(ask: Ask, order: Order, task: TaskView) -> dict[str, Any]:
    """What waits, as JSON."""
    plain = {name: getattr(order, name) for name in NAMES}
    plain |= {"references": list(order.references), "notes": [written(note) for note in order.notes]}
    place = dataclasses.asdict(dataclasses.replace(ask.request.place, hook=""))
    who = {"member": ask.member.id, "account": str(ask.request.account), "language": ask.language}
    return {**who, "place": place, "order": plain, "n": task.number}


def _order(kept: Mapping[str, Any], by: str) -> Order:
    """The order that waited, with who said yes."""
    plain = {name: value for name, value in kept["order"].items() if name in NAMES}
    notes = (*(line_of(note) for note in plain["notes"]), Line("card.reviewed", {"name": by}))
    return Order(**{**plain, "references": tuple(plain["references"]), "notes": notes})


async def _waiting(ask: Ask, tx: Tx) -> Mapping[str, Any]:
    """What waits under the subject. Refusal `review.reviewers_only`, `review.gone`, `review.decided`."""
    if not ask.member.reviewer:
        raise Refusal("review.reviewers_only")
    kept: Mapping[str, Any] | None = await drafts.get(tx, "review", ask.request.subject)
    if kept is None:
        raise Refusal("review.gone")
    if "order" not in kept:
        raise Refusal("review.decided", {"by": kept["by"]})
    return kept


async def _about(ask: Ask, kept: Mapping[str, Any]) -> tuple[GenerationView, dict[str, Value]]:
    """The painting it is about, and how it is called. Refusal `paint.gone`."""
    async with ask.tools.house.records.read() as tx:
        view = await generations.load(tx, kept["order"]["parent_id"])
        names = await members.names_of(tx, [kept["member"]])
    if view is None or view.deleted is not None:
        raise Refusal("paint.gone", {"id": kept["order"]["parent_id"]})
    points = kept["order"]["price"] * kept["order"]["count"]
    return view, {"id": view.id, "n": kept["n"], "member": names.get(kept["member"], "-"), "points": points}


async def review(ask: Ask) -> Answer:
    """The picture with what a final is checked for, and the two answers."""
    async with ask.tools.house.records.read() as tx:
        kept = await _waiting(ask, tx)
    view, about = await _about(ask, kept)
    order, task = _order(kept, ""), view.picture(kept["n"])
    rows: tuple[tuple[Line, Value], ...] = (
        (Line("details.size"), f"{order.ratio} {order.width}×{order.height}".strip()),
        (Line("details.label"), order.label or Line("details.none")),
        (Line("details.source"), order.source or Line("details.none")),
        (Line("details.references"), len(view.references)),
        (Line("details.format"), order.format or Line("details.as_is")),
    )
    parts: list[Part] = [Line("review.title", about, tone="title")]
    if task is not None and task.image is not None:
        alt = Line("card.alt_private", {"id": view.id, "n": task.number})
        parts.append(Pictures((Picture(task.image.id, alt, task.number, task.image.width, task.image.height),)))
    if order.prompt_typed:
        parts.append(Quote(order.prompt_typed[: facts.PROMPT_SHOWN]))
    parts += [Facts(rows), Line("final.check", tone="fact")]
    buttons = (
        Button(Line("review.button_yes"), "final.approve", ask.request.subject, "primary"),
        Button(Line("review.button_no"), "final.decline", ask.request.subject, "danger"),
    )
    return Reply(tuple(parts), buttons, private=True, about=view.id)


async def approve(ask: Ask) -> Answer:
    """Painted with the member's points, in the place it was asked for; both are told. What keeps it from being accepted is told to the member alone.

    The answer is written first and its words go last: killed in between, the same press goes on where it was, and nobody is told twice."""
    kept = await _answered(ask, "yes")
    view, about = await _about(ask, kept)
    by = {"by": ask.member.name}
    try:
        made = await _begin(ask, kept)
    except Refusal as refusal:
        again = Button(Line("review.button_again"), "final", f"{view.id}.{kept['n']}")
        no = cards.refusal(refusal)
        said = Reply((Line("review.told_failed", {**about, **by}), *no.parts), (*no.buttons, again), private=True)
        told = await _tell(ask, kept, said)
        await _decide(ask, kept, "records.unapproved", view.id)
        return _done(Line("review.failed", about), told)
    values = {**about, **by, "new": made.generation_id}
    told = await _tell(ask, kept, Reply((Line("review.told_yes", values),), private=True))
    await _decide(ask, kept, "records.approved", view.id)
    return _done(Line("review.yes", values), told)


async def _begin(ask: Ask, kept: Mapping[str, Any]) -> Accepted:
    """The painting, at the price that was agreed to; one that began before a kill is what it is. Refusals of `accept`, `paint.price_changed`."""
    house, order, event = ask.tools.house, _order(kept, ask.member.name), f"review:{ask.request.subject}"
    account, place = Account.parse(kept["account"]), Place(**kept["place"])
    if not await accepted_before(house, account, event):
        if order.price != ask.team.price("final"):
            raise Refusal("paint.price_changed")
        order = await paintable(ask, order)
    return await accept(house, account, place, order, event_key=event, language=kept["language"])


async def _form(ask: Ask) -> Form:
    async with ask.tools.house.records.read() as tx:
        kept = await _waiting(ask, tx)
    _, about = await _about(ask, kept)
    reason = TextField(
        "reason", Line("review.field_reason"), hint=Line("review.hint_reason"), lines=2, required=False, longest=LONGEST
    )
    title = Line("review.no_title", about)
    return Form("final.decline", title, (reason,), ask.request.subject, Line("review.button_decline"))


async def _decline(ask: Ask) -> Answer:
    """Not painted and nothing charged; the member is told, with the reason."""
    kept = await _answered(ask, "no")
    view, about = await _about(ask, kept)
    reason = str(ask.request.values.get("reason") or "").strip()[:LONGEST]
    parts: tuple[Part, ...] = (Line("review.told_no", {**about, "by": ask.member.name}),)
    told = await _tell(ask, kept, Reply((*parts, Quote(reason)) if reason else parts, private=True))
    await _decide(ask, kept, "records.declined", view.id)
    return _done(Line("review.no", about), told)


async def _answered(ask: Ask, answer: str) -> Mapping[str, Any]:
    """What waits, with this answer ("yes" or "no") written to it. Refusals of `_waiting`; `review.decided` when somebody has given the other one."""
    other = {"yes": "no", "no": "yes"}[answer]
    async with saving(ask) as tx:
        kept = await _waiting(ask, tx)
        if other in kept:
            raise Refusal("review.decided", {"by": kept[other]})
        kept = {**kept, answer: ask.member.name}
        await drafts.replace(tx, "review", ask.request.subject, kept)
    return kept


async def _decide(ask: Ask, kept: Mapping[str, Any], act: str, generation_id: str) -> None:
    """Nobody else decides it from now on, and it may be asked for again; its words go. Refusal `review.decided` when somebody was first."""
    async with saving(ask) as tx:
        await _waiting(ask, tx)
        await drafts.replace(tx, "review", ask.request.subject, {"by": ask.member.name})
        await drafts.drop(tx, "review.asked", kept["mark"])
        await audit.note(tx, ask.member.id, act, generation_id)


async def _tell(ask: Ask, kept: Mapping[str, Any], reply: Reply) -> bool:
    async with ask.tools.house.records.read() as tx:
        member = await members.find(tx, kept["account"])  # who joined accounts meanwhile is another member by now
        known = await members.accounts_of(tx, member.id) if member else ()
    return member is not None and await tell(ask, member, known, reply, f"review:{ask.request.subject}:told")


def _done(said: Line, told: bool) -> Reply:
    heard = Line("admin_access.told" if told else "admin_access.not_told", tone="fact")
    return Reply((said, heard), private=True, instead=True)


VERBS: Mapping[str, Command] = {
    "final.review": review,
    "final.approve": approve,
    "final.decline": formed(_form, _decline),
}
