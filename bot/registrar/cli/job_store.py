"""Knows how a command reaches the database of a server, and who gives it."""

import os
import platform
import pwd
from collections.abc import Iterator
from contextlib import contextmanager

from registrar.database.connecting import INBOX, address_of, connected, refuse_unreachable
from registrar.database.jobs import Jobs
from registrar.database.migrating import refuse_another_shape
from registrar.errors import UsageError
from registrar.settings import DatabaseSettings, database_from_environment


@contextmanager
def opened() -> Iterator[Jobs]:
    """The jobs in the database that the environment names. Raises `UsageError` where there is none."""
    settings = database_from_environment(os.environ)
    if settings.url is None:
        _refuse_no_database(settings)
    engine = connected(address_of(settings.url.reveal() if settings.url else "", settings.state_directory))
    try:
        refuse_unreachable(engine)
        refuse_another_shape(engine)
        yield Jobs(engine)
    finally:
        engine.dispose()


def somebody() -> str:
    """The login of whoever runs the command, as the machine knows it."""
    try:
        login = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # as in a container
        login = f"user {os.getuid()}"
    return f"{login}@{platform.node()}"


def _refuse_no_database(settings: DatabaseSettings) -> None:
    """To look for a database must not make one."""
    if not (settings.state_directory / INBOX).is_file():
        folder = settings.state_directory
        raise UsageError(f"no server keeps its work in {folder}: set REGISTRAR_STATE_DIR, or REGISTRAR_DATABASE_URL")
