"""What is painted: generations, their tasks and images, and the keys that paint them."""

import sqlalchemy as sa

from core.records.tables.columns import Big, Json, Moment, flag, metadata, number, own_id, ref, text

generations = sa.Table(
    "generations",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    ref("member_id", "members.id", nullable=False),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("event_key", sa.Text, unique=True),
    sa.Column("place", Json, nullable=False),
    sa.Column("platform", sa.Text, nullable=False),
    text("channel"),
    text("language"),
    # what was asked
    text("prompt_typed"),
    text("prompt_sent"),
    text("avoid"),
    text("label"),
    text("source"),
    flag("private"),
    text("ratio"),
    number("width"),
    number("height"),
    sa.Column("tier", sa.Text, nullable=False),  # sd | hd
    number("count"),
    sa.Column("seed", Big),
    flag("seed_typed"),
    sa.Column("weight", sa.Double),  # the scale sent, in the model's own unit
    flag("watermark", True),
    text("format"),
    sa.Column("model", sa.Text, nullable=False),  # req_key
    sa.Column("notes", Json, nullable=False),  # what the bot had to change: [[key, values], …]
    # money
    number("price"),
    number("held"),
    number("charged"),
    number("released"),
    # lineage
    sa.Column("parent_id", sa.Text, index=True),
    text("parent_kind"),  # again | edit | variation | same | final | repaint | reply | pack
    number("parent_picture"),
    sa.Column("template_id", Big),
    # life
    sa.Column("state", sa.Text, nullable=False, server_default="accepted"),  # accepted | settled
    text("outcome"),  # done | partial | failed | cancelled
    text("cause"),
    text("error"),  # text key of the sentence for the member
    number("priority"),
    flag("cancelling"),
    sa.Column("created", Moment, nullable=False),
    sa.Column("started", Moment),
    sa.Column("ended", Moment),
    # the thread is a view: revision counts visible changes, shown is the last one announced
    sa.Column("revision", sa.Integer, nullable=False, server_default="1"),
    sa.Column("shown", sa.Integer, nullable=False, server_default="0"),
    sa.Column("delivery", sa.Text, nullable=False, server_default="pending"),  # pending | delivered | undeliverable
    text("delivery_note"),
    number("delivery_tries"),
    sa.Column("teller", sa.Text),  # the lease that announces it
    sa.Column("tell_after", Moment),
    number("downloads"),
    # review
    number("adopted"),
    ref("reviewer", "members.id"),
    text("adopted_for"),
    text("adopted_channel"),
    sa.Column("adopted_at", Moment),
    sa.Column("deleted", Moment),
    sa.Index("ix_generations_member_id_created", "member_id", "created"),
    sa.Index("ix_generations_created", "created"),
    sa.Index("ix_generations_deleted_created", "deleted", "created"),  # everybody's list, in its order and counted
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
    number("width"),
    number("height"),
    number("size"),
    text("sha256", index=True),
    sa.Column("kind", sa.Text, nullable=False),  # result | reference
    sa.Column("created", Moment, nullable=False),
    sa.Index("ix_images_kind_created", "kind", "created"),
)

references = sa.Table(
    "reference_images",
    metadata,
    sa.Column("generation_id", sa.ForeignKey("generations.id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),  # 1 is 图1
    ref("image_id", "images.id", index=True, nullable=False),
)

tasks = sa.Table(
    "tasks",
    metadata,
    own_id(),
    ref("generation_id", "generations.id", nullable=False),
    sa.Column("number", sa.Integer, nullable=False),  # 1-4, the picture it paints
    sa.Column("member_id", Big, nullable=False),
    number("priority"),
    sa.Column("status", sa.Text, nullable=False, server_default="queued"),
    # queued claimed submitting submitted ready kept failed cancelled
    sa.Column("owner", sa.Text),  # lease id
    sa.Column("req_key", sa.Text, nullable=False),
    sa.Column("pool", sa.Text, nullable=False),
    ref("credential_id", "credentials.id"),
    sa.Column("seed", Big),
    sa.Column("task_id", sa.Text),
    sa.Column("request_ids", Json, nullable=False),
    number("submits"),  # submit calls made
    number("resubmits"),  # after a lost answer or a refused output
    number("failures"),  # bounded retries used
    sa.Column("not_before", Moment, nullable=False),
    sa.Column("submitted", Moment),
    sa.Column("finished", Moment),
    text("cause"),
    text("error"),  # text key of the sentence
    text("error_code"),
    text("error_text"),  # Jimeng's own words, for support
    ref("image_id", "images.id", index=True),
    sa.Column("created", Moment, nullable=False),
    sa.UniqueConstraint("generation_id", "number"),
    sa.Index("ix_tasks_status_owner_priority_created", "status", "owner", "priority", "created"),
    sa.Index("ix_tasks_credential_id_status", "credential_id", "status"),
    sa.Index("ix_tasks_submitted", "submitted"),
    # what became of a day: written once, when a task has ended
    sa.Index(
        "ix_tasks_ended",
        "status",
        "finished",
        sqlite_where=sa.text("finished IS NOT NULL"),
        postgresql_where=sa.text("finished IS NOT NULL"),
    ),
)

credentials = sa.Table(
    "credentials",
    metadata,
    own_id(),
    sa.Column("pool", sa.Text, nullable=False, server_default="default"),
    sa.Column("alias", sa.Text, nullable=False, unique=True),
    sa.Column("access_key_id", sa.Text, nullable=False),
    sa.Column("secret", sa.Text, nullable=False),  # encrypted with bot.secret_key
    sa.Column("api_url", sa.Text, nullable=False),
    sa.Column("region", sa.Text, nullable=False, server_default="cn-north-1"),
    sa.Column("at_once", sa.Integer, nullable=False, server_default="1"),
    sa.Column("per_second", sa.Double, nullable=False, server_default="1"),
    flag("enabled", True),
    text("disabled_why"),
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
    text("cause"),
    text("code"),
    sa.Column("until", Moment),  # cooling ends; quarantine is re-tested
    sa.Column("lowered_to", sa.Integer),  # concurrency lowered for a while
    sa.Column("lowered_until", Moment),
    number("strikes"),  # back-off exponent
    sa.Column("alerted", Moment),
    sa.Column("changed", Moment, nullable=False),
)

ghosts = sa.Table(
    "ghosts",
    metadata,
    own_id(),
    ref("credential_id", "credentials.id", index=True, nullable=False),
    sa.Column("req_key", sa.Text, nullable=False),
    sa.Column("until", Moment, nullable=False),
)

leases = sa.Table(
    "leases",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("until", sa.Double, nullable=False),  # by the database's clock
    sa.Column("unopened", Json),  # ids of keys whose secret its process cannot open
)
