"""What any replica saw last, for those who watch the bot."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a table that an older program does not look at."""
    op.create_table(
        "sights",
        sa.Column("what", sa.String(), primary_key=True),
        sa.Column("of", sa.String(), primary_key=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
    )
