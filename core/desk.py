"""The one door into the core: a Request in, a Reply or Form out, whatever happens."""

import logging
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from core import cards, members
from core.commands.arriving import arrive
from core.commands.asking import Ask, Command, Tools
from core.commands.courtesy import courtesy
from core.commands.filters import STATUSES
from core.commands.looking import look
from core.commands.names import aside, spoken
from core.commands.verbs import every_verb
from core.errors import Refusal
from core.looks import Look
from core.members import Member
from core.replies import Answer, Form
from core.requests import Line, Request

T = TypeVar("T")
log = logging.getLogger(__name__)
__all__ = ["STATUSES", "Desk", "courtesy"]


class Desk:
    """Answers every request; `answer` never raises."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._verbs = every_verb()

    async def answer(self, request: Request) -> Answer | None:
        """What is said to this request; None when a painting was accepted. Refusals and errors come back as words."""
        try:
            return await self._answer(request)
        except Refusal as refusal:
            return cards.refusal(refusal)
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("unexpected error %s at verb %s", reference, request.verb)
            return cards.unexpected(reference)

    async def _answer(self, request: Request) -> Answer | None:
        request = _meant(_clean(request))
        member, team = await arrive(self._tools.house.records, request)
        try:
            command = self._command(request, member)
            answer = await command(Ask(request, member, team, self._tools))
        except Refusal as refusal:
            answer = self._at_its_field(request, refusal, team.in_charge)
        if answer is None or answer.language or not member.language:
            return answer
        return replace(answer, language=member.language)

    def _command(self, request: Request, member: Member) -> Command:
        command = self._verbs.get(request.verb)
        if command is None:
            raise Refusal("desk.unknown", {"verb": request.verb, "help": spoken("help", request.place.platform)})
        if request.verb.partition(".")[0] == "admin" and not member.admin:
            raise Refusal("desk.admins_only")
        return command

    def _at_its_field(self, request: Request, refusal: Refusal, in_charge: str) -> Answer:
        """A refusal of a submitted form that names a field goes back to that field; every other one is a sentence."""
        if request.values and refusal.field is not None:
            return Form(
                request.verb,
                Line("form.again"),
                (),
                request.subject,
                problems=((refusal.field, cards.why(refusal)),),
            )
        return cards.refusal(refusal, in_charge)

    async def look(self, account: str, what: str, values: Mapping[str, str]) -> Look:
        """What the page shows admins (see `core.looks.Looker`). Refusal `desk.admins_only` for anybody else."""
        async with self._tools.house.records.read() as tx:
            member = await members.find(tx, account)
        if member is None or not member.admin:
            raise Refusal("desk.admins_only")
        return await look(self._tools.house, what, values)

    async def admins(self, platform: str) -> Sequence[str]:
        """Accounts of this platform that may use `admin`."""
        async with self._tools.house.records.read() as tx:
            return [account for _, account in await members.admins(tx, platform)]

    async def turned_away(self, account: str) -> tuple[Line, str] | None:
        """The sentence for an account whose member is blocked, and their language; None for all others, whom nobody has seen yet too."""
        async with self._tools.house.records.read() as tx:
            member = await members.find(tx, account)
        blocked = member is not None and member.standing == "blocked"
        return (Line("access.blocked"), member.language) if member and blocked else None


def _clean(request: Request) -> Request:
    """Without what no database takes as text and nobody types: NUL, and halves of surrogate pairs. A forged press may carry them too."""
    values = {name: _written(value) for name, value in request.values.items()}
    text, subject, name = _written(request.text), _written(request.subject), _written(request.name)
    return replace(request, text=text, subject=subject, name=name, values=values)


def _written(value: T) -> T:
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "ignore").decode()  # type: ignore[return-value]
    return tuple(map(_written, value)) if isinstance(value, tuple) else value  # type: ignore[return-value]


def _meant(request: Request) -> Request:
    """`/paint language en` where that is how a command is typed: no painting of a language."""
    if request.verb != "paint" or request.values or request.references or request.reply_to:
        return request
    found = aside(request.text, request.place.platform)
    return request if found is None else replace(request, verb=found[0], text=found[1])
