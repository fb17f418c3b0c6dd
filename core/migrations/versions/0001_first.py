"""The first schema."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Create every table."""
    op.create_table(
        "alerts",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("line", JSON, nullable=False),
        sa.Column("facts", JSON, nullable=True),
        sa.Column("button", JSON, nullable=True),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("told", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
    )
    op.create_index("ix_alerts_key_at", "alerts", ["key", "at"], unique=False)
    op.create_index("ix_alerts_told", "alerts", ["told"], unique=False)
    op.create_table(
        "budgets",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), server_default="", nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("points", BIG, nullable=False),
        sa.Column("created", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budgets")),
        sa.UniqueConstraint("scope", "subject", "period", name=op.f("uq_budgets_scope_subject_period")),
    )
    op.create_table(
        "chat",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("thread", BIG, server_default="0", nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("body", JSON, nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat")),
    )
    op.create_index("ix_chat_channel_thread_id", "chat", ["channel", "thread", "id"], unique=False)
    op.create_index("ix_chat_thread", "chat", ["thread"], unique=False)
    op.create_table(
        "credentials",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("pool", sa.Text(), server_default="default", nullable=False),
        sa.Column("alias", sa.Text(), nullable=False),
        sa.Column("access_key_id", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("api_url", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), server_default="cn-north-1", nullable=False),
        sa.Column("at_once", sa.Integer(), server_default="1", nullable=False),
        sa.Column("per_second", sa.Double(), server_default="1", nullable=False),
        sa.Column("enabled", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("disabled_why", sa.Text(), server_default="", nullable=False),
        sa.Column("tat", sa.Double(), server_default="0", nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created", sa.Double(), nullable=False),
        sa.Column("removed", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials")),
        sa.UniqueConstraint("alias", name=op.f("uq_credentials_alias")),
    )
    op.create_table(
        "examples",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("scene", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("enabled", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_examples")),
        sa.UniqueConstraint("language", "line", name=op.f("uq_examples_language_line")),
    )
    op.create_index("ix_examples_language_enabled", "examples", ["language", "enabled"], unique=False)
    op.create_table(
        "images",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("mime", sa.Text(), nullable=False),
        sa.Column("width", BIG, server_default="0", nullable=False),
        sa.Column("height", BIG, server_default="0", nullable=False),
        sa.Column("size", BIG, server_default="0", nullable=False),
        sa.Column("sha256", sa.Text(), server_default="", nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("created", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_images")),
    )
    op.create_index(op.f("ix_images_sha256"), "images", ["sha256"], unique=False)
    op.create_table(
        "inbox",
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("event_key", sa.Text(), nullable=False),
        sa.Column("payload", JSON, nullable=False),
        sa.Column("received", sa.Double(), nullable=False),
        sa.Column("finished", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("platform", "event_key", name=op.f("pk_inbox")),
    )
    op.create_index("ix_inbox_platform_finished", "inbox", ["platform", "finished"], unique=False)
    op.create_index(op.f("ix_inbox_received"), "inbox", ["received"], unique=False)
    op.create_table(
        "leases",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("until", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leases")),
    )
    op.create_table(
        "members",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("language", sa.Text(), server_default="", nullable=False),
        sa.Column("role", sa.Text(), server_default="member", nullable=False),
        sa.Column("standing", sa.Text(), server_default="approved", nullable=False),
        sa.Column("points", BIG, server_default="0", nullable=False),
        sa.Column("held", BIG, server_default="0", nullable=False),
        sa.Column("allowance", BIG, nullable=True),
        sa.Column("daily_pictures", sa.Integer(), nullable=True),
        sa.Column("at_once", sa.Integer(), nullable=True),
        sa.Column("defaults", JSON, nullable=True),
        sa.Column("created", sa.Double(), nullable=False),
        sa.CheckConstraint("held >= 0", name=op.f("ck_members_held")),
        sa.CheckConstraint("points >= 0", name=op.f("ck_members_points")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_members")),
    )
    op.create_index(op.f("ix_members_standing"), "members", ["standing"], unique=False)
    op.create_table(
        "notes",
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", JSON, nullable=False),
        sa.Column("until", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "kind", "key", name=op.f("pk_notes")),
    )
    op.create_index(op.f("ix_notes_until"), "notes", ["until"], unique=False)
    op.create_table(
        "posted",
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("thread", sa.Text(), server_default="", nullable=False),
        sa.Column("messages", JSON, nullable=False),
        sa.Column("fingerprint", sa.Text(), server_default="", nullable=False),
        sa.Column("extra", JSON, nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "slot", name=op.f("pk_posted")),
    )
    op.create_table(
        "posted_messages",
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "channel", "message", name=op.f("pk_posted_messages")),
    )
    op.create_index("ix_posted_messages_platform_slot", "posted_messages", ["platform", "slot"], unique=False)
    op.create_table(
        "rules",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", JSON, nullable=False),
        sa.Column("changed", sa.Double(), nullable=False),
        sa.Column("revision", BIG, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_rules")),
    )
    op.create_table(
        "ticks",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("name", "period", name=op.f("pk_ticks")),
    )
    op.create_table(
        "accounts",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("created", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_accounts_member_id")),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_accounts")),
    )
    op.create_index(op.f("ix_accounts_member_id"), "accounts", ["member_id"], unique=False)
    op.create_table(
        "audit",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("member_id", BIG, nullable=True),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), server_default="", nullable=False),
        sa.Column("before", JSON, nullable=True),
        sa.Column("after", JSON, nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_audit_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_act"), "audit", ["act"], unique=False)
    op.create_index(op.f("ix_audit_at"), "audit", ["at"], unique=False)
    op.create_table(
        "credential_health",
        sa.Column("credential_id", BIG, nullable=False),
        sa.Column("req_key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="ok", nullable=False),
        sa.Column("cause", sa.Text(), server_default="", nullable=False),
        sa.Column("code", sa.Text(), server_default="", nullable=False),
        sa.Column("until", sa.Double(), nullable=True),
        sa.Column("lowered_to", sa.Integer(), nullable=True),
        sa.Column("lowered_until", sa.Double(), nullable=True),
        sa.Column("strikes", BIG, server_default="0", nullable=False),
        sa.Column("alerted", sa.Double(), nullable=True),
        sa.Column("changed", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["credential_id"], ["credentials.id"], name=op.f("fk_credential_health_credential_id")),
        sa.PrimaryKeyConstraint("credential_id", "req_key", name=op.f("pk_credential_health")),
    )
    op.create_table(
        "generations",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("event_key", sa.Text(), nullable=True),
        sa.Column("place", JSON, nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), server_default="", nullable=False),
        sa.Column("language", sa.Text(), server_default="", nullable=False),
        sa.Column("prompt_typed", sa.Text(), server_default="", nullable=False),
        sa.Column("prompt_sent", sa.Text(), server_default="", nullable=False),
        sa.Column("avoid", sa.Text(), server_default="", nullable=False),
        sa.Column("label", sa.Text(), server_default="", nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column("private", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("ratio", sa.Text(), server_default="", nullable=False),
        sa.Column("width", BIG, server_default="0", nullable=False),
        sa.Column("height", BIG, server_default="0", nullable=False),
        sa.Column("tier", sa.Text(), nullable=False),
        sa.Column("count", BIG, server_default="0", nullable=False),
        sa.Column("seed", BIG, nullable=True),
        sa.Column("seed_typed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("weight", sa.Double(), nullable=True),
        sa.Column("watermark", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("format", sa.Text(), server_default="", nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("notes", JSON, nullable=False),
        sa.Column("price", BIG, server_default="0", nullable=False),
        sa.Column("held", BIG, server_default="0", nullable=False),
        sa.Column("charged", BIG, server_default="0", nullable=False),
        sa.Column("released", BIG, server_default="0", nullable=False),
        sa.Column("parent_id", sa.Text(), nullable=True),
        sa.Column("parent_kind", sa.Text(), server_default="", nullable=False),
        sa.Column("parent_picture", BIG, server_default="0", nullable=False),
        sa.Column("template_id", BIG, nullable=True),
        sa.Column("state", sa.Text(), server_default="accepted", nullable=False),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.Column("cause", sa.Text(), server_default="", nullable=False),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.Column("priority", BIG, server_default="0", nullable=False),
        sa.Column("cancelling", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created", sa.Double(), nullable=False),
        sa.Column("started", sa.Double(), nullable=True),
        sa.Column("ended", sa.Double(), nullable=True),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("shown", sa.Integer(), server_default="0", nullable=False),
        sa.Column("delivery", sa.Text(), server_default="pending", nullable=False),
        sa.Column("delivery_note", sa.Text(), server_default="", nullable=False),
        sa.Column("delivery_tries", BIG, server_default="0", nullable=False),
        sa.Column("teller", sa.Text(), nullable=True),
        sa.Column("tell_after", sa.Double(), nullable=True),
        sa.Column("downloads", BIG, server_default="0", nullable=False),
        sa.Column("adopted", BIG, server_default="0", nullable=False),
        sa.Column("reviewer", BIG, nullable=True),
        sa.Column("adopted_for", sa.Text(), server_default="", nullable=False),
        sa.Column("adopted_channel", sa.Text(), server_default="", nullable=False),
        sa.Column("adopted_at", sa.Double(), nullable=True),
        sa.Column("deleted", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_generations_member_id")),
        sa.ForeignKeyConstraint(["reviewer"], ["members.id"], name=op.f("fk_generations_reviewer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_generations")),
        sa.UniqueConstraint("event_key", name=op.f("uq_generations_event_key")),
    )
    op.create_index("ix_generations_created", "generations", ["created"], unique=False)
    op.create_index("ix_generations_label_created", "generations", ["label", "created"], unique=False)
    op.create_index("ix_generations_member_id_created", "generations", ["member_id", "created"], unique=False)
    op.create_index("ix_generations_outcome_created", "generations", ["outcome", "created"], unique=False)
    op.create_index(op.f("ix_generations_parent_id"), "generations", ["parent_id"], unique=False)
    op.create_index("ix_generations_state_delivery", "generations", ["state", "delivery"], unique=False)
    op.create_index(
        "ix_generations_to_show",
        "generations",
        ["platform"],
        unique=False,
        sqlite_where=sa.text("shown < revision"),
        postgresql_where=sa.text("shown < revision"),
    )
    op.create_table(
        "ghosts",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("credential_id", BIG, nullable=False),
        sa.Column("req_key", sa.Text(), nullable=False),
        sa.Column("until", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["credential_id"], ["credentials.id"], name=op.f("fk_ghosts_credential_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ghosts")),
    )
    op.create_index(op.f("ix_ghosts_credential_id"), "ghosts", ["credential_id"], unique=False)
    op.create_table(
        "inspirations",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("image_id", sa.Text(), nullable=True),
        sa.Column("generation_id", sa.Text(), nullable=True),
        sa.Column("enabled", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("uses", BIG, server_default="0", nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["image_id"], ["images.id"], name=op.f("fk_inspirations_image_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspirations")),
    )
    op.create_index(op.f("ix_inspirations_image_id"), "inspirations", ["image_id"], unique=False)
    op.create_table(
        "ledger",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("generation_id", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("points", BIG, server_default="0", nullable=False),
        sa.Column("held", BIG, server_default="0", nullable=False),
        sa.Column("points_after", BIG, server_default="0", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("by_member", BIG, nullable=True),
        sa.Column("once", sa.Text(), nullable=True),
        sa.Column("at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["by_member"], ["members.id"], name=op.f("fk_ledger_by_member")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_ledger_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger")),
        sa.UniqueConstraint("generation_id", "kind", name=op.f("uq_ledger_generation_id_kind")),
        sa.UniqueConstraint("once", name=op.f("uq_ledger_once")),
    )
    op.create_index("ix_ledger_at", "ledger", ["at"], unique=False)
    op.create_index("ix_ledger_member_id_id", "ledger", ["member_id", "id"], unique=False)
    op.create_table(
        "passes",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), server_default="", nullable=False),
        sa.Column("member_id", BIG, nullable=True),
        sa.Column("until", sa.Double(), nullable=False),
        sa.Column("left", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_passes_member_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_passes")),
    )
    op.create_table(
        "spent",
        sa.Column("budget_id", BIG, nullable=False),
        sa.Column("when", sa.Text(), nullable=False),
        sa.Column("points", BIG, server_default="0", nullable=False),
        sa.Column("noticed", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["budget_id"], ["budgets.id"], name=op.f("fk_spent_budget_id")),
        sa.PrimaryKeyConstraint("budget_id", "when", name=op.f("pk_spent")),
    )
    op.create_table(
        "templates",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("owner", BIG, nullable=True),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("references", JSON, nullable=False),
        sa.Column("generation_id", sa.Text(), nullable=True),
        sa.Column("uses", BIG, server_default="0", nullable=False),
        sa.Column("enabled", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["owner"], ["members.id"], name=op.f("fk_templates_owner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_templates")),
    )
    op.create_index("ix_templates_name", "templates", ["name"], unique=False)
    op.create_table(
        "reference_images",
        sa.Column("generation_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("image_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["generation_id"], ["generations.id"], name=op.f("fk_reference_images_generation_id")),
        sa.ForeignKeyConstraint(["image_id"], ["images.id"], name=op.f("fk_reference_images_image_id")),
        sa.PrimaryKeyConstraint("generation_id", "position", name=op.f("pk_reference_images")),
    )
    op.create_index(op.f("ix_reference_images_image_id"), "reference_images", ["image_id"], unique=False)
    op.create_table(
        "tasks",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("generation_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("priority", BIG, server_default="0", nullable=False),
        sa.Column("status", sa.Text(), server_default="queued", nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("req_key", sa.Text(), nullable=False),
        sa.Column("pool", sa.Text(), nullable=False),
        sa.Column("credential_id", BIG, nullable=True),
        sa.Column("seed", BIG, nullable=True),
        sa.Column("task_id", sa.Text(), nullable=True),
        sa.Column("request_ids", JSON, nullable=False),
        sa.Column("submits", BIG, server_default="0", nullable=False),
        sa.Column("resubmits", BIG, server_default="0", nullable=False),
        sa.Column("failures", BIG, server_default="0", nullable=False),
        sa.Column("not_before", sa.Double(), nullable=False),
        sa.Column("submitted", sa.Double(), nullable=True),
        sa.Column("finished", sa.Double(), nullable=True),
        sa.Column("cause", sa.Text(), server_default="", nullable=False),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.Column("error_code", sa.Text(), server_default="", nullable=False),
        sa.Column("error_text", sa.Text(), server_default="", nullable=False),
        sa.Column("image_id", sa.Text(), nullable=True),
        sa.Column("created", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["credential_id"], ["credentials.id"], name=op.f("fk_tasks_credential_id")),
        sa.ForeignKeyConstraint(["generation_id"], ["generations.id"], name=op.f("fk_tasks_generation_id")),
        sa.ForeignKeyConstraint(["image_id"], ["images.id"], name=op.f("fk_tasks_image_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        sa.UniqueConstraint("generation_id", "number", name=op.f("uq_tasks_generation_id_number")),
    )
    op.create_index("ix_tasks_credential_id_status", "tasks", ["credential_id", "status"], unique=False)
    op.create_index(op.f("ix_tasks_image_id"), "tasks", ["image_id"], unique=False)
    op.create_index(
        "ix_tasks_status_owner_priority_created", "tasks", ["status", "owner", "priority", "created"], unique=False
    )
    op.create_index("ix_tasks_submitted", "tasks", ["submitted"], unique=False)


def downgrade() -> None:
    """Drop every table."""
    op.drop_index("ix_tasks_submitted", table_name="tasks")
    op.drop_index("ix_tasks_status_owner_priority_created", table_name="tasks")
    op.drop_index(op.f("ix_tasks_image_id"), table_name="tasks")
    op.drop_index("ix_tasks_credential_id_status", table_name="tasks")
    op.drop_table("tasks")
    op.drop_index(op.f("ix_reference_images_image_id"), table_name="reference_images")
    op.drop_table("reference_images")
    op.drop_index("ix_templates_name", table_name="templates")
    op.drop_table("templates")
    op.drop_table("spent")
    op.drop_table("passes")
    op.drop_index("ix_ledger_member_id_id", table_name="ledger")
    op.drop_index("ix_ledger_at", table_name="ledger")
    op.drop_table("ledger")
    op.drop_index(op.f("ix_inspirations_image_id"), table_name="inspirations")
    op.drop_table("inspirations")
    op.drop_index(op.f("ix_ghosts_credential_id"), table_name="ghosts")
    op.drop_table("ghosts")
    op.drop_index(
        "ix_generations_to_show",
        table_name="generations",
        sqlite_where=sa.text("shown < revision"),
        postgresql_where=sa.text("shown < revision"),
    )
    op.drop_index("ix_generations_state_delivery", table_name="generations")
    op.drop_index(op.f("ix_generations_parent_id"), table_name="generations")
    op.drop_index("ix_generations_outcome_created", table_name="generations")
    op.drop_index("ix_generations_member_id_created", table_name="generations")
    op.drop_index("ix_generations_label_created", table_name="generations")
    op.drop_index("ix_generations_created", table_name="generations")
    op.drop_table("generations")
    op.drop_table("credential_health")
    op.drop_index(op.f("ix_audit_at"), table_name="audit")
    op.drop_index(op.f("ix_audit_act"), table_name="audit")
    op.drop_table("audit")
    op.drop_index(op.f("ix_accounts_member_id"), table_name="accounts")
    op.drop_table("accounts")
    op.drop_table("ticks")
    op.drop_table("rules")
    op.drop_index("ix_posted_messages_platform_slot", table_name="posted_messages")
    op.drop_table("posted_messages")
    op.drop_table("posted")
    op.drop_index(op.f("ix_notes_until"), table_name="notes")
    op.drop_table("notes")
    op.drop_index(op.f("ix_members_standing"), table_name="members")
    op.drop_table("members")
    op.drop_table("leases")
    op.drop_index(op.f("ix_inbox_received"), table_name="inbox")
    op.drop_index("ix_inbox_platform_finished", table_name="inbox")
    op.drop_table("inbox")
    op.drop_index(op.f("ix_images_sha256"), table_name="images")
    op.drop_table("images")
    op.drop_index("ix_examples_language_enabled", table_name="examples")
    op.drop_table("examples")
    op.drop_table("credentials")
    op.drop_index("ix_chat_thread", table_name="chat")
    op.drop_index("ix_chat_channel_thread_id", table_name="chat")
    op.drop_table("chat")
    op.drop_table("budgets")
    op.drop_index("ix_alerts_told", table_name="alerts")
    op.drop_index("ix_alerts_key_at", table_name="alerts")
    op.drop_table("alerts")
