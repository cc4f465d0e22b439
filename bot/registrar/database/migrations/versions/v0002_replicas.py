"""Several replicas on one database: who works, on what; and of each event where it belongs and what became of it."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_AT_ONCE = 1000  # rows that are read before any is written


def upgrade() -> None:
    """Add columns that an older program need not know, and tables that it does not look at."""
    op.add_column("inbox", sa.Column("repository", sa.String(), nullable=False, server_default=""))
    op.add_column("inbox", sa.Column("received_at", sa.Double(), nullable=False, server_default="0"))
    op.add_column("inbox", sa.Column("finished_at", sa.Double()))
    op.add_column("inbox", sa.Column("error", sa.String()))
    _fill_in()
    op.create_table(
        "works",
        sa.Column("work_key", sa.String(), primary_key=True),
        sa.Column("batch", sa.String(), nullable=False, unique=True),
        sa.Column("repository", sa.String(), nullable=False),
        sa.Column("replica", sa.Integer(), nullable=False),
        sa.Column("execution", sa.String(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("taken_at", sa.Double(), nullable=False),
    )
    op.create_table(
        "replicas",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("started_at", sa.Double(), nullable=False),
        sa.Column("beat_at", sa.Double(), nullable=False),
        sa.Column("ended_at", sa.Double()),
        sqlite_autoincrement=True,
    )


def _fill_in() -> None:
    """Say of the rows that are there what new ones say of themselves."""
    rows = sa.table(
        "inbox",
        sa.column("id", sa.Integer()),
        sa.column("event", sa.String()),
        sa.column("due_at", sa.Double()),
        sa.column("outcome", sa.String()),
        sa.column("repository", sa.String()),
        sa.column("received_at", sa.Double()),
        sa.column("finished_at", sa.Double()),
    )
    connection = op.get_bind()
    connection.execute(sa.update(rows).values(received_at=rows.c.due_at))
    connection.execute(sa.update(rows).where(rows.c.outcome.is_not(None)).values(finished_at=rows.c.due_at))
    last = 0
    while found := connection.execute(
        sa.select(rows.c.id, rows.c.event).where(rows.c.id > last).order_by(rows.c.id).limit(_AT_ONCE)
    ).all():
        belongs = [{"row": row_id, "belongs_to": json.loads(event)["repository"]} for row_id, event in found]
        connection.execute(
            sa.update(rows).where(rows.c.id == sa.bindparam("row")).values(repository=sa.bindparam("belongs_to")),
            belongs,
        )
        last = found[-1][0]
