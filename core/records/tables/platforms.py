"""What platforms keep: events received, messages posted, notes, the page's chat, ticks of the clock."""

import sqlalchemy as sa

from core.records.tables.columns import Json, Moment, metadata, number, own_id, text

inbox = sa.Table(
    "inbox",
    metadata,
    sa.Column("platform", sa.Text, primary_key=True),
    sa.Column("event_key", sa.Text, primary_key=True),
    sa.Column("payload", Json, nullable=False),
    sa.Column("received", Moment, nullable=False, index=True),
    sa.Column("finished", Moment),
    sa.Index("ix_inbox_platform_finished", "platform", "finished"),
)

posted = sa.Table(
    "posted",
    metadata,
    sa.Column("platform", sa.Text, primary_key=True),
    sa.Column("slot", sa.Text, primary_key=True),
    sa.Column("channel", sa.Text, nullable=False),
    text("thread"),
    sa.Column("messages", Json, nullable=False),
    text("fingerprint"),
    sa.Column("extra", Json, nullable=False),
    sa.Column("at", Moment, nullable=False),
)

posted_messages = sa.Table(
    "posted_messages",
    metadata,
    sa.Column("platform", sa.Text, primary_key=True),
    sa.Column("channel", sa.Text, primary_key=True),
    sa.Column("message", sa.Text, primary_key=True),
    sa.Column("slot", sa.Text, nullable=False),
    sa.Index("ix_posted_messages_platform_slot", "platform", "slot"),
)

notes = sa.Table(
    "notes",
    metadata,
    sa.Column("platform", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("value", Json, nullable=False),
    sa.Column("until", Moment, nullable=False, index=True),
)

chat = sa.Table(
    "chat",
    metadata,
    own_id(),
    sa.Column("channel", sa.Text, nullable=False),
    number("thread"),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("body", Json, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Index("ix_chat_channel_thread_id", "channel", "thread", "id"),
    sa.Index("ix_chat_thread", "thread"),
)

ticks = sa.Table(
    "ticks",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("period", sa.Text, primary_key=True),
    sa.Column("at", Moment, nullable=False),
)
