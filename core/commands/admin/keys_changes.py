"""Keys added, edited, tested, switched and removed; what the audit keeps of them holds no secret."""

import re
from collections.abc import Mapping
from typing import Any
from unicodedata import normalize

from core import keypools
from core.commands.admin.frame import done, id_of, note, one_line, page, text, whole
from core.commands.admin.keys import view_of
from core.commands.asking import Ask, Command
from core.commands.forming import formed, saving, shown, stands
from core.errors import Refusal
from core.jimeng.models import roles_of
from core.keypools import Changes, CredentialView, NewCredential, WrongKey
from core.keypools.credentials import MOST_A_SECOND, MOST_AT_ONCE, URL
from core.replies import Answer, Button, Field, Form, NumberField, TextField
from core.requests import Line

RATE = re.compile(r"[0-9]{1,6}(?:[.,][0-9]{1,2})?")
LONGEST_SECRET = 400


def _fields(key: CredentialView | None, pool: str) -> tuple[Field, ...]:
    """Everything of a key; of one that is there already the id and the secret are typed only to be replaced."""
    new = key is None
    kept = None if new else Line("admin_keys.hint_kept")
    shown = Line("admin_keys.hint_access_key", {"access_key": key.access_key}) if key else None
    return (
        TextField(
            "alias", Line("admin_keys.alias"), key.alias if key else "", Line("admin_keys.hint_alias"), longest=200
        ),
        TextField("access_key_id", Line("admin_keys.access_key_id"), "", shown, required=new, longest=200),
        TextField(
            "secret_access_key",
            Line("admin_keys.secret_access_key"),
            "",
            kept,
            required=new,
            longest=LONGEST_SECRET,
            secret=True,
        ),
        TextField("api_url", Line("admin_keys.api_url"), key.api_url if key else URL, longest=200),
        TextField("region", Line("admin_keys.region"), key.region if key else "cn-north-1", longest=200),
        TextField(
            "pool", Line("admin_keys.pool_label"), key.pool if key else pool, Line("admin_keys.hint_pool"), longest=200
        ),
        NumberField(
            "at_once",
            Line("admin_keys.at_once"),
            key.at_once if key else 1,
            1,
            MOST_AT_ONCE,
            Line("admin_keys.hint_at_once"),
        ),
        TextField(
            "per_second",
            Line("admin_keys.per_second"),
            f"{key.per_second:g}" if key else "1",
            Line("admin_keys.hint_per_second"),
            longest=20,
        ),
    )


async def _add_form(ask: Ask) -> Form:
    intro = (Line("admin_keys.intro_add"), Line("admin_keys.never_shown", tone="fact"))
    return Form("admin.keys.add", Line("admin_keys.add_title"), _fields(None, ask.team.pool), intro=intro)


def _typed(ask: Ask) -> dict[str, Any]:
    plain = ("alias", "access_key_id", "api_url", "region", "pool")
    return {name: one_line(ask, name) for name in plain} | {
        "secret_access_key": text(ask, "secret_access_key", LONGEST_SECRET),
        "at_once": whole(ask, "at_once", low=1, high=MOST_AT_ONCE),
        "per_second": _rate(ask),
    }


def _rate(ask: Ask) -> float:
    found = RATE.fullmatch(normalize("NFKC", text(ask, "per_second")))
    if found is None:
        raise Refusal("keys.bad_rate", {"most": int(MOST_A_SECOND)}, field="per_second")
    return float(found[0].replace(",", "."))


async def _add(ask: Ask) -> Answer:
    """A complete key is sealed and used from now on; an incomplete one is refused at the field that is missing."""
    new = NewCredential(**_typed(ask))
    async with ask.tools.house.records.write() as tx:
        made = await keypools.add(tx, ask.tools.vault, new)
        key = await keypools.view(tx, made, tx.now)
        await note(ask, tx, "keys.add", key.alias, after=_safe(key))
    test = Button(Line("admin_keys.button_test"), "admin.keys.test", str(made), "primary")
    return done(Line("admin_keys.added", {"alias": key.alias, "pool": key.pool}), back="admin.keys", buttons=(test,))


def _safe(key: CredentialView) -> dict[str, Any]:
    """What the audit keeps of a key."""
    names = ("pool", "alias", "access_key", "api_url", "region", "at_once", "per_second", "enabled")
    return {name: getattr(key, name) for name in names}


async def _edit_form(ask: Ask) -> Form:
    key = await view_of(ask, id_of(ask.request.subject))
    title = Line("admin_keys.edit_title", {"alias": key.alias})
    return Form("admin.keys.edit", title, _fields(key, key.pool), shown(key.id, {"revision": key.revision}))


async def _edit(ask: Ask) -> Answer:
    """What was typed replaces what was; an empty id or secret stays as it is."""
    credential_id = id_of(ask.request.subject)
    typed = _typed(ask)
    typed["access_key_id"] = typed["access_key_id"] or None
    async with saving(ask) as tx:
        before = await keypools.view(tx, credential_id, tx.now)
        await stands(tx, ask.request.subject, {"revision": before.revision}, "keys", before.alias)
        await keypools.edit(tx, ask.tools.vault, credential_id, Changes(**typed))
        after = await keypools.view(tx, credential_id, tx.now)
        secret = {"secret": "replaced"} if typed["secret_access_key"] else {}
        await note(ask, tx, "keys.edit", after.alias, before=_safe(before), after=_safe(after) | secret)
    back = f"admin.keys.one:{credential_id}"
    return done(Line("admin_keys.edited", {"alias": after.alias}), back=back)


async def test(ask: Ask) -> Answer:
    """One signed call that costs nothing for each capability in use; what it says counts for the key's health."""
    key = await view_of(ask, id_of(ask.request.subject))
    capabilities = sorted(set(roles_of(ask.tools.models.rows).values()))
    tools, lines = ask.tools, []
    try:
        for one in capabilities:
            found = await keypools.test(tools.house.records, tools.vault, tools.client, key.id, one)
            lines.append(found)
    except WrongKey as error:
        raise Refusal("admin_keys.wrong_key", {"alias": key.alias}) from error
    async with tools.house.records.write() as tx:
        works = {one: found.works for one, found in zip(capabilities, lines, strict=True)}
        await note(ask, tx, "keys.test", key.alias, after=works)
    said = [Line(found.line.key, found.line.values, tone="" if found.works else "alert") for found in lines]
    return page((Line("admin_keys.tested", {"alias": key.alias}, tone="title"), *said), back=f"admin.keys.one:{key.id}")


async def _switch(ask: Ask, on: bool) -> Answer:
    credential_id = id_of(ask.request.subject)
    async with ask.tools.house.records.write() as tx:
        key = await keypools.view(tx, credential_id, tx.now)
        await keypools.enable(tx, credential_id, on, why="" if on else ask.member.name)
        await note(ask, tx, "keys.enable" if on else "keys.disable", key.alias, before=key.enabled, after=on)
    line = Line("admin_keys.enabled" if on else "admin_keys.disabled", {"alias": key.alias})
    return done(line, back=f"admin.keys.one:{credential_id}")


async def enable(ask: Ask) -> Answer:
    """On again, and forgiven what it was blamed for."""
    return await _switch(ask, True)


async def disable(ask: Ask) -> Answer:
    """Off until somebody switches it on; what it paints now is finished."""
    return await _switch(ask, False)


async def reset(ask: Ask) -> Answer:
    """An admin vouches for it: quarantines and spent quotas are forgotten."""
    credential_id = id_of(ask.request.subject)
    async with ask.tools.house.records.write() as tx:
        key = await keypools.view(tx, credential_id, tx.now)
        await keypools.reset(tx, credential_id)
        before = {one.req_key: one.state for one in key.health}
        await note(ask, tx, "keys.reset", key.alias, before=before, after=dict.fromkeys(before, "ok"))
    return done(Line("admin_keys.was_reset", {"alias": key.alias}), back=f"admin.keys.one:{credential_id}")


async def remove(ask: Ask) -> Answer:
    """Ask once."""
    key = await view_of(ask, id_of(ask.request.subject))
    sure = Button(Line("admin_keys.button_remove_sure"), "admin.keys.remove.sure", str(key.id), "danger")
    return page((Line("admin_keys.remove_ask", {"alias": key.alias}),), (sure,), back=f"admin.keys.one:{key.id}")


async def remove_sure(ask: Ask) -> Answer:
    """Out of the pool for ever; records keep its alias."""
    credential_id = id_of(ask.request.subject)
    async with ask.tools.house.records.write() as tx:
        key = await keypools.view(tx, credential_id, tx.now)
        await keypools.remove(tx, credential_id)
        await note(ask, tx, "keys.remove", key.alias, before=_safe(key))
    return done(Line("admin_keys.removed", {"alias": key.alias}), back="admin.keys")


VERBS: Mapping[str, Command] = {
    "admin.keys.add": formed(_add_form, _add),
    "admin.keys.edit": formed(_edit_form, _edit),
    "admin.keys.test": test,
    "admin.keys.enable": enable,
    "admin.keys.disable": disable,
    "admin.keys.reset": reset,
    "admin.keys.remove": remove,
    "admin.keys.remove.sure": remove_sure,
}
