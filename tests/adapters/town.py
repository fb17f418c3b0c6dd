"""A team on one platform: the real desk, the real adapter, the real announcer; pictures are painted by hand."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from core import generations, members, rules
from core.commands.arriving import welcome
from core.generations import GenerationView
from core.records import Records
from core.records.platforms import Platforms
from core.replies import Answer
from core.requests import Line, Request, Value
from core.studio.announcer import Announcer
from core.studio.lease import Lease
from core.studio.pace import Pace
from core.texts import say
from tests.adapters.drivers import Driver, Site
from tests.adapters.slack_site import slack_site
from tests.adapters.specimens import squeezed
from tests.adapters.telegram_site import telegram_site
from tests.conftest import Clock
from tests.desk.stage import Stage, build
from tests.telegram.scene import Store

ADMIN, MEMBER, OTHER = "admin", "member", "other"
ACCOUNTS = {
    "slack": ("slack:T0PAINT01/U0BOSS001", "slack:T0PAINT01/U0ANN0001", "slack:T0PAINT01/U0BEN0001"),
    "telegram": ("telegram:700", "telegram:501", "telegram:502"),
    "page": ("page:admin", "page:xiaolin", "page:zhouzhou"),
}


@dataclass
class Front:
    """The desk of the stage, whichever it has now."""

    stage: Stage

    async def answer(self, request: Request) -> Answer | None:
        return await self.stage.desk.answer(request)

    async def admins(self, platform: str) -> Sequence[str]:
        return await self.stage.desk.admins(platform)

    async def turned_away(self, account: str) -> tuple[Line, str] | None:
        return await self.stage.desk.turned_away(account)


@dataclass
class Town:
    """The stage with one platform joined to it, and the people there."""

    platform: str
    language: str
    stage: Stage
    site: Site
    announcer: Announcer
    people: dict[str, Driver] = field(default_factory=dict)

    def account(self, who: str) -> str:
        return ACCOUNTS[self.platform][(ADMIN, MEMBER, OTHER).index(who)]

    async def person(self, who: str) -> Driver:
        """`admin` is one, the others are approved members."""
        if who not in self.people:
            account = self.account(who)
            member = await self.stage.member(account)
            async with self.stage.records.write() as tx:
                role = "admin" if who == ADMIN else "member"
                await members.change(tx, member.id, standing="approved", role=role)
                await welcome(tx, member.id, 1000, self.language)
            self.people[who] = await self.site.person(account)
        return self.people[who]

    async def rules(self) -> rules.Rules:
        """What the team has agreed on now."""
        async with self.stage.records.read() as tx:
            return await rules.read(tx)

    async def paintings(self) -> int:
        """How many were accepted."""
        async with self.stage.records.read() as tx:
            return await generations.count(tx, generations.Filter())

    def says(self, key: str, **values: Value) -> str:
        """A sentence in the town's language."""
        return say(Line(key, values), self.language)

    def reads(self, person: Driver, key: str, **values: Value) -> None:
        """The last act brought this sentence on screen."""
        seen = person.text_seen()
        assert squeezed(self.says(key, **values)) in squeezed(seen), (
            f"{self.says(key, **values)}\n--- is not in\n{seen}"
        )

    async def name(self, who: str) -> str:
        """How this person is called by now: platforms tell names as people come."""
        return (await self.stage.member(self.account(who))).name

    async def section(self, name: str) -> Driver:
        """The admin opens a section from the menu."""
        admin = await self.person(ADMIN)
        await admin.type("/admin")
        self.reads(admin, "admin.intro")
        await admin.press(f"admin.{name}")
        return admin

    async def announce(self) -> None:
        """Everything that changed is shown where it was asked, and has been seen."""
        while True:
            await self.announcer.round()
            tasks = self.announcer.tasks()
            if not tasks:
                break
            await asyncio.gather(*tasks)
        for one in self.people.values():
            await one.look()

    async def painted(self, who: str = MEMBER, text: str = "a cat", **how: Any) -> GenerationView:
        """`/paint text` typed by this person, painted and shown."""
        person = await self.person(who)
        await person.type(f"/paint {text}")
        return await self.finish(**how)

    async def finish(self, **how: Any) -> GenerationView:
        """The newest painting is painted to its end and shown."""
        view = await self.stage.newest()
        await self.announce()
        view = await self.stage.paint(view.id, **how)
        await self.announce()
        return view


def _site(stage: Stage, platform: str, clock: Clock, language: str) -> AbstractAsyncContextManager[Site]:
    how = (stage.images, clock, language)
    match platform:
        case "slack":
            return slack_site(Front(stage), Platforms(stage.records, "slack"), *how)
        case "telegram":
            return telegram_site(Front(stage), Store(stage.records, "telegram"), *how)
        case _:
            from tests.adapters.page_site import page_site

            return page_site(Front(stage), Platforms(stage.records, "page"), *how, stage.records)


@asynccontextmanager
async def opened(records: Records, clock: Clock, platform: str, language: str = "zh") -> AsyncIterator[Town]:
    """A town for as long as this is open."""
    stage = build(records, clock)
    async with _site(stage, platform, clock, language) as site:
        stage.messengers[platform] = site.messenger  # type: ignore[index]
        lease = Lease(records)
        await lease.begin()
        yield Town(platform, language, stage, site, Announcer(records, lease, {platform: site.messenger}, Pace()))
