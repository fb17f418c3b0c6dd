"""`/points`: one's own balance, prices and newest movements; never anybody else's."""

from collections.abc import Mapping

from core import budgets, ledger
from core.commands.asking import Ask, Command, number_of
from core.ledger import Entry
from core.replies import Answer, Button, Part, Reply
from core.requests import Line, Value

PAGE = 8


async def points(ask: Ask) -> Answer:
    """Balance, held points, prices and a page of movements; `subject` is the entry before which an older page starts."""
    before = number_of(ask.request.subject) or 0
    async with ask.tools.house.records.read() as tx:
        wallet = await ledger.wallet(tx, ask.member.id)
        entries = await ledger.history(tx, ask.member.id, before=before, most=PAGE + 1)
        own = [
            one
            for one in await budgets.listed(tx, ask.tools.house.zone)
            if one.scope == "member" and one.subject == str(ask.member.id)
        ]
    parts: list[Part] = [
        Line("points.title", tone="title"),
        Line("points.balance", {"points": wallet.points}, tone="money"),
    ]
    if wallet.held:
        parts.append(Line("points.held", {"held": wallet.held}))
    team = ask.team
    parts.append(Line("points.prices", {"sd": team.sd, "hd": team.hd, "final": team.price("final")}, tone="fact"))
    for one in own:
        values: dict[str, Value] = {
            "what": Line(f"budget.period_{one.period}"),
            "left": max(0, one.points - one.used),
            "most": one.points,
        }
        parts.append(Line("points.budget", values, tone="fact"))
    parts += [entry_line(entry) for entry in entries[:PAGE]] or [Line("points.none_yet", tone="fact")]
    older = (Button(Line("points.more"), "points", str(entries[PAGE - 1].id)),) if len(entries) > PAGE else ()
    return Reply(tuple(parts), older, private=True, instead=bool(before))


def entry_line(entry: Entry) -> Line:
    """One movement as a sentence with the balance after."""
    amount = abs(entry.points or entry.held)
    what = Line(f"points.entry_{entry.kind}", {"n": amount, "id": entry.generation_id or "", "reason": entry.reason})
    return Line("points.entry", {"at": entry.at, "what": what, "after": entry.points_after}, tone="fact")


VERBS: Mapping[str, Command] = {"points": points}
