"""What is done is forgotten in time; what a person must look at, and what may happen only once, never is."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from database.happenings import Server, a_pull_request
from forges.replies import Reply, found
from forges.sides import GITHUB
from registrar.core.events import FollowUp, StartDeploy
from registrar.database.effects import KeptEffects, counted
from registrar.database.jobs import STATES, Jobs
from registrar.database.retention import Retention
from registrar.database.tables import EFFECTS, INBOX

SEVEN, EIGHT, NINE = map(a_pull_request, (7, 8, 9))
DEPLOY = StartDeploy("acme/registry", 7, "deploy-7-0123456789abcdef")
MONTH = timedelta(days=30)


@pytest.fixture
def server(database: sa.Engine) -> Server:
    return Server(database)


def let_pass(server: Server, days: float) -> None:
    with server.database.begin() as connection:
        ended = INBOX.c.finished_at - timedelta(days=days).total_seconds()
        connection.execute(sa.update(INBOX).values(finished_at=ended))


def kept(server: Server) -> list[tuple[str, str]]:
    return [(job.state, job.work_key) for job in Jobs(server.database).listed(states=STATES, repository=None)]


@pytest.mark.fault(88)
def test_what_is_done_is_forgotten_and_nothing_else(server: Server) -> None:
    server.finishes(SEVEN)
    server.parks(EIGHT)
    let_pass(server, days=31)
    server.finishes(NINE)
    server.hears(SEVEN)

    forgotten = Retention(server.database, keep=MONTH).forget(most=100)

    assert forgotten == 1
    assert kept(server) == [
        ("parked", "acme/registry#8"),
        ("done", "acme/registry#9"),
        ("waiting", "acme/registry#7"),
    ]


@pytest.mark.fault(88)
def test_what_may_happen_once_is_remembered_for_good(server: Server) -> None:
    start = FollowUp(DEPLOY, once=f"start:{DEPLOY.operation}")
    server.inbox.add_follow_ups("after:1", [start], now=datetime.now(UTC))
    claim = server.takes()
    server.works.finish(claim, DEPLOY)
    server.works.release(claim)
    with server.database.begin() as connection:
        key = {"repository": "acme/registry", "key": DEPLOY.operation}
        connection.execute(sa.insert(EFFECTS).values(kind="deploy", acts=1, begun_at=0, done_at=0, result="5", **key))
    let_pass(server, days=3000)

    Retention(server.database, keep=MONTH).forget(most=100)

    server.inbox.add_follow_ups("after:99", [start], now=datetime.now(UTC))
    assert kept(server) == [("done", "acme/registry#7")]
    with server.database.connect() as connection:
        assert connection.execute(sa.select(EFFECTS.c.result)).scalar_one() == "5"


@pytest.mark.fault(88)
def test_effects_of_long_ago_are_forgotten_but_those_of_deploys_and_their_number(server: Server) -> None:
    effects = KeptEffects(server.database, "acme/registry", fence=lambda: None)
    for key, kind in {
        "comment:7:verdict": "comment",
        "comment:8:verdict": "comment",
        "deploy-7-0123": "deploy",
    }.items():
        effects.begin(key, kind)
        effects.done(key, "5")
    effects.done("deploy-8-4567", "6")  # it was found
    effects.begin("comment:9:verdict", "comment")
    before = counted(server.database)
    with server.database.begin() as connection:
        ages = {"begun_at": EFFECTS.c.begun_at - MONTH.total_seconds() - 60, "done_at": EFFECTS.c.done_at - 3e6}
        connection.execute(sa.update(EFFECTS).values(ages))
    effects.done("comment:8:verdict", "edited")

    Retention(server.database, keep=MONTH).forget(most=100)

    kept = [
        key
        for key in ("comment:7:verdict", "comment:9:verdict", "deploy-7-0123", "deploy-8-4567")
        if effects.known(key)
    ]
    assert kept == ["deploy-7-0123", "deploy-8-4567"]
    assert effects.known("comment:8:verdict") is not None  # which is looked after still
    assert counted(server.database) == before == {"comment": 2, "deploy": 1}


def test_it_forgets_in_portions(server: Server) -> None:
    for event in (SEVEN, EIGHT, NINE):
        server.finishes(event)
    let_pass(server, days=31)
    retention = Retention(server.database, keep=MONTH)

    assert [retention.forget(most=2) for _ in range(3)] == [2, 1, 0]


@pytest.mark.fault(80, because="What the database forgets does not depend on the forge.")
@pytest.mark.parametrize("is_looked_at", [True, False])
def test_a_comment_that_a_person_deleted_stays_away_for_as_long_as_anybody_looks(
    server: Server, *, is_looked_at: bool
) -> None:
    effects = KeptEffects(server.database, "acme/registry", fence=lambda: None)
    said = found([]), Reply(201, GITHUB.comment(5, "better"))
    with GITHUB.asking(found(GITHUB.bot), *said, Reply(404, {"message": "Not Found"}), effects=effects) as (forge, _):
        forge.keep_comment(7, "metrics", "better")
        with server.database.begin() as connection:
            month_ago = {
                "begun_at": EFFECTS.c.begun_at - MONTH.total_seconds() - 1,
                "done_at": EFFECTS.c.begun_at - 1e7,
            }
            connection.execute(sa.update(EFFECTS).values(month_ago))
        if is_looked_at:
            forge.keep_comment(7, "metrics", "better")

        Retention(server.database, keep=MONTH).forget(most=100)

        assert (effects.known("comment:7:metrics:main") is not None) == is_looked_at
