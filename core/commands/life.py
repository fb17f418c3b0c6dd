"""A painting after it was asked for: shown, cancelled, delivered again, adopted, deleted, and help for when it failed."""

from collections.abc import Mapping, Sequence

from core import access, cards, gallery, generations, members
from core.alerts import alert
from core.cards import facts
from core.commands.asking import Ask, Command, find, find_mine, find_picture, mine, picture_of
from core.commands.discarding import discard
from core.commands.reviewing import forget_asked
from core.errors import DeliveryTrouble, Refusal, Undeliverable
from core.generations import GenerationView
from core.painting import cancel as cancel_painting
from core.painting import delete as delete_painting
from core.replies import Answer, Button, Document, Form, LinkButton, Pictures, Reply, TextField
from core.requests import Line, Value

ADOPT_MOST = 60
"""Characters of a use and a channel."""
FOR_ALL = ("choose", "final", "again", "edit", "template.save", "template.use")
"""What anybody may do with a painting everybody can see."""


async def show(ask: Ask) -> Answer:
    """One painting by its id, with its pictures; its reason only for its owner and admins."""
    view = await find(ask, ask.request.subject or ask.request.text)
    alone = mine(ask, view)
    read = view if view.member_id == ask.member.id else cards.for_others(view)
    final = ask.team.price("final")
    shown = cards.announce(read, final=final, alone=alone).receipt
    if view.settled and view.kept:
        shown = cards.result(read, reasons=alone, final=final)
    if alone and view.settled and view.kept and view.delivery == "undeliverable":
        again = Button(Line("details.button_resend"), "resend", view.id, "primary")
        return Reply(shown.parts, (again, *shown.buttons), private=True, about=view.id)
    buttons = shown.buttons if alone else tuple(one for one in shown.buttons if _for_all(ask, one))
    return Reply(shown.parts, buttons, private=True, about=view.id)


def _for_all(ask: Ask, button: Button | LinkButton) -> bool:
    """Whether somebody else's painting may be asked for this: no button leads to a no."""
    known = FOR_ALL + (("adopt",) if ask.member.reviewer else ())
    return isinstance(button, LinkButton) or button.verb in known


async def cancel(ask: Ask) -> Answer:
    """Take back what Jimeng does not have yet; without an id the member's newest painting under way."""
    subject = ask.request.subject or ask.request.text
    if not subject.strip():
        subject = await _newest_under_way(ask)
    view = await find_mine(ask, subject)
    done = await cancel_painting(ask.tools.house, view.id, by=ask.member.id)
    key = "paint.cancelled_partly" if done.going_on else "paint.cancelled" if view.price else "paint.cancelled_free"
    values: dict[str, Value] = {"id": view.id, "n": done.going_on, "points": done.taken_back * view.price}
    return Reply((Line(key, values),), private=True)


async def _newest_under_way(ask: Ask) -> str:
    wanted = generations.Filter(member_id=ask.member.id, status="running")
    async with ask.tools.house.records.read() as tx:
        found = await generations.listed(tx, wanted, most=1)
    if not found:
        raise Refusal("paint.nothing_running")
    return found[0].id


async def details(ask: Ask) -> Answer:
    """Everything on record, for the owner and admins; the words for the owner alone (admins have them revealed, which is audited)."""
    view = await find_mine(ask, ask.request.subject or ask.request.text)
    async with ask.tools.house.records.read() as tx:
        children, known = await generations.children(tx, view.id), await members.names_of(tx, [view.reviewer or 0])
    by = known.get(view.reviewer or 0, "")
    return cards.details(view, children, reviewer=by, words=view.member_id == ask.member.id)


async def originals(ask: Ask) -> Answer:
    """The stored files themselves; the download is noted on the record."""
    view = await find(ask, ask.request.subject)
    if not view.kept:
        raise Refusal("paint.no_picture", {"id": view.id})
    async with ask.tools.house.records.write() as tx:
        await generations.note_download(tx, view.id)
    files = Pictures(facts.pictures(view), originals=True)
    return Reply((Line("paint.originals", {"id": view.id}), files), private=True, about=view.id)


async def resend(ask: Ask) -> Answer:
    """Painted but not delivered: sent again, free, never painted twice."""
    view = await find_mine(ask, ask.request.subject)
    if view.delivery != "undeliverable" or not view.settled:
        raise Refusal("paint.delivered_already", {"id": view.id})
    async with ask.tools.house.records.write() as tx:
        await generations.touch(tx, view.id, delivery="pending", delivery_tries=0, tell_after=None, delivery_note="")
    return Reply((Line("paint.resending", {"id": view.id}),), private=True)


async def evidence(ask: Ask) -> Answer:
    """The evidence card as a file: with words for the owner, with keys and Jimeng's own words for admins."""
    view = await find_mine(ask, ask.request.subject)
    text = cards.details_json(view, words=view.member_id == ask.member.id, inside=ask.member.admin)
    document = Document(f"paintbot-{view.id}.json", "application/json", text.encode())
    return Reply((Line("paint.evidence", {"id": view.id}), document), private=True, about=view.id)


async def support(ask: Ask) -> Answer:
    """Tell the admins that this one needs a look, with what is known of it and the way to its record; the prompt stays with its owner."""
    view = await find_mine(ask, ask.request.subject)
    values: dict[str, Value] = {
        "id": view.id,
        "member": view.member,
        "cause": Line(f"paint.cause_{view.cause or 'model'}"),
    }
    line, there = Line("paint.support_line", values), Button(Line("admin.button_open"), "admin.records.one", view.id)
    async with ask.tools.house.records.write() as tx:
        told = await alert(tx, f"support:{view.id}", line, facts=cards.at_a_glance(view), button=there)
    return Reply((Line("paint.support_told" if told else "paint.support_told_before", {"id": view.id}),), private=True)


async def adopt(ask: Ask) -> Answer:
    """Mark the picture that is used; reviewers may do so for everybody."""
    view, task = await find_picture(ask)
    if not (mine(ask, view) or ask.member.reviewer):
        raise Refusal("paint.not_yours", {"id": view.id})
    values = ask.request.values or {"use": view.adopted_for, "channel": view.adopted_channel}  # a press forgets nothing
    use = str(values.get("use") or view.label).strip()[:ADOPT_MOST]
    channel = str(values.get("channel") or "").strip()[:ADOPT_MOST]
    await _adopt(ask, view, task.number, use, channel)
    label = Button(Line("paint.button_adopt_use"), "adopt.use", f"{view.id}.{task.number}")
    back = Button(Line("paint.button_adopt_drop"), "adopt.drop", view.id)
    said = Line("paint.adopted", {"id": view.id, "n": task.number})
    return Reply((said,), (back,) if ask.request.values else (label, back), private=True)


async def _adopt(ask: Ask, view: GenerationView, number: int, use: str = "", channel: str = "") -> None:
    async with ask.tools.house.records.write() as tx:
        if not await generations.adopt(tx, view.id, number, by=ask.member.id, use=use, channel=channel):
            raise Refusal("paint.gone", {"id": view.id})


async def adopt_drop(ask: Ask) -> Answer:
    """None of its pictures is adopted after all."""
    view = await find(ask, ask.request.subject)
    if not (mine(ask, view) or ask.member.reviewer):
        raise Refusal("paint.not_yours", {"id": view.id})
    await _adopt(ask, view, 0)
    return Reply((Line("paint.adopt_dropped", {"id": view.id}),), private=True, instead=True)


async def adopt_form(ask: Ask) -> Form:
    """For which use and channel the picture is adopted; submitted as `adopt`."""
    view, task = await find_picture(ask)
    fields = (
        TextField("use", Line("paint.adopt_use"), view.adopted_for or view.label, required=False, longest=ADOPT_MOST),
        TextField("channel", Line("paint.adopt_channel"), view.adopted_channel, required=False, longest=ADOPT_MOST),
    )
    return Form("adopt", Line("paint.adopt_title"), fields, f"{view.id}.{task.number}")


async def delete(ask: Ask) -> Answer:
    """Ask once before deleting."""
    subject = ask.request.subject or ask.request.text
    try:
        view = await find_mine(ask, subject)
    except Refusal as refusal:
        return await deleted_before(ask, subject, refusal)
    if not view.settled:
        raise Refusal("paint.delete_running", {"id": view.id})
    sure = Button(Line("paint.button_delete_sure"), "delete.sure", view.id, "danger")
    keep = Button(Line("paint.button_keep"), "delete.keep", view.id)
    question = Line("paint.delete_ask", {"id": view.id, "n": len(view.kept)})
    return Reply((question, *await from_the_gallery(ask, [view.id])), (sure, keep), private=True)


async def from_the_gallery(ask: Ask, ids: Sequence[str]) -> tuple[Line, ...]:
    """That inspirations made from these paintings go with them, where there are any."""
    async with ask.tools.house.records.read() as tx:
        made = await gallery.made_from(tx, ids)
    return (Line("paint.delete_gallery", {"n": made}),) if made else ()


async def keep(ask: Ask) -> Answer:
    """Not deleted after all."""
    return Reply((Line("paint.delete_kept", {"id": ask.request.subject}),), private=True, instead=True)


async def delete_sure(ask: Ask) -> Answer:
    """Words, pictures and posted messages go; ledger and tombstone stay."""
    try:
        view = await find_mine(ask, ask.request.subject)
        everywhere = await remove(ask, view)
    except Refusal as refusal:
        return await deleted_before(ask, ask.request.subject, refusal)
    key = "paint.delete_done" if everywhere else "paint.delete_done_here"
    return Reply((Line(key, {"id": view.id}),), private=True, instead=True)


async def deleted_before(ask: Ask, subject: str, refusal: Refusal) -> Reply:
    """Who deletes again what is deleted, by a second press or an old button, hears that it is done; anybody else the refusal (raised)."""
    async with ask.tools.house.records.read() as tx:
        view = await generations.load(tx, picture_of(subject)[0])
    if refusal.key != "paint.gone" or view is None or view.deleted is None or not mine(ask, view):
        raise refusal
    return Reply((Line("paint.deleted_before", {"id": view.id}),), private=True, instead=True)


async def remove(ask: Ask, view: GenerationView) -> bool:
    """Delete one painting with its files and posted messages; whether every message could be taken back."""
    gone = await delete_painting(ask.tools.house, view.id, by=ask.member.id)
    await forget_asked(ask, view.id)
    await discard(ask.tools.house.records, ask.tools.images, gone)
    everywhere = view.place.platform in ask.tools.messengers
    for messenger in ask.tools.messengers.values():  # linked accounts look at a painting from wherever they are
        try:
            everywhere &= await messenger.hide(view.id)
        except (Undeliverable, DeliveryTrouble):
            everywhere = False
    return everywhere


async def ask_points(ask: Ask) -> Answer:
    """Tell the admins that a member would like points, or with the subject "budget" that a budget keeps them from painting."""
    access.check_standing(ask.member.standing)
    values: dict[str, Value] = {"name": ask.member.name, "account": str(ask.request.account), "have": ask.member.points}
    budget = ask.request.subject == "budget"
    there = Button(Line("admin.button_open"), "admin.budgets") if budget else _their_page(ask)
    key, line = ("budget", "points.ask_budget_line") if budget else ("points", "points.ask_line")
    async with ask.tools.house.records.write() as tx:
        await alert(tx, f"{key}:{ask.member.id}", Line(line, values), button=there)
    return Reply((Line("points.asked_budget" if budget else "points.asked_admins"),), private=True)


def _their_page(ask: Ask) -> Button:
    return Button(Line("admin.button_open"), "admin.points.member", str(ask.member.id))


async def ask_access(ask: Ask) -> Answer:
    """Tell the admins that somebody waits at the door."""
    async with ask.tools.house.records.write() as tx:
        member = await members.get(tx, ask.member.id)
        if member is not None and member.standing == "waiting":
            values = {"name": ask.member.name, "account": str(ask.request.account)}
            await alert(tx, f"access:{ask.member.id}", Line("access.ask_line", values), button=_their_page(ask))
    return Reply((Line("access.asked"),), private=True)


VERBS: Mapping[str, Command] = {
    "show": show,
    "cancel": cancel,
    "details": details,
    "originals": originals,
    "resend": resend,
    "evidence": evidence,
    "support": support,
    "adopt": adopt,
    "adopt.use": adopt_form,
    "adopt.drop": adopt_drop,
    "delete": delete,
    "delete.keep": keep,
    "delete.sure": delete_sure,
    "points.ask": ask_points,
    "access.ask": ask_access,
}
