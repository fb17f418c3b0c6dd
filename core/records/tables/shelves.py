"""What members begin with: examples, inspirations, templates."""

import sqlalchemy as sa

from core.records.tables.columns import Json, Moment, flag, metadata, number, own_id, ref

examples = sa.Table(
    "examples",
    metadata,
    own_id(),
    sa.Column("scene", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("line", sa.Text, nullable=False),  # prompt with flags
    flag("enabled", True),
    sa.Column("revision", sa.Integer, nullable=False, server_default="1"),
    sa.Column("created", Moment, nullable=False),
    sa.Index("ix_examples_language_enabled", "language", "enabled"),
    sa.UniqueConstraint("language", "line"),
)

inspirations = sa.Table(
    "inspirations",
    metadata,
    own_id(),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("line", sa.Text, nullable=False),
    ref("image_id", "images.id", index=True),
    sa.Column("generation_id", sa.Text, index=True),
    flag("enabled", True),
    number("uses"),
    sa.Column("revision", sa.Integer, nullable=False, server_default="1"),
    sa.Column("created", Moment, nullable=False),
)

templates = sa.Table(
    "templates",
    metadata,
    own_id(),
    sa.Column("name", sa.Text, nullable=False),
    ref("owner", "members.id"),  # None: the whole team's
    sa.Column("line", sa.Text, nullable=False),  # prompt with {gaps} and flags
    sa.Column("references", Json, nullable=False),  # image ids in order
    sa.Column("generation_id", sa.Text),
    number("uses"),
    flag("enabled", True),
    sa.Column("revision", sa.Integer, nullable=False, server_default="1"),
    sa.Column("created", Moment, nullable=False),
    sa.Index("ix_templates_name", "name"),
)
