"""What becomes of an event that cannot be worked on now, or at all, or by this replica."""

import logging
import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from structlog.contextvars import get_contextvars

from engine.desks import COMMENT, EIGHT, LATER, SEVEN, Desk
from registrar.core.events import FollowUp, SendNotice, WorkStopped
from registrar.database.connecting import address_of, connected
from registrar.database.migrating import migrate
from registrar.database.tables import INBOX
from registrar.database.works import Claim
from registrar.engine.attempts import MOST_BEGINNINGS, PATIENCE
from registrar.engine.budget import MOST
from registrar.errors import (
    ForgeRefused,
    ForgeUnavailable,
    NotAllowed,
    NotConfirmed,
    PushRejected,
    Superseded,
    TokenRefused,
    Unknown,
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    database = connected(address_of("", tmp_path))
    migrate(database)
    yield Desk(database)
    database.dispose()


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        pytest.param(ForgeUnavailable("no answer"), "no answer", id="a forge that does not answer"),
        pytest.param(NotAllowed("the token may not"), "the token may not", id="a right that is being given"),
        pytest.param(PushRejected("the branch has moved"), "the branch has moved", id="a race that was lost"),
        pytest.param(Unknown("no #7"), "no #7", id="what the forge announced and does not know yet"),
        pytest.param(OSError("disk full"), "a defect of Registrar: OSError", id="what nobody foresaw"),
    ],
)
def test_what_may_pass_is_tried_again(desk: Desk, trouble: Exception, said: str) -> None:
    desk.add(SEVEN)
    desk.troubles[SEVEN] = trouble

    first, at_once = desk.work(), desk.work()
    waits = desk.states()
    desk.troubles.clear()
    later = desk.work(after=LATER)

    assert (first, at_once, later) == ([SEVEN], [], [SEVEN])
    assert waits == [(f"waits: {said}", 1)]
    assert desk.inbox.given_up() == ()


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(ForgeRefused("no commits between main and change"), id="a plain no"),
        pytest.param(NotConfirmed("deploy-7 was sent 2 times and is not to be seen"), id="a doubt"),
    ],
)
def test_a_final_no_is_parked_with_its_reason(desk: Desk, trouble: Exception) -> None:
    desk.add(SEVEN, COMMENT)
    desk.troubles[SEVEN] = trouble

    seen = desk.work()

    assert seen == [SEVEN, COMMENT]
    assert desk.states() == [(str(trouble), 1), ("done", 0)]


@pytest.mark.fault(20, because="The errors are counted where no forge is known.")
@pytest.mark.fault(26, because="Both adapters say `Unknown`; the rest is counted where no forge is known.")
@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        pytest.param(ValueError("poison"), "a defect of Registrar: ValueError", id="poison"),
        pytest.param(Unknown("there is no #7"), "there is no #7", id="what never came"),
    ],
)
def test_what_fails_each_time_is_parked_and_told_of_and_holds_nothing_else_up(
    desk: Desk, caplog: pytest.LogCaptureFixture, trouble: Exception, reason: str
) -> None:
    desk.add(SEVEN, EIGHT)
    desk.troubles[SEVEN] = trouble

    rounds = [desk.work(after=LATER * number) for number in range(PATIENCE + 1)]

    assert rounds == [[SEVEN, EIGHT], *[[SEVEN]] * (PATIENCE - 1), []]
    assert desk.inbox.given_up() == (("acme/registry#7", reason),)
    assert desk.states()[0] == (reason, PATIENCE)
    assert f"parked PullRequestChanged of acme/registry#7: {reason}" in caplog.text


def test_what_is_parked_is_told_of_once_an_hour_and_what_could_not_be_told_is_not(desk: Desk) -> None:
    notice = SendNotice("acme/other", "REGISTRAR_SECRET_CHAT", "rejected", "", "", "", "")
    desk.troubles = dict.fromkeys((SEVEN, EIGHT, notice), ForgeRefused("no"))
    desk.add(SEVEN, EIGHT, notice)

    desk.work()
    desk.work()

    assert len(desk.inbox.given_up()) == 3
    told = [event for event in desk.told if isinstance(event, WorkStopped)]
    assert {(each.repository, each.about, each.reason) for each in told} == {("acme/registry", "work-parked", "no")}
    assert told[0].subject == "PullRequestChanged of acme/registry#7"
    assert len({each.hour for each in told}) == len(told)  # two, where an hour has just begun


def test_that_work_is_paused_is_told_at_once_or_never(desk: Desk) -> None:
    paused = WorkStopped("acme/registry", "work-paused", "acme/registry", "the token was refused", "2026-03-01T12")
    desk.add(paused)
    desk.troubles[paused] = TokenRefused("there is no bot that could tell it")

    desk.work()

    assert desk.take(after=LATER) == ()
    assert desk.gate.reason is None


def test_what_ends_every_process_that_begins_with_it_is_parked(desk: Desk) -> None:
    desk.add(SEVEN, COMMENT)
    (claim,) = desk.take()
    begun: Claim | None = claim
    for _ in range(MOST_BEGINNINGS):
        begun = desk.works.begin(claim.execution, desk.replica)
    assert begun is not None

    desk.attempts.work_on(begun, threading.Event())

    assert desk.seen == []
    assert desk.inbox.given_up()[0][0] == "acme/registry#7"
    assert desk.work() == [COMMENT]


@pytest.mark.fault(37, because="When something is tried again is the same on each forge.")
@pytest.mark.parametrize("wait", [None, timedelta(seconds=2)], ids=["no time named", "a time named"])
def test_what_is_put_off_is_due_by_the_clock_that_all_replicas_share(desk: Desk, wait: timedelta | None) -> None:
    desk.clock_is_behind_by = timedelta(minutes=10)
    desk.add(SEVEN)
    at = None if wait is None else datetime.now(UTC) + wait
    desk.troubles[SEVEN] = ForgeUnavailable("no answer", retry_at=at)

    desk.work()

    with desk.database.connect() as connection:
        due = connection.execute(sa.select(INBOX.c.due_at)).scalar_one()
    assert timedelta(minutes=9) < datetime.fromtimestamp(due, UTC) - datetime.now(UTC) < timedelta(minutes=11)


@pytest.mark.fault(31, because="Both adapters turn their forge's limits into one error; tests/forges holds them to it.")
def test_a_forge_at_its_limits_is_left_alone_until_its_time_and_nothing_counts_as_tried(desk: Desk) -> None:
    at = datetime.now(UTC) + timedelta(minutes=5)
    desk.add(SEVEN, COMMENT, EIGHT)
    desk.troubles[SEVEN] = ForgeUnavailable("the rate limit is reached", retry_at=at, was_refused=True)
    (claim, _) = desk.take()

    desk.attempts.work_on(claim, threading.Event())

    assert desk.seen == [SEVEN]  # the comment on the same pull request would only be refused too
    assert desk.states() == [("waits: the rate limit is reached", 0), ("waits: None", 0), ("waits: None", 0)]
    rooms = [desk.gate.room(8, running=0, now=now) for now in (datetime.now(UTC), at)]
    assert rooms == [0, 8]


def test_a_forge_that_names_a_time_for_one_thing_alone_does_not_hold_up_the_others(desk: Desk) -> None:
    desk.add(SEVEN, COMMENT)
    at = datetime.now(UTC) + timedelta(minutes=5)
    desk.troubles[SEVEN] = ForgeUnavailable("a deploy may have been started", retry_at=at)

    seen = desk.work()

    assert seen == [SEVEN, COMMENT]
    assert desk.gate.room(8, running=0, now=datetime.now(UTC)) == 8


@pytest.mark.fault(32, because="Both adapters say `TokenRefused`; tests/forges holds them to it.")
def test_a_refused_token_pauses_all_work_once_said_until_it_is_taken_again(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.add(SEVEN, COMMENT, EIGHT)
    desk.troubles = dict.fromkeys((SEVEN, EIGHT), TokenRefused("the token was refused"))

    seen = desk.work()
    paused = desk.gate.reason
    desk.troubles.clear()
    later = desk.work()

    assert seen == [SEVEN, EIGHT]  # each asked once; the comment on the same pull request was not tried
    assert paused == "the token was refused"
    assert [record.levelno for record in caplog.records].count(logging.ERROR) == 1
    assert sorted(map(str, later)) == sorted(map(str, [SEVEN, COMMENT, EIGHT]))
    assert desk.gate.reason is None
    assert desk.inbox.given_up() == ()


@pytest.mark.parametrize(
    ("answer", "is_paused"),
    [
        pytest.param(Unknown("no #7"), False, id="nothing was found"),
        pytest.param(ForgeRefused("no"), False, id="no"),
        pytest.param(ForgeUnavailable("no answer"), True, id="none"),
        pytest.param(OSError("disk full"), True, id="none, as nobody asked"),
    ],
)
def test_a_token_is_taken_again_whatever_the_forge_answers(desk: Desk, answer: Exception, *, is_paused: bool) -> None:
    desk.gate.shut("the token was refused", now=datetime.now(UTC))
    desk.add(SEVEN)
    desk.troubles[SEVEN] = answer

    desk.work()

    assert (desk.gate.reason is not None) == is_paused


def test_who_was_superseded_records_nothing(desk: Desk) -> None:
    desk.add(SEVEN)

    def be_taken_for_dead() -> Sequence[FollowUp]:
        desk.replicas.leave(desk.replica)
        desk.under_way.still_ours()
        raise AssertionError("it went on all the same")

    desk.troubles[SEVEN] = be_taken_for_dead

    with pytest.raises(Superseded):
        desk.work()

    assert desk.states() == [("waits: None", 0)]
    assert len(desk.works.unfinished()) == 1


def test_a_fence_holds_for_the_work_it_is_put_up_for_alone(desk: Desk) -> None:
    desk.add(SEVEN)

    def ask() -> Sequence[FollowUp]:
        desk.under_way.still_ours()
        return ()

    desk.troubles[SEVEN] = ask
    (claim,) = desk.take()
    desk.attempts.work_on(claim, threading.Event())

    desk.under_way.still_ours()

    with pytest.raises(Superseded):
        desk.works.refuse_late(claim)


def test_a_process_that_is_told_to_stop_lets_go_of_what_it_has_not_begun(desk: Desk) -> None:
    desk.add(SEVEN, COMMENT)
    stopping = threading.Event()

    def be_told() -> Sequence[FollowUp]:
        stopping.set()
        return ()

    desk.troubles[SEVEN] = be_told
    (claim,) = desk.take()

    desk.attempts.work_on(claim, stopping)

    assert desk.states() == [("done", 0), ("waits: None", 0)]
    assert desk.work() == [COMMENT]


@pytest.mark.fault(78, because="How often something is looked at is counted here, whichever forge tells of it.")
def test_what_brings_itself_about_is_put_off_and_kept(desk: Desk) -> None:
    desk.troubles[SEVEN] = lambda: (FollowUp(SEVEN),)
    desk.add(SEVEN)

    looks = sum(len(desk.work()) for _ in range(MOST + 5))

    assert looks == MOST
    assert desk.states()[-1] == ("waits: it is looked at without end", 0)


def test_what_is_logged_meanwhile_says_what_it_is_about(desk: Desk) -> None:
    said: list[dict[str, object]] = []

    def listen() -> Sequence[FollowUp]:
        said.append(get_contextvars())
        return ()

    desk.add(SEVEN)
    desk.troubles[SEVEN] = listen
    [claim] = desk.take()
    desk.attempts.work_on(claim, threading.Event())

    assert said == [{"work": claim.execution, "repository": "acme/registry", "pull_request": 7}]
    assert get_contextvars() == {}
