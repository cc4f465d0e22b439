"""Which way a version may move."""

import pytest

from core.builders import a_registry, a_status, holding
from registrar.core.lifecycle import Transition, allowed, is_return, makes_way, one_holder_each
from registrar.core.verdicts import VerdictState
from registry_schema import Holders

NEVER: frozenset[str] = frozenset()


@pytest.mark.parametrize(
    ("before", "after", "held", "passes", "reason"),
    [
        pytest.param("Staging", "Production", NEVER, True, "may be reached from Staging", id="a step up"),
        pytest.param("Development", "Staging", NEVER, True, "may be reached from Development", id="QA may be skipped"),
        pytest.param(
            "Development", "Production", NEVER, False, "is reached from Staging, not from", id="skips staging"
        ),
        pytest.param("QA", "Production", NEVER, False, "move 1.0.0 to Staging first", id="says the next step"),
        pytest.param("Production", "Archived", NEVER, True, "may be reached from Production", id="archived"),
        pytest.param("Archived", "Production", NEVER, False, "not from Archived", id="never held it"),
        pytest.param("Archived", "Production", {"Production"}, True, "may return to it", id="a rollback"),
        pytest.param("Archived", "Staging", {"Production"}, False, "not from Archived", id="held another status"),
        pytest.param("QA", "Development", NEVER, False, "no version may be moved to Development", id="back to nowhere"),
        pytest.param(
            "Staging", "Stagging", NEVER, False, "no status Stagging; it has Development", id="unknown status"
        ),
        pytest.param("Gone", "Staging", NEVER, False, "no status Gone", id="unknown status left"),
        pytest.param("QA", "QA", NEVER, True, "keeps QA with another share", id="another share of the traffic"),
    ],
)
def test_a_transition_is_judged_by_the_rules(
    before: str, after: str, held: frozenset[str], *, passes: bool, reason: str
) -> None:
    verdict = allowed(a_registry(), Transition("digits", "1.0.0", before, after), held_before=frozenset(held))

    assert verdict.passed is passes
    assert reason in verdict.reason


@pytest.mark.parametrize(
    ("displaced_to", "after", "passes"),
    [
        pytest.param("Rest", "Rest", True, id="where the status sends it"),
        pytest.param(None, "Development", True, id="to nowhere when it is sent nowhere"),
        pytest.param("Rest", "Development", False, id="not elsewhere"),
    ],
)
def test_a_displaced_version_goes_where_its_status_sends_it(
    displaced_to: str | None, after: str, *, passes: bool
) -> None:
    registry = a_registry(Live=a_status(holders=Holders.ONE, displaced_to=displaced_to), Rest=a_status())

    verdict = allowed(registry, Transition("digits", "1.0.0", "Live", after), held_before=NEVER)

    assert verdict.passed is passes


@pytest.mark.parametrize(
    ("taker", "makes"),
    [
        pytest.param(Transition("digits", "1.1.0", "Staging", "Production"), True, id="another takes its place"),
        pytest.param(Transition("fraud", "1.1.0", "Staging", "Production"), False, id="of another model"),
        pytest.param(Transition("digits", "1.1.0", "Staging", "QA"), False, id="another goes elsewhere"),
        pytest.param(Transition("digits", "1.1.0", "Production", "Production"), False, id="another was there before"),
    ],
)
def test_a_version_makes_way_when_another_takes_its_place(taker: Transition, *, makes: bool) -> None:
    leaver = Transition("digits", "1.0.0", "Production", "Archived")

    assert makes_way(a_registry(), leaver, (leaver, taker)) is makes
    assert not makes_way(a_registry(), taker, (leaver, taker))


def test_what_leaves_a_status_that_does_not_exist_makes_way_for_nobody() -> None:
    gone = Transition("digits", "1.0.0", "Gone", "QA")

    assert not makes_way(a_registry(), gone, (gone, Transition("digits", "1.1.0", "QA", "Gone")))


def test_a_promotion_to_a_status_once_held_is_no_return() -> None:
    step = Transition("digits", "1.0.0", "Staging", "Production")

    assert not is_return(a_registry(), step, held_before=frozenset({"Production"}))


def test_two_versions_cannot_share_a_status_for_one() -> None:
    verdict = one_holder_each(a_registry(), "digits", holding(Production=("1.0.0", "1.1.0")))

    assert verdict.state is VerdictState.FAILED
    assert verdict.reason == "Production is for one version of digits, and 1.0.0 and 1.1.0 hold it; keep one"


def test_many_versions_can_share_a_status_for_many() -> None:
    assert one_holder_each(a_registry(), "digits", holding(Production="1.0.0", QA=("1.1.0", "1.2.0"))).passed


def test_a_refusal_offers_no_step_that_would_be_refused_too() -> None:
    verdict = allowed(a_registry(), Transition("digits", "1.0.0", "Production", "QA"), held_before=frozenset())

    assert verdict.reason == "QA is reached from Development, not from Production"
