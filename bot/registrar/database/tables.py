"""The tables, as they are today; how an older database becomes this one is told by the migrations."""

from typing import Final

import sqlalchemy as sa

METADATA: Final = sa.MetaData()

DONE: Final = "done"
DROPPED: Final = "dropped"  # by a person; any other outcome is why it was parked

# What happened, one row an event. Times are seconds since the epoch, UTC.
INBOX: Final = sa.Table(
    "inbox",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("delivery", sa.String, nullable=False, unique=True),
    sa.Column("work_key", sa.String, nullable=False),
    sa.Column("event", sa.String, nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),  # how often it was tried before
    sa.Column("due_at", sa.Double, nullable=False),
    sa.Column("batch", sa.String),  # the piece of work that took it
    sa.Column("outcome", sa.String),  # None: it waits, or is worked on
    sa.Column("repository", sa.String, nullable=False, server_default=""),
    sa.Column("received_at", sa.Double, nullable=False, server_default="0"),
    sa.Column("finished_at", sa.Double),
    sa.Column("error", sa.String),  # what went wrong the last time that it was tried
    sa.Column("decision", sa.String),  # on what was parked: "retried", "dropped", or "overtaken" by the same event
    sa.Column("decided_by", sa.String),  # a login of the machine it was said on; none: nobody
    sa.Column("decided_at", sa.Double),
    sa.Column("for_good", sa.Boolean, nullable=False, server_default=sa.false()),  # an operation key: never forgotten
    sa.Index("inbox_waiting", "batch", "due_at"),
    sa.Index("inbox_unfinished", "outcome", "batch"),
    sa.Index("inbox_finished", "for_good", "finished_at"),
)

# Written out, or SQLite could not tell that the index over these few rows holds what is asked for.
IS_PARKED: Final = INBOX.c.outcome.not_in([sa.literal(each, literal_execute=True) for each in (DONE, DROPPED)])
sa.Index("inbox_parked", INBOX.c.work_key, sqlite_where=IS_PARKED, postgresql_where=IS_PARKED)

# What is being worked on: one row a work key, so that nobody else can begin.
WORKS: Final = sa.Table(
    "works",
    METADATA,
    sa.Column("work_key", sa.String, primary_key=True),
    sa.Column("batch", sa.String, nullable=False, unique=True),
    sa.Column("repository", sa.String, nullable=False),
    sa.Column("replica", sa.Integer, nullable=False),  # who took it, or whoever began it last
    sa.Column("execution", sa.String, nullable=False),  # under which name the engine runs it
    sa.Column("fence", sa.Integer, nullable=False),  # how often it was begun: only the last one to begin may write
    sa.Column("taken_at", sa.Double, nullable=False),
)

# Who works: one row for each life of a process; its number is never used again.
REPLICAS: Final = sa.Table(
    "replicas",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("name", sa.String, nullable=False),  # for a person: the machine and the process
    sa.Column("started_at", sa.Double, nullable=False),
    sa.Column("beat_at", sa.Double, nullable=False),
    sa.Column("ended_at", sa.Double),  # stopped, or found dead: from then on it may write nothing more
    sqlite_autoincrement=True,
)

# What was done on a forge and elsewhere, or was about to be: one row an effect. A deploy's is kept for good.
EFFECTS: Final = sa.Table(
    "effects",
    METADATA,
    sa.Column("repository", sa.String, primary_key=True),
    sa.Column("key", sa.String, primary_key=True),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("acts", sa.Integer, nullable=False),  # that may have happened since it was last known to be undone
    sa.Column("begun_at", sa.Double, nullable=False),  # the last of them, by the database's clock
    sa.Column("done_at", sa.Double),
    sa.Column("result", sa.String),  # what it is called on the other side; none: that is in doubt
    sa.Index("effects_begun", "begun_at"),
)

# How many effects of each kind were done that are not told one by one any more.
FORGOTTEN: Final = sa.Table(
    "forgotten_effects",
    METADATA,
    sa.Column("kind", sa.String, primary_key=True),
    sa.Column("times", sa.Integer, nullable=False),
)

# What any replica saw last: one row a thing, for those who watch the bot.
SIGHTS: Final = sa.Table(
    "sights",
    METADATA,
    sa.Column("what", sa.String, primary_key=True),  # "sweep" or "hook"
    sa.Column("of", sa.String, primary_key=True),  # the repository that it is about
    sa.Column("state", sa.String, nullable=False),
    sa.Column("at", sa.Double, nullable=False),
)

# The oldest shape that a program must know to work with this database. A migration that does what an older program
# cannot live with says so here; one that only adds does not, and old and new work side by side.
NEEDED: Final = sa.Table("needed", METADATA, sa.Column("revision", sa.String, primary_key=True))
