"""Where waiting paintings stand, told only when it means something: at 10, 5, 3, 2, 1 and at the start."""

from collections.abc import Iterable, Mapping
from time import monotonic

import sqlalchemy as sa

from core.cards import Waiting
from core.generations import GenerationView, touch
from core.records import Records, Tx
from core.records.tables import generations
from core.studio.claims import positions
from core.studio.lease import Lease

STEPS = (1, 2, 3, 5, 10)
FAR = 11
EVERY = 1.0
"""Seconds between two looks at the queue, however busy it is."""


class QueueNews:
    """Remembers what each waiting painting was told last; one replica at a time notices that a step was reached."""

    def __init__(self, records: Records, lease: Lease) -> None:
        self._records = records
        self._lease = lease
        self._last: dict[str, int] = {}
        self._known: Mapping[str, Waiting] = {}
        self._looked = float("-inf")

    async def look(self) -> None:
        """Bump the revision of every waiting painting that has come to another step since it was told."""
        if monotonic() < self._looked + EVERY:
            return
        async with self._records.read() as tx:
            first = await self._lease.is_first(tx)
            self._known = await positions(tx)
        self._looked = monotonic()
        self._last = {id_: step for id_, step in self._last.items() if id_ in self._known}
        nearer = []
        for generation_id, waiting in self._known.items():
            step = step_of(waiting.ahead)
            if step < self._last.setdefault(generation_id, step):
                nearer.append(generation_id)
        if not (first and nearer):
            return
        for generation_id in nearer:
            self._last[generation_id] = step_of(self._known[generation_id].ahead)
            async with self._records.write() as tx:
                told = (generations.c.id == generation_id, generations.c.shown == generations.c.revision)
                if await tx.scalar(sa.select(generations.c.id).where(*told)) is not None:
                    await touch(tx, generation_id)

    async def know(self, tx: Tx, views: Iterable[GenerationView]) -> None:
        """Look at the queue again when one of these waits in it that came after the last look."""
        if any(_waits(view) and view.id not in self._known for view in views):
            self._known = await positions(tx)

    def waiting(self, view: GenerationView) -> Waiting | None:
        """Where this painting stood at the last look; None once it has begun (or has nothing left to wait for)."""
        return self._known.get(view.id) if _waits(view) else None

    def told(self, view: GenerationView, waiting: Waiting | None) -> None:
        """The member has read this."""
        if waiting is not None:
            self._last[view.id] = step_of(waiting.ahead)


def _waits(view: GenerationView) -> bool:
    return view.started is None and not view.settled and any(task.status == "queued" for task in view.tasks)


def step_of(ahead: int) -> int:
    """The step a number stands on: 12 -> 11 (far), 7 -> 10, 4 -> 5, 0 -> 1."""
    return next((step for step in STEPS if ahead <= step), FAR)
