"""The inbox, as the first version made it without migrations: a database of that time is taken as it is."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table where it is not there yet."""
    op.create_table(
        "inbox",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("delivery", sa.String(), nullable=False, unique=True),
        sa.Column("work_key", sa.String(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.Double(), nullable=False),
        sa.Column("batch", sa.String()),
        sa.Column("outcome", sa.String()),
        if_not_exists=True,
    )
    op.create_index("inbox_waiting", "inbox", ["batch", "due_at"], if_not_exists=True)
    op.create_index("inbox_unfinished", "inbox", ["outcome", "batch"], if_not_exists=True)
