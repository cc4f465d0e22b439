"""What runs under a name leaves nothing behind that a process would wait for at its end without knowing."""

import threading
from pathlib import Path

import sqlalchemy as sa

from registrar.engine.durable import Abandoned, Durable


def test_a_thread_that_still_waits_when_all_work_is_over_is_told_of(tmp_path: Path, database: sa.Engine) -> None:
    began, go_on = threading.Event(), threading.Event()

    def wait(_execution: str, _durably: object) -> None:
        began.set()
        go_on.wait()
        raise Abandoned  # it has nobody to record it any more, and would wait for somebody for ever

    durable = Durable(database, tmp_path, executor="one", run=wait)
    durable.start()
    durable.begin("1")
    began.wait()

    has_ended = durable.stop(lambda _name: True, last_words=True)

    go_on.set()
    assert has_ended is False


def test_where_none_waits_it_has_ended(tmp_path: Path, database: sa.Engine) -> None:
    durable = Durable(database, tmp_path, executor="one", run=lambda _execution, _durably: None)
    durable.start()
    durable.begin("1")

    assert durable.stop(lambda _name: False, last_words=True) is True
