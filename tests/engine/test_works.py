"""What waits is worked on once, in whoever's hands it is last, and no repository waits for another's thousands."""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from registrar.core.events import (
    BranchPushed,
    CommentWritten,
    Event,
    FollowUp,
    PullRequestChanged,
    SendNotice,
    StartDeploy,
)
from registrar.database.connecting import address_of, connected
from registrar.database.inbox import Inbox
from registrar.database.migrating import migrate
from registrar.database.replicas import Replicas
from registrar.database.works import Claim, Works
from registrar.errors import Superseded

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SEVEN = PullRequestChanged("acme/registry", 7)
EIGHT = PullRequestChanged("acme/registry", 8)
COMMENT = CommentWritten("acme/registry", 7, 31)
DEPLOY = StartDeploy("acme/registry", 7, "deploy-7-0123456789abcdef")


class Desk:
    """The inbox and the works of one replica."""

    def __init__(self, database: sa.Engine) -> None:
        self.inbox = Inbox(database)
        self.works = Works(database)
        self.replicas = Replicas(database)
        self.replica = self.replicas.join("somewhere 1")

    def add(self, *events: Event) -> None:
        for event in events:
            self._count = getattr(self, "_count", 0) + 1
            self.inbox.add(f"guid-{self._count}", event, now=NOW)

    def take(self, room: int = 8, *, after: timedelta = timedelta(), share: int | None = None) -> tuple[Claim, ...]:
        return self.works.take(replica=self.replica, room=room, now=NOW + after, share=share)

    def left(self, claim: Claim) -> list[Event]:
        return [row.event for row in self.inbox.rows(claim.batch)]

    def work_on(self, claims: Sequence[Claim]) -> None:
        for claim in claims:
            for event in self.left(claim):
                self.works.finish(claim, event)
            self.works.release(claim)


@pytest.fixture
def desk(database: sa.Engine) -> Desk:
    return Desk(database)


def test_a_burst_about_one_pull_request_is_one_piece_of_work(desk: Desk) -> None:
    desk.add(SEVEN, SEVEN, SEVEN, COMMENT)

    (claim,) = desk.take()

    assert desk.left(claim) == [SEVEN, COMMENT]


def test_each_pull_request_is_work_of_its_own(desk: Desk) -> None:
    desk.add(SEVEN, EIGHT)

    assert [claim.work_key for claim in desk.take()] == ["acme/registry#7", "acme/registry#8"]


def test_what_arrives_during_the_work_is_worked_on_after_it(desk: Desk) -> None:
    desk.add(SEVEN)
    first = desk.take()
    desk.add(SEVEN)

    meanwhile = desk.take()
    desk.work_on(first)

    assert meanwhile == ()
    assert [claim.work_key for claim in desk.take()] == ["acme/registry#7"]


def test_one_pull_request_is_in_the_hands_of_one_replica(database: sa.Engine, desk: Desk) -> None:
    desk.add(*(PullRequestChanged("acme/registry", number) for number in range(40)))
    others = [connected(database.url), connected(database.url)]

    with ThreadPoolExecutor(2) as both:
        taken = list(both.map(lambda other: Works(other).take(replica=desk.replica, room=30, now=NOW), others))

    keys = [claim.work_key for claims in taken for claim in claims]
    assert len(keys) == len(set(keys)) == 40
    for other in others:
        other.dispose()


def test_what_is_for_later_waits(desk: Desk) -> None:
    desk.inbox.add_follow_ups("after:1", [FollowUp(SEVEN, after=30)], now=NOW)

    early, late = desk.take(), desk.take(after=timedelta(seconds=31))

    assert (len(early), len(late)) == (0, 1)


@pytest.mark.fault(37, because="It is the replica's clock that is wrong, whichever forge it listens to.")
def test_what_arrives_where_the_clock_is_ahead_is_taken_at_once_and_waits_once_it_is_put_off(desk: Desk) -> None:
    desk.inbox.add("guid-1", SEVEN, now=NOW + timedelta(minutes=10))

    (claim,) = desk.take()

    (row,) = desk.inbox.rows(claim.batch)
    desk.works.put_off(claim, row, due=NOW + timedelta(seconds=2), attempt=1, error="the forge did not answer")
    desk.works.release(claim)
    assert desk.take(after=timedelta(seconds=1)) == ()
    assert len(desk.take(after=timedelta(seconds=2))) == 1


def test_what_is_left_of_a_piece_of_work_waits_again_when_it_is_let_go(desk: Desk) -> None:
    desk.add(SEVEN, COMMENT)
    (claim,) = desk.take()
    desk.works.finish(claim, SEVEN)

    desk.works.release(claim)

    (again,) = desk.take()
    assert desk.left(again) == [COMMENT]


def test_another_try_counts_the_tries_before_it(desk: Desk) -> None:
    desk.add(SEVEN)
    (claim,) = desk.take()
    (row,) = desk.inbox.rows(claim.batch)

    desk.works.put_off(claim, row, due=NOW + timedelta(seconds=2), attempt=1, error="the forge did not answer")

    desk.works.release(claim)
    (again,) = desk.take(after=timedelta(seconds=2))
    assert [row.attempt for row in desk.inbox.rows(again.batch)] == [1]


def test_what_was_parked_may_be_asked_for_again(desk: Desk) -> None:
    desk.inbox.add_follow_ups("after:1", [FollowUp(DEPLOY, once=DEPLOY.operation)], now=NOW)
    (claim,) = desk.take()
    (row,) = desk.inbox.rows(claim.batch)
    desk.works.park(claim, row, reason="the forge did not answer")
    desk.works.release(claim)

    desk.inbox.add_follow_ups("after:2", [FollowUp(DEPLOY, once=DEPLOY.operation)], now=NOW)

    assert len(desk.take()) == 1


def test_a_reason_that_no_database_takes_is_kept_without_what_is_odd_in_it(desk: Desk) -> None:
    desk.add(SEVEN, COMMENT)
    (claim,) = desk.take()
    seven, comment = desk.inbox.rows(claim.batch)

    desk.works.put_off(claim, comment, due=NOW, attempt=1, error="git said \0 and \ud800")
    desk.works.park(claim, seven, reason="git said \0 and \ud800")

    assert desk.inbox.given_up() == (("acme/registry#7", "git said \ufffd and ?"),)


def test_a_repository_with_one_event_does_not_wait_for_the_thousands_of_another(desk: Desk) -> None:
    desk.add(*(PullRequestChanged("acme/busy", number) for number in range(100)), SEVEN)

    first = desk.take(room=4)
    desk.work_on(first[:1])
    desk.add(EIGHT)
    second = desk.take(room=1)

    assert [claim.work_key for claim in first].count("acme/registry#7") == 1
    assert [claim.work_key for claim in second] == ["acme/registry#8"]


@pytest.mark.fault(34, because="Whose hands are full is counted where no forge is known.")
def test_a_repository_that_answers_nothing_leaves_hands_to_the_others(desk: Desk) -> None:
    desk.add(*(PullRequestChanged("acme/hung", number) for number in range(10)))

    held = [*desk.take(share=3), *desk.take(share=3)]
    desk.add(SEVEN)
    others = desk.take(share=3)

    assert [claim.work_key for claim in held] == ["acme/hung#0", "acme/hung#1", "acme/hung#2"]
    assert [claim.work_key for claim in others] == ["acme/registry#7"]
    other = desk.replicas.join("elsewhere 2")
    assert len(desk.works.take(replica=other, room=8, now=NOW, share=3)) == 3  # each replica has hands of its own


@pytest.mark.fault(32, because="Whether a token is taken is asked of a forge, and to tell somebody asks none.")
def test_what_must_be_told_is_taken_apart_from_what_asks_a_forge(desk: Desk) -> None:
    reason = 'it says "kind": "SendNotice"'
    notice = SendNotice("acme/registry", "REGISTRAR_SECRET_CHAT", "rejected", "", "", reason, "")
    push = BranchPushed("acme/registry", reason, "a", "b")
    desk.add(notice, push)

    asking, telling = (desk.works.take(replica=desk.replica, room=8, now=NOW, telling=each) for each in (False, True))

    assert [[desk.left(claim) for claim in claims] for claims in (asking, telling)] == [[[push]], [[notice]]]


@pytest.mark.fault(19, because="They are counted in the inbox, which knows no forge.")
def test_ten_thousand_events_are_one_look_at_each_pull_request_and_none_is_lost(tmp_path: Path) -> None:
    database = connected(address_of("", tmp_path))
    migrate(database)
    desk = Desk(database)
    busy = [PullRequestChanged("acme/busy", number % 100) for number in range(10_000)]
    desk.inbox.add_all([(f"guid-{number}", event) for number, event in enumerate(busy)], now=NOW)
    desk.inbox.add("guid", SEVEN, now=NOW)

    looks: list[Event] = []
    while claims := desk.take(room=25):
        looks += [event for claim in claims for event in desk.left(claim)]
        desk.work_on(claims)

    assert Counter(looks) == {**dict.fromkeys(busy, 1), SEVEN: 1}
    assert looks.index(SEVEN) < 25
    database.dispose()


def test_whoever_begins_last_holds_the_work(desk: Desk) -> None:
    desk.add(SEVEN)
    (zombie,) = desk.take()
    other = desk.replicas.join("elsewhere 2")

    taken_over = desk.works.begin(zombie.execution, other)

    assert taken_over is not None
    desk.works.refuse_late(taken_over)
    with pytest.raises(Superseded):
        desk.works.refuse_late(zombie)


@pytest.mark.fault(71, because="What holds a work key is a row of the database, on whichever forge the work is done.")
@pytest.mark.parametrize("late", ["finish", "park", "put off", "release", "begin again"])
def test_what_a_replica_that_was_taken_for_dead_says_late_is_refused(desk: Desk, late: str) -> None:
    desk.add(SEVEN)
    (claim,) = desk.take()
    (row,) = desk.inbox.rows(claim.batch)
    desk.replicas.leave(desk.replica)

    if late == "begin again":
        assert desk.works.begin(claim.execution, desk.replica) is None
    else:
        with pytest.raises(Superseded):
            {
                "finish": lambda: desk.works.finish(claim, SEVEN),
                "park": lambda: desk.works.park(claim, row, reason="whatever"),
                "put off": lambda: desk.works.put_off(claim, row, due=NOW, attempt=1, error="whatever"),
                "release": lambda: desk.works.release(claim),
            }[late]()

    assert desk.left(claim) == [SEVEN]
    assert len(desk.works.unfinished()) == 1


@pytest.mark.fault(71, because="What holds a work key is a row of the database, on whichever forge the work is done.")
def test_a_replica_that_was_taken_for_dead_takes_nothing(desk: Desk) -> None:
    desk.add(SEVEN)
    desk.replicas.leave(desk.replica)

    assert desk.take() == ()
    assert len(desk.works.take(replica=desk.replicas.join("elsewhere 2"), room=8, now=NOW)) == 1


def test_what_is_run_anew_can_be_finished_by_nobody_else(desk: Desk) -> None:
    desk.add(SEVEN)
    (lost,) = desk.take()

    claim = desk.works.run_anew(lost.execution, desk.replica)

    assert claim is not None
    assert desk.works.begin(lost.execution, desk.replica) is None
    with pytest.raises(Superseded):
        desk.works.finish(lost, SEVEN)
    desk.works.finish(claim, SEVEN)


def test_what_an_older_version_took_and_did_not_finish_waits_again(database: sa.Engine, desk: Desk) -> None:
    desk.add(SEVEN, EIGHT)
    with database.begin() as connection:
        connection.exec_driver_sql("UPDATE inbox SET batch = 'of an older version' WHERE id = 1")
    desk.works.let_strays_wait()

    assert [claim.work_key for claim in desk.take()] == ["acme/registry#7", "acme/registry#8"]


def test_a_number_of_a_replica_is_never_given_twice(desk: Desk) -> None:
    desk.replicas.leave(desk.replica)

    assert desk.replicas.join("somewhere 1") > desk.replica


def test_a_replica_that_is_silent_is_taken_for_dead_by_the_databases_clock(database: sa.Engine, desk: Desk) -> None:
    silent = desk.replicas.join("elsewhere 2")
    with database.begin() as connection:
        connection.exec_driver_sql(f"UPDATE replicas SET beat_at = beat_at - 31 WHERE id = {silent}")

    desk.replicas.end_silent(timedelta(seconds=30))

    assert desk.replicas.alive() == {desk.replica}
    assert (desk.replicas.beat(desk.replica), desk.replicas.beat(silent)) == (True, False)
