"""A one-time link into the page, where pictures are easier to look at than in a chat."""

from collections.abc import Mapping

from core import access
from core.commands.admin.frame import note, page
from core.commands.asking import Ask, Command
from core.errors import Refusal
from core.replies import Answer, LinkButton
from core.requests import Line

MINUTES = 10


async def link(ask: Ask) -> Answer:
    """Good once, for ten minutes, for the admin who asked; only its hash is kept."""
    if not ask.tools.page_url:
        raise Refusal("admin.no_page")
    account = str(ask.request.account)
    async with ask.tools.house.records.write() as tx:
        token = await access.make_pass(tx, "login", seconds=MINUTES * 60, account=account, member_id=ask.member.id)
        await note(ask, tx, "access.login", account, after={"minutes": MINUTES})
    url = f"{ask.tools.page_url.rstrip('/')}/page/login?token={token}"
    parts = (Line("admin.link_ready", {"minutes": MINUTES}), Line("admin.link_yours", tone="fact"))
    return page(parts, (LinkButton(Line("admin.button_page"), url),))


VERBS: Mapping[str, Command] = {"admin.link": link}
