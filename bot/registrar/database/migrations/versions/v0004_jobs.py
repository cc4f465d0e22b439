"""Who decided what becomes of a parked event, which rows are kept for good, which programs may work with all of it."""

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
    op.add_column("inbox", sa.Column("for_good", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("inbox_finished", "inbox", ["for_good", "finished_at"])
    parked = sa.text("outcome NOT IN ('done', 'dropped')")
    op.create_index("inbox_parked", "inbox", ["work_key"], sqlite_where=parked, postgresql_where=parked)
    _keep_operation_keys()
    needed = op.create_table("needed", sa.Column("revision", sa.String(), primary_key=True))
    op.bulk_insert(needed, [{"revision": "0001"}])


def _keep_operation_keys() -> None:
    """Keep for good what may happen only once, under names that tell one registry from another."""
    rows = sa.table("inbox", *map(sa.column, ("delivery", "repository", "for_good")))
    begins = [rows.c.delivery.startswith(f"{kind}:") for kind in ("start", "lost", "tags", "notice")]
    named = {"delivery": rows.c.delivery + "@" + rows.c.repository, "for_good": True}
    op.get_bind().execute(sa.update(rows).where(sa.or_(*begins)).values(named))
