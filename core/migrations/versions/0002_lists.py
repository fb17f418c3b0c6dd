"""Indexes for lists: no list reads a whole table, however much was painted."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them."""
    op.create_index("ix_generations_deleted_created", "generations", ["deleted", "created"], unique=False)
    op.create_index("ix_images_kind_created", "images", ["kind", "created"], unique=False)
    op.create_index(op.f("ix_inspirations_generation_id"), "inspirations", ["generation_id"], unique=False)
    op.create_index(op.f("ix_members_role"), "members", ["role"], unique=False)
    op.create_index(
        "ix_tasks_ended",
        "tasks",
        ["status", "finished"],
        unique=False,
        sqlite_where=sa.text("finished IS NOT NULL"),
        postgresql_where=sa.text("finished IS NOT NULL"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_tasks_ended", table_name="tasks")
    op.drop_index(op.f("ix_members_role"), table_name="members")
    op.drop_index(op.f("ix_inspirations_generation_id"), table_name="inspirations")
    op.drop_index("ix_images_kind_created", table_name="images")
    op.drop_index("ix_generations_deleted_created", table_name="generations")
