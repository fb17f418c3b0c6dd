"""The audit is read by kind; how often a rule was changed is asked by nobody any more."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BEFORE_THE_DOT = {"sqlite": "substr(act, 1, instr(act || '.', '.') - 1)", "postgresql": "split_part(act, '.', 1)"}


def upgrade() -> None:
    """Every act learns its kind."""
    op.add_column("audit", sa.Column("kind", sa.Text(), server_default="", nullable=False))
    op.execute(f"UPDATE audit SET kind = {BEFORE_THE_DOT[op.get_bind().dialect.name]}")
    op.create_index("ix_audit_kind_id", "audit", ["kind", "id"], unique=False)
    op.drop_column("rules", "revision")


def downgrade() -> None:
    """Forget it again."""
    op.add_column("rules", sa.Column("revision", sa.BigInteger(), server_default="0", nullable=False))
    op.drop_index("ix_audit_kind_id", table_name="audit")
    op.drop_column("audit", "kind")
