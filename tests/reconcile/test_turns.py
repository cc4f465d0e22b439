"""One run works at a time: by a lease in git, and by no clock but its own."""

import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pygit2
import pytest

from registrar.errors import NotAllowed, Superseded
from registrar.repository.commit_log import Signature
from registrar.repository.git import GitRepository
from registrar.repository.lease import REF, Holder, Lease
from registrar.serverless.effects import RunEffects
from registrar.serverless.turn import Pace, Turn
from waiting import until

AT = datetime(2026, 3, 1, tzinfo=UTC)
BY_HAND = Pace(renewed_every=3600, looked_at_every=0.001)
BY_ITSELF = Pace(renewed_every=0.01, looked_at_every=0.001)


class Clock:
    """Seconds of one process; each look at it may let some pass."""

    def __init__(self, *, step: float = 0.0) -> None:
        self.now = 1000.0
        self._step = step

    def __call__(self) -> float:
        self.now += self._step
        return self.now


class Run:
    """One run that wants its turn."""

    def __init__(self, remote: Path, *, pace: Pace = BY_HAND, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self.lease = Lease(GitRepository(remote.parent / "mirror.git"), lambda: Signature("bot", "bot@x", AT), "a test")
        self.turn = Turn(stopping=threading.Event(), pace=pace, clock=self.clock)
        self.waited_for: list[Holder | None] = []

    def begins(self, *, patience: float = 0.0) -> bool:
        return self.turn.begin(self.lease, until=self.clock.now + patience, waiting=self.waited_for.append)

    @property
    def may_write(self) -> bool:
        try:
            self.turn.still_ours()
        except Superseded:
            return False
        return True


@pytest.fixture
def a_run(remote: Path) -> Iterator[Callable[..., Run]]:
    runs: list[Run] = []

    def make(**options: object) -> Run:
        runs.append(Run(remote, **options))  # type: ignore[arg-type] # as the caller says it
        return runs[-1]

    yield make
    for run in runs:
        run.turn.end(give_back=False)


def standing(remote: Path) -> str:
    listed = subprocess.run(["git", "ls-remote", str(remote), REF], check=True, capture_output=True, text=True)
    return listed.stdout.split("\t")[0]


@contextmanager
def unreachable(remote: Path) -> Iterator[None]:
    away = remote.with_suffix(".away")
    remote.rename(away)
    yield
    away.rename(remote)


def test_runs_work_one_after_the_other(remote: Path, a_run: Callable[..., Run]) -> None:
    first, second = a_run(), a_run()

    assert [first.begins(), second.begins()] == [True, False]
    assert [first.may_write, second.may_write] == [True, False]
    first.turn.end(give_back=True)

    assert (standing(remote), first.may_write) == ("", False)
    assert second.begins()


def test_what_a_run_that_died_had_is_taken_over_once_it_stands_still(a_run: Callable[..., Run]) -> None:
    first, second = a_run(), a_run(clock=Clock(step=7.0))
    first.begins()

    assert second.begins(patience=3600)

    assert second.clock.now > 1060


def test_what_moves_is_waited_for(remote: Path, a_run: Callable[..., Run]) -> None:
    a_run(pace=BY_ITSELF).begins()
    seen = standing(remote)
    until(lambda: standing(remote) != seen)

    assert not a_run(clock=Clock(step=1.0)).begins(patience=120)


def test_who_waits_is_told_for_whom_and_again_every_minute(a_run: Callable[..., Run]) -> None:
    patient = replace(BY_HAND, taken_over_after=3600)
    first, second = a_run(), a_run(pace=patient, clock=Clock(step=5.0))
    first.begins()

    assert not second.begins(patience=150)

    assert second.waited_for == [Holder("a test", AT)] * 3


@pytest.mark.parametrize("said", ["hello", "x works on this registry since 0001-01-01T00:00:00+23:59", ""])
def test_what_others_put_there_says_nothing_of_who_has_the_turn(a_run: Callable[..., Run], said: str) -> None:
    run = a_run(clock=Clock(step=1.0))
    objects, who = run.lease.git.objects, pygit2.Signature("eve", "eve@x")
    made = objects.create_commit(None, who, who, said, objects.TreeBuilder().write(), [])
    run.lease.git.push(REF, str(made), expected=None)

    assert not run.begins(patience=10)

    assert run.waited_for == [None]


def test_words_in_an_encoding_that_nobody_knows_stop_nobody(a_run: Callable[..., Run]) -> None:
    run = a_run(clock=Clock(step=1.0))
    tree, eve = run.lease.git.objects.TreeBuilder().write(), "eve <eve@x> 1 +0000"
    text = f"tree {tree}\nauthor {eve}\ncommitter {eve}\nencoding nonsense\n\nhello\n"
    made = run.lease.git.objects.odb.write(pygit2.enums.ObjectType.COMMIT, text.encode())
    run.lease.git.push(REF, str(made), expected=None)

    assert not run.begins(patience=10)

    assert run.waited_for == [None]


def test_who_was_frozen_while_another_took_over_writes_nothing(a_run: Callable[..., Run]) -> None:
    first, second = a_run(), a_run(clock=Clock(step=7.0))
    first.begins()
    second.begins(patience=3600)

    first.clock.now += 100

    assert not first.may_write
    assert first.turn.lost == "another run has taken the turn over"
    first.turn.end(give_back=True)
    assert second.may_write


def test_who_was_frozen_goes_on_where_nobody_took_over(remote: Path, a_run: Callable[..., Run]) -> None:
    run = a_run()
    run.begins()
    before = standing(remote)

    run.clock.now += 100

    assert run.may_write
    assert standing(remote) != before


def test_nothing_is_written_while_the_lease_cannot_be_kept(remote: Path, a_run: Callable[..., Run]) -> None:
    run = a_run()
    run.begins()
    with unreachable(remote):
        assert run.may_write

        run.clock.now += 41
        assert not run.may_write

    assert run.may_write


def test_a_clock_that_jumps_hinders_and_harms_nobody(a_run: Callable[..., Run]) -> None:
    first, second = a_run(), a_run()
    first.begins()

    first.clock.now -= 10**6
    second.clock.now += 10**6

    assert first.may_write
    assert not second.begins()


def test_a_lease_that_somebody_deleted_comes_back_for_as_long_as_the_run_may_write(
    remote: Path, a_run: Callable[..., Run]
) -> None:
    run = a_run(pace=BY_ITSELF)
    run.begins()

    subprocess.run(["git", "-C", str(remote), "update-ref", "-d", REF], check=True)

    until(lambda: standing(remote) != "")
    assert run.may_write


def test_a_lease_that_is_gone_for_long_may_have_been_anothers(remote: Path, a_run: Callable[..., Run]) -> None:
    run = a_run()
    run.begins()
    subprocess.run(["git", "-C", str(remote), "update-ref", "-d", REF], check=True)

    run.clock.now += 100

    assert not run.may_write


def test_a_move_that_nobody_confirmed_is_known_again(a_run: Callable[..., Run]) -> None:
    run = a_run()
    run.begins()
    run.lease.move(run.lease.seen())  # it arrived, and its answer did not

    run.clock.now += 41

    assert run.may_write


def test_whatever_somebody_put_there_is_taken_over_once_it_stands_still(
    remote: Path, a_run: Callable[..., Run]
) -> None:
    written = subprocess.run(
        ["git", "-C", str(remote), "hash-object", "-w", "--stdin"], check=True, capture_output=True, input=b"hello"
    )
    subprocess.run(["git", "-C", str(remote), "update-ref", REF, written.stdout.decode().strip()], check=True)

    assert not a_run().begins()
    assert a_run(clock=Clock(step=7.0)).begins(patience=3600)


def test_who_takes_it_over_tells_the_run_that_keeps_it(a_run: Callable[..., Run]) -> None:
    first = a_run(pace=BY_ITSELF)
    first.begins()

    with first.turn._moving:  # noqa: SLF001 - as if it did not get to it for a minute
        assert a_run(clock=Clock(step=7.0)).begins(patience=3600)

    until(lambda: first.turn.lost)
    assert not first.may_write


def test_what_stands_in_the_way_of_the_lease_is_named(a_run: Callable[..., Run]) -> None:
    run = a_run(clock=Clock(step=7.0))
    run.lease.git.push(f"{REF}/x", _a_commit(run.lease), expected=None)

    with pytest.raises(NotAllowed, match=r"nobody has it, so something stands in its way: .* 'refs/registrar\*'"):
        run.begins(patience=1)


def test_a_write_that_was_slow_to_be_answered_may_be_slow_to_show() -> None:
    clock = Clock()
    effects = RunEffects(lambda: None, clock, shown_within=10.0)
    effects.still_ours()
    effects.begin("comment:7", "comment")

    clock.now += 14
    effects.done("comment:7", "1")

    assert effects.shows_in() == 10.0


def test_nobody_waits_for_what_was_found_rather_than_written_to_show() -> None:
    effects = RunEffects(lambda: None, Clock(), shown_within=10.0)

    effects.done("comment:7", "1")

    assert effects.shows_in() == 0.0


def _a_commit(lease: Lease) -> str:
    moved = lease.move(None)
    lease.give_back(moved)
    return moved
