"""A person told something outside of an answer, wherever they can be reached."""

from collections.abc import Sequence

from core.commands.asking import Ask
from core.errors import DeliveryTrouble, Undeliverable
from core.members import Member
from core.replies import Reply
from core.requests import Account


async def tell(ask: Ask, found: Member, known: Sequence[str], reply: Reply, once: str = "") -> bool:
    """Tell a person on every platform they use (`known` accounts); whether one of them took it. With `once`, each account at most once."""
    told = False
    for account in known:
        who = Account.parse(account)
        messenger = ask.tools.messengers.get(who.platform)
        if messenger is None:
            continue
        try:
            await messenger.tell(account, None, reply, found.language or ask.language, once and f"{once}:{who.id}")
            told = True
        except (Undeliverable, DeliveryTrouble):
            continue
    return told
