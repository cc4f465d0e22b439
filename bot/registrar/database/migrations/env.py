"""What Alembic runs: the steps, on the connection that was given, in its transaction."""

from alembic import context

from registrar.database.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
context.run_migrations()
