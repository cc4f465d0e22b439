"""How many effects were forgotten, so that what is counted never falls."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a table and an index that an older program does not look at: it forgets no effect."""
    op.create_table(
        "forgotten_effects",
        sa.Column("kind", sa.String(), primary_key=True),
        sa.Column("times", sa.Integer(), nullable=False),
    )
    op.create_index("effects_begun", "effects", ["begun_at"])
