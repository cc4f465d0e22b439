"""What one run does with each event, and when it leaves the rest to the next."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from registrar.core.events import Event, FollowUp, PullRequestChanged, SendNotice, SweepDue
from registrar.errors import (
    BrokenLedger,
    ForgeRefused,
    ForgeUnavailable,
    NotAllowed,
    PushRejected,
    RegistrarError,
    Superseded,
    TokenRefused,
)
from registrar.serverless.round import Failure, Limits, Round, Told

HERE = "acme/registry"
SWEEP = SweepDue(HERE)
LIMITS = Limits(follow=60.0, give_up_after=300.0)
NOTICE = SendNotice(HERE, "REGISTRAR_SECRET_CHAT", "rejected", "digits 1.1.0", "ana", "no", "", "notice:1")


def pull(number: int) -> PullRequestChanged:
    return PullRequestChanged(HERE, number)


def failures(told: Told) -> list[tuple[Event, str]]:
    return [(each.event, each.why) for each in told.failed]


class Work:
    """Events, each with what comes of it at each look; beyond those nothing does."""

    def __init__(self, **comes_of: Sequence[Sequence[FollowUp] | Exception]) -> None:
        self.time = 1000.0
        self.seen: list[tuple[str, float]] = []
        self.stops_at = float("inf")
        self._comes_of = {name: list(each) for name, each in comes_of.items()}

    def told(self, *events: Event, limits: Limits = LIMITS) -> Told:
        work = Round(self._handle, limits, clock=lambda: self.time, wait=self._wait)
        return work.work_on(events or [SWEEP])

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.seen]

    def _handle(self, event: Event) -> Sequence[FollowUp]:
        name = f"pull_{event.number}" if isinstance(event, PullRequestChanged) else type(event).__name__
        self.seen.append((name, self.time - 1000.0))
        came = self._comes_of.get(name, [])
        result = came.pop(0) if came else ()
        if isinstance(result, Exception):
            raise result
        return result

    def _wait(self, seconds: float) -> bool:
        self.time += seconds
        return self.time >= self.stops_at


def test_what_comes_of_an_event_is_done_in_turn_and_once() -> None:
    work = Work(SweepDue=[[FollowUp(pull(1)), FollowUp(pull(2)), FollowUp(pull(1))]], pull_1=[[FollowUp(pull(2))]])

    told = work.told()

    assert work.names == ["SweepDue", "pull_1", "pull_2"]
    assert (told.looked_at, told.failed, told.left) == ([SWEEP, pull(1), pull(2)], [], [])


def test_what_has_a_name_is_done_once_in_a_run() -> None:
    once = [FollowUp(NOTICE, once="notice:1")]

    assert Work(SweepDue=[once], pull_1=[once]).told(SWEEP, pull(1)).looked_at.count(NOTICE) == 1


def test_what_is_for_soon_is_waited_for_and_what_is_for_later_is_left() -> None:
    work = Work(SweepDue=[[FollowUp(pull(1), after=15), FollowUp(pull(2), after=3600)]])

    told = work.told()

    assert work.seen == [("SweepDue", 0), ("pull_1", 15)]
    assert (told.left, told.failed) == ([pull(2)], [])


def test_what_went_wrong_is_tried_again_more_and_more_slowly() -> None:
    work = Work(pull_1=[ForgeUnavailable("502"), PushRejected("moved"), ForgeUnavailable("502")])

    told = work.told(pull(1), pull(2))

    assert work.seen == [("pull_1", 0), ("pull_2", 0), ("pull_1", 2), ("pull_1", 10), ("pull_1", 42)]
    assert told.failed == []


@pytest.mark.parametrize("no", [NotAllowed("no", right="Contents: write"), BrokenLedger("no"), ForgeRefused("no")])
def test_what_a_person_must_mend_is_not_tried_again_and_the_rest_is_done(no: RegistrarError) -> None:
    work = Work(pull_1=[no])

    told = work.told(pull(1), pull(2))

    assert work.seen == [("pull_1", 0), ("pull_2", 0)]
    assert told.failed == [Failure(pull(1), "no", right=getattr(no, "right", ""))]


def test_what_goes_wrong_for_too_long_is_named_and_the_rest_goes_on() -> None:
    work = Work(pull_1=[ForgeUnavailable("502")] * 99, pull_2=[ForgeRefused("never")])

    told = work.told(pull(1), pull(2), pull(3))

    assert failures(told) == [(pull(2), "never"), (pull(1), "502")]
    assert pull(3) in told.looked_at
    assert work.time - 1000 < LIMITS.give_up_after


def test_at_a_limit_of_the_forge_nothing_is_asked_until_it_is_over() -> None:
    soon = datetime.now(UTC) + timedelta(seconds=100)
    work = Work(pull_1=[ForgeUnavailable("the limit is reached", retry_at=soon, was_refused=True)])

    told = work.told(pull(1), pull(2))

    assert [name for name, at in work.seen if at == 0] == ["pull_1"]
    assert told.looked_at == [pull(2), pull(1)]
    assert min(at for _, at in work.seen[1:]) == pytest.approx(100, abs=5)


def test_a_limit_that_lasts_longer_than_a_run_ends_it() -> None:
    late = datetime.now(UTC) + timedelta(minutes=50)
    work = Work(pull_1=[ForgeUnavailable("the limit is reached", retry_at=late, was_refused=True)])

    told = work.told(pull(1), pull(2))

    assert (failures(told), told.left) == ([(pull(1), "the limit is reached")], [pull(2)])
    assert work.time == 1000


def test_a_refused_token_ends_a_run_at_once() -> None:
    told = Work(pull_1=[TokenRefused("the token was refused")]).told(pull(1), pull(2))

    assert told.ended_early == "the token was refused"
    assert [event for event, _ in failures(told)] == [pull(1), pull(2)]


def test_who_lost_the_turn_does_nothing_more() -> None:
    late = Superseded("another run has taken the turn over")
    work = Work(pull_1=[late], SendNotice=[late])

    told = work.told(pull(1), pull(2), NOTICE)

    assert work.names == ["pull_1", "SendNotice"]  # which was refused too
    assert told.ended_early == "another run has taken the turn over"
    assert [each.may_go_right for each in told.failed] == [True] * 3  # by the run that has the turn


def test_who_is_told_to_stop_still_tells_whom_no_later_run_knows_of() -> None:
    work = Work(SweepDue=[ForgeUnavailable("502")], pull_1=[[FollowUp(NOTICE, after=3), FollowUp(pull(2), after=15)]])
    work.stops_at = 1000.5

    told = work.told(SWEEP, pull(1))

    assert work.names == ["SweepDue", "pull_1", "SendNotice"]
    assert failures(told) == [(SWEEP, "502")]


def test_who_is_told_to_stop_leaves_what_waits() -> None:
    work = Work()
    work.stops_at = 1000

    told = work.told(pull(1), NOTICE, pull(2))

    assert work.names == ["SendNotice"]
    assert failures(told) == [(pull(1), "it was told to stop"), (pull(2), "it was told to stop")]


def test_a_defect_is_told_and_the_rest_goes_on() -> None:
    told = Work(pull_1=[ZeroDivisionError()]).told(pull(1), pull(2))

    assert (told.looked_at, [type(each) for each in told.defects]) == ([pull(2)], [ZeroDivisionError])


def test_what_comes_of_itself_without_end_is_left() -> None:
    told = Work(pull_1=[[FollowUp(pull(1))]] * 1000).told(pull(1))

    assert failures(told) == [(pull(1), "it is looked at without end")]
