"""Key pools looked at: which one is in use, how each key does, what it did today; a secret is never shown."""

from collections.abc import Mapping, Sequence

from core import keypools
from core.commands.admin.frame import change_rules, done, id_of, page, rules_shown, text
from core.commands.admin.status import ill
from core.commands.asking import Ask, Command
from core.commands.forming import formed
from core.errors import Refusal
from core.keypools import CredentialView, Today
from core.painting.accepting import midnight
from core.replies import Answer, Button, Choice, ChoiceField, Facts, Form, Item, Part
from core.requests import Line, Value

MOST = 10


async def keys(ask: Ask) -> Answer:
    """All pools with their keys."""
    async with ask.tools.house.records.read() as tx:
        pools = await keypools.pools(tx, midnight(tx.now, ask.tools.house.zone))
    parts: list[Part] = [
        Line("admin_keys.title", tone="title"),
        Line("admin_keys.bound", {"pool": ask.team.pool}),
        Line("admin_keys.never_shown", tone="fact"),
    ]
    if not any(pool.name == ask.team.pool and pool.on for pool in pools):
        parts.append(Line("admin_keys.pool_empty", {"pool": ask.team.pool}, tone="alert"))
    shown = 0
    for pool in pools:
        name = "admin_keys.pool_in_use" if pool.name == ask.team.pool else "admin_keys.pool"
        parts.append(Line(name, {"pool": pool.name, "n": pool.on, "all": len(pool.credentials)}, tone="title"))
        parts += [_item(key) for key in pool.credentials[: MOST - shown]]
        shown += len(pool.credentials[: MOST - shown])
    total = sum(len(pool.credentials) for pool in pools)
    if total > shown:
        parts.append(Line("admin_keys.more", {"n": total - shown}, tone="fact"))
    buttons = [Button(Line("admin_keys.button_add"), "admin.keys.add", style="primary")]
    if len(pools) > 1 or (pools and pools[0].name != ask.team.pool):
        buttons.append(Button(Line("admin_keys.button_bind"), "admin.keys.bind"))
    return page(parts, buttons)


def _item(key: CredentialView) -> Item:
    head = Line("admin_keys.head", {"alias": key.alias, "access_key": key.access_key, "state": key.line})
    button = Button(Line("admin.button_open"), "admin.keys.one", str(key.id))
    return Item((head, _today(key.today)), buttons=(button,))


def _today(today: Sequence[Today]) -> Line:
    names = ("submits", "kept", "failed", "in_flight")
    return Line("admin_keys.today", {name: sum(getattr(one, name) for one in today) for name in names}, tone="fact")


async def one(ask: Ask) -> Answer:
    """One key with everything that can be done with it."""
    key = await view_of(ask, id_of(ask.request.subject))
    rows: list[tuple[Line, Value]] = [
        (Line("admin_keys.pool_label"), key.pool),
        (Line("admin_keys.access_key"), key.access_key),
        (Line("admin_keys.api_url"), key.api_url),
        (Line("admin_keys.region"), key.region),
        (Line("admin_keys.at_once"), key.at_once),
        (Line("admin_keys.per_second"), key.per_second),
        (Line("admin_keys.state"), key.line),
    ]
    if key.disabled_why:
        rows.append((Line("admin_keys.why"), key.disabled_why))
    parts: list[Part] = [
        Line("admin_keys.one_title", {"alias": key.alias}, tone="title"),
        Facts(tuple(rows)),
        _today(key.today),
    ]
    parts += [each.line for each in key.health]
    return page(parts, _buttons(key), back="admin.keys")


def _buttons(key: CredentialView) -> list[Button]:
    subject = str(key.id)
    found = [
        Button(Line("admin_keys.button_test"), "admin.keys.test", subject, "primary"),
        Button(Line("admin.button_edit"), "admin.keys.edit", subject),
    ]
    if ill(key):
        found.append(Button(Line("admin_keys.button_reset"), "admin.keys.reset", subject))
    switch = "disable" if key.enabled else "enable"
    found.append(Button(Line(f"admin.button_{switch}"), f"admin.keys.{switch}", subject))
    found.append(Button(Line("admin.button_remove"), "admin.keys.remove", subject, "danger"))
    return found


async def view_of(ask: Ask, credential_id: int) -> CredentialView:
    """A key with its numbers of today. Refusal `keys.gone`."""
    async with ask.tools.house.records.read() as tx:
        return await keypools.view(tx, credential_id, midnight(tx.now, ask.tools.house.zone))


async def _bind_form(ask: Ask) -> Form:
    async with ask.tools.house.records.read() as tx:
        pools = await keypools.pools(tx, midnight(tx.now, ask.tools.house.zone))
    options = tuple(
        Choice(pool.name, Line("admin_keys.choice_pool", {"pool": pool.name, "n": pool.on})) for pool in pools
    )
    if not options:
        raise Refusal("admin_keys.no_pool_yet")
    field = ChoiceField("pool", Line("admin_keys.field_bind"), options, ask.team.pool, Line("admin_keys.hint_bind"))
    subject = rules_shown(ask, "pool", ("pool",))
    return Form("admin.keys.bind", Line("admin_keys.bind_title"), (field,), subject, Line("admin_keys.button_bind"))


async def _bind(ask: Ask) -> Answer:
    """New paintings take their keys from this pool; those under way stay where they are."""
    wanted = text(ask, "pool")
    async with ask.tools.house.records.read() as tx:
        found = {pool.name: pool for pool in await keypools.pools(tx, midnight(tx.now, ask.tools.house.zone))}
    if wanted not in found:
        raise Refusal("admin_keys.no_such_pool", {"pool": wanted[:40], "known": " ".join(found)}, field="pool")
    if not found[wanted].on:
        raise Refusal("admin_keys.pool_off", {"pool": wanted}, field="pool")
    await change_rules(ask, "rules.pool", {"pool": wanted}, form=ask.request.subject)
    return done(Line("admin_keys.bound_now", {"pool": wanted}), back="admin.keys")


VERBS: Mapping[str, Command] = {
    "admin.keys": keys,
    "admin.keys.one": one,
    "admin.keys.bind": formed(_bind_form, _bind),
}
