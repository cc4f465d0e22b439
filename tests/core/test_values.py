"""The vocabulary: people, verdicts, events."""

import pytest

from registrar.core.events import BranchPushed, CommentWritten, Event, PullRequestChanged, RunChanged, StartDeploy
from registrar.core.people import Person
from registrar.core.verdicts import Verdict, VerdictState, all_of, failed, passed, waiting

GOOD, SLOW, BAD = passed("a", "is good"), waiting("b", "is slow"), failed("c", "is bad")


@pytest.mark.parametrize(
    ("children", "state", "reason"),
    [
        pytest.param([GOOD, GOOD], VerdictState.PASSED, "is good; is good", id="all pass"),
        pytest.param([GOOD, SLOW], VerdictState.WAITING, "is slow", id="one waits"),
        pytest.param([GOOD, SLOW, BAD], VerdictState.FAILED, "is bad", id="one fails"),
        pytest.param([], VerdictState.FAILED, "nothing was checked", id="nothing at all is a doubt"),
    ],
)
def test_all_must_pass(children: list[Verdict], state: VerdictState, reason: str) -> None:
    verdict = all_of("all", children)

    assert (verdict.state, verdict.reason) == (state, reason)


def test_the_leaves_are_told_in_order() -> None:
    assert list(all_of("all", [all_of("some", [GOOD, SLOW]), BAD]).leaves()) == [GOOD, SLOW, BAD]


def test_a_person_is_known_by_the_number_not_the_login() -> None:
    ana = Person(1, "ana")

    assert ana.same_as(Person(1, "ana-smith"))
    assert not ana.same_as(Person(2, "ana"))
    assert not ana.same_as(None)


@pytest.mark.parametrize(
    ("event", "key"),
    [
        pytest.param(PullRequestChanged("acme/registry", 7), "acme/registry#7", id="a pull request"),
        pytest.param(CommentWritten("acme/registry", 7, 12), "acme/registry#7", id="a comment on it"),
        pytest.param(StartDeploy("acme/registry", 7, "deploy-7-x"), "acme/registry#7", id="a deploy of it"),
        pytest.param(BranchPushed("acme/registry", "main", "a", "b"), "acme/registry@main", id="a branch"),
        pytest.param(RunChanged("acme/digits-ui", 9, "title"), "acme/digits-ui!9", id="a run"),
    ],
)
def test_work_on_one_thing_has_one_key(event: Event, key: str) -> None:
    assert event.work_key == key
