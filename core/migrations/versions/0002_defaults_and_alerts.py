"""A member's own defaults; alerts with facts and a button."""

import sqlalchemy as sa
from alembic import op

from core.records.tables import alerts, members

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NEW = ((members, "defaults"), (alerts, "facts"), (alerts, "button"))


def upgrade() -> None:
    """Add the columns, unless the first schema was made with them."""
    known = sa.inspect(op.get_bind())
    for table, name in NEW:
        if name not in {column["name"] for column in known.get_columns(table.name)}:
            op.add_column(table.name, sa.Column(name, table.c[name].type))


def downgrade() -> None:
    """Drop them."""
    for table, name in NEW:
        with op.batch_alter_table(table.name) as change:
            change.drop_column(name)
