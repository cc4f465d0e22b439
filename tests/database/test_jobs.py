"""A person sees what a server does, and decides what becomes of what it gave up."""

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from database.happenings import REASON, Server, a_pull_request
from registrar.database.jobs import STATES, Jobs
from registrar.database.tables import INBOX, IS_PARKED
from registrar.errors import NotAllowed, Unknown

SEVEN, EIGHT, NINE = map(a_pull_request, (7, 8, 9))


@pytest.fixture
def anywhere(database: sa.Engine) -> Server:
    """On each kind of database, for what is asked in other words of each."""
    return Server(database)


@pytest.fixture
def server(sqlite_database: sa.Engine) -> Server:
    return Server(sqlite_database)


@pytest.fixture
def jobs(server: Server) -> Jobs:
    return Jobs(server.database)


def seen(jobs: Jobs, *states: str) -> list[tuple[str, str]]:
    return [(job.state, job.work_key) for job in jobs.listed(states=states or STATES, repository=None)]


def test_each_job_is_in_one_state(anywhere: Server) -> None:
    jobs = Jobs(anywhere.database)
    anywhere.finishes(SEVEN)
    anywhere.parks(EIGHT)
    anywhere.hears(NINE)
    anywhere.takes()
    anywhere.hears(SEVEN)

    assert seen(jobs) == [
        ("done", "acme/registry#7"),
        ("parked", "acme/registry#8"),
        ("running", "acme/registry#9"),
        ("waiting", "acme/registry#7"),
    ]
    assert [seen(jobs, state) for state in STATES] == [
        [("waiting", "acme/registry#7")],
        [("running", "acme/registry#9")],
        [("parked", "acme/registry#8")],
        [("done", "acme/registry#7")],
    ]


def test_a_burst_is_one_job(server: Server, jobs: Jobs) -> None:
    server.hears(SEVEN, SEVEN, SEVEN)

    [job] = jobs.listed(states=STATES, repository=None)

    assert (job.id, job.arrivals, job.event) == (3, 3, {"kind": "PullRequestChanged", **asked(SEVEN.number)})


def asked(number: int) -> dict[str, object]:
    return {"repository": "acme/registry", "number": number}


def test_a_job_that_runs_says_where(server: Server, jobs: Jobs) -> None:
    server.hears(SEVEN)
    server.takes()

    assert jobs.job(1).replica == "host:1"


def test_what_was_parked_says_why_and_since_when_and_how_often_it_was_tried(server: Server, jobs: Jobs) -> None:
    before = datetime.now(UTC).replace(microsecond=0)

    job = jobs.job(server.parks(SEVEN))

    assert (job.outcome, job.tried) == (REASON, 1)
    assert job.finished_at is not None
    assert job.finished_at >= before


def test_another_repository_is_left_out(server: Server, jobs: Jobs) -> None:
    server.hears(SEVEN, a_pull_request(1, "acme/other"))

    found = jobs.listed(states=STATES, repository="acme/other")

    assert [job.work_key for job in found] == ["acme/other#1"]


def test_what_is_retried_is_taken_again_whole(anywhere: Server) -> None:
    jobs = Jobs(anywhere.database)
    number = anywhere.parks(SEVEN, SEVEN)

    [retried] = jobs.retry([number], by="mei@host")

    assert retried.id == number
    claim = anywhere.takes()
    [row] = anywhere.inbox.rows(claim.batch)
    assert (row.event, row.attempt) == (SEVEN, 0)
    anywhere.works.finish(claim, SEVEN)
    job = jobs.job(number)
    assert (job.state, job.decision, job.decided_by) == ("done", "retried", "mei@host")


def test_what_is_dropped_is_never_taken_and_keeps_its_reason(anywhere: Server) -> None:
    jobs = Jobs(anywhere.database)
    number = anywhere.parks(SEVEN)

    jobs.drop([number], by="mei@host")

    assert anywhere.works.take(replica=anywhere.replica, room=1, now=datetime.now(UTC)) == ()
    job = jobs.job(number)
    assert (job.state, job.outcome, job.error) == ("done", "dropped", REASON)
    assert (job.decision, job.decided_by) == ("dropped", "mei@host")
    assert job.decided_at is not None


def test_what_is_not_parked_is_decided_by_nobody_and_nothing_else_with_it(server: Server, jobs: Jobs) -> None:
    parked = server.parks(SEVEN)
    server.hears(EIGHT)

    with pytest.raises(NotAllowed, match="job 2 is waiting: only what is parked waits for a decision"):
        jobs.retry([parked, 2], by="mei@host")

    assert seen(jobs, "parked") == [("parked", "acme/registry#7")]


def test_a_job_that_there_is_not_is_said(server: Server, jobs: Jobs) -> None:
    server.hears(SEVEN)

    with pytest.raises(Unknown, match="there is no job 12"):
        jobs.drop([12], by="mei@host")


def test_what_is_parked_again_is_one_job_and_the_newest_reason_counts(anywhere: Server) -> None:
    jobs = Jobs(anywhere.database)
    first = anywhere.parks(SEVEN, reason="the first reason")
    second = anywhere.parks(SEVEN, reason="the second reason")

    [parked] = jobs.listed(states={"parked"}, repository=None)

    assert (parked.id, parked.outcome) == (second, "the second reason")
    overtaken = jobs.job(first)
    assert (overtaken.state, overtaken.decision, overtaken.error) == ("done", "overtaken", "the first reason")


def test_what_went_well_after_all_is_parked_no_longer(anywhere: Server) -> None:
    anywhere.parks(SEVEN)
    other = anywhere.parks(EIGHT)

    anywhere.finishes(SEVEN)

    assert [job.id for job in Jobs(anywhere.database).listed(states={"parked"}, repository=None)] == [other]


def test_what_is_parked_is_found_without_reading_what_is_done(server: Server) -> None:
    asked: list[tuple[str, Any]] = []

    @sa.event.listens_for(server.database, "before_cursor_execute")
    def _note(_connection: object, _cursor: object, text: str, values: object, *_more: object) -> None:
        asked.append((text, values))

    with server.database.connect() as connection:
        connection.execute(sa.select(INBOX.c.id).where(INBOX.c.work_key == SEVEN.work_key, IS_PARKED))
        text, values = asked[-1]
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values).all()

    assert "USING INDEX inbox_parked" in str(plan)
