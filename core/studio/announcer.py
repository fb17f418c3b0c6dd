"""The thread is a view of the record: what members see of a painting is drawn from its state, by the announcer alone."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from time import monotonic
from typing import Any

import sqlalchemy as sa

from core import rules
from core.cards import Announcement, announce
from core.errors import DeliveryTrouble, Undeliverable
from core.generations import GenerationView, load_many
from core.records import Records, Tx
from core.records.tables import generations
from core.records.troubles import TROUBLES
from core.replies import Messenger, Reply
from core.studio.clocks import FLOODED
from core.studio.finishing import Finished, Finishes
from core.studio.lease import Lease, alive
from core.studio.pace import Pace
from core.studio.queue_news import QueueNews

log = logging.getLogger(__name__)
AGAIN = 0.5
"""Seconds until a painting is shown again whose show could not be written down."""
WRITE = sa.update(generations).where(
    generations.c.id == sa.bindparam("the_id"), generations.c.teller == sa.bindparam("the_teller")
)


def due(postgres: bool) -> sa.Select[Any]:
    """Paintings to show: changed, not deleted, not given up, not in other hands; an ending does not wait for the pause between edits."""
    now: sa.BindParameter[Any] = sa.bindparam("now")
    rested = sa.or_(
        generations.c.tell_after.is_(None),
        generations.c.tell_after <= now,
        sa.and_(generations.c.state == "settled", generations.c.delivery_tries == 0),
    )
    free = sa.or_(generations.c.teller.is_(None), ~alive(postgres, generations.c.teller))
    return (
        sa.select(generations.c.id)
        .where(
            generations.c.shown < generations.c.revision,  # word for word as in the partial index
            generations.c.platform == sa.bindparam("the_platform"),
            sa.func.coalesce(sa.type_coerce(generations.c.deleted, sa.Double), 0.0) == 0.0,  # no index of lists, please
            generations.c.delivery != "undeliverable",
            rested,
            free,
        )
        .order_by(generations.c.created)
        .limit(sa.bindparam("most", type_=sa.Integer))
    )


DUE = {postgres: due(postgres) for postgres in (True, False)}
CLAIM = {
    postgres: sa.update(generations)
    .where(generations.c.id.in_(DUE[postgres].with_for_update(key_share=True, skip_locked=True)))
    .values(teller=sa.bindparam("the_teller"))
    .returning(generations.c.id, generations.c.shown)
    for postgres in (True, False)
}


class Announcer:
    """Claims paintings whose visible state has changed and shows them. `running` are the shows under way, by platform, each with its painting."""

    def __init__(
        self,
        records: Records,
        lease: Lease,
        messengers: Mapping[str, Messenger],
        pace: Pace,
        finished: Finished | None = None,
    ) -> None:
        self.finishes = Finishes(finished)
        self._records = records
        self._lease = lease
        self._messengers = messengers
        self._pace = pace
        self._news = QueueNews(records, lease)
        self._final = rules.Rules().price("final")
        self._tidied = float("-inf")
        self.running: dict[str, dict[asyncio.Task[bool], str]] = defaultdict(dict)

    async def round(self) -> bool:
        """Start a show for everything that changed, as far as each platform has room; True when there may be more."""
        await self._tidy()
        await self._news.look()
        more = False
        for platform in self._messengers:
            room = self._pace.telling - len(self.running[platform])
            if room <= 0:
                continue
            found = await self._claim(platform, room)
            more = more or len(found) == room
            for view, stands in found:
                task = asyncio.create_task(self._carry(view, stands, self._lease.id, self._messengers[platform]))
                self.running[platform][task] = view.id
                task.add_done_callback(partial(self._over, self.running[platform]))
        return more

    def _over(self, running: dict[asyncio.Task[bool], str], task: asyncio.Task[bool]) -> None:
        del running[task]
        if not task.cancelled() and not task.result():
            self._tidied = min(self._tidied, monotonic() - self._pace.sweep + AGAIN)

    def tasks(self) -> Sequence[asyncio.Task[bool]]:
        """Every show under way."""
        return [task for running in self.running.values() for task in running]

    async def _tidy(self) -> None:
        """Let go of paintings that are ours and that no show has in hand: its end (or our claim) was written down in vain, on a full disk say."""
        if monotonic() < self._tidied + self._pace.sweep:
            return
        in_hand = [one for running in self.running.values() for one in running.values()]
        held = (
            generations.c.shown < generations.c.revision,
            generations.c.platform.in_(list(self._messengers)),
            generations.c.teller == self._lease.id,
            generations.c.id.not_in(in_hand),
        )
        async with self._records.read() as tx:
            found = [row["id"] for row in await tx.all(sa.select(generations.c.id).where(*held))]
        if found:
            async with self._records.write() as tx:
                await tx.change(sa.update(generations).where(generations.c.id.in_(found), *held).values(teller=None))
        self._tidied = monotonic()

    async def _claim(self, platform: str, most: int) -> Sequence[tuple[GenerationView, bool]]:
        """Paintings to show, now ours, oldest first; with each whether a receipt of it stands already."""
        async with self._records.read() as tx:
            values = {"the_platform": platform, "now": tx.now}
            if await tx.scalar(DUE[tx.postgres], {**values, "most": 1}) is None:
                return []
        async with self._records.write() as tx:  # what is shown to people is on disk before
            mine = {**values, "most": most, "the_teller": self._lease.id}
            shown = {row["id"]: row["shown"] for row in await tx.all(CLAIM[tx.postgres], mine)}
            found = await load_many(tx, list(shown))
            await self._news.know(tx, found)
            if any(view.settled for view in found):  # what a final costs stands on its button
                self._final = (await rules.read(tx)).price("final")
        return [
            (view, shown[view.id] > 0 and not view.delivery_note)
            for view in sorted(found, key=lambda view: view.created)
        ]

    async def _carry(self, view: GenerationView, stands: bool, teller: str, messenger: Messenger) -> bool:
        """Whether it was written down what became of it; when not, it is shown again, which changes nothing that stands."""
        try:
            await self._tell(view, stands, teller, messenger)
        except TROUBLES as error:
            log.warning("%s is shown again: the database did not answer (%s)", view.id, type(error).__name__)
            return False
        except Exception:
            log.exception("%s was shown, but that could not be written down", view.id)
            return False
        return True

    async def _tell(self, view: GenerationView, stands: bool, teller: str, messenger: Messenger) -> None:
        waiting = self._news.waiting(view)
        try:
            note = await self._show(messenger, view, announce(view, waiting, final=self._final), stands)
        except Undeliverable as error:
            await self._undeliverable(view, teller, error.reason)
        except DeliveryTrouble as error:
            log.info("%s could not be shown now: %s", view.id, error.reason)
            await self._later(view, teller, error.reason, error.retry_after)
        except (sa.exc.DBAPIError, sa.exc.TimeoutError) as error:  # what stands where could not be read or noted
            log.warning("%s could not be shown: the database did not answer (%s)", view.id, type(error).__name__)
            await self._later(view, teller, "database", None)
        except Exception:  # one platform's bug must not stop the others; the record keeps it for later
            log.exception("%s could not be shown", view.id)
            await self._later(view, teller, "unexpected", None)
        else:
            self._news.told(view, waiting)
            await self._shown(view, teller, note)

    async def _show(self, messenger: Messenger, view: GenerationView, said: Announcement, stands: bool) -> str:
        """Everything the painting shows; a note where something smaller than the result could not be said.

        Pictures do not wait for the last edit of a receipt that `stands`; a receipt to be posted comes before them.
        """
        if said.result is None:
            await self._put(messenger, view, "receipt", said.receipt)
            note = ""
        elif stands:
            shown, edited = await asyncio.gather(
                self._put(messenger, view, "result", said.result),
                self._put(messenger, view, "receipt", said.receipt),
                return_exceptions=True,
            )
            if shown is not None:
                raise shown
            note = _noted(edited)
        else:
            (posted,) = await asyncio.gather(
                self._put(messenger, view, "receipt", said.receipt), return_exceptions=True
            )
            note = _noted(posted)
            await self._put(messenger, view, "result", said.result)
        if said.private is not None:
            try:
                await messenger.tell(view.account, view.place, said.private, view.language, once=f"{view.id}/why")
            except Undeliverable as error:
                note = f"private: {error.reason}"
        return note

    async def _put(self, messenger: Messenger, view: GenerationView, slot: str, reply: Reply) -> None:
        await messenger.show(f"{view.id}/{slot}", view.account, view.place, reply, view.language)

    async def _shown(self, view: GenerationView, teller: str, note: str) -> None:
        async with self._records.write(soft=True) as tx:  # shown once more, nothing would change
            pause = None if view.settled else tx.now + timedelta(seconds=self._pace.edit)
            ended = {"delivery": "delivered"} if view.settled else {}
            ours = await self._write(
                tx, view, teller, shown=view.revision, tell_after=pause, delivery_tries=0, delivery_note=note, **ended
            )
        self._finished(view, ours)

    async def _undeliverable(self, view: GenerationView, teller: str, reason: str) -> None:
        """It will never arrive here. Only an ending counts as undeliverable; before it, the ending shall be tried."""
        log.warning("%s cannot be delivered: %s", view.id, reason)
        never = {"delivery": "undeliverable"} if view.settled and view.delivery == "pending" else {}
        async with self._records.write() as tx:
            told: dict[str, object] = {"shown": view.revision, "delivery_note": reason, "delivery_tries": 0}
            ours = await self._write(tx, view, teller, **told, **never)
        self._finished(view, ours)

    def _finished(self, view: GenerationView, ours: bool) -> None:
        if ours and view.settled and view.delivery == "pending":
            self.finishes.tell(view)

    async def _later(self, view: GenerationView, teller: str, reason: str, wait: float | None) -> None:
        async with self._records.write() as tx:
            tried = await tx.scalar(sa.select(generations.c.delivery_tries).where(generations.c.id == view.id)) or 0
            tries = max(1, tried) if wait else tried + 1  # who says when to come again has not refused
            if tries < self._pace.tell_tries:
                seconds = wait or min(self._pace.tell_most, self._pace.tell_first * 2.0 ** min(tried, 10))
                after = tx.now + min(timedelta(seconds=seconds), FLOODED)
                await self._write(tx, view, teller, tell_after=after, delivery_tries=tries, delivery_note=reason)
                return
        await self._undeliverable(view, teller, reason)

    async def _write(self, tx: Tx, view: GenerationView, teller: str, **values: object) -> bool:
        """Fenced by the teller (False: it is another's by now); wakes us again, for the painting may have changed while it was shown."""
        ours = await tx.change(WRITE, {"the_id": view.id, "the_teller": teller, "teller": None, **values}) > 0
        if ours:
            tx.wake("views")
        return ours


def _noted(trouble: BaseException | None) -> str:
    """Why a receipt never arrives, "" when it did: the pictures may still find their way. Any other trouble is raised."""
    if trouble is None:
        return ""
    if not isinstance(trouble, Undeliverable):
        raise trouble
    return f"receipt: {trouble.reason}"
