"""What was done on the other side, or was about to be: so that nothing is done twice."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a table that an older program does not look at: it looks on the other side instead."""
    op.create_table(
        "effects",
        sa.Column("repository", sa.String(), primary_key=True),
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("acts", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.Double(), nullable=False),
        sa.Column("done_at", sa.Double()),
        sa.Column("result", sa.String()),
    )
