"""What every command is given: the request, who asks, the team's rules, and the tools of the house."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from core import access, generations
from core.errors import Refusal
from core.generations import GenerationView, TaskView
from core.images import Images
from core.jimeng.client import JimengClient
from core.jimeng.models import Table
from core.keypools import Vault
from core.members import Member
from core.painting import House
from core.replies import Answer, Messenger
from core.requests import Request
from core.rules import Rules


@dataclass(frozen=True, slots=True)
class Tools:
    """What commands work with; made once by wiring. `can_link`: Jimeng can reach links of ours. `page_url` is "" without a page people can open."""

    house: House
    images: Images
    models: Table
    messengers: Mapping[str, Messenger]
    client: JimengClient
    vault: Vault
    clock: Callable[[], datetime]
    can_link: bool = False
    page_url: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """One request with everything about its asker."""

    request: Request
    member: Member
    team: Rules
    tools: Tools

    @property
    def language(self) -> str:
        """The member's chosen language, else the platform's guess."""
        return self.member.language or self.request.language


Command = Callable[[Ask], Awaitable[Answer | None]]
LONGEST_NUMBER = 15
"""Digits: no id, price or offset of ours has more, and no database takes twenty."""


def number_of(text: str) -> int | None:
    """The number a button or a word carries; None where it is none of ours."""
    return int(text) if text.isdecimal() and len(text) <= LONGEST_NUMBER else None


def picture_of(subject: str) -> tuple[str, int]:
    """`K7Q2.3` -> ("K7Q2", 3); `K7Q2` -> ("K7Q2", 0). Ids are read in any case, with or without #, and with O for 0 and I or L for 1."""
    name, _, number = subject.strip().removeprefix("#").partition("!")[0].partition(".")
    clean = name.upper().translate(str.maketrans("OIL", "011"))
    return clean, number_of(number) or 0


def agreed(subject: str) -> int | None:
    """The price a member has seen and pressed: `K7Q2.3!400` -> 400; None where none was shown."""
    return number_of(subject.partition("!")[2])


async def find(ask: Ask, subject: str) -> GenerationView:
    """The painting of a subject, if the asker may see it: everybody's, private ones by their owner only; a stranger at the door sees none.

    Refusal `paint.gone`, `paint.which`.
    """
    generation_id, _ = picture_of(subject)
    if not generation_id:
        raise Refusal("paint.which")
    async with ask.tools.house.records.read() as tx:
        view = await generations.load(tx, generation_id)
    if view is not None and view.member_id != ask.member.id:
        access.check_standing(ask.member.standing)
    if view is None or view.deleted is not None or (view.private and view.member_id != ask.member.id):
        raise Refusal("paint.gone", {"id": generation_id})
    return view


def mine(ask: Ask, view: GenerationView) -> bool:
    """Whether the asker may press this painting's buttons: its owner or an admin."""
    return view.member_id == ask.member.id or ask.member.admin


async def find_picture(ask: Ask) -> tuple[GenerationView, TaskView]:
    """The painting and kept picture a press is about (with 0 the adopted or first). Refusals as `find`, `paint.no_picture`, `paint.no_such_picture`."""
    view = await find(ask, ask.request.subject)
    number = picture_of(ask.request.subject)[1]
    task = view.picture(number)
    if task is None or task.image is None:
        known = ", ".join(str(one.number) for one in view.kept)
        if number and known:
            raise Refusal("paint.no_such_picture", {"id": view.id, "n": number, "known": known})
        raise Refusal("paint.no_picture", {"id": view.id})
    return view, task


async def find_mine(ask: Ask, subject: str) -> GenerationView:
    """As `find`, for what only the owner or an admin may do. Refusal `paint.not_yours`."""
    view = await find(ask, subject)
    if not mine(ask, view):
        raise Refusal("paint.not_yours", {"id": view.id})
    return view
