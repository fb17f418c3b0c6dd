"""Everybody's paintings: a list with thumbnails and redacted prompts, and one of them with what support needs."""

from collections.abc import Mapping

from core import cards, generations, members
from core.cards import facts
from core.commands.admin.filters import NAMES, Narrowed, keep, kept, words_of
from core.commands.admin.frame import PAGE, done, note, offset_of, page, pager, text
from core.commands.asking import Ask, Command, picture_of
from core.commands.filters import STATUSES
from core.commands.forming import formed
from core.commands.life import deleted_before, from_the_gallery, remove
from core.errors import Refusal
from core.generations import GenerationView
from core.replies import (
    Answer,
    Button,
    Choice,
    ChoiceField,
    Document,
    Form,
    Item,
    Part,
    Picture,
    Pictures,
    Quote,
    TextField,
)
from core.requests import Line, Value


async def records(ask: Ask) -> Answer:
    """A page of records; typed words narrow it (`cat status:failed since:7d`), the subject is `DRAFT.OFFSET`."""
    if ask.request.text.strip():
        return await _listing(ask, await keep(ask, words_of(ask.request.text)), 0)
    subject = ask.request.subject
    return await _listing(ask, await kept(ask, subject.partition(".")[0]), offset_of(subject))


async def undelivered(ask: Ask) -> Answer:
    """What was painted and could not be delivered."""
    return await _listing(ask, await keep(ask, {"status": "undelivered"}), 0)


async def _listing(ask: Ask, narrowed: Narrowed, offset: int) -> Answer:
    async with ask.tools.house.records.read() as tx:
        total = await generations.count(tx, narrowed.filter)
        found = await generations.listed(tx, narrowed.filter, offset=offset, most=PAGE)
    counted: dict[str, Value] = {"n": total, "from": offset + 1 if found else 0, "to": offset + len(found)}
    parts: list[Part] = [Line("admin_records.title", tone="title")]
    key = "admin_records.counted" if total > len(found) else "admin_records.counted_all"
    parts += [Line(key, counted, tone="fact")] if total else []
    if narrowed.said:
        parts.append(Line("admin_records.narrowed", {"by": narrowed.said}, tone="fact"))
    parts += [item(one) for one in found] or [Line("admin_records.none")]
    draft = narrowed.draft
    buttons = [
        *pager("admin.records", offset, total, prefix=f"{draft}."),
        Button(Line("admin_records.button_filter"), "admin.records.filter", draft, "primary"),
    ]
    if draft:
        buttons.append(Button(Line("admin_records.button_all"), "admin.records"))
    if total:
        buttons += [
            Button(Line("admin_records.button_csv"), "admin.records.csv", draft),
            Button(Line("admin_records.button_json"), "admin.records.json", draft),
        ]
    if total and draft:
        buttons.append(Button(Line("admin_records.button_batch"), "admin.records.batch", draft, "danger"))
    return page(parts, buttons)


def item(view: GenerationView) -> Item:
    """A painting as a row: its words redacted, its picture unless it is private."""
    head: dict[str, Value] = {"id": view.id, "member": view.member, "status": status(view), "at": view.created}
    label = (Line("card.label", {"label": view.label}),) if view.label else ()
    private = (Line("admin_records.private"),) if view.private else ()
    told: tuple[Value, ...] = (Line("admin_records.points", {"n": view.charged}), *label, *private)
    lines = (
        Line("admin_records.head", head),
        Line("card.facts", {"facts": (*told, cards.redacted(view.prompt_typed) or "")}, tone="fact"),
    )
    return Item(lines, thumb(view), (Button(Line("admin.button_open"), "admin.records.one", view.id),), view.id)


def thumb(view: GenerationView) -> Picture | None:
    """The first (or adopted) picture, with an alt text that tells no words; None for private ones."""
    task = None if view.private else view.picture(0)
    if task is None or task.image is None:
        return None
    alt = Line("card.alt_private", {"id": view.id, "n": task.number})
    return Picture(task.image.id, alt, 0, task.image.width, task.image.height)


def status(view: GenerationView) -> Line:
    """What became of it, and whether it arrived."""
    if view.outcome and view.kept and view.delivery == "undeliverable":
        return Line("admin_records.status_undelivered")
    return Line(f"admin_records.status_{view.outcome or 'running'}")


async def _filter_form(ask: Ask) -> Form:
    typed = (await kept(ask, ask.request.subject)).typed if not ask.request.values else {}

    def field(name: str, hint: str = "") -> TextField:
        shown = Line(f"admin_records.{hint}") if hint else None
        label = Line(f"admin_records.field_{name}")
        return TextField(name, label, typed.get(name, ""), shown, required=False, longest=100)

    choices = (
        Choice("any", Line("admin_records.any")),
        *(Choice(s, Line(f"admin_records.status_{s}")) for s in STATUSES),
    )
    return Form(
        "admin.records.filter",
        Line("admin_records.filter_title"),
        (
            field("words"),
            field("member"),
            ChoiceField("status", Line("admin_records.field_status"), choices, typed.get("status") or "any"),
            field("label"),
            field("since", "hint_date"),
            field("until", "hint_date"),
        ),
        submit=Line("admin_records.button_filter"),
    )


async def _filter(ask: Ask) -> Answer:
    typed = {name: text(ask, name) for name in NAMES}
    if typed["status"] == "any":
        typed["status"] = ""
    return await _listing(ask, await keep(ask, typed), 0)


async def load(ask: Ask) -> GenerationView:
    """The painting a request is about, private ones too. Refusal `paint.gone`."""
    generation_id, _ = picture_of(ask.request.subject or ask.request.text)
    async with ask.tools.house.records.read() as tx:
        view = await generations.load(tx, generation_id)
    if view is None or view.deleted is not None:
        raise Refusal("paint.gone", {"id": generation_id})
    return view


async def one(ask: Ask) -> Answer:
    """Details without words, pictures and references unless it is private."""
    view = await load(ask)
    async with ask.tools.house.records.read() as tx:
        by = (await members.names_of(tx, [view.reviewer or 0])).get(view.reviewer or 0, "")
        shown = cards.details(view, await generations.children(tx, view.id), reviewer=by, words=False)
    parts: list[Part] = [*shown.parts]
    if view.private:
        parts.append(Line("admin_records.private_hidden", tone="fact"))
    else:
        parts += _pictures(view)
    parts += [
        Line(
            "admin_records.task_error",
            {
                "n": task.number,
                "code": task.error_code or "-",
                "text": task.error_text or "-",
                "key": task.credential or "-",
            },
            tone="alert",
        )
        for task in view.failed
    ]
    buttons = [
        Button(Line("admin_records.button_reveal"), "admin.records.reveal", view.id),
        Button(Line("admin_records.button_evidence"), "admin.records.evidence", view.id),
    ]
    if view.kept and not view.private:
        buttons.append(Button(Line("admin_records.button_inspire"), "admin.inspirations.from", view.id))
    if view.delivery == "undeliverable" and view.kept:
        buttons.append(Button(Line("details.button_resend"), "resend", view.id, "primary"))
    if view.settled:
        buttons.append(Button(Line("admin.button_delete"), "admin.records.delete", view.id, "danger"))
    return page(parts, buttons, back="admin.records")


def _pictures(view: GenerationView) -> list[Part]:
    found: list[Part] = []
    kept_ones = tuple(
        Picture(
            one.image, Line("card.alt_private", {"id": view.id, "n": one.number}), one.number, one.width, one.height
        )
        for one in facts.pictures(view)
    )
    if kept_ones:
        found.append(Pictures(kept_ones))
    found += [
        Item(
            (Line("card.reference", {"n": at}, tone="fact"),),
            Picture(image.id, Line("card.reference", {"n": at}), 0, image.width, image.height),
        )
        for at, image in enumerate(view.references, 1)
    ]
    return found


async def reveal(ask: Ask) -> Answer:
    """The words themselves: an act of its own that stands in the audit."""
    view = await load(ask)
    async with ask.tools.house.records.write() as tx:
        await note(ask, tx, "records.reveal", view.id, after={"member": view.member})
    parts: list[Part] = [
        Line("admin_records.revealed", {"id": view.id, "member": view.member}, tone="title"),
        Quote(view.prompt_typed or "-"),
    ]
    if view.prompt_sent != view.prompt_typed:
        parts += [Line("details.sent", tone="fact"), Quote(view.prompt_sent)]
    if view.source:
        parts += [Line("details.source", tone="fact"), Quote(view.source)]
    parts.append(Line("admin_records.reveal_noted", tone="fact"))
    return page(parts, back=f"admin.records.one:{view.id}")


async def evidence(ask: Ask) -> Answer:
    """The evidence card without words, as a file."""
    view = await load(ask)
    card = Document(f"paintbot-{view.id}.json", "application/json", cards.details_json(view, words=False).encode())
    return page((Line("paint.evidence", {"id": view.id}), card), back=f"admin.records.one:{view.id}")


async def delete(ask: Ask) -> Answer:
    """Ask once."""
    view = await load(ask)
    if not view.settled:
        raise Refusal("paint.delete_running", {"id": view.id})
    sure = Button(Line("admin_records.button_delete_sure"), "admin.records.delete.sure", view.id, "danger")
    values: dict[str, Value] = {"id": view.id, "member": view.member, "n": len(view.kept)}
    parts = (Line("admin_records.delete_ask", values), *await from_the_gallery(ask, [view.id]))
    return page(parts, (sure,), back=f"admin.records.one:{view.id}")


async def delete_sure(ask: Ask) -> Answer:
    """Words, pictures and posted messages go; ledger and tombstone stay, and so does a line in the audit."""
    try:
        view = await load(ask)
        everywhere = await remove(ask, view)
    except Refusal as refusal:
        before = await deleted_before(ask, ask.request.subject, refusal)
        return page(before.parts, back="admin.records")
    key = "paint.delete_done" if everywhere else "paint.delete_done_here"
    return done(Line(key, {"id": view.id}), back="admin.records")


VERBS: Mapping[str, Command] = {
    "admin.records": records,
    "admin.records.undelivered": undelivered,
    "admin.records.filter": formed(_filter_form, _filter),
    "admin.records.one": one,
    "admin.records.reveal": reveal,
    "admin.records.evidence": evidence,
    "admin.records.delete": delete,
    "admin.records.delete.sure": delete_sure,
}
