"""Who is there and what they may: members, points, rules, budgets, the audit, and words for admins."""

import sqlalchemy as sa

from core.records.tables.columns import Big, Json, Moment, metadata, number, own_id, ref, text

members = sa.Table(
    "members",
    metadata,
    own_id(),
    text("name"),
    text("language"),
    sa.Column("role", sa.Text, nullable=False, server_default="member", index=True),  # member | reviewer | admin
    sa.Column(
        "standing", sa.Text, nullable=False, server_default="approved", index=True
    ),  # approved | waiting | blocked
    number("points"),
    number("held"),
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
    ref("member_id", "members.id", index=True, nullable=False),
    text("name"),
    sa.Column("created", Moment, nullable=False),
)

ledger = sa.Table(
    "ledger",
    metadata,
    own_id(),
    ref("member_id", "members.id", nullable=False),
    sa.Column("generation_id", sa.Text),
    sa.Column("kind", sa.Text, nullable=False),  # hold charge release welcome allowance grant take
    number("points"),  # change of the free points
    number("held"),  # change of the held points
    number("points_after"),
    text("reason"),
    ref("by_member", "members.id"),
    sa.Column("once", sa.Text, unique=True),
    sa.Column("at", Moment, nullable=False),
    sa.UniqueConstraint("generation_id", "kind"),
    sa.Index("ix_ledger_member_id_id", "member_id", "id"),
    sa.Index("ix_ledger_at", "at"),
)

passes = sa.Table(
    "passes",
    metadata,
    sa.Column("token_hash", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),  # login | invite | link
    text("account"),
    ref("member_id", "members.id"),
    sa.Column("until", Moment, nullable=False),
    sa.Column("left", sa.Integer, nullable=False, server_default="1"),
    sa.Column("created", Moment, nullable=False),
)

rules = sa.Table(
    "rules",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("value", Json, nullable=False),
    sa.Column("changed", Moment, nullable=False),
)

budgets = sa.Table(
    "budgets",
    metadata,
    own_id(),
    sa.Column("scope", sa.Text, nullable=False),  # member | channel | label | team
    text("subject"),  # member id, platform:channel, label, ""
    sa.Column("period", sa.Text, nullable=False),  # day | month
    sa.Column("points", Big, nullable=False),
    sa.Column("created", Moment, nullable=False),
    sa.UniqueConstraint("scope", "subject", "period"),
)

spent = sa.Table(
    "spent",
    metadata,
    ref("budget_id", "budgets.id", nullable=False),
    sa.Column("when", sa.Text, nullable=False),  # 2026-11 or 2026-11-30 in bot.timezone
    number("points"),  # held or charged
    sa.Column("noticed", sa.Integer, nullable=False, server_default="0"),  # highest of 50, 80, 100 told
    sa.PrimaryKeyConstraint("budget_id", "when"),
)

audit = sa.Table(
    "audit",
    metadata,
    own_id(),
    sa.Column("at", Moment, nullable=False, index=True),
    ref("member_id", "members.id"),  # None: the operator, by the command line
    sa.Column("act", sa.Text, nullable=False, index=True),
    text("kind"),  # what an act begins with: `keys` of `keys.add`
    text("subject"),
    sa.Column("before", Json),
    sa.Column("after", Json),
    sa.Index("ix_audit_kind_id", "kind", "id"),
)

alerts = sa.Table(
    "alerts",
    metadata,
    own_id(),
    sa.Column("key", sa.Text, nullable=False),  # what it is about: one alert a key and a while
    sa.Column("line", Json, nullable=False),  # [text key, values]
    sa.Column("facts", Json),  # [[label, value], …] beside it
    sa.Column("button", Json),  # [label, verb, subject, style]: where to look after it
    sa.Column("at", Moment, nullable=False),
    sa.Column("told", Moment),
    sa.Index("ix_alerts_key_at", "key", "at"),
    sa.Index("ix_alerts_told", "told"),
)
