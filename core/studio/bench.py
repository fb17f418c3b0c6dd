"""What every step of a task shares: the tools, the record's sheet, writes that must not be lost, and how long we wait."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta, tzinfo
from typing import TypeVar

import sqlalchemy as sa

from core.alerts import alert
from core.errors import Cause
from core.images import Images
from core.jimeng.client import JimengClient
from core.jimeng.errors import JimengError
from core.jimeng.models import Table
from core.keypools import Vault, WrongKey
from core.records import Records, Tx
from core.records.troubles import passes
from core.requests import Line
from core.studio.drawing import CannotDraw, Linker, Sheet, sheet_of
from core.studio.finishing import Finished
from core.studio.pace import Pace
from core.studio.unopened import Unopened
from core.studio.verdicts import Verdicts
from core.studio.work import Work

log = logging.getLogger(__name__)
T = TypeVar("T")
PATIENT = 5
LONGEST = 4.0
"""Seconds between two tries to write down what must not be lost."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What the engine works with. `link` gives addresses Jimeng can fetch, `producer` is the service's name in the implicit AI label ("": none).

    `language` is that of admins who have chosen none; `finished` is told of every painting that has ended.
    """

    records: Records
    client: JimengClient
    images: Images
    vault: Vault
    models: Table
    link: Linker
    zone: tzinfo
    producer: str = ""
    language: str = "zh"
    finished: Finished | None = None


class Bench:
    """Shared by the steps of all tasks of one process."""

    def __init__(self, tools: Tools, pace: Pace, unopened: Unopened) -> None:
        self.tools = tools
        self.records = tools.records
        self.pace = pace
        self.verdicts = Verdicts(tools.records, tools.models, pace, tools.zone)
        self._unopened = unopened
        self._sheets: dict[int, Sheet] = {}
        self.delicate: set[asyncio.Task[None]] = set()
        """Runs between a call that cannot be repeated and its commit: a stop waits for them."""

    @contextmanager
    def delicately(self) -> Iterator[None]:
        """While inside, a stop waits for the current task instead of cancelling it."""
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a step runs in a task")
        self.delicate.add(task)
        try:
            yield
        finally:
            self.delicate.discard(task)

    async def sheet(self, work: Work, *, anew: bool = False) -> Sheet | None:
        """What the task's calls need, read once a run unless `anew`; None when it cannot be had: the task has ended over that, gone back or waits."""
        if not anew and (known := self._sheets.get(work.id)) is not None:
            return known
        try:
            async with self.records.read() as tx:
                found = self._sheets[work.id] = await sheet_of(tx, self.tools.vault, self.tools.models, work)
        except CannotDraw as error:
            await self.misconfigured(work, error)
            return None
        except WrongKey:
            await self._unopened.look()
            await self.verdicts.sealed(work, theirs=work.credential_id in self._unopened.left)
            return None
        return found

    async def lay_out(self, tx: Tx, works: Iterable[Work]) -> None:
        """Read the sheets of tasks just claimed, where their configuration gives them; who runs the others finds out why not."""
        for work in works:
            self._sheets.pop(work.id, None)  # of a claim that came to nothing: it may tell of another key
            if work.status == "claimed":
                with suppress(CannotDraw, WrongKey):
                    self._sheets[work.id] = await sheet_of(tx, self.tools.vault, self.tools.models, work)

    def forget(self, work: Work) -> None:
        """This task's run is over."""
        self._sheets.pop(work.id, None)

    async def misconfigured(self, work: Work, error: Exception) -> None:
        """The task ends, the admins hear why."""
        await self.alert("studio.alert_configuration", str(error))
        await self.verdicts.fail(work, Cause.CONFIGURATION, "jimeng.misconfigured", str(error))

    async def in_time(self, work: Work, trouble: JimengError | None) -> bool:
        """Whether Jimeng may still know the task; when not, it ends here."""
        if work.submitted and self.records.clock() < work.submitted + timedelta(seconds=self.pace.remote):
            return True
        cause = trouble.cause if trouble else Cause.MODEL
        await self.verdicts.fail(work, cause, "studio.never_came", trouble.message if trouble else "")
        return False

    async def surely(self, write: Callable[[], Awaitable[T]]) -> T:
        """Write down what cannot be asked again, however long the database is away or full; whoever takes our lease from us cancels it.

        A statement the database will never take is given up after some tries.
        """
        tries, wait = 0, 0.1
        while True:
            try:
                return await write()
            except (sa.exc.DBAPIError, sa.exc.TimeoutError, OSError) as error:
                tries += 1
                if tries > PATIENT and not passes(error):
                    raise
                log.warning("could not write, trying again: %s", type(error).__name__)
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST)

    async def alert(self, key: str, message: str) -> None:
        """Tell the admins, once an hour for one message."""
        async with self.records.write() as tx:
            await alert(tx, f"{key}:{message[:80]}", Line(key, {"message": message}))
