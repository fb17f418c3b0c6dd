"""The doctor's two paintings: one that must work and one that must be refused, accepted like any other and followed to their end."""

import asyncio
from time import monotonic

from bot.doctor.saying import Finding
from bot.wiring import Open
from core import generations, ledger, members, rules
from core.commands.asking import Ask
from core.commands.line import parse
from core.commands.ordering import order_of
from core.errors import Cause, Refusal
from core.generations import GenerationView
from core.members import Member
from core.painting import accept
from core.requests import Account, Line, Place, Request
from core.texts import say

ACCOUNT = Account("page", "", "doctor")
PLACE = Place("doctor", "", "doctor", private=True)
"""Of no platform: no messenger shows these paintings, the doctor itself tells of them."""

LABEL = "doctor"
PATIENCE = 600.0
LOOK = 0.2
PICTURES = 2
REVIEWED = (Cause.UNSUPPORTED, Cause.REFUSED)


class Trial:
    """Paints with whatever bot paints on this database now."""

    def __init__(self, house: Open, find: Finding) -> None:
        self._house = house
        self._find = find
        self._language = house.settings.bot.language

    async def paint(self) -> None:
        """Both paintings, one after the other."""
        for key, must_work in (("doctor.words_good", True), ("doctor.words_bad", False)):
            try:
                generation_id = await self._accepted(key)
            except Refusal as refusal:
                self._find.bad("doctor.not_accepted", why=Line(refusal.key, refusal.values))
                return
            began = monotonic()
            view, states = await self._followed(generation_id)
            self._judge(view, states, round(monotonic() - began), must_work)

    async def _accepted(self, key: str) -> str:
        """The id of an accepted painting of these words. Refusals of any painting: paused, budgets, no model."""
        line = parse(f"{say(Line(key), self._language)} --sd --n 1 --for {LABEL}")
        house = self._house
        member = await self._doctor()
        async with house.records.read() as tx:
            team = await rules.read(tx)
        request = Request(ACCOUNT, PLACE, "paint", language=self._language)
        order = await order_of(Ask(request, member, team, house.tools), line, ())
        async with house.records.write() as tx:
            missing = order.total - (await ledger.wallet(tx, member.id)).points
            if missing > 0:
                await ledger.grant(tx, member.id, missing, reason=LABEL)
        return (
            await accept(house.tools.house, ACCOUNT, PLACE, order, event_key="", language=self._language)
        ).generation_id

    async def _doctor(self) -> Member:
        async with self._house.records.write() as tx:
            member, new = await members.arrive(tx, ACCOUNT, LABEL, "approved")
            if new:  # the team's daily limit is for people
                await members.change(tx, member.id, daily_pictures=PICTURES * 1000)
            return member

    async def _followed(self, generation_id: str) -> tuple[GenerationView, list[str]]:
        """The painting once it has ended (or our patience has), with every state seen on the way."""
        states: list[str] = []
        until = monotonic() + PATIENCE
        while True:
            async with self._house.records.read() as tx:
                view = await generations.load(tx, generation_id)
            assert view is not None
            status = view.tasks[0].status
            if states[-1:] != [status]:
                states.append(status)
            if view.settled or monotonic() > until:
                break
            await asyncio.sleep(LOOK)
        async with self._house.records.write() as tx:
            await generations.note_shown(tx, generation_id)
        return view, states

    def _judge(self, view: GenerationView, states: list[str], seconds: int, must_work: bool) -> None:
        task = view.tasks[0]
        trace = Line(
            "doctor.trace",
            {
                "id": view.id,
                "states": " → ".join([*states, view.state]),
                "seconds": seconds,
                "key": task.credential or "-",
                "requests": " ".join(task.request_ids) or "-",
                "money": Line("doctor.charged", {"points": view.charged})
                if view.charged
                else Line("doctor.not_charged"),
            },
        )
        said = f"{task.error_code} {task.error_text}".strip() or "-"
        refused = view.outcome == "failed" and view.cause in REVIEWED
        if not view.settled:
            self._find.bad("doctor.too_long", trace=trace)
        elif must_work and view.outcome == "done" and view.charged == view.price:
            self._find.well("doctor.painted", trace=trace)
        elif must_work:
            self._find.bad("doctor.did_not_paint", trace=trace, said=said)
        elif refused and not view.charged:
            self._find.well("doctor.refused", trace=trace, said=said)
        else:
            self._find.bad("doctor.not_refused", trace=trace, said=said)
