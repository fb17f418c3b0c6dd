"""People: strangers at the door let in or turned away and told so, roles, invitations."""

from collections.abc import Mapping
from datetime import timedelta

from core import access as passes
from core import members
from core.commands.admin.frame import PAGE, done, note, offset_of, page, pager, text, whole
from core.commands.admin.points import item, who
from core.commands.arriving import welcome
from core.commands.asking import Ask, Command
from core.commands.forming import formed, saving, shown, stands
from core.commands.paging import paged
from core.commands.telling import tell
from core.errors import Refusal
from core.ledger import wallet
from core.members import ROLES, Member
from core.replies import Answer, Button, Choice, ChoiceField, Form, Item, NumberField, Part, Quote, Reply
from core.requests import Line

MOST_USES = 500
MOST_DAYS = 90


async def waiting(ask: Ask) -> Answer:
    """Who stands at the door."""
    offset = offset_of(ask.request.subject)
    async with ask.tools.house.records.read() as tx:
        found, total, offset = await paged(
            lambda at: members.search(tx, standing="waiting", offset=at, most=PAGE), offset, PAGE
        )
        known = {one.id: await members.accounts_of(tx, one.id) for one in found}
    parts: list[Part] = [Line("admin_access.waiting_title", {"n": total}, tone="title")]
    for one in found:
        line = Line(
            "admin_access.waiting_row", {"name": one.name, "accounts": " ".join(known[one.id]), "at": one.created}
        )
        buttons = (
            Button(Line("admin_access.button_approve"), "admin.access.approve", str(one.id), "primary"),
            Button(Line("admin_access.button_deny"), "admin.access.deny", str(one.id), "danger"),
        )
        parts.append(Item((line,), buttons=buttons))
    if not found:
        parts.append(Line("admin_access.waiting_none"))
    return page(parts, pager("admin.access.waiting", offset, total), back="admin.access")


async def approve(ask: Ask) -> Answer:
    """Let in (again), welcomed with points once, and told."""
    async with ask.tools.house.records.write() as tx:
        found = await who(ask, tx)
        if found.standing == "approved":
            raise Refusal("admin_access.approved_before", {"name": found.name})
        await members.change(tx, found.id, standing="approved")
        await welcome(tx, found.id, ask.team.welcome, found.language or ask.language)
        have = (await wallet(tx, found.id)).points
        await note(ask, tx, "access.approve", found.name, before=found.standing, after="approved")
        known = await members.accounts_of(tx, found.id)
    reply = Reply((Line("access.welcomed", {"points": have}),), private=True)
    told = await tell(ask, found, known, reply)
    return _said(found, "approved", told)


async def deny(ask: Ask) -> Answer:
    """Turned away, or out again; told politely. Admins are made members first."""
    async with ask.tools.house.records.write() as tx:
        found = await who(ask, tx)
        if found.admin:
            raise Refusal("admin_access.is_admin", {"name": found.name})
        await members.change(tx, found.id, standing="blocked")
        await note(ask, tx, "access.deny", found.name, before=found.standing, after="blocked")
        known = await members.accounts_of(tx, found.id)
    told = await tell(ask, found, known, Reply((Line("access.blocked"),), private=True))
    return _said(found, "denied", told)


def _said(found: Member, what: str, told: bool) -> Reply:
    said = Line("admin_access.told" if told else "admin_access.not_told", tone="fact")
    open_ = Button(Line("admin.button_open"), "admin.points.member", str(found.id))
    return page((Line(f"admin_access.{what}", {"name": found.name}), said), (open_,), back="admin.access.waiting")


async def people(ask: Ask) -> Answer:
    """Admins and reviewers."""
    offset = offset_of(ask.request.subject)
    async with ask.tools.house.records.read() as tx:
        found, total, offset = await paged(
            lambda at: members.search(tx, roles=("admin", "reviewer"), offset=at, most=PAGE), offset, PAGE
        )
        items = [await item(tx, one) for one in found]
    parts: list[Part] = [
        Line("admin_access.people_title", tone="title"),
        Line("admin_access.people_intro", tone="fact"),
        *items,
    ]
    find = Button(Line("admin_points.button_find"), "admin.points.find", style="primary")
    return page(parts, (find, *pager("admin.access.people", offset, total)), back="admin.access")


async def _role_form(ask: Ask) -> Form:
    async with ask.tools.house.records.read() as tx:
        found = await who(ask, tx)
    options = tuple(Choice(one, Line(f"admin_access.role_{one}")) for one in ROLES)
    field = ChoiceField("role", Line("admin_access.field_role"), options, found.role)
    subject = shown(found.id, {"role": found.role})
    return Form("admin.access.role", Line("admin_access.role_title", {"name": found.name}), (field,), subject)


async def _role(ask: Ask) -> Answer:
    """Member, reviewer or admin; the last admin stays one."""
    role = text(ask, "role")
    if role not in ROLES:
        raise Refusal("admin_access.no_role", field="role")
    async with saving(ask) as tx:
        found = await who(ask, tx)
        if role != found.role:
            await stands(tx, ask.request.subject, {"role": found.role}, "access", found.name)
        if role != "member" and found.standing != "approved":
            raise Refusal("admin_access.not_approved", {"name": found.name}, field="role")
        if not await members.set_role(tx, found.id, role):
            raise Refusal("admin_access.last_admin", field="role")
        if role != found.role:
            await note(ask, tx, "access.role", found.name, before=found.role, after=role)
    line = Line("admin_access.role_done", {"name": found.name, "role": Line(f"admin_points.role_{role}")})
    return done(line, back=f"admin.points.member:{found.id}")


async def _invite_form(ask: Ask) -> Form:
    fields = (
        NumberField("uses", Line("admin_access.field_uses"), 1, 1, MOST_USES),
        NumberField("days", Line("admin_access.field_days"), 7, 1, MOST_DAYS),
    )
    return Form(
        "admin.access.invite", Line("admin_access.invite_title"), fields, submit=Line("admin_access.button_invite")
    )


async def _invite(ask: Ask) -> Answer:
    """A pass for people no admin knows yet; only its hash is kept, so it is shown this once."""
    uses, days = whole(ask, "uses", low=1, high=MOST_USES), whole(ask, "days", low=1, high=MOST_DAYS)
    async with ask.tools.house.records.write() as tx:
        seconds = timedelta(days=days).total_seconds()
        token = await passes.make_pass(tx, "invite", seconds=seconds, uses=uses, member_id=ask.member.id)
        await note(ask, tx, "access.invite", after={"uses": uses, "days": days})
    parts = (
        Line("admin_access.invited", {"n": uses, "days": days}),
        Quote(f"/start invite-{token}"),
        Line("admin_access.invited_once", tone="fact"),
    )
    return page(parts, back="admin.access")


VERBS: Mapping[str, Command] = {
    "admin.access.waiting": waiting,
    "admin.access.approve": approve,
    "admin.access.deny": deny,
    "admin.access.people": people,
    "admin.access.role": formed(_role_form, _role),
    "admin.access.invite": formed(_invite_form, _invite),
}
