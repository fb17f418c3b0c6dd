"""The tables: what Paintbot knows. Times are UTC, stored as epoch seconds so that both databases compare them alike."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Json = sa.JSON().with_variant(JSONB(), "postgresql")
Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


class Moment(sa.types.TypeDecorator[datetime]):
    """An aware UTC datetime in Python, epoch seconds in the database."""

    impl = sa.Double
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> Any:
        """datetime -> seconds; plain numbers pass."""
        return value.timestamp() if isinstance(value, datetime) else value

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> datetime | None:
        """seconds -> aware UTC datetime."""
        return None if value is None else datetime.fromtimestamp(value, UTC)


def _id() -> sa.Column[int]:
    return sa.Column("id", Big, primary_key=True, autoincrement=True)


def _text(name: str, **more: Any) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="", **more)


def _flag(name: str, default: bool = False) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False, server_default=sa.true() if default else sa.false())


def _count(name: str, *more: Any) -> sa.Column[int]:
    return sa.Column(name, Big, *more, nullable=False, server_default="0")


def _ref(name: str, target: str, *, index: bool = False, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.ForeignKey(target), index=index, nullable=nullable)


members = sa.Table(
    "members",
    metadata,
    _id(),
    _text("name"),
    _text("language"),
    sa.Column("role", sa.Text, nullable=False, server_default="member"),  # member | reviewer | admin
    sa.Column(
        "standing", sa.Text, nullable=False, server_default="approved", index=True
    ),  # approved | waiting | blocked
    _count("points"),
    _count("held"),
    sa.Column("allowance", Big),  # points a month; None: the team's rule
    sa.Column("daily_pictures", sa.Integer),  # None: no limit of one's own; 0 means zero
    sa.Column("at_once", sa.Integer),  # paintings under way at the same time
    sa.Column("defaults", Json),  # what a line of theirs means without flags: {"ratio": "16:9", …}
    sa.Column("created", Moment, nullable=False),
    sa.CheckConstraint("points >= 0", name="points"),
    sa.CheckConstraint("held >= 0", name="held"),
)

accounts = sa.Table(
    "accounts",
    metadata,
    sa.Column("account", sa.Text, primary_key=True),  # slack:TEAM/USER, telegram:ID, page:NAME
    sa.Column("platform", sa.Text, nullable=False),
    _ref("member_id", "members.id", index=True, nullable=False),
    _text("name"),
    sa.Column("created", Moment, nullable=False),
)

ledger = sa.Table(
    "ledger",
    metadata,
    _id(),
    _ref("member_id", "members.id", nullable=False),
    sa.Column("generation_id", sa.Text),
    sa.Column("kind", sa.Text, nullable=False),  # hold charge release welcome allowance grant take
    _count("points"),  # change of the free points
    _count("held"),  # change of the held points
    _count("points_after"),
    _text("reason"),
    _ref("by_member", "members.id"),
    sa.Column("once", sa.Text, unique=True),
    sa.Column("at", Moment, nullable=False),
    sa.UniqueConstraint("generation_id", "kind"),
    sa.Index("ix_ledger_member_id_id", "member_id", "id"),
    sa.Index("ix_ledger_at", "at"),
)

generations = sa.Table(
    "generations",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    _ref("member_id", "members.id", nullable=False),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("event_key", sa.Text, unique=True),
    sa.Column("place", Json, nullable=False),
    sa.Column("platform", sa.Text, nullable=False),
    _text("channel"),
    _text("language"),
    # what was asked
    _text("prompt_typed"),
    _text("prompt_sent"),
    _text("avoid"),
    _text("label"),
    _text("source"),
    _flag("private"),
    _text("ratio"),
    _count("width"),
    _count("height"),
    sa.Column("tier", sa.Text, nullable=False),  # sd | hd
    _count("count"),
    sa.Column("seed", Big),
    _flag("seed_typed"),
    sa.Column("weight", sa.Double),  # the scale sent, in the model's own unit
    _flag("watermark", True),
    _text("format"),
    sa.Column("model", sa.Text, nullable=False),  # req_key
    sa.Column("notes", Json, nullable=False),  # what the bot had to change: [[key, values], …]
    # money
    _count("price"),
    _count("held"),
    _count("charged"),
    _count("released"),
    # lineage
    sa.Column("parent_id", sa.Text, index=True),
    _text("parent_kind"),  # again | edit | variation | same | final | repaint | reply | pack
    _count("parent_picture"),
    sa.Column("template_id", Big),
    # life
    sa.Column("state", sa.Text, nullable=False, server_default="accepted"),  # accepted | settled
    _text("outcome"),  # done | partial | failed | cancelled
    _text("cause"),
    _text("error"),  # text key of the sentence for the member
    _count("priority"),
    _flag("cancelling"),
    sa.Column("created", Moment, nullable=False),
    sa.Column("started", Moment),
    sa.Column("ended", Moment),
    # the thread is a view: revision counts visible changes, shown is the last one announced
    sa.Column("revision", sa.Integer, nullable=False, server_default="1"),
    sa.Column("shown", sa.Integer, nullable=False, server_default="0"),
    sa.Column("delivery", sa.Text, nullable=False, server_default="pending"),  # pending | delivered | undeliverable
    _text("delivery_note"),
    _count("delivery_tries"),
    sa.Column("teller", sa.Text),  # the lease that announces it
    sa.Column("tell_after", Moment),
    _count("downloads"),
    # review
    _count("adopted"),
    _ref("reviewer", "members.id"),
    _text("adopted_for"),
    _text("adopted_channel"),
    sa.Column("adopted_at", Moment),
    sa.Column("deleted", Moment),
    sa.Index("ix_generations_member_id_created", "member_id", "created"),
    sa.Index("ix_generations_created", "created"),
    sa.Index("ix_generations_outcome_created", "outcome", "created"),
    sa.Index("ix_generations_label_created", "label", "created"),
    sa.Index("ix_generations_state_delivery", "state", "delivery"),
    # what the announcer has to show: nearly always empty
    sa.Index(
        "ix_generations_to_show",
        "platform",
        sqlite_where=sa.text("shown < revision"),
        postgresql_where=sa.text("shown < revision"),
    ),
)

images = sa.Table(
    "images",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("mime", sa.Text, nullable=False),
    _count("width"),
    _count("height"),
    _count("size"),
    _text("sha256", index=True),
    sa.Column("kind", sa.Text, nullable=False),  # result | reference
    sa.Column("created", Moment, nullable=False),
)

references = sa.Table(
    "reference_images",
    metadata,
    sa.Column("generation_id", sa.ForeignKey("generations.id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),  # 1 is 图1
    _ref("image_id", "images.id", index=True, nullable=False),
)

tasks = sa.Table(
    "tasks",
    metadata,
    _id(),
    _ref("generation_id", "generations.id", nullable=False),
    sa.Column("number", sa.Integer, nullable=False),  # 1-4, the picture it paints
    sa.Column("member_id", Big, nullable=False),
    _count("priority"),
    sa.Column("status", sa.Text, nullable=False, server_default="queued"),
    # queued claimed submitting submitted ready kept failed cancelled
    sa.Column("owner", sa.Text),  # lease id
    sa.Column("req_key", sa.Text, nullable=False),
    sa.Column("pool", sa.Text, nullable=False),
    _ref("credential_id", "credentials.id"),
    sa.Column("seed", Big),
    sa.Column("task_id", sa.Text),
    sa.Column("request_ids", Json, nullable=False),
    _count("submits"),  # submit calls made
    _count("resubmits"),  # after a lost answer or a refused output
    _count("failures"),  # bounded retries used
    sa.Column("not_before", Moment, nullable=False),
    sa.Column("submitted", Moment),
    sa.Column("finished", Moment),
    _text("cause"),
    _text("error"),  # text key of the sentence
    _text("error_code"),
    _text("error_text"),  # Jimeng's own words, for support
    _ref("image_id", "images.id", index=True),
    sa.Column("created", Moment, nullable=False),
    sa.UniqueConstraint("generation_id", "number"),
    sa.Index("ix_tasks_status_owner_priority_created", "status", "owner", "priority", "created"),
    sa.Index("ix_tasks_credential_id_status", "credential_id", "status"),
    sa.Index("ix_tasks_submitted", "submitted"),
)

credentials = sa.Table(
    "credentials",
    metadata,
    _id(),
    sa.Column("pool", sa.Text, nullable=False, server_default="default"),
    sa.Column("alias", sa.Text, nullable=False, unique=True),
    sa.Column("access_key_id", sa.Text, nullable=False),
    sa.Column("secret", sa.Text, nullable=False),  # encrypted with bot.secret_key
    sa.Column("api_url", sa.Text, nullable=False),
    sa.Column("region", sa.Text, nullable=False, server_default="cn-north-1"),
    sa.Column("at_once", sa.Integer, nullable=False, server_default="1"),
    sa.Column("per_second", sa.Double, nullable=False, server_default="1"),
    _flag("enabled", True),
    _text("disabled_why"),
    sa.Column(
        "tat", sa.Double, nullable=False, server_default="0"
    ),  # GCRA: theoretical arrival time of the next submit
    sa.Column("revision", sa.Integer, nullable=False, server_default="1"),
    sa.Column("created", Moment, nullable=False),
    sa.Column("removed", Moment),
)

health = sa.Table(
    "credential_health",
    metadata,
    sa.Column("credential_id", sa.ForeignKey("credentials.id"), primary_key=True),
    sa.Column("req_key", sa.Text, primary_key=True),
    sa.Column("state", sa.Text, nullable=False, server_default="ok"),  # ok | cooling | quarantined | exhausted
    _text("cause"),
    _text("code"),
    sa.Column("until", Moment),  # cooling ends; quarantine is re-tested
    sa.Column("lowered_to", sa.Integer),  # concurrency lowered for a while
    sa.Column("lowered_until", Moment),
    _count("strikes"),  # back-off exponent
    sa.Column("alerted", Moment),
    sa.Column("changed", Moment, nullable=False),
)

ghosts = sa.Table(
    "ghosts",
    metadata,
    _id(),
    _ref("credential_id", "credentials.id", index=True, nullable=False),
    sa.Column("req_key", sa.Text, nullable=False),
    sa.Column("until", Moment, nullable=False),
)

leases = sa.Table(
    "leases",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("until", sa.Double, nullable=False),  # by the database's clock
)

rules = sa.Table(
    "rules",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("value", Json, nullable=False),
    sa.Column("changed", Moment, nullable=False),
    _count("revision"),
)

budgets = sa.Table(
    "budgets",
    metadata,
    _id(),
    sa.Column("scope", sa.Text, nullable=False),  # member | channel | label | team
    _text("subject"),  # member id, platform:channel, label, ""
    sa.Column("period", sa.Text, nullable=False),  # day | month
    sa.Column("points", Big, nullable=False),
    sa.Column("created", Moment, nullable=False),
    sa.UniqueConstraint("scope", "subject", "period"),
)

spent = sa.Table(
    "spent",
    metadata,
    _ref("budget_id", "budgets.id", nullable=False),
    sa.Column("when", sa.Text, nullable=False),  # 2026-11 or 2026-11-30 in bot.timezone
    _count("points"),  # held or charged
    sa.Column("noticed", sa.Integer, nullable=False, server_default="0"),  # highest of 50, 80, 100 told
    sa.PrimaryKeyConstraint("budget_id", "when"),
)

examples = sa.Table(
    "examples",
    metadata,
    _id(),
    sa.Column("scene", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("line", sa.Text, nullable=False),  # prompt with flags
    _flag("enabled", True),
    sa.Column("revision", sa.Integer, nullable=False, server_default="1"),
    sa.Column("created", Moment, nullable=False),
    sa.Index("ix_examples_language_enabled", "language", "enabled"),
    sa.UniqueConstraint("language", "line"),
)

inspirations = sa.Table(
    "inspirations",
    metadata,
    _id(),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("line", sa.Text, nullable=False),
    _ref("image_id", "images.id", index=True),
    sa.Column("generation_id", sa.Text),
    _flag("enabled", True),
    _count("uses"),
    sa.Column("revision", sa.Integer, nullable=False, server_default="1"),
    sa.Column("created", Moment, nullable=False),
)

templates = sa.Table(
    "templates",
    metadata,
    _id(),
    sa.Column("name", sa.Text, nullable=False),
    _ref("owner", "members.id"),  # None: the whole team's
    sa.Column("line", sa.Text, nullable=False),  # prompt with {gaps} and flags
    sa.Column("references", Json, nullable=False),  # image ids in order
    sa.Column("generation_id", sa.Text),
    _count("uses"),
    _flag("enabled", True),
    sa.Column("revision", sa.Integer, nullable=False, server_default="1"),
    sa.Column("created", Moment, nullable=False),
    sa.Index("ix_templates_name", "name"),
)

audit = sa.Table(
    "audit",
    metadata,
    _id(),
    sa.Column("at", Moment, nullable=False, index=True),
    _ref("member_id", "members.id"),  # None: the operator, by the command line
    sa.Column("act", sa.Text, nullable=False, index=True),
    _text("subject"),
    sa.Column("before", Json),
    sa.Column("after", Json),
)

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
    _text("thread"),
    sa.Column("messages", Json, nullable=False),
    _text("fingerprint"),
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
    _id(),
    sa.Column("channel", sa.Text, nullable=False),
    _count("thread"),
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

passes = sa.Table(
    "passes",
    metadata,
    sa.Column("token_hash", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),  # login | invite | link
    _text("account"),
    _ref("member_id", "members.id"),
    sa.Column("until", Moment, nullable=False),
    sa.Column("left", sa.Integer, nullable=False, server_default="1"),
    sa.Column("created", Moment, nullable=False),
)

alerts = sa.Table(
    "alerts",
    metadata,
    _id(),
    sa.Column("key", sa.Text, nullable=False),  # what it is about: one alert a key and a while
    sa.Column("line", Json, nullable=False),  # [text key, values]
    sa.Column("facts", Json),  # [[label, value], …] beside it
    sa.Column("button", Json),  # [label, verb, subject, style]: where to look after it
    sa.Column("at", Moment, nullable=False),
    sa.Column("told", Moment),
    sa.Index("ix_alerts_key_at", "key", "at"),
    sa.Index("ix_alerts_told", "told"),
)
