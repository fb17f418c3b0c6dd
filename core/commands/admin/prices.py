"""Prices: what a picture costs, the effect of a change shown before it is saved, and who changed it when."""

from collections.abc import Mapping
from typing import Any

from core import audit, drafts, figures, rules
from core.commands.admin.frame import (
    TEAM_WORDS,
    amount,
    change_rules,
    done,
    maybe,
    page,
    rule_values,
    rules_shown,
    whole,
)
from core.commands.asking import Ask, Command
from core.commands.forming import Meanwhile, formed, saving, shown, stands
from core.errors import Refusal
from core.records import Tx
from core.replies import Answer, Button, Facts, Form, NumberField, Part, Reply, TextField
from core.requests import Line, Value
from core.rules import Rules

KEYS = ("sd", "hd", "final", "confirm_above")
ACT = "rules.prices"
DEAREST = 100_000
"""Points a picture: more is a slip of the finger."""
PICTURES = 4
Prices = Mapping[str, int | None]


async def prices(ask: Ask) -> Answer:
    """Prices in force and their history."""
    async with ask.tools.house.records.read() as tx:
        history = await audit.latest(tx, act=ACT, most=5)
    parts: list[Part] = [
        Line("admin_prices.title", tone="title"),
        Facts(tuple((Line(f"admin_prices.{key}"), value) for key, value in _values(ask.team).items())),
        Line("admin_prices.frozen", tone="fact"),
    ]
    parts += [_history(one.who, one.at, one.before, one.after) for one in history]
    return page(parts, (Button(Line("admin.button_change"), "admin.prices.edit", style="primary"),))


def _values(team: Rules) -> Mapping[str, Value]:
    return {
        "sd": team.sd,
        "hd": team.hd,
        "final": amount(team.final, "admin_prices.as_hd"),
        "confirm_above": team.confirm_above,
    }


def _history(who: str, at: Any, before: Mapping[str, Any], after: Mapping[str, Any]) -> Line:
    values = {"at": at, "who": who or Line("admin.operator"), "what": _steps(before, after)}
    return Line("admin_prices.history", values, tone="fact")


def _steps(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Line, ...]:
    return tuple(
        Line(
            "admin_prices.step",
            {
                "what": Line(f"admin_prices.{key}"),
                "before": amount(before.get(key), "admin_prices.as_hd"),
                "after": amount(after[key], "admin_prices.as_hd"),
            },
        )
        for key in KEYS
        if key in after and before.get(key) != after[key]
    )


async def _form(ask: Ask) -> Form:
    team = ask.team
    final = "" if team.final is None else str(team.final)
    return Form(
        "admin.prices.edit",
        Line("admin_prices.form_title"),
        (
            NumberField("sd", Line("admin_prices.sd"), team.sd, high=DEAREST),
            NumberField("hd", Line("admin_prices.hd"), team.hd, high=DEAREST),
            TextField(
                "final", Line("admin_prices.final"), final, Line("admin_prices.hint_final"), required=False, longest=20
            ),
            NumberField("confirm_above", Line("admin_prices.confirm_above"), team.confirm_above, high=DEAREST),
        ),
        rules_shown(ask, "prices", KEYS),
        Line("admin_prices.form_submit"),
    )


async def _effect(ask: Ask) -> Answer:
    """What would change, before anything does."""
    wanted = {**{key: _price(ask, key) for key in ("sd", "hd", "confirm_above")}, "final": _price_words(ask)}
    async with saving(ask) as tx:
        now = rule_values(await rules.read(tx), KEYS)
        await stands(tx, ask.request.subject, now, "rules")
        if wanted == now:
            raise Refusal("admin.nothing_changed", field="sd")
        return await _asked(tx, now, wanted)


async def _asked(tx: Tx, now: Prices, wanted: Prices, *before: Part) -> Reply:
    """What a change of prices would do, and the button that makes it, as long as the prices of `now` stand."""
    draft = await drafts.put(tx, "admin.prices", {"wanted": wanted, "form": shown("prices", now)})
    sd, hd, threshold = wanted["sd"] or 0, wanted["hd"] or 0, wanted["confirm_above"] or 0
    most = PICTURES * max(sd, hd)
    members, short = await figures.approved(tx), await figures.short_of(tx, most)
    parts: list[Part] = [*before, Line("admin_prices.effect_title", tone="title"), *_steps(now, wanted)]
    parts += [
        Line("admin_prices.effect", {"sd4": PICTURES * sd, "hd4": PICTURES * hd}),
        Line("admin_prices.effect_short", {"n": short, "members": members, "points": most}, tone="fact"),
    ]
    if most > threshold:
        parts.append(Line("admin_prices.effect_confirm", {"points": threshold}, tone="fact"))
    if 0 in (sd, hd):
        parts.append(Line("admin_prices.effect_free", tone="alert"))
    save = Button(Line("admin_prices.button_save"), "admin.prices.save", draft, "primary")
    return page(parts, (save,), back="admin.prices")


def _price(ask: Ask, key: str) -> int:
    try:
        return whole(ask, key, high=DEAREST)
    except Refusal as refusal:
        raise _said(refusal) from refusal


def _price_words(ask: Ask) -> int | None:
    try:
        return maybe(ask, "final", TEAM_WORDS, high=DEAREST)
    except Refusal as refusal:
        raise _said(refusal) from refusal


def _said(refusal: Refusal) -> Refusal:
    """A price has sentences of its own for what cannot be."""
    own = {"admin.negative": "admin_prices.negative", "admin.too_large": "admin_prices.absurd"}
    return Refusal(own.get(refusal.key, refusal.key), refusal.values, field=refusal.field)


async def save(ask: Ask) -> Answer:
    """The change shown before is made; where another admin was first, its effect on the prices of now is shown and nothing is saved yet."""
    async with ask.tools.house.records.read() as tx:
        kept = await drafts.get(tx, "admin.prices", ask.request.subject)
    if kept is None or "wanted" not in kept:  # an earlier version kept something else
        raise Refusal("admin_prices.too_old")
    wanted: Prices = kept["wanted"]
    try:
        changed = await change_rules(ask, ACT, wanted, form=kept["form"])
    except Meanwhile as first:
        async with ask.tools.house.records.write() as tx:
            now = rule_values(await rules.read(tx), KEYS)
            if wanted == now:
                raise Refusal("admin.nothing_changed") from first
            by = Line(f"admin_prices.{first.key.partition('.')[2]}", first.values, tone="alert")
            return await _asked(tx, now, wanted, by)
    if not changed:
        raise Refusal("admin.nothing_changed")
    before = {key: old for key, (old, _) in changed.items()}
    after = {key: new for key, (_, new) in changed.items()}
    return done(Line("admin_prices.saved", {"what": _steps(before, after)}), back="admin.prices")


VERBS: Mapping[str, Command] = {
    "admin.prices": prices,
    "admin.prices.edit": formed(_form, _effect),
    "admin.prices.save": save,
}
