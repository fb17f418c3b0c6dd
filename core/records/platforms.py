"""What adapters keep: inbox, posted messages, notes and locks (`PlatformStore`), and the page's chat history (`ChatStore`)."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from core.records.opening import Records
from core.records.tables import chat, inbox, notes, posted, posted_messages
from core.records.transactions import Row
from core.replies import Posted, Said


class Platforms:
    """The `PlatformStore` of one platform."""

    def __init__(self, records: Records, platform: str) -> None:
        self._records = records
        self._platform = platform

    async def receive(self, event_key: str, payload: Mapping[str, Any]) -> bool:
        """One committed inbox row; False when this event was received before."""
        async with self._records.write() as tx:
            row = {"platform": self._platform, "event_key": event_key, "payload": dict(payload), "received": tx.now}
            return await tx.change(tx.insert(inbox).values(**row).on_conflict_do_nothing()) == 1

    async def unfinished(self) -> Sequence[tuple[str, Mapping[str, Any]]]:
        """Inbox rows received and not finished, oldest first."""
        query = sa.select(inbox.c.event_key, inbox.c.payload).where(
            inbox.c.platform == self._platform, inbox.c.finished.is_(None)
        )
        async with self._records.read() as tx:
            return [(row["event_key"], row["payload"]) for row in await tx.all(query.order_by(inbox.c.received))]

    async def finish(self, event_key: str) -> None:
        """This event has been answered: its key stays, so that it is never answered again; what was said in it goes."""
        here = (inbox.c.platform == self._platform, inbox.c.event_key == event_key)
        async with self._records.write() as tx:
            await tx.change(sa.update(inbox).where(*here).values(finished=tx.now, payload={}))

    async def posted(self, slot: str) -> Posted | None:
        """What was posted under a slot, or None."""
        here = (posted.c.platform == self._platform, posted.c.slot == slot)
        async with self._records.read() as tx:
            row = await tx.first(sa.select(posted).where(*here))
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
            row = tx.insert(posted).values(platform=self._platform, slot=post.slot, at=tx.now, **values)
            await tx.change(row.on_conflict_do_update(index_elements=[posted.c.platform, posted.c.slot], set_=values))
            for message in post.messages:
                found = {"platform": self._platform, "channel": post.channel, "message": message, "slot": post.slot}
                await tx.change(tx.insert(posted_messages).values(**found).on_conflict_do_nothing())

    async def posted_of(self, generation: str) -> Sequence[Posted]:
        """All slots `GENERATION/...` posted on this platform."""
        here = (posted.c.platform == self._platform, posted.c.slot.startswith(f"{generation}/", autoescape=True))
        async with self._records.read() as tx:
            return [_posted(row) for row in await tx.all(sa.select(posted).where(*here).order_by(posted.c.at))]

    async def forget_posted(self, slot: str) -> None:
        """This slot's messages are gone."""
        async with self._records.write() as tx:
            for table in (posted, posted_messages):
                await tx.change(sa.delete(table).where(table.c.platform == self._platform, table.c.slot == slot))

    async def slot_of(self, channel: str, message: str) -> str | None:
        """The slot a message of ours was posted under; None for foreign messages."""
        here = (
            posted_messages.c.platform == self._platform,
            posted_messages.c.channel == channel,
            posted_messages.c.message == message,
        )
        async with self._records.read() as tx:
            found: str | None = await tx.scalar(sa.select(posted_messages.c.slot).where(*here))
            return found

    async def keep(self, kind: str, key: str, value: Mapping[str, Any], seconds: float) -> None:
        """Keep a small JSON note for some seconds, replacing what stood there."""
        async with self._records.write() as tx:
            values = {"value": dict(value), "until": tx.now + timedelta(seconds=seconds)}
            row = tx.insert(notes).values(platform=self._platform, kind=kind, key=key, **values)
            keys = [notes.c.platform, notes.c.kind, notes.c.key]
            await tx.change(row.on_conflict_do_update(index_elements=keys, set_=values))

    async def recall(self, kind: str, key: str) -> Mapping[str, Any] | None:
        """A note kept and not expired, or None."""
        async with self._records.read() as tx:
            query = sa.select(notes.c.value).where(*self._note(kind, key), notes.c.until > tx.now)
            found: Mapping[str, Any] | None = await tx.scalar(query)
            return found

    async def drop(self, kind: str, key: str) -> bool:
        """Forget a note; True when it was there (a claim)."""
        async with self._records.write() as tx:
            return await tx.change(sa.delete(notes).where(*self._note(kind, key))) == 1

    def _note(self, kind: str, key: str) -> tuple[sa.ColumnElement[bool], ...]:
        return (notes.c.platform == self._platform, notes.c.kind == kind, notes.c.key == key)

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
