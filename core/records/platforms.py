"""What adapters keep: inbox, posted messages, notes and locks (`PlatformStore`), and the page's chat history (`ChatStore`)."""

import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import Insert as PostgresInsert

from core.records.opening import Records
from core.records.tables import chat, inbox, notes, posted, posted_messages
from core.records.transactions import INSERTS, Row
from core.replies import Posted, Said

HERE = (posted.c.platform == sa.bindparam("the_platform"), posted.c.slot == sa.bindparam("the_slot"))
NOTE = (
    notes.c.platform == sa.bindparam("the_platform"),
    notes.c.kind == sa.bindparam("the_kind"),
    notes.c.key == sa.bindparam("the_key"),
)
RECEIVE = {postgres: insert(inbox).on_conflict_do_nothing() for postgres, insert in INSERTS.items()}
FINISH = sa.update(inbox).where(
    inbox.c.platform == sa.bindparam("the_platform"), inbox.c.event_key == sa.bindparam("the_event")
)
POSTED = sa.select(posted).where(*HERE)
FIRST, BEYOND = sa.bindparam("first", type_=sa.Text), sa.bindparam("beyond", type_=sa.Text)
POSTED_OF = {
    postgres: sa.select(posted).where(posted.c.platform == sa.bindparam("the_platform"), within).order_by(posted.c.at)
    for postgres, within in (
        (True, posted.c.slot.startswith(FIRST)),
        (False, sa.and_(posted.c.slot >= FIRST, posted.c.slot < BEYOND)),  # in SQLite only this finds by the index
    )
}
SLOT_OF = sa.select(posted_messages.c.slot).where(
    posted_messages.c.platform == sa.bindparam("the_platform"),
    posted_messages.c.channel == sa.bindparam("the_channel"),
    posted_messages.c.message == sa.bindparam("the_message"),
)
FOUND = {postgres: insert(posted_messages).on_conflict_do_nothing() for postgres, insert in INSERTS.items()}
RECALL = sa.select(notes.c.value).where(*NOTE, notes.c.until > sa.bindparam("now"))
DROP = sa.delete(notes).where(*NOTE)


def _replacing(insert: Callable[[sa.Table], PostgresInsert], table: sa.Table, names: Sequence[str]) -> PostgresInsert:
    new = insert(table)
    keys = list(table.primary_key.columns)
    return new.on_conflict_do_update(index_elements=keys, set_={name: new.excluded[name] for name in names})


POST = {
    postgres: _replacing(insert, posted, ("channel", "thread", "messages", "fingerprint", "extra"))
    for postgres, insert in INSERTS.items()
}
KEEP = {postgres: _replacing(insert, notes, ("value", "until")) for postgres, insert in INSERTS.items()}
"""Built once: every command comes by here a dozen times."""


class Platforms:
    """The `PlatformStore` of one platform."""

    def __init__(self, records: Records, platform: str) -> None:
        self._records = records
        self._platform = platform

    async def receive(self, event_key: str, payload: Mapping[str, Any]) -> bool:
        """One committed inbox row; False when this event was received before."""
        async with self._records.write() as tx:
            row = {"platform": self._platform, "event_key": event_key, "payload": dict(payload), "received": tx.now}
            return await tx.change(RECEIVE[tx.postgres], row) == 1

    async def unfinished(self) -> Sequence[tuple[str, Mapping[str, Any]]]:
        """Inbox rows received and not finished, oldest first."""
        query = sa.select(inbox.c.event_key, inbox.c.payload).where(
            inbox.c.platform == self._platform, inbox.c.finished.is_(None)
        )
        async with self._records.read() as tx:
            return [(row["event_key"], row["payload"]) for row in await tx.all(query.order_by(inbox.c.received))]

    async def finish(self, event_key: str, kept: Mapping[str, Any] | None = None) -> None:
        """This event has been answered: its key stays, so that it is never answered again; what was said in it goes, but for `kept`."""
        here = {"the_platform": self._platform, "the_event": event_key}
        async with self._records.write() as tx:
            await tx.change(FINISH, {**here, "finished": tx.now, "payload": dict(kept or {})})

    async def received(self, event_key: str) -> Mapping[str, Any] | None:
        """What an event said; once it has been answered, what was kept of it. None for one that never came."""
        query = sa.select(inbox.c.payload).where(inbox.c.platform == self._platform, inbox.c.event_key == event_key)
        async with self._records.read() as tx:
            found: Mapping[str, Any] | None = await tx.scalar(query)
        return found

    async def expire(self, seconds: float) -> int:
        """Finish events received longer ago than this, unanswered; how many there were."""
        async with self._records.write() as tx:
            old = sa.and_(
                inbox.c.platform == self._platform,
                inbox.c.finished.is_(None),
                inbox.c.received < tx.now - timedelta(seconds=seconds),
            )
            return await tx.change(sa.update(inbox).where(old).values(finished=tx.now, payload={}))

    async def posted(self, slot: str) -> Posted | None:
        """What was posted under a slot, or None."""
        async with self._records.read() as tx:
            row = await tx.first(POSTED, {"the_platform": self._platform, "the_slot": slot})
        return _posted(row) if row else None

    async def note_posted(self, post: Posted) -> None:
        """Remember (replace) what stands under a slot; its messages become findable by `slot_of`."""
        values = {
            "channel": post.channel,
            "thread": post.thread,
            "messages": list(post.messages),
            "fingerprint": post.fingerprint,
            "extra": json.loads(json.dumps(dict(post.extra))),
        }
        async with self._records.write() as tx:
            row = {"platform": self._platform, "slot": post.slot, "at": tx.now, **values}
            await tx.change(POST[tx.postgres], row)
            found = {"platform": self._platform, "channel": post.channel, "slot": post.slot}
            if post.messages:
                await tx.change(FOUND[tx.postgres], [{**found, "message": message} for message in post.messages])

    async def posted_of(self, generation: str) -> Sequence[Posted]:
        """All slots `GENERATION/...` posted on this platform."""
        within = {"the_platform": self._platform, "first": f"{generation}/"}
        if not self._records.postgres:
            within["beyond"] = f"{generation}0"  # the character after /
        async with self._records.read() as tx:
            return [_posted(row) for row in await tx.all(POSTED_OF[tx.postgres], within)]

    async def forget_posted(self, slot: str) -> None:
        """This slot's messages are gone."""
        async with self._records.write() as tx:
            for table in (posted, posted_messages):
                await tx.change(sa.delete(table).where(table.c.platform == self._platform, table.c.slot == slot))

    async def slot_of(self, channel: str, message: str) -> str | None:
        """The slot a message of ours was posted under; None for foreign messages."""
        here = {"the_platform": self._platform, "the_channel": channel, "the_message": message}
        async with self._records.read() as tx:
            found: str | None = await tx.scalar(SLOT_OF, here)
            return found

    async def keep(self, kind: str, key: str, value: Mapping[str, Any], seconds: float) -> None:
        """Keep a small JSON note for some seconds, replacing what stood there."""
        async with self._records.write() as tx:
            until = tx.now + timedelta(seconds=seconds)
            row = {"platform": self._platform, "kind": kind, "key": key, "value": dict(value), "until": until}
            await tx.change(KEEP[tx.postgres], row)

    async def recall(self, kind: str, key: str) -> Mapping[str, Any] | None:
        """A note kept and not expired, or None."""
        async with self._records.read() as tx:
            found: Mapping[str, Any] | None = await tx.scalar(RECALL, {**self._note(kind, key), "now": tx.now})
            return found

    async def drop(self, kind: str, key: str) -> bool:
        """Forget a note; True when it was there (a claim)."""
        async with self._records.write() as tx:
            return await tx.change(DROP, self._note(kind, key)) == 1

    def _note(self, kind: str, key: str) -> Mapping[str, str]:
        return {"the_platform": self._platform, "the_kind": kind, "the_key": key}

    @asynccontextmanager
    async def lock(self, name: str) -> AsyncIterator[bool]:
        """Try a database-wide lock held while inside; yields whether we hold it."""
        async with self._records.named_lock(f"{self._platform}:{name}") as ours:
            yield ours


def _posted(row: Row) -> Posted:
    return Posted(row["slot"], row["channel"], row["thread"], tuple(row["messages"]), row["fingerprint"], row["extra"])


class Chat:
    """The `ChatStore` of the page."""

    def __init__(self, records: Records) -> None:
        self._records = records

    async def add(self, channel: str, thread: int, author: str, body: Mapping[str, Any]) -> int:
        """Store a message, give its id."""
        async with self._records.write() as tx:
            row = {"channel": channel, "thread": thread, "author": author, "body": dict(body), "at": tx.now}
            found: int = await tx.add(chat, **row)
            return found

    async def change(self, message: int, body: Mapping[str, Any]) -> None:
        """Replace a message's body."""
        async with self._records.write() as tx:
            await tx.change(sa.update(chat).where(chat.c.id == message).values(body=dict(body)))

    async def remove(self, message: int) -> None:
        """Delete a message and what hangs under it."""
        async with self._records.write() as tx:
            await tx.change(sa.delete(chat).where(sa.or_(chat.c.id == message, chat.c.thread == message)))

    async def history(self, channel: str, thread: int, before: int = 0, most: int = 50) -> Sequence[Said]:
        """The newest messages of a channel (or of a thread), oldest first; `before` an id pages back."""
        query = sa.select(chat).where(chat.c.channel == channel, chat.c.thread == thread)
        if before:
            query = query.where(chat.c.id < before)
        async with self._records.read() as tx:
            rows = await tx.all(query.order_by(chat.c.id.desc()).limit(most))
        return [Said(*(row[name] for name in Said.__slots__)) for row in reversed(rows)]

    async def replies(self, messages: Sequence[int]) -> Mapping[int, int]:
        """How many messages hang under each of these."""
        query = (
            sa.select(chat.c.thread, sa.func.count().label("n"))
            .where(chat.c.thread.in_(messages))
            .group_by(chat.c.thread)
        )
        async with self._records.read() as tx:
            return {row["thread"]: row["n"] for row in await tx.all(query)} if messages else {}
