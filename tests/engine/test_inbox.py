"""The inbox keeps every event once, in order, and forgets none."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from registrar.core.events import (
    BranchChecked,
    BranchPushed,
    CommentWritten,
    Event,
    FollowUp,
    JobChanged,
    PullRequestChanged,
    RunChanged,
    StartDeploy,
    SweepDue,
)
from registrar.database.connecting import address_of, connected
from registrar.database.inbox import Inbox, decode, encode
from registrar.database.tables import create_tables

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SEVEN = PullRequestChanged("acme/registry", 7)
EIGHT = PullRequestChanged("acme/registry", 8)


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    engine = connected(address_of("", tmp_path))
    create_tables(engine)
    yield Inbox(engine)
    engine.dispose()


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(SEVEN, id="pull request"),
        pytest.param(CommentWritten("acme/registry", 7, 31), id="comment"),
        pytest.param(BranchPushed("acme/registry", "main", "a" * 40, "b" * 40), id="push"),
        pytest.param(BranchChecked("acme/registry", "change"), id="check"),
        pytest.param(RunChanged("acme/app", 5, "deploy-7-0123456789abcdef"), id="run"),
        pytest.param(JobChanged("acme/app", 6), id="job"),
        pytest.param(StartDeploy("acme/registry", 7, "deploy-7-0123456789abcdef"), id="deploy"),
        pytest.param(SweepDue("acme/registry"), id="sweep"),
    ],
)
def test_an_event_survives_the_disk(event: Event) -> None:
    assert decode(encode(event)) == event


def test_a_delivery_is_kept_once(inbox: Inbox) -> None:
    first = inbox.add("guid-1", SEVEN, now=NOW)
    second = inbox.add("guid-1", SEVEN, now=NOW)

    assert (first, second) == (True, False)


def test_a_burst_about_one_pull_request_is_one_piece_of_work(inbox: Inbox) -> None:
    for delivery in range(5):
        inbox.add(f"guid-{delivery}", SEVEN, now=NOW)

    (batch,) = inbox.take(now=NOW)

    assert len(inbox.members(batch.name)) == 1


def test_each_pull_request_is_work_of_its_own(inbox: Inbox) -> None:
    inbox.add("guid-1", SEVEN, now=NOW)
    inbox.add("guid-2", EIGHT, now=NOW)

    batches = inbox.take(now=NOW)

    assert [batch.work_key for batch in batches] == ["acme/registry#7", "acme/registry#8"]


def test_what_arrives_during_the_work_is_worked_on_after_it(inbox: Inbox) -> None:
    inbox.add("guid-1", SEVEN, now=NOW)
    (first,) = inbox.take(now=NOW)

    inbox.add("guid-2", SEVEN, now=NOW)

    (second,) = inbox.take(now=NOW)
    assert inbox.members(first.name) != inbox.members(second.name)


def test_work_that_was_taken_and_not_finished_is_found_again(inbox: Inbox) -> None:
    inbox.add("guid-1", SEVEN, now=NOW)
    taken = inbox.take(now=NOW)

    assert inbox.unfinished() == taken


def test_finished_work_is_not_found_again(inbox: Inbox) -> None:
    inbox.add("guid-1", SEVEN, now=NOW)
    (batch,) = inbox.take(now=NOW)

    inbox.finish(batch.name, SEVEN, "done")

    assert inbox.unfinished() == ()


def test_a_batch_names_the_same_rows_after_half_of_them_are_done(inbox: Inbox) -> None:
    comment = CommentWritten("acme/registry", 7, 31)
    inbox.add("guid-1", SEVEN, now=NOW)
    inbox.add("guid-2", comment, now=NOW)
    (batch,) = inbox.take(now=NOW)
    before = inbox.members(batch.name)

    inbox.finish(batch.name, SEVEN, "done")

    assert inbox.members(batch.name) == before
    assert [inbox.row(row) is None for row in before] == [True, False]


def test_what_is_for_later_waits(inbox: Inbox) -> None:
    inbox.add_follow_ups("after:1", [FollowUp(SEVEN, after=30)], now=NOW)

    early, late = inbox.take(now=NOW), inbox.take(now=NOW + timedelta(seconds=31))

    assert (len(early), len(late)) == (0, 1)


def test_a_look_that_is_due_much_later_is_no_reason_to_forgo_an_early_one(inbox: Inbox) -> None:
    inbox.add_follow_ups("after:1", [FollowUp(SEVEN, after=86_400)], now=NOW)
    inbox.add_follow_ups("after:2", [FollowUp(SEVEN, after=30)], now=NOW)

    assert len(inbox.take(now=NOW + timedelta(seconds=30))) == 1
    assert len(inbox.take(now=NOW + timedelta(days=1))) == 1


def test_looking_again_later_is_scheduled_once(inbox: Inbox) -> None:
    inbox.add_follow_ups("after:1", [FollowUp(SEVEN, after=30)], now=NOW)
    inbox.add_follow_ups("after:2", [FollowUp(SEVEN, after=30)], now=NOW)

    assert len(inbox.take(now=NOW + timedelta(seconds=31))) == 1
    assert inbox.take(now=NOW + timedelta(seconds=61)) == ()


def test_what_may_happen_once_is_accepted_once(inbox: Inbox) -> None:
    deploy = StartDeploy("acme/registry", 7, "deploy-7-0123456789abcdef")
    inbox.add_follow_ups("after:1", [FollowUp(deploy, once=deploy.operation)], now=NOW)
    (batch,) = inbox.take(now=NOW)
    inbox.finish(batch.name, deploy, "done")

    inbox.add_follow_ups("after:2", [FollowUp(deploy, once=deploy.operation)], now=NOW)

    assert inbox.take(now=NOW) == ()


def test_what_was_given_up_may_be_asked_for_again(inbox: Inbox) -> None:
    deploy = StartDeploy("acme/registry", 7, "deploy-7-0123456789abcdef")
    inbox.add_follow_ups("after:1", [FollowUp(deploy, once=deploy.operation)], now=NOW)
    (batch,) = inbox.take(now=NOW)
    inbox.finish(batch.name, deploy, "the forge did not answer")

    inbox.allow_again(deploy)

    inbox.add_follow_ups("after:2", [FollowUp(deploy, once=deploy.operation)], now=NOW)
    assert len(inbox.take(now=NOW)) == 1


def test_another_try_counts_the_tries_before_it(inbox: Inbox) -> None:
    inbox.add("guid-1", SEVEN, now=NOW)
    (batch,) = inbox.take(now=NOW)
    row = inbox.row(inbox.members(batch.name)[0])
    assert row is not None

    inbox.try_again(row, at=NOW + timedelta(seconds=2), attempt=1)

    (again,) = inbox.take(now=NOW + timedelta(seconds=2))
    next_row = inbox.row(inbox.members(again.name)[0])
    assert next_row is not None
    assert next_row.attempt == 1
