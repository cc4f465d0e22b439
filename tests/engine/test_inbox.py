"""The inbox keeps every event once, and what is to be looked at later until then."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

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
from registrar.database.connecting import connected
from registrar.database.inbox import Inbox, decode, encode
from registrar.database.tables import INBOX

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SEVEN = PullRequestChanged("acme/registry", 7)
DEPLOY = StartDeploy("acme/registry", 7, "deploy-7-0123456789abcdef")


@pytest.fixture
def inbox(database: sa.Engine) -> Inbox:
    return Inbox(database)


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(SEVEN, id="pull request"),
        pytest.param(CommentWritten("acme/registry", 7, 31), id="comment"),
        pytest.param(BranchPushed("acme/registry", "main", "a" * 40, "b" * 40), id="push"),
        pytest.param(BranchChecked("acme/registry", "change"), id="check"),
        pytest.param(RunChanged("acme/app", 5, "deploy-7-0123456789abcdef"), id="run"),
        pytest.param(JobChanged("acme/app", 6), id="job"),
        pytest.param(DEPLOY, id="deploy"),
        pytest.param(SweepDue("acme/registry"), id="sweep"),
    ],
)
def test_an_event_survives_the_disk(event: Event) -> None:
    assert decode(encode(event)) == event


def test_a_delivery_is_kept_once(inbox: Inbox) -> None:
    first = inbox.add("guid-1", SEVEN, now=NOW)
    second = inbox.add("guid-1", SEVEN, now=NOW)

    assert (first, second) == (True, False)


@pytest.mark.fault(15, because="Which forge told it twice makes no difference to a unique key.")
def test_a_delivery_that_two_replicas_are_told_at_once_is_kept_once(database: sa.Engine) -> None:
    replicas = [connected(database.url), connected(database.url)]
    deliveries = [(f"guid-{number}", SEVEN) for number in range(50)]

    with ThreadPoolExecutor(2) as both:
        news = list(both.map(lambda replica: Inbox(replica).add_all(deliveries, now=NOW), replicas))

    assert not news[0] & news[1]
    assert news[0] | news[1] == {name for name, _ in deliveries}
    with database.connect() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(INBOX)).scalar() == 50
    for replica in replicas:
        replica.dispose()


def test_looking_again_later_is_scheduled_once(inbox: Inbox, database: sa.Engine) -> None:
    inbox.add_follow_ups("after:1", [FollowUp(SEVEN, after=30)], now=NOW)
    inbox.add_follow_ups("after:2", [FollowUp(SEVEN, after=30)], now=NOW)

    assert due_of_all(database) == [NOW + timedelta(seconds=30)]


def test_a_look_that_is_due_much_later_is_no_reason_to_forgo_an_early_one(inbox: Inbox, database: sa.Engine) -> None:
    inbox.add_follow_ups("after:1", [FollowUp(SEVEN, after=86_400)], now=NOW)
    inbox.add_follow_ups("after:2", [FollowUp(SEVEN, after=30)], now=NOW)

    assert due_of_all(database) == [NOW + timedelta(days=1), NOW + timedelta(seconds=30)]


def test_a_look_that_is_due_at_once_is_no_reason_to_forgo_one_that_is_wanted_later(
    inbox: Inbox, database: sa.Engine
) -> None:
    inbox.add("guid-1", SEVEN, now=NOW)
    inbox.add_follow_ups("after:1", [FollowUp(SEVEN, after=60)], now=NOW)

    assert due_of_all(database) == [NOW, NOW + timedelta(seconds=60)]


def test_what_may_happen_once_is_accepted_once(inbox: Inbox, database: sa.Engine) -> None:
    inbox.add_follow_ups("after:1", [FollowUp(DEPLOY, once=DEPLOY.operation)], now=NOW)
    inbox.add_follow_ups("after:2", [FollowUp(DEPLOY, once=DEPLOY.operation)], now=NOW)

    assert len(due_of_all(database)) == 1


@pytest.mark.fault(29, because="What is to be looked at next is a row of the inbox, whichever forge it is on.")
def test_what_is_asked_for_by_a_second_try_is_kept_though_the_first_asked_for_something_else(
    inbox: Inbox, database: sa.Engine
) -> None:
    inbox.add_follow_ups("after:1", [FollowUp(SEVEN, after=30)], now=NOW)

    inbox.add_follow_ups("after:1", [FollowUp(DEPLOY)], now=NOW)

    with database.connect() as connection:
        kept = connection.execute(sa.select(INBOX.c.event).order_by(INBOX.c.id)).scalars()
        assert [decode(each) for each in kept] == [SEVEN, DEPLOY]


def due_of_all(database: sa.Engine) -> list[datetime]:
    with database.connect() as connection:
        times = connection.execute(sa.select(INBOX.c.due_at).order_by(INBOX.c.id)).scalars()
        return [datetime.fromtimestamp(due, UTC) for due in times]
