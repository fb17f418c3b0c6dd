"""What each replica cannot open stands on its lease, so that another takes those tasks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    kind = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    op.add_column("leases", sa.Column("unopened", kind, nullable=True))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("leases", "unopened")
