"""Who decided what becomes of a parked event; and which programs may work with the database."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns that stay empty unless a person decides, and a table that programs from now on look at."""
    op.add_column("inbox", sa.Column("decision", sa.String()))
    op.add_column("inbox", sa.Column("decided_by", sa.String()))
    op.add_column("inbox", sa.Column("decided_at", sa.Double()))
    needed = op.create_table("needed", sa.Column("revision", sa.String(), primary_key=True))
    op.bulk_insert(needed, [{"revision": "0001"}])
