"""One wallet on Slack and Telegram: a code made on one platform joins the account that brings it from the other."""

from collections.abc import Mapping

from core import access, audit, generations, ledger, members, templates
from core.commands.asking import Ask, Command
from core.errors import Refusal
from core.members import Member
from core.records import Tx
from core.replies import Answer, Button, Facts, Form, Part, Quote, Reply, TextField
from core.requests import Account, Line, Value
from core.texts import say

MINUTES = 10


async def link(ask: Ask) -> Answer:
    """Without words a one-time code and how to use it; with a code, the two accounts become one member."""
    code = ask.request.text.strip() or str(ask.request.values.get("code") or "").strip()
    if code or ask.request.values:
        return await join(ask, code)
    if ask.member.standing == "waiting":  # no wallet to share yet, but a code from elsewhere lets them in
        return await enter(ask)
    access.check_standing(ask.member.standing)
    async with ask.tools.house.records.write() as tx:
        made = await access.make_pass(
            tx, "link", seconds=MINUTES * 60, account=str(ask.request.account), member_id=ask.member.id
        )
        known = await members.accounts_of(tx, ask.member.id)
    rows: tuple[tuple[Line, Value], ...] = tuple(
        (Line("link.account", {"n": at}), one) for at, one in enumerate(known, 1)
    )
    parts: list[Part] = [
        Line("link.title", tone="title"),
        Line("link.how", {"minutes": MINUTES}),
        Quote(made),
        Line("link.secret", tone="alert"),
        Facts(rows),
    ]
    return Reply(tuple(parts), (Button(Line("link.button_enter"), "link.enter"),), private=True, copy=made)


async def enter(ask: Ask) -> Answer:
    """A field for the code from the other platform."""
    code = TextField("code", Line("link.field_code"), hint=Line("link.hint_code"), longest=64)
    intro = (Line("link.warning", {"points": ask.member.points}),)
    return Form("link", Line("link.enter_title"), (code,), submit=Line("link.enter_submit"), intro=intro)


async def join(ask: Ask, code: str) -> Answer:
    """The asking account shares the wallet the code was made for. Refusals: code gone, same wallet, same platform, an admin's account, paintings under way."""
    account = str(ask.request.account)
    async with ask.tools.house.records.write() as tx:
        found = await access.use_pass(tx, "link", code)
        into = await members.get(tx, found[1]) if found and found[1] else None
        if found is None or into is None or into.standing != "approved":
            raise Refusal("link.gone", field="code")
        await members.lock(tx, ask.member.id)  # a painting they are just placing counts as under way
        old = await members.find(tx, account)
        assert old is not None
        _check(ask, old, into, Account.parse(found[0]))
        moved = await unite(tx, account, into, ask.language)
        await audit.note(tx, into.id, "access.linked", account, before=old.id, after=into.id)
        wallet = await ledger.wallet(tx, into.id)
    values: dict[str, Value] = {"name": into.name, "points": wallet.points, "moved": moved}
    parts = [Line("link.done", values)] + ([Line("link.moved", values, "money")] if moved else [])
    return Reply(tuple(parts), (Button(Line("desk.button_points"), "points"),), private=True)


def _check(ask: Ask, old: Member, into: Member, maker: Account) -> None:
    if old.standing == "blocked":
        raise Refusal("access.blocked")
    if old.id == into.id:
        raise Refusal("link.already")
    if maker.platform == ask.request.account.platform:
        raise Refusal("link.same_platform", field="code")
    if old.role != "member":
        raise Refusal("link.role")


async def unite(tx: Tx, account: str, into: Member, language: str) -> int:
    """The account is another face of `into` from now on, its works and templates come along when it was its member's last; points moved.

    Refusal `points.no_member`, `points.linked_busy` while paintings are under way.
    """
    old = await members.find(tx, account)
    await members.link(tx, account, into.id)
    if old is None or old.id == into.id or await members.accounts_of(tx, old.id):
        return 0
    return await _move(tx, account, old, into, language)


async def _move(tx: Tx, account: str, old: Member, into: Member, language: str) -> int:
    """Works, templates and points of a wallet nobody uses any more; its welcome stays behind where the other had one: there is one a person."""
    await generations.hand_over(tx, old.id, into.id)
    await templates.hand_over(tx, old.id, into.id)
    welcomes = [(await ledger.sums(tx, one.id)).get("welcome", 0) for one in (old, into)]
    moved = max(0, old.points - min(welcomes))
    if old.points:
        reason = say(Line("link.reason", {"account": account}), language)
        await ledger.take(tx, old.id, old.points, reason=reason)
        if moved:
            await ledger.grant(tx, into.id, moved, kind="link", reason=reason)
    await members.change(
        tx, old.id, standing="blocked", role="member"
    )  # nobody's, and so no admin a team could count on
    return moved


VERBS: Mapping[str, Command] = {"link": link, "link.enter": enter}
