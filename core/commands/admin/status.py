"""How things stand: queue, keys, today's pictures and points, and what needs a hand."""

from collections.abc import Mapping, Sequence

from core import figures, keypools
from core.commands.admin.frame import page
from core.commands.asking import Ask, Command
from core.commands.volume import too_small
from core.figures import Now
from core.keypools import CredentialView
from core.painting.accepting import midnight
from core.replies import Answer, Button, Facts, Part
from core.requests import Line, Value
from core.rules import Rules

ILL = ("quarantined", "exhausted")


async def status(ask: Ask) -> Answer:
    """Everything on one page."""
    async with ask.tools.house.records.read() as tx:
        since = midnight(tx.now, ask.tools.house.zone)
        now = await figures.now(tx, since)
        bound = await keypools.views(tx, since, pool=ask.team.pool)
        small = await too_small(tx, ask.team, bound)
    parts: list[Part] = [Line("admin_status.title", tone="title")]
    if ask.team.paused is not None:
        parts.append(
            Line("admin_status.paused", {"text": ask.team.paused or Line("access.paused_plain")}, tone="alert")
        )
    parts += [Facts(_rows(now, bound, ask.team)), *_needed(now, bound), *((small,) if small else ())]
    buttons = [Button(Line("admin.button_refresh"), "admin.status")]
    if now.at_the_door:
        buttons.append(Button(Line("admin_status.button_door", {"n": now.at_the_door}), "admin.access.waiting"))
    if now.undelivered:
        buttons.append(Button(Line("admin_status.button_undelivered"), "admin.records.undelivered"))
    return page(parts, buttons)


def _rows(now: Now, bound: Sequence[CredentialView], team: Rules) -> tuple[tuple[Line, Value], ...]:
    on = [key for key in bound if key.enabled]
    well = [key for key in on if not ill(key)]
    success: Value = (
        Line("admin_status.none_yet") if now.success is None else Line("admin_status.percent", {"n": now.success})
    )
    return (
        (
            Line("admin_status.queue"),
            Line("admin_status.queue_value", {"n": now.queued, "paintings": now.waiting_paintings}),
        ),
        (Line("admin_status.in_flight"), now.in_flight),
        (
            Line("admin_status.keys"),
            Line("admin_status.keys_value", {"pool": team.pool, "well": len(well), "on": len(on)}),
        ),
        (Line("admin_status.success"), success),
        (Line("admin_status.pictures"), Line("admin_status.pictures_value", {"kept": now.kept, "failed": now.failed})),
        *(() if team.expected is None else ((Line("admin_team.expected"), team.expected),)),
        (Line("admin_status.points"), now.points),
        (Line("admin_status.paintings"), now.paintings),
        (Line("admin_status.undelivered"), now.undelivered),
    )


def ill(key: CredentialView) -> bool:
    """Whether a key is out of work for some capability until somebody looks after it."""
    return any(one.state in ILL for one in key.health)


def _needed(now: Now, bound: Sequence[CredentialView]) -> list[Part]:
    found: list[Part] = []
    if not any(key.enabled for key in bound):
        found.append(Line("admin_status.no_keys", tone="alert"))
    found += [
        Line("admin_status.key_ill", {"alias": key.alias, "state": one.line}, tone="alert")
        for key in bound
        for one in key.health
        if key.enabled and one.state in ILL
    ]
    return found


VERBS: Mapping[str, Command] = {"admin.status": status}
