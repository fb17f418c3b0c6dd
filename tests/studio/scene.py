"""What the engine's tests stand on: members with points, keys, paintings, a screen that remembers what it was shown."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import sqlalchemy as sa

from core import keypools, ledger, members
from core.generations import GenerationView, load, stored_image
from core.images import Images, open_store
from core.images.facade import StoredImage
from core.jimeng.client import JimengClient
from core.jimeng.models import Table
from core.keypools import NewCredential, Vault
from core.painting import House, Order, accept
from core.records import Records
from core.records.tables import members as member_rows
from core.records.tables import tasks
from core.replies import Reply
from core.requests import Account, Offered, Place
from core.studio import Pace, Studio, Tools
from core.studio.finishing import Finished
from tests.studio.wire import Wire

ZONE = ZoneInfo("Asia/Shanghai")
V31, V40, I2I, UPSCALE = "jimeng_t2i_v31", "jimeng_t2i_v40", "jimeng_i2i_v30", "jimeng_i2i_seed3_tilesr_cvtob"
POINTS = 100_000
FAST = Pace(
    beat=0.2,
    ttl=30.0,
    net=0.05,
    sweep=0.1,
    poll_first=0.01,
    poll_least=0.01,
    poll_most=0.02,
    poll_back=0.02,
    retry=(0.0, 0.0, 0.0),
    fetch_first=0.01,
    edit=0.0,
    tell_first=2.0,
    grace=10.0,
)


@dataclass
class Screen:
    """A platform that remembers: `shown` by slot, `told` in order; `trouble` is raised while it is set."""

    platform: str = "page"
    shown: dict[str, list[Reply]] = field(default_factory=dict)
    told: list[tuple[str, Reply, str]] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    trouble: Exception | None = None
    held: asyncio.Event | None = None
    asked: int = 0

    async def show(self, slot: str, account: str, place: Place, reply: Reply, language: str) -> None:
        self.asked += 1
        if self.held is not None:
            await self.held.wait()
        if self.trouble is not None:
            raise self.trouble
        self.shown.setdefault(slot, []).append(reply)

    async def tell(self, account: str, place: Place | None, reply: Reply, language: str, once: str = "") -> None:
        if self.trouble is not None:
            raise self.trouble
        self.told.append((account, reply, once))
        self.languages.append(language)

    async def hide(self, generation: str) -> bool:
        return True

    async def fetch(self, offered: Offered, most: int) -> bytes:
        return b""


class Scene:
    """One team around one database."""

    def __init__(self, records: Records, wire: Wire | None = None) -> None:
        self.records = records
        self.wire = wire or Wire()
        self.http = httpx.AsyncClient(transport=self.wire.transport())
        self.client = JimengClient(self.http, records.clock)
        self.vault = Vault(["a secret key for tests only"])
        self.images = Images(open_store("memory://"), self._lookup)
        self.screen = Screen()
        self.house = House(records, ZONE)
        self.finished: Finished | None = None
        self.models = Table()
        self._events = 0

    async def _lookup(self, image_id: str) -> StoredImage | None:
        async with self.records.read() as tx:
            row = await stored_image(tx, image_id)
        return (
            None if row is None else StoredImage(row.id, row.key, row.mime, row.width, row.height, row.size, row.sha256)
        )

    async def link(self, image: str) -> str | None:
        return f"https://paint.example/{image}"

    def studio(
        self, pace: Pace = FAST, messengers: Mapping[str, Any] | None = None, records: Records | None = None
    ) -> Studio:
        """An engine, not started."""
        tools = Tools(
            records or self.records,
            self.client,
            self.images,
            self.vault,
            self.models,
            self.link,
            ZONE,
            "",
            "en",
            self.finished,
        )
        return Studio(tools, {"page": self.screen} if messengers is None else messengers, pace)

    async def key(self, alias: str = "one", **more: Any) -> int:
        """A key of the default pool; fast unless told otherwise."""
        values = {"api_url": "http://jimeng.invalid", "per_second": 100.0, **more}
        async with self.records.write() as tx:
            pair = {"access_key_id": f"AK{alias}", "secret_access_key": f"a-secret-of-{alias}"}
            return await keypools.add(tx, self.vault, NewCredential(alias=alias, **(pair | values)))

    async def member(self, name: str = "mei", *, role: str = "member") -> Account:
        """A member with points, known as page:NAME."""
        account = Account("page", "", name)
        async with self.records.write() as tx:
            member, fresh = await members.arrive(tx, account, name, "approved")
            if fresh:
                await ledger.grant(tx, member.id, POINTS, reason="tests")
                await members.change(tx, member.id, role=role, at_once=1000)
        return account

    async def paint(
        self, by: str = "mei", n: int = 1, *, model: str = V31, prompt: str = "a fox", side: int = 1328, **more: Any
    ) -> str:
        """A painting by this member; its id."""
        account = await self.member(by)
        self._events += 1
        values: dict[str, Any] = {"seed": None if model == V40 else 7, **more}
        order = Order(prompt, prompt, "1:1", side, side, "sd", n, 100, model, **values)
        place = Place(account.platform, "", "room", message=f"m{self._events}")
        done = await accept(self.house, account, place, order, event_key=f"e{self._events}", language="en")
        return done.generation_id

    async def view(self, generation: str) -> GenerationView:
        """The painting as it stands."""
        async with self.records.read() as tx:
            found = await load(tx, generation)
        assert found is not None
        return found

    async def rows(self, query: sa.Select[Any]) -> Sequence[Any]:
        """Rows of any query."""
        async with self.records.read() as tx:
            return await tx.all(query)

    async def task(self, generation: str) -> Any:
        """The row of a painting's first task."""
        return (await self.rows(sa.select(tasks).where(tasks.c.generation_id == generation).order_by(tasks.c.number)))[
            0
        ]

    async def wallet(self, name: str = "mei") -> tuple[int, int]:
        """(points, held)."""
        row = (await self.rows(sa.select(member_rows).where(member_rows.c.name == name)))[0]
        return row["points"], row["held"]

    async def until(self, ready: Callable[[], Awaitable[Any]], seconds: float = 30) -> Any:
        """What `ready` gives once it is true."""
        async with asyncio.timeout(seconds):
            while not (found := await ready()):  # noqa: ASYNC110 - rows tell nobody that they changed
                await asyncio.sleep(0.01)
        return found

    async def settled(self, generation: str) -> GenerationView:
        """The painting once it has ended."""

        async def ready() -> GenerationView | None:
            view = await self.view(generation)
            return view if view.settled else None

        found = await self.until(ready)
        assert isinstance(found, GenerationView)
        return found

    async def reaches(self, generation: str, *statuses: str) -> Any:
        """The first task's row once it stands in one of these."""

        async def ready() -> Any:
            row = await self.task(generation)
            return row if row["status"] in statuses else None

        return await self.until(ready)

    def forward(self, **step: float) -> None:
        """Let time pass by the clock of the records."""
        self.records.clock.now += timedelta(**step)  # type: ignore[attr-defined]


@asynccontextmanager
async def painting(
    scene: Scene, *, messengers: Mapping[str, Any] | None = None, records: Records | None = None, **pace: Any
) -> AsyncIterator[Studio]:
    """An engine at work; `records` are a replica's own."""
    studio = scene.studio(replace(FAST, **pace), messengers, records)
    await studio.start()
    try:
        yield studio
    finally:
        await studio.stop()
