"""Who asks: a member known, or a newcomer with the standing their platform gives and, once approved, the welcome points."""

from core import ledger, members, rules
from core.members import Member
from core.records import Records, Tx
from core.requests import Line, Request
from core.rules import Rules
from core.texts import say


async def arrive(records: Records, request: Request) -> tuple[Member, Rules]:
    """The asking member and the rules in force; a first sight writes the member."""
    account = str(request.account)
    async with records.read() as tx:
        team = await rules.read(tx)
        known = await members.find(tx, account)
    if known is not None and (not request.name or known.name == request.name):
        return known, team
    async with records.write() as tx:
        standing = "approved" if _at_home(request) or team.open_to_strangers else "waiting"
        member, new = await members.arrive(tx, request.account, request.name, standing)
        if new and standing == "approved":
            await welcome(tx, member.id, team.welcome, request.language)
        found = await members.find(tx, account)
        assert found is not None
        return found, team


def _at_home(request: Request) -> bool:
    """Slack: the place's own workspace (Slack Connect guests come from another); the page: always; Telegram: nobody is before an admin says so."""
    match request.account.platform:
        case "slack":
            return request.account.workspace == request.place.workspace
        case "page":
            return True
        case _:
            return False


async def welcome(tx: Tx, member_id: int, points: int, language: str) -> None:
    """The welcome points, once a member."""
    if points:
        reason = say(Line("points.welcome_reason"), language)
        await ledger.grant(tx, member_id, points, kind="welcome", reason=reason, once=f"welcome:{member_id}")
