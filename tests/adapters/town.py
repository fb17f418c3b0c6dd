"""A team on one platform: the real desk, the real adapter, the real announcer; pictures are painted by hand."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from core import members
from core.commands.arriving import welcome
from core.generations import GenerationView
from core.records import Records
from core.records.platforms import Platforms
from core.studio.announcer import Announcer
from core.studio.lease import Lease
from core.studio.pace import Pace
from tests.adapters.drivers import Driver, Site
from tests.adapters.slack_site import slack_site
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
            return slack_site(stage.desk, Platforms(stage.records, "slack"), *how)
        case "telegram":
            return telegram_site(stage.desk, Store(stage.records, "telegram"), *how)
        case _:
            from tests.adapters.page_site import page_site

            return page_site(stage.desk, Platforms(stage.records, "page"), *how, stage.records)


@asynccontextmanager
async def opened(records: Records, clock: Clock, platform: str, language: str = "zh") -> AsyncIterator[Town]:
    """A town for as long as this is open."""
    stage = build(records, clock)
    async with _site(stage, platform, clock, language) as site:
        stage.messengers[platform] = site.messenger  # type: ignore[index]
        lease = Lease(records)
        await lease.begin()
        yield Town(platform, language, stage, site, Announcer(records, lease, {platform: site.messenger}, Pace()))
