"""Members found, with their balance; points granted and taken, always with a reason."""

from collections.abc import Mapping

from core import ledger, members
from core.commands.admin.frame import (
    LARGEST,
    LONGEST_WORDS,
    PAGE,
    done,
    id_of,
    narrowed,
    note,
    one_line,
    page,
    pager,
    text,
    whole,
)
from core.commands.asking import Ask, Command
from core.commands.forming import formed
from core.commands.paging import paged
from core.commands.points import entry_line
from core.errors import Refusal
from core.members import Member
from core.records import Tx
from core.replies import Answer, Button, Facts, Form, Item, NumberField, Part, TextField
from core.requests import Line, Value

HISTORY = 8
LONGEST_REASON = 200


async def points(ask: Ask) -> Answer:
    """Members, narrowed to words of name or account."""
    return await _listing(ask)


async def _listing(ask: Ask, typed: str | None = None) -> Answer:
    words, draft, offset = await narrowed(ask, typed)
    async with ask.tools.house.records.read() as tx:
        found, total, offset = await paged(lambda at: members.search(tx, words, offset=at, most=PAGE), offset, PAGE)
        back = f".{draft}{offset}" if draft or offset else ""
        items = [await item(tx, one, back) for one in found]
    parts: list[Part] = [Line("admin_points.title", tone="title")]
    if words:
        parts.append(Line("admin_points.found", {"n": total, "words": words}))
    else:
        parts.append(Line("admin_points.all", {"n": total}, tone="fact"))
    parts += items
    buttons = [Button(Line("admin_points.button_find"), "admin.points.find", style="primary")]
    buttons += pager("admin.points", offset, total, prefix=draft)
    buttons += [Button(Line("admin_points.button_all"), "admin.points")] if words else []
    return page(parts, (*buttons, Button(Line("admin_points.button_team"), "admin.points.team")))


async def item(tx: Tx, member: Member, back: str = "") -> Item:
    """A member as a row of a list; `back` (`.DRAFT.5`) is the page of it that the member's own leads back to."""
    known = await members.accounts_of(tx, member.id)
    values: dict[str, Value] = {"name": member.name, "role": role(member), "points": member.points, "held": member.held}
    lines = (
        Line("admin_points.row", values),
        Line("admin_points.accounts", {"accounts": " ".join(known)}, tone="fact"),
    )
    return Item(lines, buttons=(Button(Line("admin.button_open"), "admin.points.member", f"{member.id}{back}"),))


def role(member: Member) -> Line:
    """What a member is in one word: the role, or the standing of somebody who may not paint."""
    word = member.role if member.standing == "approved" else member.standing
    return Line(f"admin_points.role_{word}")


async def _find_form(ask: Ask) -> Form:
    hint = Line("admin_points.hint_find")
    field = TextField("words", Line("admin_points.field_find"), "", hint, longest=LONGEST_WORDS)
    return Form("admin.points.find", Line("admin_points.find_title"), (field,), submit=Line("admin_points.button_find"))


async def _find(ask: Ask) -> Answer:
    return await _listing(ask, text(ask, "words"))


async def who(ask: Ask, tx: Tx) -> Member:
    """The member a request is about. Refusal `points.no_member`."""
    found = await members.get(tx, id_of(ask.request.subject))
    if found is None:
        raise Refusal("points.no_member")
    return found


async def member(ask: Ask) -> Answer:
    """One member: wallet, limits, newest movements, and what can be done."""
    async with ask.tools.house.records.read() as tx:
        found = await who(ask, tx)
        known = await members.accounts_of(tx, found.id)
        entries = await ledger.history(tx, found.id, most=HISTORY)
    rows: tuple[tuple[Line, Value], ...] = (
        (Line("admin_points.accounts_label"), " ".join(known)),
        (Line("admin_points.role"), role(found)),
        (Line("admin_points.balance"), found.points),
        (Line("admin_points.held"), found.held),
        (Line("admin_points.allowance"), _own(found.allowance, ask.team.allowance)),
        (Line("admin_points.daily"), _own(found.daily_pictures, ask.team.daily_pictures)),
        (Line("admin_points.at_once"), _own(found.at_once, ask.team.at_once)),
    )
    parts: list[Part] = [Line("admin_points.member_title", {"name": found.name}, tone="title"), Facts(rows)]
    parts += [entry_line(entry) for entry in entries] or [Line("points.none_yet", tone="fact")]
    return page(parts, _buttons(found), back=f"admin.points:{ask.request.subject.partition('.')[2]}")


def _own(value: int | None, team: int | None) -> Value:
    if value is not None:
        return value
    return Line("admin_points.as_team", {"n": Line("admin_points.no_limit") if team is None else team})


def _buttons(found: Member) -> list[Button]:
    subject = str(found.id)
    buttons = [
        Button(Line("admin_points.button_grant"), "admin.points.grant", subject, "primary"),
        Button(Line("admin_points.button_take"), "admin.points.take", subject),
        Button(Line("admin_points.button_limits"), "admin.points.limits", subject),
        Button(Line("admin_points.button_role"), "admin.access.role", subject),
    ]
    match found.standing:
        case "waiting":
            buttons.insert(0, Button(Line("admin_access.button_approve"), "admin.access.approve", subject, "primary"))
            buttons.append(Button(Line("admin_access.button_deny"), "admin.access.deny", subject, "danger"))
        case "blocked":
            buttons.append(Button(Line("admin_access.button_unblock"), "admin.access.approve", subject))
        case _:
            if not found.admin:
                buttons.append(Button(Line("admin_access.button_block"), "admin.access.deny", subject, "danger"))
    return buttons


async def _movement_form(ask: Ask, verb: str) -> Form:
    async with ask.tools.house.records.read() as tx:
        found = await who(ask, tx)
    have = Line("admin_points.has", {"name": found.name, "points": found.points})
    return Form(
        f"admin.points.{verb}",
        Line(f"admin_points.{verb}_title", {"name": found.name}),
        (
            NumberField("points", Line("admin_points.field_points"), None, 1, LARGEST, have),
            TextField(
                "reason",
                Line("admin_points.field_reason"),
                "",
                Line("admin_points.hint_reason"),
                longest=LONGEST_REASON,
            ),
        ),
        str(found.id),
        Line(f"admin_points.button_{verb}"),
    )


async def _grant_form(ask: Ask) -> Form:
    return await _movement_form(ask, "grant")


async def _take_form(ask: Ask) -> Form:
    return await _movement_form(ask, "take")


async def _grant(ask: Ask) -> Answer:
    return await _move(ask, "grant")


async def _take(ask: Ask) -> Answer:
    return await _move(ask, "take")


async def _move(ask: Ask, verb: str) -> Answer:
    """Points given or taken with a reason, once an event: an event told twice moves nothing the second time."""
    number, reason = whole(ask, "points", low=1), one_line(ask, "reason", LONGEST_REASON)
    once = f"{verb}:{ask.request.account.platform}:{ask.request.event_key}" if ask.request.event_key else None
    async with ask.tools.house.records.write() as tx:
        found = await who(ask, tx)
        move = ledger.grant if verb == "grant" else ledger.take
        after = await move(tx, found.id, number, reason=reason, once=once, by=ask.member.id)
        if after is not None:
            before = after - number if verb == "grant" else after + number
            values = {"before": {"points": before}, "after": {"points": after, "reason": reason}}
            await note(ask, tx, f"points.{verb}", found.name, **values)
        have = (await ledger.wallet(tx, found.id)).points
    line = Line(f"admin_points.{verb}_done", {"name": found.name, "n": number, "points": have}, tone="money")
    return done(line, back=f"admin.points.member:{found.id}")


VERBS: Mapping[str, Command] = {
    "admin.points": points,
    "admin.points.find": formed(_find_form, _find),
    "admin.points.member": member,
    "admin.points.grant": formed(_grant_form, _grant),
    "admin.points.take": formed(_take_form, _take),
}
